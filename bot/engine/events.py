"""What comes in. Every event carries its moment, so the engine needs no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the understanding made of a text: a safety dialog, or ranked topics, or nothing.

    ``sure`` tells whether the safety dialog opens, or one gentle question is asked first. ``topics`` are confident
    enough to open (best first), ``near`` are worth offering when there are none.
    ``why`` names the examples or rules that decided, for people who maintain them; it never reaches a parent or a log.
    """

    safety: str | None = None
    sure: bool = True
    topics: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    guessed: bool = False
    """Safety was heard by likeness alone, and no rule or trigger stands in the text."""
    language: str | None = None
    """What language the text is in, where that is clear."""


NOTHING_HEARD = Hearing()


@dataclass(frozen=True, slots=True)
class Tap:
    """A button was tapped; ``token`` is what the button carries (see ``bot.engine.buttons``).

    ``at`` is aware and in the parent's local time, as in every event.
    """

    at: datetime
    token: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text was typed. The words themselves stay outside; here is only what was heard in them.

    ``token`` is the button whose label the parent typed out, if that is what they did. ``edited`` tells that an
    older message was changed. ``speaks`` is the language of the text where it is another than that of the
    conversation, and one that this companion can go on in.
    """

    at: datetime
    hearing: Hearing
    token: str | None = None
    edited: bool = False
    speaks: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command such as ``/start lost_patience``: name without the slash, argument as typed."""

    at: datetime
    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is no text: a photo, a sticker, a voice message, a location."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """The moment of a check-in that the parent asked for has come."""

    at: datetime


Event = Tap | Said | Command | Sent | Due
