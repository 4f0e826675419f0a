"""An update as far as it is needed to answer it, and not further: no names, no raw JSON.

This is what the inbox keeps, sealed, for the moments until the update is handled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, assert_never

from bot.conversation.incoming import CheckInDue, Commanded, Incoming, SentOther, Tapped, Typed

_written = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Blocked:
    """The parent blocked the bot."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The bot is in a group or a channel. ``speak``: it was just added, so it says once why it leaves."""

    speak: bool


What = Incoming | Blocked | Crowd


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Which keyboard was tapped: the query to answer, the message it is under, and what that message says."""

    query_id: str
    message_id: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """One update. ``language`` is the phone's ``language_code``, ``message_id`` the message that the parent sent, and
    ``sent`` when, in whole seconds since 1970 (UTC); of a tap Telegram does not tell.

    A check-in that is due is received, too: from the bot's own clock, by no update, and in no inbox.
    """

    update_id: int
    chat_id: int = field(repr=False)
    what: What
    language: str | None = None
    keyboard: Keyboard | None = field(default=None, repr=False)
    message_id: int | None = field(default=None, repr=False)
    sent: int | None = None
    too_fast: bool = False
    """Too many of this chat wait: that is said instead of an answer. What is let go after it depends on it, so a new
    start has to know."""

    @property
    def stored(self) -> bool:
        """Whether it waits in the inbox."""
        return not isinstance(self.what, CheckInDue)

    def to_json(self) -> bytes:
        """As UTF-8 JSON, for the inbox."""
        row: dict[str, Any] = {"u": self.update_id, "c": self.chat_id, "l": self.language}
        match self.what:
            case Tapped(token):
                row["tap"] = token
            case Typed(text, edited):
                row["edit" if edited else "text"] = text
            case Commanded(name, argument):
                row["command"] = [name, argument]
            case SentOther():
                row["other"] = True
            case Blocked():
                row["blocked"] = True
            case Crowd(speak):
                row["crowd"] = speak
            case CheckInDue():
                raise ValueError("a check-in that is due is no update, and in no inbox")
            case what:
                assert_never(what)
        if self.keyboard is not None:
            row["k"] = [self.keyboard.query_id, self.keyboard.message_id, self.keyboard.text]
        if self.message_id is not None:
            row["m"] = self.message_id
        if self.sent is not None:
            row["d"] = self.sent
        if self.too_fast:
            row["f"] = True
        return _written(row).encode("utf-8", "surrogatepass")

    @classmethod
    def from_json(cls, body: bytes) -> Received:
        """What ``to_json`` wrote. Raises ValueError for anything else."""
        try:
            row = json.loads(body.decode("utf-8", "surrogatepass"))
            keyboard = Keyboard(*row["k"]) if "k" in row else None
            fast = bool(row.get("f"))
            return cls(row["u"], row["c"], _what(row), row["l"], keyboard, row.get("m"), row.get("d"), too_fast=fast)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not an inbox row: {type(error).__name__}") from None


def _what(row: dict[str, Any]) -> What:
    if "tap" in row:
        return Tapped(row["tap"])
    if "text" in row:
        return Typed(row["text"])
    if "edit" in row:
        return Typed(row["edit"], edited=True)
    if "command" in row:
        return Commanded(*row["command"])
    if "other" in row:
        return SentOther()
    if "blocked" in row:
        return Blocked()
    return Crowd(row["crowd"])
