"""What is done to the rows, one function each. They run on SQLite's thread, inside the transaction of a group."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from bot.store import kept

SLICES: Final = 256
"""Row keys are spread evenly, so their first byte cuts the sessions into as many equal slices."""


def inbox_row(update_id: int, chat: bytes) -> bytes:
    """What a row of the inbox is sealed for."""
    return update_id.to_bytes(8, "big", signed=True) + chat


def put(connection: sqlite3.Connection, update_id: int, chat: bytes, body: bytes) -> bool:
    """Add a row to the inbox; False when the update is already waiting or already handled."""
    # One statement, as the thread of the conversations waits a little at the end of each.
    put_in = connection.execute(
        "INSERT OR IGNORE INTO inbox SELECT ?1, ?2, ?3"
        " WHERE NOT EXISTS (SELECT 1 FROM handled WHERE block = ?1 >> 6 AND bits & (1 << (?1 & 63)))",
        (update_id, chat, body),
    )
    return put_in.rowcount == 1


def done(connection: sqlite3.Connection, update_id: int, day: int) -> None:
    """Take an update off the inbox and remember until two days after ``day`` that it was handled."""
    connection.execute("DELETE FROM inbox WHERE update_id = ?", (update_id,))
    connection.execute(
        "INSERT INTO handled VALUES (? >> 6, 1 << (? & 63), ?) ON CONFLICT (block) DO UPDATE"
        " SET bits = bits | excluded.bits, day = max(day, excluded.day)",
        (update_id, update_id, day),
    )


def drop_unreadable(connection: sqlite3.Connection, update_id: int) -> None:
    """Delete a row of the inbox that nobody can read; it does not count as handled, so it may come again."""
    connection.execute("DELETE FROM inbox WHERE update_id = ?", (update_id,))


def commit(connection: sqlite3.Connection, chat: bytes, body: bytes, day: int, update_id: int | None) -> None:
    """Write a session, and take the update that led to it off the inbox."""
    # An update overwrites a row of the same length where it stands; REPLACE would take it out and put it in again.
    connection.execute(
        "INSERT INTO session VALUES (?, ?, ?) ON CONFLICT (chat) DO UPDATE"
        " SET body = excluded.body, day = excluded.day",
        (chat, body, day),
    )
    if update_id is not None:
        done(connection, update_id, day)


def forget(connection: sqlite3.Connection, chat: bytes, update_id: int | None, day: int) -> set[bytes]:
    """Delete every row of the chat; inbox rows up to ``update_id`` only, when it is given.

    Gives traces: bytes by which what was deleted can be found, should any be left in the file.
    """
    last = (1 << 63) - 1 if update_id is None else update_id
    rows = connection.execute("SELECT body FROM session WHERE chat = ?", (chat,)).fetchall()
    connection.execute("DELETE FROM session WHERE chat = ?", (chat,))
    waiting = connection.execute(
        "SELECT update_id, body FROM inbox WHERE chat = ? AND update_id <= ?", (chat, last)
    ).fetchall()
    for each, _ in waiting:
        done(connection, each, day)
    if update_id is not None:
        done(connection, update_id, day)
    bodies = [body for (body,) in rows] + [body for (_, body) in waiting]
    traces = kept.forget(connection, [chat])
    return traces.union({chat[:8], chat[8:]}, *({body[:16], body[-16:]} for body in bodies))


def expire_slice(connection: sqlite3.Connection, slice_: int, before_day: int) -> list[bytes]:
    """Delete the sessions of one slice that were last seen before that day; gives the row keys of their chats."""
    first, after = bytes([slice_]), bytes([slice_ + 1]) if slice_ + 1 < SLICES else b"\xff" * 17
    where = "FROM session WHERE chat >= ? AND chat < ? AND day < ?"
    chats = [chat for (chat,) in connection.execute(f"SELECT chat {where}", (first, after, before_day))]
    if chats:
        connection.execute(f"DELETE {where}", (first, after, before_day))
        kept.forget(connection, chats)
    return chats


def prune_handled(connection: sqlite3.Connection, before_day: int) -> int:
    """Delete what is known of updates handled before that day; gives how many rows of 64 that were."""
    return connection.execute("DELETE FROM handled WHERE day < ?", (before_day,)).rowcount


def session(connection: sqlite3.Connection, chat: bytes) -> bytes | None:
    """The sealed session of a chat."""
    row = connection.execute("SELECT body FROM session WHERE chat = ?", (chat,)).fetchone()
    return None if row is None else bytes(row[0])


def waiting(connection: sqlite3.Connection, limit: int | None, after: int | None) -> Sequence[tuple[int, bytes, bytes]]:
    """Rows of the inbox, oldest first."""
    first = -(1 << 63) if after is None else after + 1
    return connection.execute(
        "SELECT update_id, chat, body FROM inbox WHERE update_id >= ? ORDER BY update_id LIMIT ?",
        (first, -1 if limit is None else limit),
    ).fetchall()


def counts(connection: sqlite3.Connection) -> tuple[int, int, int | None]:
    """How many sessions, how many updates waiting, and the oldest of these."""
    (sessions,) = connection.execute("SELECT count(*) FROM session").fetchone()
    waiting_, oldest = connection.execute("SELECT count(*), min(update_id) FROM inbox").fetchone()
    return sessions, waiting_, oldest
