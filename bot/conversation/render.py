"""From replies to words: translated, with the services of the region put in. Never longer than a bubble."""

from __future__ import annotations

import re
from datetime import datetime
from typing import assert_never

from bot.conversation.answers import Bubble, Key, PacedBubble
from bot.conversation.reviews import spoken_reviews
from bot.directory.spoken import ServiceSpeaker, SpokenService
from bot.engine.model import REVIEWS, Paced, Script, Text
from bot.engine.replies import Button, Ended, Invite, Offer, Pace, Perform, Reply, Say, Signpost
from bot.texts import Texts

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Renderer:
    """Puts replies into the language, the region and the hour of one parent."""

    def __init__(self, script: Script, texts: Texts, speaker: ServiceSpeaker) -> None:
        self._script = script
        self._texts = texts
        self._speaker = speaker

    def bubbles(
        self, replies: tuple[Reply, ...], language: str, region: str | None, at: datetime
    ) -> tuple[Bubble | PacedBubble, ...]:
        """The messages of a turn, in order."""
        shown: list[Bubble | PacedBubble] = []
        for reply in replies:
            match reply:
                case Say(text):
                    shown.append(self._say(text, language, region, at))
                case Pace(paced):
                    shown.append(self._pace(paced, language))
                case Signpost(kinds):
                    spoken = self._speaker.signpost(kinds, region, language, at)
                    shown.append(Bubble(spoken.text, spoken.services))
                case Offer() | Invite() | Perform() | Ended():
                    pass
                case _:
                    assert_never(reply)
        return tuple(shown)

    def keyboard(self, replies: tuple[Reply, ...], language: str) -> tuple[Key, ...]:
        """The buttons under the last message."""
        for reply in replies:
            if isinstance(reply, Offer):
                return tuple(self._key(button, language) for button in reply.buttons)
        return ()

    def _key(self, button: Button, language: str) -> Key:
        label = self._texts.say(button.language or language, button.label)
        return Key(button.id, button.token, label, button.role, button.go)

    def _say(self, text: Text, language: str, region: str | None, at: datetime) -> Bubble:
        services: list[SpokenService] = []

        def value(found: re.Match[str]) -> str:
            if found[1] == REVIEWS:
                return spoken_reviews(self._script, self._texts, language)
            spoken = self._speaker.inline(found[1], region, language, at)
            services.extend(spoken.services)
            return spoken.text

        said = _PLACEHOLDER.sub(value, self._texts.say(language, text)).replace(" \n", "\n")
        return Bubble(said, tuple(services))

    def _pace(self, paced: Paced, language: str) -> PacedBubble:
        frames = tuple((self._texts.say(language, frame.text), frame.seconds) for frame in paced.frames)
        return PacedBubble(frames, paced.rounds, self._texts.say(language, paced.last))
