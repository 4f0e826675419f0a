"""Telegram's limits on sending: about 30 messages a second in all, and about one a second in one chat.

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this (short bursts in a chat are
fine). They are kept beforehand at Telegram's own address; at a Bot API server of one's own, from its first 429 on.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)

IN_ALL = 30.0
"""Messages a second."""
IN_CHAT = 1.0
CHAT_BURST = 8.0
"""Messages that one chat gets at once: two turns, each of a few bubbles."""
MOST_CHATS = 10_000

Sleep = Callable[[float], Awaitable[None]]


class Limits:
    """Says when a message may go. Waiting is first come, first served, and no chat waits for the limit of another."""

    def __init__(
        self, *, kept: bool, clock: Callable[[], float] = time.monotonic, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._kept = kept
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._chats: dict[int, float] = {}
        """By chat: the moment at which its burst is whole again."""

    def refused(self) -> None:
        """Telegram asked for patience: keep to the limits from now on."""
        if not self._kept:
            self._kept = True
            _log.warning("the limits on sending are kept from now on")

    async def wait(self, chat_id: int) -> None:
        """Return when a message may go to this chat."""
        if not self._kept:
            return
        own = self._own(chat_id)
        if own > 0:
            await self._sleep(own)
        now = self._clock()
        at = max(now, self._next)
        self._next = at + 1 / IN_ALL
        if at > now:
            await self._sleep(at - now)

    def _own(self, chat_id: int) -> float:
        """How long this chat has to wait for its own limit; its place is taken by asking."""
        now = self._clock()
        whole = max(self._chats.pop(chat_id, now), now) + 1 / IN_CHAT
        self._chats[chat_id] = whole
        while len(self._chats) > MOST_CHATS:
            del self._chats[next(iter(self._chats))]
        return max(0.0, whole - now - CHAT_BURST / IN_CHAT)
