"""One SQLite connection on one thread of its own, and plain functions that run there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import aiosqlite

from bot.store.errors import StoreUnavailable

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
"""Something to do with the connection, on its thread."""

_PRAGMAS = (
    # A transaction is one write to the end of one file, and reading goes on beside it.
    "journal_mode = WAL",
    # Each COMMIT waits for the disk: what was confirmed to Telegram must survive a power cut. NORMAL would only
    # promise an intact file, without the last transactions.
    "synchronous = FULL",
    # What is deleted is overwritten with zeros (see `scrub` for what this leaves behind).
    "secure_delete = ON",
    # Nothing of a row in files of the system's temporary folder.
    "temp_store = MEMORY",
    "foreign_keys = ON",
)


async def connect(path: Path, busy_seconds: float) -> aiosqlite.Connection:
    """Open a database. ``busy_seconds`` is how long to wait for another program's lock. Raises sqlite3.Error."""
    return await aiosqlite.connect(path, isolation_level=None, timeout=busy_seconds)


def prepare(connection: sqlite3.Connection) -> None:
    """Set how this connection writes. Raises sqlite3.Error."""
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        raise sqlite3.OperationalError("its file system has no shared memory, which write-ahead logging needs")


async def run(connection: aiosqlite.Connection, work: Work[T]) -> T:
    """Run ``work`` on the thread of the connection; one hop for all of its statements.

    aiosqlite has no public way for this, and a hop for every statement costs more than the statements. It logs what
    it runs at level DEBUG, with the parameters; of a function only the name. Raises StoreUnavailable once closed.
    """
    try:
        raw = connection._conn
    except ValueError:
        raise StoreUnavailable("the store is closed") from None
    return cast(T, await connection._execute(work, raw))  # type: ignore[no-untyped-call]  # aiosqlite leaves it so


def unavailable(error: sqlite3.Error) -> Exception:
    """What callers get for an error of SQLite: StoreUnavailable, or the error itself where our own SQL is to blame."""
    if isinstance(error, (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError)):
        return error
    return StoreUnavailable(f"the database cannot do this now: {error}")
