"""Misbehaviour on request, and limits on the rate like Telegram's."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Literal, get_args

from .wire import Refusal, bad_request, too_many_requests

Kind = Literal["429", "500", "502-html", "reset", "lost", "slow", "400", "403", "403-html", "401", "malformed"]

#: The call is not carried out; the bot gets an answer that says so (or a torn connection).
BEFORE: frozenset[Kind] = frozenset({"429", "500", "502-html", "reset", "400", "403", "403-html", "401"})
#: The call is carried out, but the bot does not get to know, or late.
AFTER: frozenset[Kind] = frozenset({"lost", "slow", "malformed"})

BAD_GATEWAY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
FORBIDDEN_PAGE = BAD_GATEWAY_PAGE.replace("502 Bad Gateway", "403 Forbidden")
MALFORMED = '{"ok":true,"result":{"message_id":'


@dataclass(eq=False)
class Trouble:
    """One misbehaviour that was asked for, and how often it happened."""

    kind: Kind
    method: str | None = None
    chat_id: int | None = None
    left: int | None = 1
    retry_after: int = 1
    seconds: float = 1.0
    description: str | None = None
    happened: int = 0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"unknown kind of trouble {self.kind!r}; there are {', '.join(get_args(Kind))}")

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether it is the turn of this call."""
        return self.left != 0 and self.method in (None, method) and (self.chat_id is None or self.chat_id == chat_id)

    def refusal(self) -> Refusal:
        """What the bot gets, for the kinds that are a plain refusal."""
        match self.kind:
            case "429":
                return too_many_requests(self.retry_after)
            case "401":
                return Refusal(401, self.description or "Unauthorized")
            case "403":
                return Refusal(403, self.description or "Forbidden: bot was blocked by the user")
            case "500":
                return Refusal(500, self.description or "Internal Server Error")
            case "400" if self.description:
                return Refusal(400, self.description)
            case _:
                return bad_request("it was asked to be refused")


class Troubles:
    """All misbehaviour asked for; the one asked for first comes first."""

    def __init__(self) -> None:
        self.all: list[Trouble] = []

    def next_for(self, method: str, chat_id: int | None) -> Trouble | None:
        """The misbehaviour for this call, counted down; None when it is to be treated well."""
        for trouble in self.all:
            if trouble.fits(method, chat_id):
                trouble.happened += 1
                if trouble.left is not None:
                    trouble.left -= 1
                return trouble
        return None


@dataclass
class Bucket:
    """Lets through `rate` calls a second, and at most `burst` at once."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    filled: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def wait(self) -> float:
        """How long until a call may pass; 0 when now."""
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        # A twentieth of grace, for timers that are not exact.
        return 0.0 if self.tokens >= 0.95 else (1 - self.tokens) / self.rate


class Limits:
    """The rate at which messages may be sent; Telegram's own are about 1 a second a chat and 30 overall."""

    def __init__(self, per_chat_per_second: float, overall_per_second: float, burst: float | None) -> None:
        self._rate = per_chat_per_second
        self._burst = max(1.0, per_chat_per_second if burst is None else burst)
        self._chats: dict[int, Bucket] = {}
        self._overall = Bucket(overall_per_second, max(1.0, overall_per_second))

    def count(self, chat_id: int) -> None:
        """Count one message to this chat, or refuse it with a 429."""
        chat = self._chats.setdefault(chat_id, Bucket(self._rate, self._burst))
        wait = max(chat.wait(), self._overall.wait())
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        chat.tokens -= 1
        self._overall.tokens -= 1
