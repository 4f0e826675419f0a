"""Looking into the database of a running process, from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.store import Keys
from tests.telegram.serving import SECRET


def key_of(chat_id: int) -> bytes:
    """What stands for a chat in the database."""
    return Keys.from_secret(SECRET).chat_key(chat_id)


def waiting(database: Path) -> int:
    """How many updates are stored and not answered yet."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM inbox").fetchone()[0])


def rows_of(database: Path, chat_id: int) -> dict[str, int]:
    """How many rows of this chat each table holds; only tables that hold some."""
    chat = key_of(chat_id)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        with_chats = [
            table
            for table in tables
            if any(column[1] == "chat" for column in connection.execute(f"PRAGMA table_info({table})"))
        ]
        assert {"session", "inbox"} <= set(with_chats), "the tables are called otherwise now"
        counts = {
            table: int(connection.execute(f"SELECT count(*) FROM {table} WHERE chat = ?", (chat,)).fetchone()[0])
            for table in with_chats
        }
    return {table: count for table, count in counts.items() if count}
