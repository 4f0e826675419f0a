"""From replies to words: translated, with the services of the region put in. Never longer than a bubble."""

from __future__ import annotations

import re
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from bot.conversation.answers import Bubble, Key, PacedBubble
from bot.conversation.ports import Note
from bot.conversation.reviews import spoken_reviews
from bot.directory.spoken import ServiceSpeaker, SpokenService
from bot.engine.model import MAX_CHARACTERS, REVIEWS, Paced, Script, Text
from bot.engine.phrases import Phrase
from bot.engine.replies import (
    Button,
    Ended,
    Invite,
    Lines,
    Offer,
    Pace,
    Perform,
    Recall,
    Reply,
    Say,
    Signpost,
    Value,
)
from bot.texts import Texts

LONGEST_MESSAGE = 4096
"""Characters of one Telegram message."""
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
                case Say():
                    shown.append(self._say(reply, language, region, at))
                case Lines(lines):
                    said = [self._say(line, language, region, at) for line in lines]
                    services = tuple(service for bubble in said for service in bubble.services)
                    shown.append(Bubble("\n".join(bubble.text for bubble in said), services))
                case Recall(number):
                    shown.append(Bubble("", note=number))
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

    def note(self, note: Note, language: str, zone: ZoneInfo) -> tuple[Bubble, ...]:
        """A parent's own words under the moment they were written; two messages when they do not fit in one."""
        written = Say(self._script.phrases[Phrase.NOTE_OF], (("moment", note.at.astimezone(zone)),))
        head = self._say(written, language, None, note.at).text
        if len(head) + len(note.text) + 2 <= LONGEST_MESSAGE:
            return (Bubble(f"{head}\n\n{note.text}"),)
        return (Bubble(head), Bubble(note.text))

    def _value(self, value: Value, language: str) -> str:
        if isinstance(value, Text):
            return self._texts.say(language, value)
        if isinstance(value, datetime):
            day = format_date(value.date(), "EEEE d MMMM", locale=language)
            return f"{day}, {format_time(value.time(), 'short', locale=language)}"
        return str(value)

    def _say(self, say: Say, language: str, region: str | None, at: datetime) -> Bubble:
        services: list[SpokenService] = []
        said, values = self._texts.say(language, say.text), dict(say.values)

        def value(found: re.Match[str]) -> str:
            if found[1] in values:
                return self._value(values[found[1]], language)
            if found[1] == REVIEWS:
                return spoken_reviews(self._script, self._texts, language)
            spoken = self._speaker.inline(found[1], region, language, at)
            services.extend(spoken.services)
            return spoken.text

        if "{" in said:
            said = _PLACEHOLDER.sub(value, said)
        said = said.replace(" \n", "\n")
        if say.above is not None:
            both = f"{self._texts.say(language, say.above)}\n\n{said}"
            said = both if len(both) <= MAX_CHARACTERS else said
        return Bubble(said, tuple(services))

    def _pace(self, paced: Paced, language: str) -> PacedBubble:
        frames = tuple((self._texts.say(language, frame.text), frame.seconds) for frame in paced.frames)
        return PacedBubble(frames, paced.rounds, self._texts.say(language, paced.last))
