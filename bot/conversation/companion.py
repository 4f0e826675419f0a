"""One turn without storage: hear, step, render. The same for every channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol, assert_never
from zoneinfo import ZoneInfo

from bot.conversation.answers import Answer, Bubble, PacedBubble
from bot.conversation.incoming import CheckInDue, Commanded, Incoming, SentOther, Tapped, Typed, words_of
from bot.conversation.ports import Note
from bot.conversation.render import Renderer
from bot.directory import Directory
from bot.directory.spoken import ServiceSpeaker
from bot.engine import buttons, keeping
from bot.engine.buttons import Chosen
from bot.engine.events import NOTHING_HEARD, Command, Due, Event, Hearing, Said, Sent, Tap
from bot.engine.model import HELP_NOW, MENU, Kind, Script, Text
from bot.engine.phrases import Phrase
from bot.engine.replies import Ended, Invite, Perform, Turn
from bot.engine.session import Session
from bot.engine.step import step
from bot.texts import Texts
from bot.texts.normalise import normalise

_ANSWER = re.compile(r"(\w+)[,.] ")
"""The word with which a label answers the question above it."""


class Understanding(Protocol):
    """Text to hearing."""

    def hear(self, text: str, language: str) -> Hearing:
        """What is heard in ``text`` from a parent who reads ``language``."""
        ...


class Companion:
    """Answers one incoming thing at a time. Holds the script, no conversation."""

    def __init__(
        self,
        script: Script,
        directory: Directory,
        texts: Texts,
        understanding: Understanding,
        default_language: str = "nl",
        default_region: str = "be",
        ailment: str | None = None,
    ) -> None:
        self.script = script
        self.ailment = ailment
        """What is wrong with the model that it hears by, in one line for its operator."""
        self.texts = texts
        self._understanding = understanding
        self.default_language = default_language
        self._default_region = default_region
        self._zones = {region.id: region.timezone for region in directory.regions}
        self.renderer = Renderer(script, texts, ServiceSpeaker(directory, texts, script.phrases))

    def language(self, session: Session, phone_language: str | None) -> str:
        """The chosen language, else that of the phone, else the default."""
        if session.language in self.texts.languages:
            assert session.language is not None
            return session.language
        return self.texts.language_for(phone_language, self.default_language)

    def zone(self, session: Session) -> ZoneInfo:
        """The time zone of the parent's region, as far as it is known."""
        return self._zones[session.region or self._default_region]  # type: ignore[index]

    def answer(self, session: Session, incoming: Incoming, now: datetime, phone_language: str | None = None) -> Answer:
        """Take one incoming thing at ``now`` (aware); give what to show and the next session.

        What is typed is heard here and not kept: neither the answer nor the session holds it.
        """
        language = self.language(session, phone_language)
        event = self._event(session, incoming, now.astimezone(self.zone(session)), language)
        turn = step(self.script, session, event, self._default_region)
        return self._shown(turn, event, now, phone_language)

    def hear(self, text: str, language: str) -> Hearing:
        """What is heard in ``text``; for those who want to see why."""
        return self._understanding.hear(text, language)

    def phrase(self, phrase: Phrase, language: str) -> str:
        """A fixed sentence in ``language``."""
        return self.texts.say(language, self.script.phrases[phrase])

    def recalled(self, answer: Answer, notes: Mapping[int, Note]) -> Answer:
        """``answer`` with the notes in their place; one that is gone, or cannot be read, is said to be so."""
        bubbles: list[Bubble | PacedBubble] = []
        for bubble in answer.bubbles:
            if not isinstance(bubble, Bubble) or bubble.note is None:
                bubbles.append(bubble)
            elif bubble.note in notes:
                zone = self.zone(answer.session)
                bubbles.extend(self.renderer.note(notes[bubble.note], answer.language, zone))
            else:
                bubbles.append(Bubble(self.phrase(Phrase.NOTE_UNREADABLE, answer.language)))
        return replace(answer, bubbles=tuple(bubbles))

    def _shown(self, turn: Turn, event: Event, now: datetime, phone_language: str | None) -> Answer:
        session = turn.session
        language = self.language(session, phone_language)
        at = now.astimezone(self.zone(session))
        return Answer(
            bubbles=self.renderer.bubbles(turn.replies, language, session.region, at),
            keyboard=self.renderer.keyboard(turn.replies, language),
            ended=any(isinstance(reply, Ended) for reply in turn.replies),
            invited=any(isinstance(reply, Invite) for reply in turn.replies),
            effects=tuple(reply.effect for reply in turn.replies if isinstance(reply, Perform)),
            place=session.place,
            session=session,
            language=language,
            tapped=self._tapped_label(event, language),
            heard_danger=isinstance(event, Said) and event.hearing.safety is not None,
        )

    def _event(self, session: Session, incoming: Incoming, at: datetime, language: str) -> Event:
        match incoming:
            case Tapped(token):
                return Tap(at, token)
            case Typed(text, edited):
                label, hearing = self._typed_label(session, text, language), self.hear(text, language)
                # A guess yields to a label that was typed out ("Een baby"); a safety trigger never does.
                speaks = self._other_language(hearing, language) if label is None else None
                heard = NOTHING_HEARD if label is not None and hearing.guessed else hearing
                return Said(at, heard, label, edited, speaks)
            case Commanded(name, argument):
                words = words_of(incoming)
                hearing = self.hear(words, language) if words else NOTHING_HEARD
                if hearing.safety is not None:  # danger behind a command goes before the command
                    return Said(at, hearing, speaks=self._other_language(hearing, language))
                return Command(at, name, argument)
            case SentOther():
                return Sent(at)
            case CheckInDue():
                return Due(at)
            case _:
                assert_never(incoming)

    def _other_language(self, hearing: Hearing, language: str) -> str | None:
        """The language that was typed in, where it is another than that of the conversation and can be gone on in."""
        other = hearing.language != language and hearing.language in self.texts.languages
        return hearing.language if other else None

    def _typed_label(self, session: Session, text: str, language: str) -> str | None:
        """The token of the button whose label was typed out instead of tapped; what was last shown comes first."""
        typed = normalise(text)
        node = self.script.node(session.place) if session.place is not None else None
        labels: list[tuple[str, Text]] = []
        choices: list[tuple[str, Text]] = []
        if session.place is not None and node is not None:
            place = session.place
            choices = [(buttons.choice_token(session.serial, place, each.id), each.label) for each in node.buttons]
            labels = list(choices)
        phrases = self.script.phrases
        notes = [
            (buttons.token(session.serial, buttons.of_notes(each)), phrases[each.label])
            for each in keeping.at_hand(session)
            if each.label is not None
        ]
        if isinstance(buttons.read_token(session.tapped), buttons.ShowNote | buttons.DropNotes):
            labels = [*notes, *labels]
        labels.append((buttons.token(session.serial, buttons.BACK), phrases[Phrase.BACK]))
        labels.append((buttons.token(session.serial, buttons.HERE), phrases[Phrase.GO_ON_HERE]))
        labels.append((buttons.token(session.serial, buttons.ELSE), phrases[Phrase.SOMETHING_ELSE]))
        labels.append((buttons.open_token(session.serial, HELP_NOW), phrases[Phrase.HELP_NOW]))
        labels.append((buttons.open_token(session.serial, MENU), phrases[Phrase.TO_MENU]))
        # Titles stand on buttons too, those of safety dialogs under the gentle question.
        dialogs = self.script.dialogs.values()
        labels += [(buttons.open_token(session.serial, each.id), each.title) for each in dialogs]
        labels += notes
        for token, label in labels:
            if typed and normalise(self.texts.say(language, label)) == typed:
                return token
        answered = [token for token, label in choices if _begins_with(self.texts.say(language, label), typed)]
        if answered and (len(answered) == 1 or self._in_safety(session)):
            return answered[0]
        for other in self.texts.languages:
            if typed and normalise(self.texts.say(other, phrases[Phrase.GO_ON_IN_LANGUAGE])) == typed:
                return buttons.speak_token(session.serial, other, None)
        return None

    def _in_safety(self, session: Session) -> bool:
        """Of labels with the same answer a safety dialog has the most urgent first; elsewhere none of them is meant."""
        return session.place is not None and self.script.dialogs[session.place.dialog].kind is Kind.SAFETY

    def _tapped_label(self, event: Event, language: str) -> str | None:
        """What stood on the button that was tapped, in the language of the conversation."""
        if not isinstance(event, Tap):
            return None
        label: Text | None = None
        match buttons.read_token(event.token):
            case buttons.Back():
                label = self.script.phrases[Phrase.BACK]
            case buttons.Here():
                label = self.script.phrases[Phrase.GO_ON_HERE]
            case buttons.Else():
                label = self.script.phrases[Phrase.SOMETHING_ELSE]
            case buttons.Open(dialog):
                label = self._opener_label(dialog)
            case Chosen(place, choice_id):
                node = self.script.node(place)
                choice = None if node is None else node.button(choice_id)
                label = None if choice is None else choice.label
            case buttons.Speak():
                label = self.script.phrases[Phrase.GO_ON_IN_LANGUAGE]
            case buttons.ShowNote(label=words) | buttons.DropNotes(label=words):
                label = None if words is None else self.script.phrases[words]
            case buttons.Strange():
                pass
        return None if label is None else self.texts.say(language, label)

    def _opener_label(self, dialog: str) -> Text | None:
        phrases = {HELP_NOW: Phrase.HELP_NOW, MENU: Phrase.TO_MENU}
        if dialog in phrases:
            return self.script.phrases[phrases[dialog]]
        return self.script.dialogs[dialog].title if dialog in self.script.dialogs else None


def _begins_with(label: str, typed: str) -> bool:
    """Whether a single word was typed that answers as this label begins: "nee" for "Nee, of ik weet het niet"."""
    answer = _ANSWER.match(label)
    return answer is not None and set(typed.split()) == {normalise(answer[1])}
