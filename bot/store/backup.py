"""A copy of the database while the bot runs, and putting one back.

The copy is made by VACUUM INTO: one moment of the database, without anything that was deleted. Its reader waits for
nobody and keeps nobody waiting. A copy is used, and given its name, only after all of it was looked at.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.store import migrations, rotation
from bot.store.claimed import reading
from bot.store.errors import CopyUnusable, StoreUnusable
from bot.store.files import beside, claim, own_as, put_in_place, sync_folder
from bot.store.keys import Keys
from bot.store.scrub import empty_wal

BUSY_SECONDS = 5.0
BEFORE = ".before-restore"
_PART = ".part"
_OF_SQLITE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy: how many chats, how many bytes."""

    chats: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where the former database is kept; None when there was none."""

    copy: Copy
    former: Path | None


def back_up(database: Path, file: Path, *, force: bool = False) -> Copy:
    """Write ``file``: mode 0600, on disk and looked at when this returns, and never half under that name.

    Raises CopyUnusable when it is there already and ``force`` does not say to replace it, or cannot be written;
    another StoreUnusable when the database cannot be read.
    """
    if file.is_dir():
        raise CopyUnusable(f"{file} is a folder; name a file in it")
    if file.resolve() in {beside(database.resolve(), ending) for ending in ("", *_OF_SQLITE, ".lock", ".pulse")}:
        raise CopyUnusable(f"{file} belongs to the database itself; name another file")
    if file.exists() and not force:
        raise CopyUnusable(f"{file} is there already; name another file, or replace it with --force")
    part = beside(file, _PART)
    with reading(database) as connection:
        try:
            with open(_private(part), "r+b") as held:
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    held.truncate()
                    connection.execute("VACUUM INTO ?", (str(part),))
                    copy = _looked_at(part, file)
                    os.fsync(held.fileno())
                    put_in_place(part, file)
                    return copy
                except BlockingIOError:
                    raise CopyUnusable(f"another backup is writing {file} at this moment") from None
                except sqlite3.Error as error:
                    part.unlink(missing_ok=True)
                    raise CopyUnusable(f"{file} cannot be made: {error}") from None
                except BaseException:
                    part.unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise CopyUnusable(f"{file} cannot be written: {error.strerror}") from None


def restore(database: Path, file: Path, keys: Keys) -> Restored:
    """Put a copy in the place of the database, at once; the former one stays beside it as ``….before-restore``.

    That one can be given as ``file``: the two then change places.
    Raises StoreInUse while a bot runs, CopyUnusable, NewerDatabase, WrongSecret, or another StoreUnusable.
    """
    if not file.is_file():
        raise CopyUnusable(f"there is no file {file}")
    place = database.resolve()
    if file.resolve() == place:
        raise CopyUnusable(f"{file} is the database itself")
    if _holds_something(beside(file, "-wal")):
        raise CopyUnusable(f"{file} is not a backup but the file of a database in use (it has a -wal file beside it)")
    former, part, had_one = beside(place, BEFORE), beside(place, _PART), _holds_something(place)
    held = claim(place)
    try:
        _end_swap(place, former)
        if former.exists() and not file.samefile(former):
            raise CopyUnusable(f"{former} is still there from an earlier restore; delete it, or move it away")
        with open(file, "rb") as source, open(_private(part), "wb") as target:
            own_as(target.fileno(), place if had_one else place.parent)
            shutil.copyfileobj(source, target, 1024 * 1024)
            target.flush()
            os.fsync(target.fileno())
        copy = _looked_at(part, file, keys)
        _close_off(place)
        if had_one:
            _swap(part, place, former)
        else:
            put_in_place(part, place)
        return Restored(copy, former if had_one else None)
    except OSError as error:
        raise CopyUnusable(f"{place} cannot be replaced: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
        if not _holds_something(place):
            place.unlink(missing_ok=True)  # made by the claim
        held.release()


def _private(path: Path) -> int:
    """A descriptor of a new or left-over file that only this user can read. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def _looked_at(part: Path, file: Path, keys: Keys | None = None) -> Copy:
    """What is in the copy, after looking at all of it. Raises CopyUnusable and as `migrations` does."""
    try:
        uri = f"{part.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            migrations.recognise(connection, file)
            if connection.execute("PRAGMA user_version").fetchone() == (0,):
                raise CopyUnusable(f"{file} is empty and no copy of a database")
            found = [line for (line,) in connection.execute("PRAGMA integrity_check")]
            if found != ["ok"]:
                raise CopyUnusable(f"{file} is damaged: {str(found[0]).splitlines()[-1]}")
            if keys is not None:
                migrations.compare_secret(connection, file, keys.check)
                rotation.keys_for(connection, file, keys)
            (chats,) = connection.execute("SELECT count(*) FROM session").fetchone()
    except sqlite3.Error as error:
        raise CopyUnusable(f"{file} cannot be used: {error}") from None
    return Copy(int(chats), part.stat().st_size)


def _close_off(place: Path) -> None:
    """Leave nothing beside the former database that SQLite would take for a part of the next one.

    What its ``-wal`` file holds is moved into it; if that cannot be done because it is damaged, it is kept aside.
    """
    wal = beside(place, "-wal")
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(place, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        if _holds_something(wal) and not empty_wal(connection):
            raise StoreUnusable(f"{place} is being read by another program; try again when that is done")
    if _holds_something(wal):
        put_in_place(wal, beside(place, f"{BEFORE}-wal"))
    for ending in _OF_SQLITE:
        beside(place, ending).unlink(missing_ok=True)


def _swap(part: Path, place: Path, former: Path) -> None:
    """The former database gets its second name first, so that at no moment one of the two has none."""
    os.link(place, beside(former, _PART))
    sync_folder(place.parent)
    put_in_place(part, place)
    _end_swap(place, former)


def _end_swap(place: Path, former: Path) -> None:
    """The last step, also of a restore that was killed before it."""
    kept = beside(former, _PART)
    if kept.exists() and kept.samefile(place):
        kept.unlink()
    elif kept.exists():
        put_in_place(kept, former)


def _holds_something(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0
