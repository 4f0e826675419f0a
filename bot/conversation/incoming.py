"""What a channel hands over: what the parent did, before anything was heard in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.engine.commands import Deed, command_named

LINK_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
"""What a deep link can carry (Bot API, deep linking)."""


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


def words_of(incoming: Incoming) -> str:
    """The words to hear in what a parent did; nothing where there are none.

    Somebody in need may begin with a slash. So the words behind a command are heard, with its name where no such
    command exists. What a link hands to /start is no word of a parent.
    """
    match incoming:
        case Typed(text):
            return text
        case Commanded(name, argument):
            spec = command_named(name)
            if spec is None:
                return f"{name.replace('_', ' ')} {argument}".strip()
            return "" if spec.deed is Deed.START and LINK_PAYLOAD.fullmatch(argument) else argument
        case _:
            return ""


Incoming = Tapped | Typed | Commanded | SentOther | CheckInDue
