"""Opening: made private, opened once, refused with one clear line."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.store import Keys, Store, StoreInUse, StoreUnusable
from bot.store.errors import NewerDatabase, WrongSecret
from bot.store.migrations import MIGRATIONS, migrate

Open = Callable[..., Awaitable[Store]]

HOLDER = """
import asyncio, sys
from pathlib import Path
from bot.store import Keys, Store

async def hold():
    async with await Store.open(Path(sys.argv[1]), Keys.from_secret(sys.argv[2])):
        print("open", flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""


def content(path: Path) -> bytes:
    return path.read_bytes()


@contextmanager
def another_process(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One that has the store open, until it is killed here."""
    command = [sys.executable, "-c", HOLDER, str(path), "x" * 32]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        try:
            yield holder
        finally:
            holder.kill()


@pytest.mark.asyncio
async def test_everything_made_is_private(path: Path, open_store: Open) -> None:
    """Whatever the umask: folders 0700, files 0600, those that SQLite makes, too."""
    before = os.umask(0)
    try:
        store = await open_store()
        await store.commit(store.chat_key(1), "{}", update_id=None, day=1)
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys([path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}.lock"], 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.asyncio
async def test_a_database_that_others_could_read_becomes_private(path: Path, open_store: Open) -> None:
    await (await open_store()).close()
    os.chmod(path, 0o644)
    await open_store()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


@pytest.mark.asyncio
async def test_a_second_opening_is_refused(path: Path, keys: Keys, store: Store) -> None:
    with pytest.raises(StoreInUse, match="in use by another process of this bot") as refused:
        await Store.open(path, keys)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    link = path.with_name("link.db")
    link.symlink_to(path)
    with pytest.raises(StoreInUse):
        await Store.open(link, keys)
    await store.commit(store.chat_key(1), "{}", update_id=None, day=1)  # the first one noticed nothing


@pytest.mark.asyncio
async def test_a_second_process_is_refused_until_the_first_is_gone(path: Path, keys: Keys) -> None:
    """However the first one ends: here it is killed."""
    with another_process(path), pytest.raises(StoreInUse):
        await Store.open(path, keys)
    await (await Store.open(path, Keys.from_secret("x" * 32))).close()


@pytest.mark.asyncio
async def test_another_secret_is_refused_and_changes_nothing(path: Path, store: Store, keys: Keys) -> None:
    chat = store.chat_key(1)
    await store.commit(chat, "{}", update_id=None, day=1)
    await store.close()
    with pytest.raises(WrongSecret, match="BOT_SECRET is not the secret that") as refused:
        await Store.open(path, Keys.from_secret("another secret, just as long as it"))
    assert "just as long" not in str(refused.value)
    async with await Store.open(path, keys) as again:
        assert await again.session(chat) == "{}"


@pytest.mark.asyncio
async def test_a_newer_database_is_refused_and_left_as_it_is(path: Path, store: Store, keys: Keys) -> None:
    await store.close()
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    raw.close()
    before = content(path)
    with pytest.raises(NewerDatabase, match=f"version {len(MIGRATIONS) + 1}, this edition knows up to"):
        await Store.open(path, keys)
    assert content(path) == before


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "statement", ["CREATE TABLE recipes (soup)", "PRAGMA user_version = 1", "PRAGMA application_id = 7"]
)
async def test_the_database_of_another_program_is_left_as_it_is(path: Path, keys: Keys, statement: str) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as raw:
        raw.execute(statement)
    raw.close()
    before = content(path)
    with pytest.raises(StoreUnusable, match="is a database of another program"):
        await Store.open(path, keys)
    assert content(path) == before
    assert not path.with_name(path.name + "-wal").exists()


@pytest.mark.asyncio
async def test_what_cannot_be_a_database_is_refused(tmp_path: Path, keys: Keys) -> None:
    text, folder, blocked = tmp_path / "a.txt", tmp_path / "folder", tmp_path / "blocked.db"
    text.write_text("Dear diary, " * 100)
    folder.mkdir()
    blocked.with_name("blocked.db.lock").mkdir()
    for path, reason in (
        (text, "file is not a database"),
        (folder, "Is a directory"),
        (text / "a.db", "File exists|Not a directory"),
        (blocked, "Is a directory"),
        (Path("/proc/keukentafel/a.db"), "cannot write"),
        (Path("/dev/null"), "is not a file|cannot write"),
    ):
        with pytest.raises(StoreUnusable, match=reason) as refused:
            await Store.open(path, keys)
        assert "\n" not in str(refused.value)


@pytest.mark.asyncio
async def test_a_locked_database_is_refused_in_time(path: Path, keys: Keys, store: Store) -> None:
    await store.close()
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnusable, match="database is locked"):
            await Store.open(path, keys, busy_seconds=0.05)
    finally:
        other.close()


@pytest.fixture
def raw(tmp_path: Path) -> sqlite3.Connection:
    return sqlite3.connect(tmp_path / "raw.db", isolation_level=None)


def test_a_migration_and_its_record_are_one(raw: sqlite3.Connection) -> None:
    """A step that fails halfway leaves the database at the step before; the next start takes it whole."""
    migrate(raw)
    before = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    steps = (*MIGRATIONS, ("CREATE TABLE more (chat BLOB)", "CREATE TABLE more (again)"))
    with pytest.raises(sqlite3.OperationalError, match="more already exists"):
        migrate(raw, steps)
    tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == before >= {"meta", "session", "inbox", "handled", "note", "check_in", "shown", "tally"}
    assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    migrate(raw, (*MIGRATIONS, ("CREATE TABLE more (chat BLOB)",)))
    assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    migrate(raw, (*MIGRATIONS, ("CREATE TABLE more (chat BLOB)",)))
    raw.close()
