"""Rows of what is kept because a parent asked for it, of what stands on the screen, and of counts; as in ``rows``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.conversation.ports import Changes, CheckIn, Note
from bot.store.errors import Unreadable
from bot.store.keys import Keys, Purpose

TABLES = ("note", "check_in", "shown")
"""Every table, beside ``session`` and ``inbox``, that holds rows of a chat."""


@dataclass(frozen=True, slots=True)
class SealedChanges:
    """What goes with a session into one transaction, sealed."""

    keep: tuple[tuple[int, bytes], ...]
    drop: tuple[int, ...]
    check_in: tuple[int, bytes] | None
    no_check_in: bool
    shown: bytes | None
    hour: int

    @classmethod
    def of(cls, keys: Keys, chat: bytes, turn: int, changes: Changes) -> SealedChanges:
        """Seal ``changes``; ``turn`` is the number of the row that tells what was shown."""
        check_in = changes.check_in
        return cls(
            tuple((number, keys.seal(Purpose.NOTE, row(chat, number), _note(note))) for number, note in changes.keep),
            changes.drop,
            (int(check_in.due.timestamp()), keys.seal(Purpose.CHECK_IN, chat, _address(check_in)))
            if check_in is not None
            else None,
            changes.no_check_in,
            keys.seal(Purpose.SHOWN, row(chat, turn), _ids(changes.shown)) if changes.shown else None,
            changes.hour,
        )


def apply(connection: sqlite3.Connection, chat: bytes, turn: int, changes: SealedChanges) -> None:
    """Write what goes with a session."""
    for number, body in changes.keep:
        connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", (chat, number, body))
    for number in changes.drop:
        connection.execute("DELETE FROM note WHERE chat = ? AND number = ?", (chat, number))
    if changes.no_check_in or changes.check_in is not None:
        connection.execute("DELETE FROM check_in WHERE chat = ?", (chat,))
    if changes.check_in is not None:
        connection.execute("INSERT INTO check_in VALUES (?, ?, ?)", (chat, *changes.check_in))
    if changes.shown is not None:
        values = (chat, turn, changes.hour, changes.shown)
        connection.execute("INSERT OR REPLACE INTO shown VALUES (?, ?, ?, ?)", values)


def note(connection: sqlite3.Connection, chat: bytes, number: int) -> bytes | None:
    """One sealed note."""
    row = connection.execute("SELECT body FROM note WHERE chat = ? AND number = ?", (chat, number)).fetchone()
    return None if row is None else bytes(row[0])


def read_note(keys: Keys, chat: bytes, number: int, sealed: bytes) -> Note:
    """The note again. Raises Unreadable."""
    try:
        at, text = json.loads(keys.unseal(Purpose.NOTE, row(chat, number), sealed))
        return Note(str(text), datetime.fromtimestamp(at, UTC))
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise Unreadable(f"a note cannot be read: {type(error).__name__}") from None


def due(connection: sqlite3.Connection, now: int, limit: int) -> Sequence[tuple[bytes, int, bytes]]:
    """The check-ins whose moment has come, the oldest first."""
    return connection.execute(
        "SELECT chat, due, body FROM check_in WHERE due <= ? ORDER BY due LIMIT ?", (now, limit)
    ).fetchall()


def drop_check_in(connection: sqlite3.Connection, chat: bytes) -> None:
    """Take a check-in away that nobody can read."""
    connection.execute("DELETE FROM check_in WHERE chat = ?", (chat,))


def read_check_in(keys: Keys, chat: bytes, at: int, sealed: bytes) -> CheckIn:
    """The check-in again. Raises Unreadable."""
    try:
        chat_id, phone = json.loads(keys.unseal(Purpose.CHECK_IN, chat, sealed))
        return CheckIn(datetime.fromtimestamp(at, UTC), int(chat_id), phone)
    except (ValueError, TypeError) as error:
        raise Unreadable(f"a check-in cannot be read: {type(error).__name__}") from None


def shown(connection: sqlite3.Connection, chat: bytes, since_hour: int) -> Sequence[tuple[int, bytes]]:
    """What was shown in the chat since that hour, sealed, oldest first."""
    return connection.execute(
        "SELECT turn, body FROM shown WHERE chat = ? AND hour >= ? ORDER BY turn", (chat, since_hour)
    ).fetchall()


def read_shown(keys: Keys, chat: bytes, turn: int, sealed: bytes) -> list[int]:
    """The ids again. Raises Unreadable."""
    return [int(each) for each in keys.unseal(Purpose.SHOWN, row(chat, turn), sealed).split()]


def wiped(connection: sqlite3.Connection, chat: bytes) -> None:
    """Forget what stood on the screen."""
    connection.execute("DELETE FROM shown WHERE chat = ?", (chat,))


def prune_shown(connection: sqlite3.Connection, before_hour: int) -> int:
    """Forget what was shown before that hour; gives how many rows that were."""
    return connection.execute("DELETE FROM shown WHERE hour < ?", (before_hour,)).rowcount


def count(connection: sqlite3.Connection, day: int, tally: Mapping[tuple[str, str], int]) -> None:
    """Add to the counts of a day."""
    connection.executemany(
        "INSERT INTO tally VALUES (?, ?, ?, ?)"
        " ON CONFLICT (day, what, name) DO UPDATE SET count = count + excluded.count",
        [(day, what, name, number) for (what, name), number in tally.items()],
    )


def tallies(connection: sqlite3.Connection, since_day: int) -> Sequence[tuple[int, str, str, int]]:
    """Day, what, name and count, since that day."""
    return connection.execute(
        "SELECT day, what, name, count FROM tally WHERE day >= ? ORDER BY day, what, name", (since_day,)
    ).fetchall()


def prune_tallies(connection: sqlite3.Connection, before_day: int) -> None:
    """Forget the counts of days long ago."""
    connection.execute("DELETE FROM tally WHERE day < ?", (before_day,))


def forget(connection: sqlite3.Connection, chats: Iterable[bytes]) -> set[bytes]:
    """Delete every row of these chats; gives bytes by which they could be found."""
    traces: set[bytes] = set()
    for chat in chats:
        for table in TABLES:
            for (body,) in connection.execute(f"SELECT body FROM {table} WHERE chat = ?", (chat,)):
                traces |= {bytes(body[:16]), bytes(body[-16:])}
            connection.execute(f"DELETE FROM {table} WHERE chat = ?", (chat,))
    return traces


def row(chat: bytes, number: int) -> bytes:
    """What a numbered row of a chat is sealed for."""
    return chat + number.to_bytes(8, "big", signed=True)


def _note(note_: Note) -> bytes:
    return json.dumps([int(note_.at.timestamp()), note_.text]).encode()


def _address(check_in: CheckIn) -> bytes:
    return json.dumps([check_in.chat_id, check_in.phone_language]).encode()


def _ids(ids: Sequence[int]) -> bytes:
    return " ".join(map(str, ids)).encode()
