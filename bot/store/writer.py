"""Group commit: what many chats want to write at the same moment goes into one transaction.

A transaction waits for the disk, so its price is nearly the same for one operation and for five hundred. While one
runs, operations gather for the next. Each caller goes on only after the COMMIT that holds its operation.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from typing import Any, Final, TypeVar

import aiosqlite

from bot.store.connection import Work, run
from bot.store.errors import StoreUnavailable
from bot.store.group import Chore, Operation, Settled, fail, transact
from bot.store.scrub import empty_wal, rewrite, scrub

T = TypeVar("T")

MAX_GROUP: Final = 512
"""Operations in one transaction; bounds how long one takes."""

_log = logging.getLogger(__name__)


class Writer:
    """Writes in groups through one connection, which it owns.

    ``database`` is a descriptor of the file. ``empty_wal_after`` is how many seconds what was written may stay in
    the ``-wal`` file: a deleted inbox row, sealed as it is, is gone from there by then.
    """

    def __init__(self, connection: aiosqlite.Connection, database: int, empty_wal_after: float) -> None:
        self.transactions = 0
        """Committed so far."""
        self._connection = connection
        self._database = database
        self._empty_wal_after = empty_wal_after
        self._pending: deque[Operation[Any]] = deque()
        self._running: asyncio.Task[None] | None = None
        self._owed = Chore.NOTHING
        self._due = False
        self._timer: asyncio.TimerHandle | None = None
        self._traces: set[bytes] = set()
        self._failing = False
        self._closed = False

    async def do(self, work: Work[T], settled: Settled | None = None) -> T:
        """Run ``work`` in the next transaction and give its result once it is stored.

        It is stored or not at all, whatever becomes of the others in its transaction. It may run more than once, of
        which the last time counts, and it runs even if the caller is cancelled while it waits.
        Raises StoreUnavailable, and what ``work`` raises.
        """
        return await self.begin(work, settled)

    def begin(self, work: Work[T], settled: Settled | None = None) -> asyncio.Future[T]:
        """Like ``do``, for who does not wait yet; the future has what ``do`` would give or raise."""
        return self._submit(Operation(work, settled))

    async def erase(self, work: Work[set[bytes]], settled: Settled | None = None) -> None:
        """Like ``do``, for what deletes; goes on once the bytes are gone from the files as well.

        ``work`` gives bytes by which to find what it deleted. If the bytes cannot be wiped now (a backup is being
        read, the disk is full), the rows are gone all the same; wiping is tried again every ``empty_wal_after``.
        """
        await self._submit(Operation(work, settled, Chore.SCRUB))

    async def rewrite(self) -> None:
        """Write the whole file anew, without anything that was deleted. Raises StoreUnavailable."""
        await self._submit(Operation(lambda _: set[bytes](), None, Chore.REWRITE))

    async def close(self) -> None:
        """Write what is waiting, wipe what is owed, empty the ``-wal`` file, close the connection."""
        self._closed = True
        self._cancel_timer()
        self._owed, self._due = max(self._owed, Chore.EMPTY_WAL), True
        self._wake()
        while self._running is not None:
            await asyncio.wait([self._running])
        await self._connection.close()

    def _submit(self, operation: Operation[T]) -> asyncio.Future[T]:
        if self._closed:
            operation.future.set_exception(StoreUnavailable("the store is closed"))
        else:
            self._pending.append(operation)
            self._wake()
        return operation.future

    def _wake(self) -> None:
        if self._running is None:
            # It starts in the next round of the event loop, so what is asked for in this one joins its first group.
            self._running = asyncio.create_task(self._run(), name="store writer")

    async def _run(self) -> None:
        try:
            while self._pending or self._due:
                group = [self._pending.popleft() for _ in range(min(MAX_GROUP, len(self._pending)))]
                if group:
                    await self._write(group)
                if self._due:
                    await self._tidy()
                for operation in group:
                    operation.tell()
        finally:
            self._running = None

    async def _write(self, group: list[Operation[Any]]) -> None:
        """One transaction for the group. Who is owed a chore is not told yet."""
        try:
            self.transactions += await run(self._connection, lambda raw: transact(raw, group))
        except Exception as error:  # the thread is gone; nobody may be left waiting
            fail(group, error)
        self._note(group)
        for operation in group:
            operation.settle()
            if operation.error is None:
                if operation.owes:
                    self._traces |= operation.result
                    self._owed, self._due = max(self._owed, operation.owes), True
                    continue
                self._start_timer()
            operation.tell()

    async def _tidy(self) -> None:
        """Do the chore that is owed; if it fails it stays owed."""
        chore, self._owed, self._due = self._owed, Chore.NOTHING, False
        self._cancel_timer()
        try:
            finished = await run(self._connection, lambda raw: self._do_chore(raw, chore))
        except (sqlite3.Error, OSError) as error:
            _log.warning("wiping deleted rows from the file failed and is tried again later: %s", error)
            finished = False
        if finished:
            self._traces.clear()
        else:
            self._owed = max(self._owed, chore)
            self._start_timer()

    def _do_chore(self, raw: sqlite3.Connection, chore: Chore) -> bool:
        match chore:
            case Chore.REWRITE:
                return rewrite(raw)
            case Chore.SCRUB:
                return scrub(raw, self._database, self._traces)
            case _:
                return empty_wal(raw)

    def _start_timer(self) -> None:
        if self._timer is None and not self._closed:
            self._timer = asyncio.get_running_loop().call_later(self._empty_wal_after, self._time_is_up)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_is_up(self) -> None:
        self._timer = None
        self._owed, self._due = max(self._owed, Chore.EMPTY_WAL), True
        self._wake()

    def _note(self, group: list[Operation[Any]]) -> None:
        """One line when writing begins to fail and one when it works again, however many updates come in between."""
        errors = [operation.error for operation in group if isinstance(operation.error, StoreUnavailable)]
        if errors and not self._failing:
            _log.error("%s; what is not stored is not confirmed, and is tried again", errors[0])
        elif self._failing and not errors:
            _log.warning("the database can be written again")
        self._failing = bool(errors)
