"""The folder, the file and the lock of a database: readable by nobody else, open in one process only."""

from __future__ import annotations

import fcntl
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from bot.store.errors import StoreInUse, StoreUnusable


@dataclass(frozen=True, slots=True)
class Claim:
    """A database file that is ours until ``release``.

    ``database`` is a descriptor of the file, for looking at its bytes. It stays open as long as SQLite has the file
    open: closing any descriptor of a file drops all POSIX locks of the process on it, SQLite's too, and a backup in
    another process would then take the file for unused.
    """

    path: Path
    database: int
    lock: int

    def release(self) -> None:
        """Let go. Call it after SQLite closed the file, and once."""
        os.close(self.database)
        os.close(self.lock)


def claim(path: Path) -> Claim:
    """Make what is missing (folders 0700, files 0600) and lock the database for this process.

    SQLite gives ``-wal`` and ``-shm`` the mode of the database file. The lock is ``flock`` on ``<path>.lock``, which
    ends with the process, however it ends; the empty lock file stays.
    Raises StoreInUse when another process has the lock, StoreUnusable when the file cannot be made or written.
    """
    path = path.resolve()
    opened: list[int] = []
    try:
        make_folder(path.parent)
        lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        opened.append(lock)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        database = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        opened.append(database)
        _make_private(database, path)
        sync_folder(path.parent)
    except BlockingIOError:
        _close(opened)
        raise StoreInUse(f"{path} is in use by another process of this bot; one process at a time") from None
    except OSError as error:
        _close(opened)
        raise StoreUnusable(f"cannot write the database {path}: {error.strerror}") from None
    except StoreUnusable:
        _close(opened)
        raise
    return Claim(path, database, lock)


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it that are missing, for this user only. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Write the names in ``folder`` to disk, so that a new file is still there after a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_private(path: Path, content: bytes, like: Path) -> None:
    """Write a file with mode 0600 that is safely on disk when this returns; whoever owns ``like`` owns it.

    Raises OSError.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "wb") as file:
        os.fchmod(descriptor, 0o600)
        own_as(descriptor, like)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    sync_folder(path.parent)


def own_as(descriptor: int, like: Path) -> None:
    """Give the file to the owner of ``like``, when root works for the user of the bot. Raises OSError."""
    if os.geteuid() == 0:
        owner = like.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def put_in_place(new: Path, place: Path) -> None:
    """Let ``new`` take the name ``place``, at once and for good. Raises OSError."""
    os.replace(new, place)
    sync_folder(place.parent)


def beside(path: Path, ending: str) -> Path:
    """The file whose name is that of ``path`` with ``ending`` behind it."""
    return path.with_name(path.name + ending)


def _make_private(descriptor: int, path: Path) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise StoreUnusable(f"{path} is not a file")
    os.fchmod(descriptor, 0o600)
    for left_by_a_crash in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        if left_by_a_crash.exists():
            left_by_a_crash.chmod(0o600)


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
