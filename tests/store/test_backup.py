"""A copy while the bot runs, and back again: whole, private, and never in the place of something else unasked."""

# ruff: noqa: ASYNC240 - nothing else waits while a test looks at its files

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Keys, Store, StoreInUse, StoreUnusable, backup
from bot.store.backup import BEFORE, back_up, restore
from bot.store.errors import CopyUnusable, NewerDatabase, WrongSecret
from bot.store.files import beside
from bot.store.migrations import MIGRATIONS
from tests.store.furnished import CHAT_ID, assert_furnished, furnish
from tests.store.test_bytes import leave_residue

Open = Callable[..., Awaitable[Store]]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "copies").mkdir()
    return tmp_path / "copies" / "monday.db"


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


async def test_a_copy_of_a_running_store_holds_everything(path: Path, keys: Keys, file: Path) -> None:
    """Also what stands in the -wal file only; it is private whatever the umask, and nothing lies beside it."""
    await furnish(path, keys)
    before = os.umask(0)
    try:
        async with await Store.open(path, keys, empty_wal_after=60) as store:
            await store.commit(store.chat_key(1), "session 0", update_id=None, day=9)
            copy = back_up(path, file)
            await store.commit(store.chat_key(2), "later", update_id=None, day=9)
    finally:
        os.umask(before)
    assert names(file.parent) == {file.name}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (copy.chats, copy.bytes) == (3, file.stat().st_size)
    async with await Store.open(file, keys) as store:
        assert await store.session(store.chat_key(1)) == "session 0"
        assert await store.session(store.chat_key(2)) is None
        await store.forget(store.chat_key(1), day=9)
    await assert_furnished(file, keys)


async def test_a_stopped_store_can_be_copied_too(path: Path, keys: Keys, file: Path) -> None:
    await furnish(path, keys)
    before = path.read_bytes()
    assert back_up(path, file).chats == 2
    assert path.read_bytes() == before
    await assert_furnished(file, keys)


async def test_what_was_deleted_is_in_no_byte_of_a_copy(path: Path, keys: Keys, file: Path) -> None:
    """Even what SQLite left in the free space of the database."""
    store = await Store.open(path, keys, empty_wal_after=60)
    async with store:
        await leave_residue(store)
        gone = [store.chat_key(number) for number in range(300)]
        for chat in gone:
            await store.commit(chat, "words", update_id=None, day=1)
        with closing(sqlite3.connect(path)) as other:
            other.execute("DELETE FROM session WHERE chat < ?", (sorted(gone)[150],))
            other.commit()
        left = path.read_bytes() + beside(path, "-wal").read_bytes()
        assert all(chat in left for chat in gone)
        assert back_up(path, file).chats == 150
    found = [chat for chat in gone if chat in file.read_bytes()]
    assert sorted(found) == sorted(gone)[150:]


async def test_a_copy_under_load_is_of_one_moment(path: Path, keys: Keys, file: Path) -> None:
    """Two chats are always stored in one transaction; no copy has one without the other, and nobody waits long."""
    async with await Store.open(path, keys, empty_wal_after=0.05) as store:
        chats, longest, going = [store.chat_key(1), store.chat_key(2)], 0.0, True

        async def converse() -> int:
            nonlocal longest
            turn = 0
            while going:
                began, turn = time.monotonic(), turn + 1
                await asyncio.gather(*(store.commit(each, f"turn {turn}", update_id=None, day=1) for each in chats))
                longest = max(longest, time.monotonic() - began)
            return turn

        talking = asyncio.create_task(converse())
        for _ in range(8):
            await asyncio.to_thread(back_up, path, file, force=True)
            async with await Store.open(file, keys) as copy:
                first, second = [await copy.session(each) for each in chats]
                assert first == second
        going = False
        assert await talking > 20
        assert longest < 2


async def test_what_is_there_is_replaced_only_when_told(path: Path, keys: Keys, file: Path) -> None:
    await furnish(path, keys)
    file.write_text("my only copy of something")
    with pytest.raises(CopyUnusable, match=r"is there already.*--force"):
        back_up(path, file)
    assert file.read_text() == "my only copy of something"
    assert back_up(path, file, force=True).chats == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_where_no_copy_can_go(path: Path, keys: Keys, file: Path) -> None:
    """One line each, nothing is left behind, and the database is as it was."""
    await furnish(path, keys)
    before = path.read_bytes()
    for place, reason in (
        (file.parent, "is a folder"),
        (file.parent / "none" / "copy.db", "No such file"),
        (path, "belongs to the database itself"),
        (beside(path, "-wal"), "belongs to the database itself"),
        (Path("/proc/copy.db"), "cannot be written"),
    ):
        with pytest.raises(CopyUnusable, match=reason) as refused:
            back_up(path, place, force=True)
        assert "\n" not in str(refused.value)
    assert path.read_bytes() == before
    assert names(file.parent) == set()


async def test_a_copy_that_turns_out_damaged_is_thrown_away(
    path: Path, keys: Keys, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at before it gets its name: the copy that was there stays."""
    await furnish(path, keys, more=300)
    back_up(path, file)
    whole, looked_at = file.read_bytes(), backup._looked_at

    def spoiled(part: Path, *rest: object) -> object:
        content = bytearray(part.read_bytes())
        content[8192:12288] = bytes(4096)
        part.write_bytes(content)
        return looked_at(part, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "_looked_at", spoiled)
    with pytest.raises(CopyUnusable, match=r"damaged|cannot be used"):
        back_up(path, file, force=True)
    assert file.read_bytes() == whole
    assert names(file.parent) == {file.name}


def test_there_has_to_be_a_database(path: Path, file: Path) -> None:
    with pytest.raises(StoreUnusable, match="there is no database"):
        back_up(path, file)
    assert not path.exists() and not file.exists()


async def test_a_copy_comes_back_and_the_former_is_kept(path: Path, keys: Keys, file: Path) -> None:
    """Given the former one, the two change places: the way back."""
    await furnish(path, keys)
    back_up(path, file)
    async with await Store.open(path, keys) as store:
        await store.forget(store.chat_key(CHAT_ID), day=9)
        await store.commit(store.chat_key(5), "since", update_id=None, day=9)
    done = restore(path, file, keys)
    former = beside(path, BEFORE)
    assert (done.copy.chats, done.former) == (2, former)
    assert {stat.S_IMODE(each.stat().st_mode) for each in (path, former)} == {0o600}
    await assert_furnished(path, keys)
    assert restore(path, former, keys).former == former
    async with await Store.open(path, keys) as store:
        assert await store.session(store.chat_key(5)) == "since"
        assert await store.session(store.chat_key(CHAT_ID)) is None
    await assert_furnished(former, keys)


async def test_a_copy_comes_back_to_an_empty_machine(path: Path, keys: Keys, file: Path) -> None:
    await furnish(path, keys)
    back_up(path, file)
    place = path.parent.parent / "new" / "house.db"
    assert restore(place, file, keys).former is None
    assert names(place.parent) == {"house.db", "house.db.lock"}
    await assert_furnished(place, keys)


async def test_the_bot_has_to_be_stopped(path: Path, keys: Keys, file: Path, store: Store) -> None:
    """While it holds the database nothing is touched."""
    await store.commit(store.chat_key(1), "now", update_id=None, day=9)
    back_up(path, file)
    await store.commit(store.chat_key(1), "then", update_id=None, day=9)
    before = names(path.parent)
    with pytest.raises(StoreInUse):
        restore(path, file, keys)
    assert names(path.parent) == before
    store._cache.drop([store.chat_key(1)])
    assert await store.session(store.chat_key(1)) == "then"


async def test_what_cannot_be_restored(path: Path, keys: Keys, file: Path) -> None:
    """Refused in one line before anything is moved: the database stays as it is, and nothing is left beside it."""
    await furnish(path, keys, more=300)
    back_up(path, file)
    content = file.read_bytes()
    holiday, empty, damaged, cut, newer, foreign = (file.parent / name for name in ("h", "e", "d", "c", "n", "f"))
    holiday.write_bytes(b"These are my holiday pictures." * 200)
    empty.touch()
    damaged.write_bytes(content[:8192] + bytes(4096) + content[12288:])
    cut.write_bytes(content[: len(content) // 2])
    for each, change in ((newer, f"PRAGMA user_version = {len(MIGRATIONS) + 1}"), (foreign, "PRAGMA application_id=7")):
        each.write_bytes(content)
        with closing(sqlite3.connect(each)) as raw:
            raw.execute(change)
            raw.commit()
    before, there = path.read_bytes(), names(path.parent)
    other = Keys.from_secret("another secret, just as long as it")
    for given, with_keys, kind, reason in (
        (file.parent / "none", keys, CopyUnusable, "there is no file"),
        (file.parent, keys, CopyUnusable, "there is no file"),
        (path, keys, CopyUnusable, "is the database itself"),
        (holiday, keys, CopyUnusable, "file is not a database"),
        (empty, keys, CopyUnusable, "is empty"),
        (damaged, keys, CopyUnusable, "damaged|malformed"),
        (cut, keys, CopyUnusable, "damaged|malformed"),
        (newer, keys, NewerDatabase, "newer edition"),
        (foreign, keys, StoreUnusable, "another program"),
        (file, other, WrongSecret, "BOT_SECRET is not the secret"),
    ):
        with pytest.raises(kind, match=reason) as refused:
            restore(path, given, with_keys)
        assert "\n" not in str(refused.value)
        assert str(given) in str(refused.value)
        assert path.read_bytes() == before
        assert names(path.parent) == there
    fresh = path.parent / "fresh.db"
    with pytest.raises(WrongSecret):
        restore(fresh, file, other)
    assert not fresh.exists()


async def test_a_former_one_is_never_written_over(path: Path, keys: Keys, file: Path) -> None:
    await furnish(path, keys)
    back_up(path, file)
    restore(path, file, keys)
    former = beside(path, BEFORE)
    before = former.read_bytes()
    with pytest.raises(CopyUnusable, match="still there from an earlier restore"):
        restore(path, file, keys)
    assert former.read_bytes() == before


async def test_a_file_in_use_is_no_backup(path: Path, keys: Keys, tmp_path: Path) -> None:
    """Restoring the file without what stands in its -wal file would lose the newest turns, and say nothing."""
    async with await Store.open(path, keys, empty_wal_after=60) as store:
        await store.commit(store.chat_key(1), "newest", update_id=None, day=9)
        with pytest.raises(CopyUnusable, match="not a backup but the file of a database in use"):
            restore(tmp_path / "elsewhere.db", path, keys)


async def test_what_a_killed_bot_left_in_the_wal_does_not_get_into_the_copy(path: Path, keys: Keys, file: Path) -> None:
    """SQLite would play a -wal file that lies there into whatever database stands beside it; and the former one
    keeps all that it had."""
    await furnish(path, keys)
    back_up(path, file)
    code = (
        "import asyncio, os, sys; from pathlib import Path; from bot.store import Keys, Store\n"
        "async def main():\n"
        "    store = await Store.open(Path(sys.argv[1]), Keys.from_secret(sys.argv[2]), empty_wal_after=60)\n"
        "    for n in range(50): await store.commit(store.chat_key(n + 100), 'left', update_id=None, day=9)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())"
    )
    secret = "a secret for tests, long enough to be one"
    ended = subprocess.run([sys.executable, "-c", code, str(path), secret], cwd=ROOT, check=False)  # noqa: ASYNC221
    assert ended.returncode == -9
    assert beside(path, "-wal").stat().st_size > 0
    restore(path, file, keys)
    await assert_furnished(path, keys)
    async with await Store.open(beside(path, BEFORE), keys) as store:
        assert await store.session(store.chat_key(149)) == "left"


async def test_a_damaged_database_can_be_replaced(path: Path, keys: Keys, file: Path) -> None:
    """This is what backups are for."""
    await furnish(path, keys)
    back_up(path, file)
    path.write_bytes(b"a disk that died" * 1000)
    beside(path, "-wal").write_bytes(b"and its log" * 100)
    restore(path, file, keys)
    await assert_furnished(path, keys)
    assert beside(path, BEFORE).read_bytes() == b"a disk that died" * 1000


@pytest.mark.parametrize("step", range(1, 4))
async def test_killed_while_it_is_put_in_place(
    path: Path, keys: Keys, file: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """After each of the three changes of names both databases are there; the next restore does not lose one."""
    await furnish(path, keys)
    back_up(path, file)
    async with await Store.open(path, keys) as store:
        await store.commit(store.chat_key(5), "since", update_id=None, day=9)
    steps = 0

    class Killed(BaseException):
        pass

    def dies_after(change: Callable[..., None]) -> Callable[..., None]:
        def changed(*arguments: object) -> None:
            nonlocal steps
            change(*arguments)
            steps += 1
            if steps == step:
                raise Killed

        return changed

    monkeypatch.setattr("bot.store.backup.os.link", dies_after(os.link))
    monkeypatch.setattr("bot.store.files.os.replace", dies_after(os.replace))
    with pytest.raises(Killed):
        restore(path, file, keys)
    monkeypatch.undo()
    if step == 1:
        assert restore(path, file, keys).former is not None
    else:
        with pytest.raises(CopyUnusable, match="still there from an earlier restore"):
            restore(path, file, keys)
    await assert_furnished(path, keys)
    async with await Store.open(beside(path, BEFORE), keys) as store:
        assert await store.session(store.chat_key(5)) == "since"
