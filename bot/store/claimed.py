"""A database that is ours alone for one piece of work, without a bot that runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.store import migrations
from bot.store.connection import prepare
from bot.store.errors import StoreUnusable
from bot.store.files import claim

BUSY_SECONDS = 5.0


@contextmanager
def claimed(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the database, which no bot can open meanwhile; brought up to this edition.

    Raises StoreInUse while a bot runs, NewerDatabase, or another StoreUnusable; also for errors of SQLite inside.
    """
    if not path.exists():
        raise StoreUnusable(f"there is no database {path}")
    held = claim(path)
    try:
        with closing(sqlite3.connect(held.path, isolation_level=None, timeout=BUSY_SECONDS)) as connection:
            migrations.recognise(connection, path)
            prepare(connection)
            migrations.migrate(connection)
            yield connection
    except sqlite3.Error as error:
        raise StoreUnusable(f"cannot use the database {path}: {error}") from None
    finally:
        held.release()


@contextmanager
def reading(path: Path, busy_seconds: float = BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
    """A connection that only reads, also while the bot runs and writes.

    Raises StoreUnusable when there is no database, or it is of another program; also for errors of SQLite inside.
    """
    if not path.is_file():
        raise StoreUnusable(f"there is no database {path}")
    uri = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_seconds)) as connection:
            connection.execute("PRAGMA temp_store = MEMORY")
            migrations.recognise(connection, path)
            yield connection
    except sqlite3.Error as error:
        raise StoreUnusable(f"cannot read the database {path}: {error}") from None
