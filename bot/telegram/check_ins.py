"""Sends check-ins when their moment has come: looks twice a minute, also for those that came due while it was down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.conversation.incoming import CheckInDue
from bot.conversation.ports import StoreUnavailable
from bot.store import Store
from bot.telegram.inbox import InboxQueue
from bot.telegram.received import Received

_log = logging.getLogger(__name__)

LOOK_EVERY = 30.0
"""Seconds."""


class CheckIns:
    """Hands each due check-in to the queue once; whether it is sent is decided in the chat's own order."""

    def __init__(self, store: Store, inbox: InboxQueue, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._inbox = inbox
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except StoreUnavailable as problem:
                _log.error("check-ins: %s", problem)
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> int:
        """Hand on what is due and not in hand yet; gives how many that were."""
        count = 0
        for _, check_in in await self._store.due_check_ins(self._clock()):
            due = Received(0, check_in.chat_id, CheckInDue(), check_in.phone_language)
            count += await self._inbox.put_due(due)
        return count
