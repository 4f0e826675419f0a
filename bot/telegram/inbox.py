"""The queue behind the Updater: an update is stored before it is confirmed to Telegram.

python-telegram-bot confirms an update (by the next ``getUpdates``, or by answering the webhook) once ``put``
returned. Here ``put`` returns when the update is safely in the store, and waits while too many are being handled,
so that a backlog stays with Telegram instead of filling the memory.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime

from telegram import Update
from telegram.error import NetworkError

from bot.conversation.figures import Figures
from bot.conversation.ports import StoreUnavailable
from bot.conversation.turns import day_of
from bot.store import Store
from bot.telegram.flood import Flood, Haste
from bot.telegram.received import Received, read_update

_log = logging.getLogger(__name__)

MOST_IN_HAND = 10_000
"""Updates that are waiting or being handled at once, a few kilobytes each; the rest waits at Telegram, or in the
store after a restart. So many that one chat, flooding or refused for long, cannot take the places of all others."""

RESTORED_AT_ONCE = 100


class InboxQueue(asyncio.Queue[object]):
    """Stores each update, then hands it on."""

    def __init__(self, store: Store, flood: Flood, figures: Figures | None = None) -> None:
        super().__init__()
        self._figures = figures or Figures()
        self._store = store
        self._room = asyncio.Semaphore(MOST_IN_HAND)
        self._in_hand: set[int] = set()
        self._due: set[int] = set()
        self._flood = flood

    async def put(self, item: object) -> None:
        """Take one update in. Raises NetworkError when it could not be stored: Telegram then keeps it.

        Raising anything that is no TelegramError would end the Updater's polling for good.
        """
        if not isinstance(item, Update):
            await super().put(item)  # the Application's own signal to stop
            return
        received = read_update(item)
        if received is None:
            return
        haste = self._flood.haste(received)
        if haste is Haste.QUIET:
            return
        await self._room.acquire()
        try:
            new = await self._store.put_update(
                received.update_id, self._store.chat_key(received.chat_id), received.to_json()
            )
        except StoreUnavailable as problem:
            self._leave(received)
            _log.error("an update was not stored and stays with Telegram: %s", problem)
            raise NetworkError("the update could not be stored") from None
        except BaseException:
            self._leave(received)
            raise
        if not new or received.update_id in self._in_hand:
            self._leave(received)
            return
        self._in_hand.add(received.update_id)
        self._figures.updates += 1
        await super().put(replace(received, too_fast=haste is Haste.TOLD))

    async def restore(self) -> int:
        """Hand on what a former process stored and did not finish, oldest first; gives how many there were."""
        count, after = 0, None
        while page := await self._store.waiting(RESTORED_AT_ONCE, after=after):
            for waiting in page:
                after = waiting.update_id
                try:
                    received = Received.from_json(waiting.body)
                except ValueError as problem:
                    _log.error("an update in the inbox cannot be read and is left out: %s", problem)
                    await self._store.drop_update(waiting.update_id, day_of(datetime.now(UTC)))
                    continue
                await self._room.acquire()
                self._in_hand.add(received.update_id)
                self._flood.restored(received)
                await super().put(received)
                count += 1
        return count

    async def put_due(self, received: Received) -> bool:
        """Hand on what no update brought: it is in no inbox, and takes its place in the chat's order.

        False when the same is in hand already.
        """
        if received.chat_id in self._due:
            return False
        self._due.add(received.chat_id)
        await self._room.acquire()
        await super().put(received)
        return True

    def done(self, received: Received) -> None:
        """Make room: this update was handled, or is left to the next start."""
        if received.stored:
            self._in_hand.discard(received.update_id)
            self._flood.done(received)
        else:
            self._due.discard(received.chat_id)
        self._room.release()

    def _leave(self, received: Received) -> None:
        self._flood.done(received)
        self._room.release()
