"""What goes out, channel-neutral. Texts are not translated yet, services not looked up yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from bot.engine.model import Effect, Paced, Text
from bot.engine.session import Session

Value = str | int | datetime | Text
"""What is put into a sentence: as it is, as a day and time, or as a sentence of its own in the parent's language."""


@dataclass(frozen=True, slots=True)
class Say:
    """One bubble, or one line of it. ``values`` take the place of the ``{names}`` in the sentence.

    ``above`` is a sentence that stands over it in the same bubble; it is left out where both do not fit.
    """

    text: Text
    values: tuple[tuple[str, Value], ...] = ()
    above: Text | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """One bubble of several sentences, each on its own line."""

    lines: tuple[Say, ...]


@dataclass(frozen=True, slots=True)
class Recall:
    """One bubble with a note that the parent kept, in their own words, and the day they wrote it."""

    number: int


@dataclass(frozen=True, slots=True)
class Pace:
    """One bubble that changes while it is looked at."""

    paced: Paced


@dataclass(frozen=True, slots=True)
class Signpost:
    """One bubble that points to human services of these kinds."""

    kinds: tuple[str, ...]


class Role(Enum):
    """What a button is, so that a channel can show Hulp nu as its own thing."""

    CHOICE = "choice"
    BACK = "back"
    LANGUAGE = "language"
    HELP = "help"


class Button(NamedTuple):  # no dataclass: each turn makes five of them
    """One button: what it carries, what it says, what it is, and where it leads (for people and programs).

    ``language`` is the one its label is read in, where that is not the conversation's.
    """

    id: str
    token: str
    label: Text
    role: Role
    go: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """The keyboard under the last bubble: at most six buttons, one to change the language, and always Hulp nu."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Invite:
    """Free text is invited here."""


@dataclass(frozen=True, slots=True)
class Perform:
    """Something beside talking has to happen, after the replies were sent."""

    effect: Effect


@dataclass(frozen=True, slots=True)
class Ended:
    """The dialog ended with this turn."""


Reply = Say | Lines | Recall | Pace | Signpost | Offer | Invite | Perform | Ended


@dataclass(frozen=True, slots=True)
class Turn:
    """One event in, the replies and the next session out. No replies: a double tap, already answered."""

    replies: tuple[Reply, ...]
    session: Session
