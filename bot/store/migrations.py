"""The shape of the database, step by step. Each step and the record of it share one transaction."""

from __future__ import annotations

import hmac
import sqlite3
from pathlib import Path
from typing import Final

from bot.store.errors import NewerDatabase, StoreUnusable, WrongSecret

APPLICATION_ID: Final = 0x4B54_6166
"""``KTaf`` in the header of the file: this database is ours."""

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        # A row of `meta` is about the database itself, never about a chat.
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
        # `chat` is the row key of the chat, `body` is sealed, `day` the last visit in days since 1970.
        "CREATE TABLE session (chat BLOB PRIMARY KEY, body BLOB NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID",
        # What was stored before it was confirmed to Telegram and is not answered yet; `body` is sealed.
        "CREATE TABLE inbox (update_id INTEGER PRIMARY KEY, chat BLOB NOT NULL, body BLOB NOT NULL)",
        # Updates that were answered, 64 to a row: bit `update_id & 63` of block `update_id >> 6`.
        # Nothing here tells of which chat they were.
        "CREATE TABLE handled (block INTEGER PRIMARY KEY, bits INTEGER NOT NULL, day INTEGER NOT NULL)",
    ),
    (
        # What a parent chose to keep; `body` is sealed.
        "CREATE TABLE note (chat BLOB NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL,"
        " PRIMARY KEY (chat, number)) WITHOUT ROWID",
        # One message that was asked for: `due` in seconds since 1970, the address is in `body`, sealed.
        "CREATE TABLE check_in (chat BLOB PRIMARY KEY, due INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID",
        # Which messages stand on the screen since the last two days; their ids are in `body`, sealed.
        "CREATE TABLE shown (chat BLOB NOT NULL, turn INTEGER NOT NULL, hour INTEGER NOT NULL, body BLOB NOT NULL,"
        " PRIMARY KEY (chat, turn)) WITHOUT ROWID",
        # How often what happened, of everybody together.
        "CREATE TABLE tally (day INTEGER NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,"
        " PRIMARY KEY (day, what, name)) WITHOUT ROWID",
    ),
)
"""Step n makes version n + 1 of version n. A step that was released never changes; the next one is added below it."""


def recognise(connection: sqlite3.Connection, path: Path, newest: int = len(MIGRATIONS)) -> None:
    """Look whether this database is ours and not too new, before anything in it is touched.

    Raises StoreUnusable or NewerDatabase.
    """
    version = _number(connection, "PRAGMA user_version")
    application = _number(connection, "PRAGMA application_id")
    empty = _number(connection, "SELECT count(*) FROM sqlite_master") == 0
    if application != APPLICATION_ID and not (application == version == 0 and empty):
        raise StoreUnusable(f"{path} is a database of another program")
    if version > newest:
        raise NewerDatabase(
            f"{path} was made by a newer edition (database version {version}, this edition knows up to {newest}); "
            "install that edition again, or put back a backup"
        )


def migrate(connection: sqlite3.Connection, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> None:
    """Take every step that is missing. Killed halfway, the database stands at the step before. Raises sqlite3.Error."""
    for step in range(_number(connection, "PRAGMA user_version"), len(migrations)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in migrations[step]:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {step + 1}")
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def check_secret(connection: sqlite3.Connection, path: Path, check: bytes) -> None:
    """Compare the secret with the one the database was made with; a new database remembers it. Raises WrongSecret."""
    connection.execute("INSERT OR IGNORE INTO meta (name, value) VALUES ('secret', ?)", (check,))
    compare_secret(connection, path, check)


def compare_secret(connection: sqlite3.Connection, path: Path, check: bytes) -> None:
    """The same for a database that is only looked at. Raises WrongSecret."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'secret'").fetchone()
    if row is not None and not hmac.compare_digest(row[0], check):
        raise WrongSecret(
            f"BOT_SECRET is not the secret that {path} was made with; give that one, "
            "or move the database away to begin an empty one"
        )


def _number(connection: sqlite3.Connection, question: str) -> int:
    return int(connection.execute(question).fetchone()[0])
