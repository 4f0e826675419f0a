"""A group of operations, stored in one transaction or, where one of them fails, in as few as it takes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import IntEnum
from typing import Any, Generic, TypeVar

from bot.store.connection import Work, unavailable

T = TypeVar("T")
Settled = Callable[[bool], None]


class Chore(IntEnum):
    """What has to be done to the files after a transaction; a higher one includes the lower ones."""

    NOTHING = 0
    EMPTY_WAL = 1
    SCRUB = 2
    REWRITE = 3


class Operation(Generic[T]):
    """One thing to write. Everything but ``work`` happens on the event loop.

    ``settled`` hears whether it is stored, in the order of storing, also when the caller no longer waits.
    ``owes`` is what has to be done to the files before the caller goes on; ``work`` then gives traces to look for.
    """

    def __init__(self, work: Work[T], settled: Settled | None = None, owes: Chore = Chore.NOTHING) -> None:
        self.work = work
        self.settled = settled
        self.owes = owes
        self.result: Any = None
        self.error: Exception | None = None
        self.future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def settle(self) -> None:
        """Report that the transaction is over, one way or the other."""
        if self.settled is not None:
            self.settled(self.error is None)

    def tell(self) -> None:
        """Let the caller go on, unless it no longer waits."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


def fail(group: Sequence[Operation[Any]], error: Exception) -> None:
    """None of these is stored, because of ``error``."""
    for operation in group:
        operation.error = unavailable(error) if isinstance(error, sqlite3.Error) else error


def transact(connection: sqlite3.Connection, group: Sequence[Operation[Any]]) -> int:
    """Store the group in one transaction; gives how many transactions were committed. Raises nothing.

    When one operation fails, the group is cut in halves until that one stands alone, so that the others are stored.
    """
    try:
        if connection.in_transaction:  # an earlier ROLLBACK failed, too
            connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        # Locked by another program, or out of reach: each half would only wait as long again.
        fail(group, error)
        return 0
    try:
        for operation in group:
            operation.result = operation.work(connection)
        connection.execute("COMMIT")
        return 1
    except Exception as error:  # whatever one operation raises is for its caller alone
        with suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        if len(group) == 1:
            fail(group, error)
            return 0
    half = len(group) // 2
    return transact(connection, group[:half]) + transact(connection, group[half:])
