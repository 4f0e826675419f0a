"""What a button carries: ``serial:what``, at most 64 bytes (the Bot API's limit on callback data).

``what`` is ``dialog/node/choice`` for a choice of a dialog, or begins with ``!`` for a button of the engine's own.
The serial numbers the keyboard, so that a double tap can be told from a second visit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.engine.model import Place
from bot.engine.phrases import Phrase
from bot.engine.session import SERIALS

MAX_BYTES = 64
ID_PATTERN = r"[a-z][a-z0-9_]*"

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_CHOICE = re.compile(rf"({ID_PATTERN})/({ID_PATTERN})/({ID_PATTERN})")
_OPEN = re.compile(rf"!open/({ID_PATTERN})")
_NOTE_LABELS = {
    "note": None,
    "older": Phrase.NOTE_OLDER,
    "newer": Phrase.NOTE_NEWER,
    "spared": Phrase.NOTE_DROP_NO,
    "notes": Phrase.COMMAND_NOTES,
}
"""What stood on a button that shows a note; ``note`` was written on all of them before they had words of their own."""
_NOTE_WORDS = {label: word for word, label in _NOTE_LABELS.items()}
_NOTE = re.compile(rf"!({'|'.join(_NOTE_LABELS)})/(\d{{1,6}})")
_DROP = re.compile(r"!(drop|dropped)/(\d{1,6}|all)")
_SPEAK = re.compile(rf"!speak/([a-z]{{2,3}})(?:/({ID_PATTERN}))?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice of a dialog."""

    place: Place
    choice: str


@dataclass(frozen=True, slots=True)
class Open:
    """A dialog that the engine offered by itself, such as a near topic."""

    dialog: str


@dataclass(frozen=True, slots=True)
class Back:
    """One step back."""


@dataclass(frozen=True, slots=True)
class Here:
    """Go on at the place where the conversation stands."""


@dataclass(frozen=True, slots=True)
class Else:
    """What was asked about is not it: go on where the conversation stands, or in the menu."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Go on in ``language``; ``asked`` is the safety dialog that a gentle question was about."""

    language: str
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class ShowNote:
    """Show the note of this number. ``label`` is what stood on the button, where its token tells."""

    number: int
    label: Phrase | None = None


@dataclass(frozen=True, slots=True)
class DropNotes:
    """Delete the note of this number, or all when it is None; ``sure``: the question was answered with yes."""

    number: int | None
    sure: bool

    @property
    def label(self) -> Phrase:
        """What stands on the button."""
        if self.sure:
            return Phrase.NOTES_DROP_YES if self.number is None else Phrase.NOTE_DROP_YES
        return Phrase.NOTES_DROP if self.number is None else Phrase.NOTE_DROP


@dataclass(frozen=True, slots=True)
class Strange:
    """Nothing that this engine ever wrote on a button: forged, or of another age."""


Meaning = Chosen | Open | Back | Here | Else | Speak | ShowNote | DropNotes | Strange

BACK = "!back"
HERE = "!here"
ELSE = "!else"


def token(serial: int, what: str) -> str:
    """What a button on keyboard ``serial`` carries."""
    number = serial % SERIALS
    return f"{_DIGITS[number // 36]}{_DIGITS[number % 36]}:{what}"


def choice_token(serial: int, place: Place, choice: str) -> str:
    """What the button of a dialog's choice carries."""
    return token(serial, f"{place}/{choice}")


def open_token(serial: int, dialog: str) -> str:
    """What a button that opens ``dialog`` carries."""
    return token(serial, f"!open/{dialog}")


def speak_token(serial: int, language: str, asked: str | None) -> str:
    """What a button that goes on in ``language`` carries."""
    return token(serial, f"!speak/{language}/{asked}" if asked else f"!speak/{language}")


def of_notes(button: ShowNote | DropNotes) -> str:
    """What a button about notes carries, without the serial."""
    if isinstance(button, ShowNote):
        return f"!{_NOTE_WORDS[button.label]}/{button.number}"
    return f"!{'dropped' if button.sure else 'drop'}/{'all' if button.number is None else button.number}"


@lru_cache(maxsize=64)  # a turn asks twice: for what is meant, and for what stood there
def read_token(text: str) -> Meaning:
    """What a token means; anything that was never written by this engine is Strange."""
    serial, _, what = text.partition(":")
    if len(text) > MAX_BYTES or len(serial) != 2 or any(sign not in _DIGITS for sign in serial):
        return Strange()
    if what == BACK:
        return Back()
    if what == HERE:
        return Here()
    if what == ELSE:
        return Else()
    if found := _CHOICE.fullmatch(what):
        return Chosen(Place(found[1], found[2]), found[3])
    if found := _OPEN.fullmatch(what):
        return Open(found[1])
    if found := _NOTE.fullmatch(what):
        return ShowNote(int(found[2]), _NOTE_LABELS[found[1]])
    if found := _DROP.fullmatch(what):
        return DropNotes(None if found[2] == "all" else int(found[2]), sure=found[1] == "dropped")
    if found := _SPEAK.fullmatch(what):
        return Speak(found[1], found[2])
    return Strange()
