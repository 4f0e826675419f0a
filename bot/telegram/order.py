"""One chat in order, different chats side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

from telegram.ext import BaseUpdateProcessor

from bot.telegram.inbox import MOST_IN_HAND
from bot.telegram.received import Received


class ChatOrder(BaseUpdateProcessor):
    """Lets a chat's updates wait for each other, first come first served, and for nobody else."""

    def __init__(self) -> None:
        super().__init__(max_concurrent_updates=MOST_IN_HAND + 1)
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle ``update`` when those before it in the same chat are done."""
        if not isinstance(update, Received):
            await coroutine
            return
        async with self._turn_of(update.chat_id):
            await coroutine

    @asynccontextmanager
    async def _turn_of(self, chat_id: int) -> AsyncIterator[None]:
        lock, users = self._locks.get(chat_id, (asyncio.Lock(), 0))
        self._locks[chat_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[chat_id]
            if users == 1:
                del self._locks[chat_id]
            else:
                self._locks[chat_id] = (lock, users - 1)
