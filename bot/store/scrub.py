"""Making sure that what was deleted is gone from the bytes of the file, too.

``secure_delete`` zeroes a deleted row where it stands. But when SQLite splits or merges a page, it may leave copies
of rows that moved in the unused middle of a page; about one deleted chat in 400 is still in the file that way.
VACUUM writes the whole file anew and leaves nothing: 1 ms for a thousand chats, 0.8 s for a million. So a small file
is always written anew, and a large one is searched first (65 ms a 100 MB) and written anew when something is found.
While it is written anew it stands in memory once (``temp_store``): 100 MB for a million chats.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection
from typing import Final

SMALL_FILE: Final = 8 * 1024 * 1024
"""Bytes; about 70,000 chats. Up to this size VACUUM takes less time than a person notices."""
_CHUNK: Final = 1024 * 1024
_LONGEST_TRACE: Final = 16


def empty_wal(connection: sqlite3.Connection) -> bool:
    """Move what the ``-wal`` file holds into the database and cut it to nothing; False when a reader is in the way."""
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def rewrite(connection: sqlite3.Connection) -> bool:
    """Write the whole file anew, without anything that was deleted; False when a reader is in the way."""
    connection.execute("VACUUM")
    return empty_wal(connection)


def scrub(connection: sqlite3.Connection, database: int, traces: Collection[bytes]) -> bool:
    """Leave nothing of deleted rows in the file; False when a reader is in the way and it has to be done again.

    ``database`` is a descriptor of the file, ``traces`` are bytes of the deleted rows, at most 16 each.
    Raises sqlite3.Error or OSError, and has to be done again then as well.
    """
    if not empty_wal(connection):
        return False
    if os.fstat(database).st_size <= SMALL_FILE or _found(database, traces):
        return rewrite(connection)
    return True


def _found(database: int, traces: Collection[bytes]) -> bool:
    offset = 0
    while chunk := os.pread(database, _CHUNK, offset):
        if any(trace in chunk for trace in traces):
            return True
        if len(chunk) <= _LONGEST_TRACE:
            return False
        offset += len(chunk) - _LONGEST_TRACE
    return False
