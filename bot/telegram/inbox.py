"""The queue behind the Updater: an update is stored before it is confirmed to Telegram.

A poll gives up to a hundred updates and the next poll confirms them; they are stored together, and ``settled`` holds
the next poll until they are. A webhook confirms each update by its answer, so there ``put`` itself waits. It also
waits while too many are being handled, so that a backlog stays with Telegram instead of filling the memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from telegram.error import NetworkError

from bot.conversation.figures import Figures
from bot.conversation.ports import StoreUnavailable
from bot.conversation.turns import day_of
from bot.store import Store
from bot.telegram.flood import Flood, Haste
from bot.telegram.received import Received

_log = logging.getLogger(__name__)

MOST_IN_HAND = 10_000
"""Updates that are waiting or being handled at once, a few kilobytes each; the rest waits at Telegram, or in the
store after a restart. So many that one chat, flooding or refused for long, cannot take the places of all others."""

RESTORED_AT_ONCE = 100
FIRST_WAIT = 0.2
LONGEST_WAIT = 10.0
"""Seconds between tries to store what came, doubled from the first to the longest."""
SETTLED_SECONDS = 0.1
"""How soon a poll that waits is told that storing fails."""


@dataclass(slots=True)
class Arrival:
    """An update on its way into the store."""

    received: Received
    storing: asyncio.Future[bool]
    """Whether it is new."""


class InboxQueue(asyncio.Queue[object]):
    """Stores each update, then hands it on."""

    def __init__(
        self, store: Store, flood: Flood, figures: Figures | None = None, *, confirms_each: bool = False
    ) -> None:
        super().__init__()
        self._figures = figures or Figures()
        self._store = store
        self._room = asyncio.Semaphore(MOST_IN_HAND)
        self._in_hand: set[int] = set()
        self._due: set[int] = set()
        self._flood = flood
        self._confirms_each = confirms_each
        self._arriving: deque[Arrival] = deque()
        self._taking_in: asyncio.Task[None] | None = None
        self._failing = False
        self._expected: dict[int, Received | None] = {}

    def expect(self, updates: Mapping[int, Received | None]) -> None:
        """What a poll gave, by ``update_id``; python-telegram-bot puts the last of these, and knows only its id."""
        self._expected = dict(updates)

    async def put(self, item: object) -> None:
        """Take in all that is expected. ``item``, the Update that stands for it, tells no more.

        Raising anything that is no TelegramError would end the Updater's polling for good.
        """
        while self._expected:
            await self.take(self._expected.pop(next(iter(self._expected))))

    async def take(self, received: Received | None) -> None:
        """Take one update in. Behind a webhook raises NetworkError when it could not be stored: Telegram keeps it."""
        if received is None or received.update_id in self._in_hand:
            return  # nothing to answer; or it came again, is stored, and waits for its turn
        haste = await self._flood.haste(received)
        if haste is Haste.QUIET:
            return
        await self._room.acquire()
        if haste is Haste.TOLD:
            received = replace(received, too_fast=True)
        arrival = Arrival(received, self._storing(received))
        if self._confirms_each:
            await self._confirm(arrival)
            return
        self._arriving.append(arrival)
        if self._taking_in is None or self._taking_in.done():
            self._taking_in = asyncio.create_task(self._take_in())

    async def settled(self) -> None:
        """Return once everything that was put is stored. Raises NetworkError while that is not possible."""
        while self._arriving:
            if self._failing or self._taking_in is None:
                raise NetworkError("updates could not be stored")
            await asyncio.wait((self._taking_in,), timeout=SETTLED_SECONDS)

    async def close(self) -> None:
        """Leave with Telegram what is not stored yet."""
        tasks: list[asyncio.Future[Any]] = [arrival.storing for arrival in self._arriving]
        if self._taking_in is not None:
            tasks.append(self._taking_in)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _storing(self, received: Received) -> asyncio.Future[bool]:
        chat = self._store.chat_key(received.chat_id)
        return asyncio.ensure_future(self._store.put_update(received.update_id, chat, received.to_json()))

    async def _take_in(self) -> None:
        """Hand on what is stored, in the order in which it came; what cannot be stored is tried until it can."""
        wait = FIRST_WAIT
        while self._arriving:
            arrival = self._arriving[0]
            try:
                new = await arrival.storing
            except Exception as problem:
                self._failing = True
                said = problem if isinstance(problem, StoreUnavailable) else type(problem).__name__
                _log.error("an update was not stored and stays with Telegram: %s", said)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
                arrival.storing = self._storing(arrival.received)
                continue
            self._failing, wait = False, FIRST_WAIT
            self._arriving.popleft()
            await self._hand_on(arrival, new)

    async def _confirm(self, arrival: Arrival) -> None:
        try:
            new = await arrival.storing
        except StoreUnavailable as problem:
            self._leave(arrival.received)
            _log.error("an update was not stored and stays with Telegram: %s", problem)
            raise NetworkError("the update could not be stored") from None
        except BaseException:
            self._leave(arrival.received)
            raise
        await self._hand_on(arrival, new)

    async def _hand_on(self, arrival: Arrival, new: bool) -> None:
        received = arrival.received
        if not new or received.update_id in self._in_hand:
            self._leave(received)
            return
        self._in_hand.add(received.update_id)
        self._figures.updates += 1
        await super().put(received)

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
        self._flood.taken_back(received)
        self._room.release()
