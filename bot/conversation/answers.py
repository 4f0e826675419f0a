"""What a channel gets to show: a turn in the parent's words, ready to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.directory.spoken import SpokenService
from bot.engine.model import Effect, Place
from bot.engine.replies import Role
from bot.engine.session import Session


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message, at most 400 characters, and the services it names.

    With ``note``, the note of that number takes the place of the text before it is shown.
    """

    text: str
    services: tuple[SpokenService, ...] = ()
    note: int | None = None


@dataclass(frozen=True, slots=True)
class PacedBubble:
    """One message that changes: each (text, seconds) in order, ``rounds`` times, then ``last``."""

    frames: tuple[tuple[str, float], ...]
    rounds: int
    last: str


class Key(NamedTuple):  # no dataclass: each turn makes five of them
    """One button as it is shown: its label, what it carries, what it is, where it leads."""

    id: str
    token: str
    label: str
    role: Role
    go: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One turn for a channel. No bubbles and no keyboard: a double tap, already answered.

    ``tapped`` is the label of the button that led here, so that the channel can leave it readable. ``heard_danger``
    tells that a safety dialog was heard in a text; which one, and in what words, is not kept.
    """

    bubbles: tuple[Bubble | PacedBubble, ...]
    keyboard: tuple[Key, ...]
    ended: bool
    invited: bool
    effects: tuple[Effect, ...]
    place: Place | None
    session: Session
    language: str
    tapped: str | None = None
    heard_danger: bool = False
