"""Another secret for the same database: every row is sealed anew, and the old secret opens nothing any more.

What happens at each moment if the machine stops there: the new secret is safely on disk before the database changes,
the database changes in one transaction, and its ``meta`` tells to which secret it belongs. So whoever comes next
knows which of the two files holds: see ``settle``. That the bytes sealed before are to be wiped from the file is
written down in that same transaction and done by whoever opens the database next, if it was not done here.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.store import kept, migrations, rows
from bot.store.claimed import claimed
from bot.store.errors import SecretUnusable, StoreUnusable, Unreadable
from bot.store.files import beside, put_in_place, sync_folder, write_private
from bot.store.keys import Keys, Purpose
from bot.store.scrub import rewrite
from bot.store.secret_file import RANDOM_BYTES

SEALED: Final = {
    "session": (Purpose.SESSION, "0"),
    "inbox": (Purpose.INBOX, "update_id"),
    "note": (Purpose.NOTE, "number"),
    "check_in": (Purpose.CHECK_IN, "0"),
    "shown": (Purpose.SHOWN, "turn"),
}
"""Every table with rows of chats: what is sealed there, and which number a row is sealed for beside its chat."""

_log = logging.getLogger(__name__)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did. ``lost`` rows could not be read and are deleted; ``finished``: a former one was ended."""

    sealed: int = 0
    lost: int = 0
    finished: bool = False


def rotate_file(path: Path, secret_file: Path, new: str | None = None, tell: Tell = lambda _: None) -> Rotated:
    """Put ``new``, or a random secret, in the place of the one in ``secret_file``, and seal the database with it.

    Ends a rotation that was interrupted instead, if there is one. ``tell`` hears of each step that is safely done.
    Raises StoreInUse, WrongSecret, another StoreUnusable, or SecretUnusable.
    """
    secret_file = secret_file.resolve()
    beside_it = beside(secret_file, ".new")
    try:
        with claimed(path) as connection:
            if _settle(connection, secret_file):
                wipe_if_owed(connection)
                return Rotated(finished=True)
            old, text = Keys.from_secret(_text(secret_file)), new or secrets.token_urlsafe(RANDOM_BYTES)
            keys = _checked(connection, path, old, Keys.from_secret(text))
            if secret_file.is_mount():
                raise SecretUnusable(f"{secret_file} is mounted here and cannot be replaced; see BOT_SECRET_NEW")
            write_private(beside_it, f"{text.strip()}\n".encode(), secret_file)
            tell("written")
            done = _seal_anew(connection, old, keys, path, tell)
            put_in_place(beside_it, secret_file)
            tell("in place")
            return done
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SecretUnusable(f"{secret_file} cannot be replaced: {reason}") from None


def rotate_given(path: Path, old: str, new: str, tell: Tell = lambda _: None) -> Rotated:
    """Seal the database with ``new``; whoever keeps the secret has to replace it there. Raises as ``rotate_file``."""
    before, after = Keys.from_secret(old), Keys.from_secret(new)
    with claimed(path) as connection:
        if _known(connection) == after.check != before.check:
            wipe_if_owed(connection)
            return Rotated(finished=True)
        return _seal_anew(connection, before, _checked(connection, path, before, after), path, tell)


def settle(path: Path, secret_file: Path) -> bool:
    """Before ``secret_file`` is read: end or undo a rotation that was interrupted.

    True when the secret file holds the new secret since. Raises StoreInUse, another StoreUnusable, or SecretUnusable.
    """
    secret_file = secret_file.resolve()
    if not beside(secret_file, ".new").exists() or not path.exists():
        return False
    try:
        with claimed(path) as connection:
            return _settle(connection, secret_file)
    except OSError as error:
        new = beside(secret_file, ".new")
        raise SecretUnusable(f"{new} cannot take the place of {secret_file.name}: {error.strerror}") from None


def keys_for(connection: sqlite3.Connection, path: Path, keys: Keys) -> Keys:
    """The keys for this very database, whose secret may have been rotated. Raises StoreUnusable."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'former'").fetchone()
    try:
        return keys if row is None else keys.following(row[0])
    except Unreadable:
        raise StoreUnusable(f"{path} is damaged: which chat is which cannot be read; put back a backup") from None


def wipe_if_owed(connection: sqlite3.Connection) -> None:
    """Leave no bytes in the file that a former secret opens, if a rotation did not come to it.

    While somebody else reads the file, or the disk is full, it stays owed.
    """
    try:
        if connection.execute("SELECT 1 FROM meta WHERE name = 'rewrite'").fetchone() and rewrite(connection):
            connection.execute("DELETE FROM meta WHERE name = 'rewrite'")
    except sqlite3.Error as error:
        _log.warning("wiping what the former secret sealed failed; the next start tries again: %s", error)


def _settle(connection: sqlite3.Connection, secret_file: Path) -> bool:
    """Whether the new secret file belongs to the database, and took its place; it goes when the old one belongs."""
    new, known = beside(secret_file, ".new"), _known(connection)
    if _fits(new, known):
        put_in_place(new, secret_file)
        return True
    if new.exists() and _fits(secret_file, known):
        new.unlink()
        sync_folder(new.parent)
    return False


def _checked(connection: sqlite3.Connection, path: Path, old: Keys, new: Keys) -> Keys:
    migrations.check_secret(connection, path, old.check)
    if hmac.compare_digest(old.check, new.check):
        raise SecretUnusable("the new secret is the old one; BOT_SECRET_NEW has to be another")
    return new


def _seal_anew(connection: sqlite3.Connection, old: Keys, new: Keys, path: Path, tell: Tell) -> Rotated:
    """One transaction for all rows, the chain of row keys and the check; then the file without anything older."""
    before = keys_for(connection, path, old)

    def anew(table: str, chat: bytes, number: int, sealed: bytes) -> bytes:
        purpose, _ = SEALED[table]
        try:
            body = before.unseal(purpose, _sealed_for(purpose, chat, number), sealed)
        except Unreadable:
            return b""
        return new.seal(purpose, _sealed_for(purpose, new.rotated(chat), number), body)

    connection.create_function("rotated", 1, new.rotated, deterministic=True)
    connection.create_function("anew", 4, anew, deterministic=True)
    done = lost = 0
    connection.execute("BEGIN IMMEDIATE")
    try:
        for table, (_, number) in SEALED.items():
            update = f"UPDATE {table} SET chat = rotated(chat), body = anew('{table}', chat, {number}, body)"
            done += connection.execute(update).rowcount
            lost += connection.execute(f"DELETE FROM {table} WHERE body = x''").rowcount
        meta = {"secret": new.check, "former": new.seal_former(before), "rewrite": b"\1"}
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())
        tell("sealed")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    tell("committed")
    wipe_if_owed(connection)
    tell("wiped")
    return Rotated(done - lost, lost)


def _sealed_for(purpose: Purpose, chat: bytes, number: int) -> bytes:
    match purpose:
        case Purpose.INBOX:
            return rows.inbox_row(number, chat)
        case Purpose.NOTE | Purpose.SHOWN:
            return kept.row(chat, number)
        case _:
            return chat


def _known(connection: sqlite3.Connection) -> bytes | None:
    row = connection.execute("SELECT value FROM meta WHERE name = 'secret'").fetchone()
    return None if row is None else bytes(row[0])


def _fits(file: Path, known: bytes | None) -> bool:
    """Whether the secret in this file is the one that the database knows; one that was never finished is not."""
    try:
        return known is not None and hmac.compare_digest(Keys.from_secret(_text(file)).check, known)
    except (SecretUnusable, FileNotFoundError, UnicodeDecodeError):
        return False


def _text(file: Path) -> str:
    return file.read_text("utf-8").strip()
