"""What a channel hands over: what the parent did, before anything was heard in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button was tapped."""

    token: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A text was typed, or an older one was changed. The words live in memory for this turn only."""

    text: str
    edited: bool = False

    def __repr__(self) -> str:
        return f"Typed(<{len(self.text)} characters>, edited={self.edited})"


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command such as ``/start lost_patience``: the name without slash, the rest as typed."""

    name: str
    argument: str = ""

    def __repr__(self) -> str:
        return "Commanded(<a command>)"


@dataclass(frozen=True, slots=True)
class SentOther:
    """Something that is no text: a photo, a sticker, a voice message, a location."""


@dataclass(frozen=True, slots=True)
class CheckInDue:
    """The moment of a check-in has come; nothing came in."""


Incoming = Tapped | Typed | Commanded | SentOther | CheckInDue
