"""Group commit: few transactions, and every caller gets what is true for its own operation."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Keys, Store, StoreUnavailable
from bot.store.connection import Work, run

Open = Callable[..., Awaitable[Store]]

TODAY = 20_780


@pytest.mark.asyncio
async def test_two_hundred_commits_at_once_are_a_few_transactions(store: Store) -> None:
    before = store.transactions
    await asyncio.gather(*(store.commit(store.chat_key(n), f"{n}", update_id=n, day=TODAY) for n in range(200)))
    assert store.transactions - before == 1
    before = store.transactions

    async def turns(number: int) -> None:
        for turn in range(5):
            update_id = 1000 * turn + number
            await store.put_update(update_id, store.chat_key(number), b"tap")
            await asyncio.sleep(0.0001 * (number % 7))
            await store.commit(store.chat_key(number), f"{turn}", update_id=update_id, day=TODAY)

    await asyncio.gather(*(turns(number) for number in range(50)))
    assert (store.transactions - before) / 250 < 0.5


@pytest.mark.asyncio
async def test_nobody_goes_on_before_it_is_committed(store: Store, path: Path) -> None:
    """Whoever awaited a commit finds it from another connection, which sees committed rows only."""
    with closing(sqlite3.connect(path)) as other:

        async def commit(number: int) -> None:
            chat = store.chat_key(number)
            await store.put_update(number, chat, b"tap")
            assert other.execute("SELECT 1 FROM inbox WHERE update_id = ?", (number,)).fetchone()
            await store.commit(chat, "{}", update_id=number, day=TODAY)
            assert other.execute("SELECT 1 FROM session WHERE chat = ?", (chat,)).fetchone()
            assert not other.execute("SELECT 1 FROM inbox WHERE update_id = ?", (number,)).fetchone()

        await asyncio.gather(*(commit(number) for number in range(60)))


@pytest.mark.asyncio
async def test_each_transaction_waits_for_the_disk(store: Store) -> None:
    """The settings on which "stored before confirmed" rests."""
    answers = {}
    for pragma in ("journal_mode", "synchronous", "secure_delete", "temp_store", "foreign_keys"):
        answers[pragma] = await run(
            store._writer._connection,
            lambda raw, p=pragma: raw.execute(f"PRAGMA {p}").fetchone()[0],  # type: ignore[misc]
        )
    assert answers == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "temp_store": 2, "foreign_keys": 1}


@pytest.mark.asyncio
async def test_one_that_fails_fails_alone(store: Store, path: Path) -> None:
    """And each of the others is stored, whole, in as few transactions as it takes."""

    def broken(raw: sqlite3.Connection) -> None:
        raw.execute("INSERT INTO session VALUES (x'00', x'00', 1)")
        raise LookupError("no such soup")

    def forbidden(raw: sqlite3.Connection) -> None:
        raw.execute("INSERT INTO session VALUES (x'01', NULL, 1)")

    before = store.transactions
    commits = [store.commit(store.chat_key(n), f"{n}", update_id=None, day=TODAY) for n in range(64)]
    done: list[BaseException | None] = await asyncio.gather(
        *commits[:20], store._writer.do(broken), *commits[20:], store._writer.do(forbidden), return_exceptions=True
    )
    assert isinstance(done[20], LookupError)
    assert isinstance(done[-1], sqlite3.IntegrityError)
    assert [each for each in done if each is not None] == [done[20], done[-1]]
    assert (await store.count()).sessions == 64
    assert store.transactions - before < 20
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # no transaction was left open


@pytest.mark.asyncio
async def test_a_caller_who_gave_up_waiting_is_stored_all_the_same(store: Store) -> None:
    """Its reply was sent; the session that it left in the cache is the one in the file."""
    chat = store.chat_key(1)
    await store.commit(chat, "old", update_id=None, day=TODAY)
    task = asyncio.create_task(store.commit(chat, "new", update_id=None, day=TODAY))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.commit(store.chat_key(2), "next", update_id=None, day=TODAY)
    assert await store.session(chat) == "new"
    store._cache.drop([chat])
    assert await store.session(chat) == "new"


@pytest.mark.asyncio
async def test_a_locked_database_is_unavailable_and_then_works_again(
    path: Path, open_store: Open, caplog: pytest.LogCaptureFixture
) -> None:
    """Reading goes on meanwhile; the log has one line when it begins and one when it ends."""
    store = await open_store(busy_seconds=0.05)
    chat = store.chat_key(1)
    await store.commit(chat, "before", update_id=None, day=TODAY)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            attempts = [store.commit(chat, f"{n}", update_id=n, day=TODAY) for n in range(20)]
            for error in await asyncio.gather(*attempts, return_exceptions=True):
                assert isinstance(error, StoreUnavailable)
                assert "locked" in str(error)
        assert await store.session(chat) == "before"
        other.execute("ROLLBACK")
    await store.commit(chat, "after", update_id=None, day=TODAY)
    assert await store.session(chat) == "after"
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


@pytest.mark.asyncio
async def test_a_full_disk_is_unavailable_and_then_works_again(store: Store) -> None:
    """What did not fit was not stored at all, what fits is stored beside it, and room brings it back to work."""
    connection = store._writer._connection
    await store.commit(store.chat_key(0), "before", update_id=None, day=TODAY)
    await store.put_update(1, store.chat_key(0), b"tap")
    await run(connection, lambda raw: raw.execute("PRAGMA max_page_count = 12").close())
    large = asyncio.ensure_future(store.put_update(2, store.chat_key(2), bytes(100_000)))
    small = asyncio.create_task(store.commit(store.chat_key(0), "small", update_id=1, day=TODAY))
    with pytest.raises(StoreUnavailable, match="full"):
        await large
    await small
    assert await store.session(store.chat_key(0)) == "small"
    assert await store.waiting() == []
    stored = 0
    with pytest.raises(StoreUnavailable, match="full"):
        while True:
            await store.put_update(10 + stored, store.chat_key(stored), bytes(1000))
            stored += 1
    assert [each.update_id for each in await store.waiting()] == list(range(10, 10 + stored))
    await run(connection, lambda raw: raw.execute("PRAGMA max_page_count = 10000").close())
    assert await store.put_update(2, store.chat_key(2), bytes(100_000))


DISK_FULL = """
import asyncio, os, resource, sys
from pathlib import Path
from bot.store import Keys, Store, StoreUnavailable

async def main():
    path = Path(sys.argv[1])
    async with await Store.open(path, Keys.from_secret(sys.argv[2])) as store:
        await store.commit(store.chat_key(0), "before", update_id=None, day=1)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, resource.RLIM_INFINITY))
        stored, failed = set(), set()
        for batch in range(40):
            numbers = range(batch * 10 + 1, batch * 10 + 11)
            puts = (store.put_update(n, store.chat_key(n), bytes(500)) for n in numbers)
            for n, done in zip(numbers, await asyncio.gather(*puts, return_exceptions=True)):
                assert done is True or isinstance(done, StoreUnavailable), done
                (stored if done is True else failed).add(n)
        assert stored and failed, (len(stored), len(failed))
        assert {each.update_id for each in await store.waiting()} == stored
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        for n in sorted(failed):
            assert await store.put_update(n, store.chat_key(n), b"again")
        await store.forget(store.chat_key(1), day=1)
    async with await Store.open(path, Keys.from_secret(sys.argv[2])) as store:
        assert {each.update_id for each in await store.waiting()} == (stored | failed) - {1}
        assert await store.session(store.chat_key(0)) == "before"
    print("recovered")

asyncio.run(main())
"""


def test_a_disk_that_really_is_full(path: Path) -> None:
    """The system itself refuses to let a file grow, in the middle of writing; then there is room again."""
    command = [sys.executable, "-W", "error", "-c", DISK_FULL, str(path), "x" * 32]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "recovered\n"), done.stderr


@pytest.mark.asyncio
async def test_the_cache_is_bounded_and_never_old(open_store: Open) -> None:
    store = await open_store(cached_sessions=3)
    chats = [store.chat_key(number) for number in range(10)]
    for turn in range(3):
        for chat in chats:
            await store.commit(chat, f"{turn}", update_id=None, day=TODAY)
            assert len(store._cache) <= 3
        assert [await store.session(chat) for chat in chats] == [f"{turn}"] * 10
    assert len(store._cache) == 3


@pytest.mark.asyncio
async def test_an_update_brings_the_session_along(open_store: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is new, of a chat that is not in memory: no read of its own is needed for its turn."""
    store = await open_store(cached_sessions=1)
    known, other, unknown = (store.chat_key(number) for number in range(3))
    await store.commit(known, "a", update_id=None, day=TODAY)
    await store.commit(other, "b", update_id=None, day=TODAY)
    assert known not in store._cache
    reads: list[object] = []
    read = store._read

    async def counted(work: Work[object]) -> object:
        reads.append(work)
        return await read(work)

    monkeypatch.setattr(store, "_read", counted)
    assert await store.put_update(1, known, b"")
    assert (await store.session(known), len(reads)) == ("a", 0)
    assert not await store.put_update(1, other, b"")
    assert (await store.session(other), len(reads)) == ("b", 1), "it came again: no turn follows"
    assert await store.put_update(2, unknown, b"")
    assert (await store.session(unknown), len(reads)) == (None, 2)


@pytest.mark.asyncio
async def test_rows_that_cannot_be_read_do_not_stop_the_others(
    store: Store, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Changed bytes, and rows swapped between chats: dropped and reported, never taken for another chat's."""
    chats = [store.chat_key(number) for number in range(3)]
    for number, chat in enumerate(chats):
        await store.commit(chat, f"{number}", update_id=None, day=TODAY)
        await store.put_update(number, chat, b"%d" % number)
    store._cache.drop(chats)
    with closing(sqlite3.connect(path)) as other:
        (body,) = other.execute("SELECT body FROM session WHERE chat = ?", (chats[0],)).fetchone()
        other.execute("UPDATE session SET body = ? WHERE chat = ?", (body, chats[1]))
        other.execute("UPDATE session SET body = x'' WHERE chat = ?", (chats[2],))
        other.execute("UPDATE inbox SET body = zeroblob(40) WHERE update_id = 1")
        other.execute("UPDATE inbox SET chat = ? WHERE update_id = 2", (chats[0],))
        other.commit()
    assert [await store.session(chat) for chat in chats] == ["0", None, None]
    assert [each.update_id for each in await store.waiting()] == [0]
    assert [each.update_id for each in await store.waiting()] == [0]
    assert sorted(record.message for record in caplog.records if "inbox" in record.message) == [
        "update 1 in the inbox cannot be read and is lost",
        "update 2 in the inbox cannot be read and is lost",
    ]
    assert await store.put_update(1, chats[1], b"sent once more")
    await store.commit(chats[1], "anew", update_id=1, day=TODAY)
    assert await store.session(chats[1]) == "anew"


@pytest.mark.asyncio
async def test_nothing_of_a_parent_is_logged(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Not even at level DEBUG, where aiosqlite tells of every statement."""
    caplog.set_level(logging.DEBUG)
    chat = store.chat_key(7_123_456_789)
    await store.put_update(1, chat, b"ik kan niet meer")
    waiting = await store.waiting()
    await store.commit(chat, '{"p":"safety_suicide/hello"}', update_id=1, day=TODAY)
    store._cache.drop([chat])
    await store.session(chat)
    await store.forget(chat, day=TODAY)
    assert caplog.records
    for told in (caplog.text, repr(waiting), repr(store)):
        for secret in ("ik kan", "safety", "7123456789", chat.hex(), repr(chat)):
            assert secret not in told


@pytest.mark.asyncio
async def test_opening_and_closing_leaves_no_thread_and_no_file_open(path: Path, keys: Keys) -> None:
    def in_use() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir()) if Path("/proc/self/fd").exists() else 0

    await (await Store.open(path, keys)).close()
    before = in_use()
    for _ in range(3):
        await (await Store.open(path, keys)).close()
    assert in_use() == before
    assert not path.with_name(path.name + "-wal").exists()
