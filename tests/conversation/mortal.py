"""A process that can die at any moment of a turn: everything of it is real but Telegram, and it dies by an exception
that nothing catches. What is on disk then stays; what was in memory is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path

from bot.conversation.answers import Answer
from bot.conversation.companion import Companion
from bot.conversation.ports import NO_CHANGES, Changes
from bot.conversation.turns import ParentGone, Turns
from bot.store import Keys, Store
from bot.telegram.flood import Flood
from bot.telegram.inbox import InboxQueue
from bot.telegram.limits import Limits
from bot.telegram.order import ChatOrder
from bot.telegram.patience import Patience
from bot.telegram.received import Received
from bot.telegram.reception import Reception

BEFORE_STORED, STORED = "before the update is stored", "after the update is stored"
UNCONFIRMED = "before the poll is confirmed"
BEFORE_SAID, SAID = "before the answer is said", "after the answer is said"
BEFORE_COMMIT, COMMITTED = "before the turn is stored", "after the turn is stored"
MOMENTS = (BEFORE_STORED, STORED, UNCONFIRMED, BEFORE_SAID, SAID, BEFORE_COMMIT, COMMITTED)

KEYS = Keys.from_secret("the secret of a bot that dies in each test")
Death = tuple[str, int]
"""A moment, and of which update."""


class Died(BaseException):
    """The process is gone. No handler of errors may notice."""


class Fate:
    """Knows when the process dies; from then on nothing of it does anything any more."""

    def __init__(self) -> None:
        self.dies: Death | None = None
        self.dead = asyncio.Event()

    def reaches(self, moment: str, update_id: int | None) -> None:
        """Go on, or die."""
        if self.dies == (moment, update_id):
            self.dead.set()
        if self.dead.is_set():
            raise Died


class MortalStore(Store):
    """The real store, of a process that dies before or after it writes."""

    fate: Fate

    async def put_update(self, update_id: int, chat: bytes, body: bytes) -> bool:
        """As the store does."""
        self.fate.reaches(BEFORE_STORED, update_id)
        new = await super().put_update(update_id, chat, body)
        self.fate.reaches(STORED, update_id)
        return new

    async def commit(
        self, chat: bytes, session_json: str, *, update_id: int | None, day: int, also: Changes = NO_CHANGES
    ) -> None:
        """As the store does."""
        self.fate.reaches(BEFORE_COMMIT, update_id)
        await super().commit(chat, session_json, update_id=update_id, day=day, also=also)
        self.fate.reaches(COMMITTED, update_id)

    async def forget(self, chat: bytes, *, update_id: int | None = None, day: int) -> None:
        """As the store does."""
        self.fate.reaches(BEFORE_COMMIT, update_id)
        await super().forget(chat, update_id=update_id, day=day)
        self.fate.reaches(COMMITTED, update_id)


class Screens:
    """What the parents see. Takes the place of the messenger; outlives every process."""

    def __init__(self, check: Callable[[Answer], None]) -> None:
        self.fate = Fate()
        self.blocked: set[int] = set()
        self.said: list[tuple[int, Answer]] = []
        """The update that was answered, and how."""
        self._check = check
        self._number = 0

    async def deliver(self, received: Received, answer: Answer, wiped: Sequence[int] = ()) -> list[int]:
        """Show it, and give the numbers of the messages. Raises ParentGone."""
        self.fate.reaches(BEFORE_SAID, received.update_id)
        if received.chat_id in self.blocked:
            raise ParentGone
        self._check(answer)
        self.said.append((received.update_id, answer))
        await asyncio.sleep(0)
        self.fate.reaches(SAID, received.update_id)
        self._number += len(answer.bubbles)
        return [*range(self._number - len(answer.bubbles), self._number)]

    async def stop_breathing(self, chat: int) -> None:
        """Nobody breathes here."""

    async def apologise(self, received: Received, text: str) -> None:
        """A fault of the bot must not hide behind an apology."""
        raise AssertionError(f"it apologises: {text}")


async def never(_: Received) -> bool:
    """Nothing is urgent here."""
    return False


class House:
    """One life of the process. ``async with`` is not for it: it ends by ``close``, dead or alive."""

    def __init__(self, store: MortalStore, companion: Companion, screens: Screens, clock: Callable[[], datetime]):
        self.store = store
        self.turns = Turns(companion, store)
        self.fate = store.fate = screens.fate = Fate()
        self._inbox = InboxQueue(store, Flood(never))
        patience = Patience(Limits(kept=False))
        self._reception = Reception(self.turns, store, self._inbox, screens, patience, clock)  # type: ignore[arg-type]
        self._order = ChatOrder(self._handle)
        self._errors: list[Exception] = []

    @classmethod
    async def open(cls, path: Path, companion: Companion, screens: Screens, clock: Callable[[], datetime]) -> House:
        """Begin a life with what is in the file."""
        store = await MortalStore.open(path, KEYS, cached_sessions=2)
        assert isinstance(store, MortalStore)
        return cls(store, companion, screens, clock)

    async def lives(self, arriving: Sequence[Received], confirmed: Callable[[], None], *, first: bool) -> None:
        """Take in what arrives (and, at ``first``, what a former life left), answer all of it, or die over it."""
        consuming = asyncio.create_task(self._consume())
        taking = asyncio.create_task(self._take(arriving, confirmed, first=first))
        death = asyncio.create_task(self.fate.dead.wait())
        try:
            await asyncio.wait((taking, death), return_when=asyncio.FIRST_COMPLETED)
            while not self.fate.dead.is_set() and not (self._order.idle and self._inbox.empty()):
                await asyncio.wait({death}, timeout=0.001)
        finally:
            await self._order.cancel()
            ending = (consuming, taking, death)
            for task in ending:
                task.cancel()
            ends = await asyncio.gather(*ending, return_exceptions=True)
        if self.fate.dead.is_set():
            await self._inbox.close()
        for error in (*self._errors, *ends):
            if isinstance(error, Exception):
                raise error

    async def close(self) -> None:
        """The process is gone. What SQLite was writing at that moment it writes: it would have done so or not at all,
        and both are looked at here, by dying before and after it."""
        await self.store.close()

    async def _take(self, arriving: Collection[Received], confirmed: Callable[[], None], *, first: bool) -> None:
        if first:
            await self._inbox.restore()
        for received in arriving:
            await self._inbox.take(received)
        await self._inbox.settled()
        for received in arriving:
            self.fate.reaches(UNCONFIRMED, received.update_id)
        confirmed()

    async def _consume(self) -> None:
        while True:
            received = await self._inbox.get()
            assert isinstance(received, Received)
            self._order.put(received)

    async def _handle(self, received: Received) -> None:
        try:
            await self._reception.handle(received)
        except Died:
            pass
        except Exception as error:
            self._errors.append(error)
