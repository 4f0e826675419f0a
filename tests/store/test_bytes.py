"""What stands in the files, byte by byte: nothing that tells who, nothing of what was deleted."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import struct
import zlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Store, scrub
from bot.store.connection import run

Open = Callable[..., Awaitable[Store]]

TODAY = 20_780
CHAT_ID = 7_123_456_789
UPDATE = (
    b'{"update_id":1,"message":{"chat":{"id":7123456789,"first_name":"Annelies","username":"annelies_vdb"},'
    b'"text":"Ik heb tegen mijn zoontje geroepen","date":1795489800}}'
)
SESSION = '{"v":1,"at":1795489800,"s":2,"p":"lost_patience/repair_toddler","t":["menu/welcome"],"l":"nl","g":"be"}'
TELLING = [
    b"7123456789",
    struct.pack("<q", CHAT_ID),
    struct.pack(">q", CHAT_ID),
    struct.pack(">q", CHAT_ID)[2:],  # as SQLite writes it
    b"Annelies",
    b"annelies_vdb",
    b"zoontje",
    b"geroepen",
    b"first_name",
    b"lost_patience",
    b"repair_toddler",
    b"1795489800",
    zlib.compress(SESSION.encode())[2:18],
]


def files(path: Path) -> dict[str, bytes]:
    """Every file of the database, by name."""
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


def assert_tells_nothing(path: Path) -> None:
    found = files(path)
    assert path.name in found
    for name, content in found.items():
        for word in TELLING:
            assert word.lower() not in content.lower(), f"{word!r} in {name}"


@pytest.mark.asyncio
async def test_the_files_tell_nobody_who_or_what(path: Path, open_store: Open) -> None:
    """While an update waits, after it is answered, after a restart; in the database, -wal, -shm and lock."""
    store = await open_store()
    chat = store.chat_key(CHAT_ID)
    for update_id in range(40):
        await store.put_update(update_id, chat, UPDATE)
    assert len(files(path)) == 4
    assert len(files(path)[f"{path.name}-wal"]) > 10_000
    assert_tells_nothing(path)
    for update_id in range(40):
        await store.commit(chat, SESSION, update_id=update_id, day=TODAY)
    assert_tells_nothing(path)
    await store.close()
    assert_tells_nothing(path)
    store = await open_store()
    assert await store.session(chat) == SESSION
    assert_tells_nothing(path)


@pytest.mark.asyncio
async def test_an_answered_update_leaves_the_wal_soon(path: Path, open_store: Open) -> None:
    """Sealed as it was, it is overwritten in the database and the -wal file is cut, busy or not."""
    store = await open_store(empty_wal_after=0.2)
    chat = store.chat_key(1)
    await store.put_update(1, chat, UPDATE)
    with closing(sqlite3.connect(path)) as other:
        (sealed,) = other.execute("SELECT body FROM inbox").fetchone()
    assert any(sealed in content for content in files(path).values())
    await store.commit(chat, SESSION, update_id=1, day=TODAY)
    for _ in range(50):
        await store.commit(chat, SESSION, update_id=None, day=TODAY)
        if not any(sealed[:16] in content for content in files(path).values()):
            break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("the sealed update is still in the files")


def pieces(body: bytes) -> Iterator[bytes]:
    """Every 8 bytes of ``body``: enough to know a part of it by."""
    return (body[start : start + 8] for start in range(len(body) - 7))


class Churned:
    """A store in which many conversations went on for long, and every sealed session that each of them ever had."""

    def __init__(self, store: Store, path: Path) -> None:
        self.store = store
        self.path = path
        self.bodies: dict[bytes, set[bytes]] = defaultdict(set)

    async def live(self, chats: int, turns: int) -> None:
        """All chats take their turns, in another order and with sessions of other lengths each time."""
        for turn in range(turns):
            order = sorted(range(chats), key=lambda n: hash((n, turn)))
            taking = [n for n in order if turn == 0 or turn % 3 == n % 3]
            await asyncio.gather(*(self.take_turn(n, turn) for n in taking))
            with closing(sqlite3.connect(self.path)) as other:
                for chat, body in other.execute("SELECT chat, body FROM session"):
                    self.bodies[chat].add(body)

    async def take_turn(self, number: int, turn: int) -> None:
        text = hashlib.shake_256(f"{number} {turn}".encode()).hexdigest(8 + (number * 7 + turn * 11) % 40)
        await self.store.commit(self.store.chat_key(number), text, update_id=None, day=number % 97)

    def left(self, chats: list[bytes]) -> list[bytes]:
        """The chats of which any eight bytes of row key or any session are still in a file."""
        content = b"".join(files(self.path).values())
        there = {content[start : start + 8] for start in range(len(content) - 7)}
        return [
            chat
            for chat in chats
            if any(piece in there for body in {chat, *self.bodies[chat]} for piece in pieces(body))
        ]


@pytest.mark.asyncio
async def test_nothing_of_a_forgotten_chat_is_left_in_any_byte(store: Store, path: Path) -> None:
    """Row key and every sealed session it ever had, also the copies that SQLite makes while pages split."""
    churned = Churned(store, path)
    await churned.live(chats=1500, turns=6)
    gone = [store.chat_key(number) for number in range(0, 1500, 5)]
    assert churned.left(gone) == gone
    await asyncio.gather(*(store.forget(chat, day=TODAY) for chat in gone[1:]))
    await store.forget(gone[0], day=TODAY)
    assert churned.left(gone) == []
    assert files(path)[f"{path.name}-wal"] == b""
    kept = [store.chat_key(number) for number in range(1500) if number % 5]
    assert (await store.count()).sessions == len(kept)
    store._cache.drop(kept)
    assert None not in [await store.session(chat) for chat in kept]


@pytest.mark.asyncio
async def test_nothing_of_an_expired_chat_is_left_in_any_byte(store: Store, path: Path) -> None:
    churned = Churned(store, path)
    await churned.live(chats=1500, turns=4)
    gone = [store.chat_key(number) for number in range(1500) if number % 97 < 20]
    assert await store.expire(20) == len(gone)
    assert churned.left(gone) == []


async def leave_residue(store: Store) -> None:
    """From here on SQLite only unlinks what is deleted: what it does at times when pages split, made certain."""
    await run(store._writer._connection, lambda raw: raw.execute("PRAGMA secure_delete = OFF").close())


@pytest.mark.asyncio
@pytest.mark.parametrize("small_file", [scrub.SMALL_FILE, 0])
async def test_what_sqlite_leaves_behind_is_wiped(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch, small_file: int
) -> None:
    """In a small file and in a large one, by row key and by session."""
    monkeypatch.setattr(scrub, "SMALL_FILE", small_file)
    churned = Churned(store, path)
    await churned.live(chats=100, turns=3)
    await leave_residue(store)
    gone = [store.chat_key(number) for number in range(0, 100, 10)]
    for number in range(0, 100, 10):
        await store.forget(store.chat_key(number), day=TODAY)
        assert churned.left([store.chat_key(number)]) == []
    assert churned.left(gone) == []
    assert (await store.count()).sessions == 90


@pytest.mark.asyncio
async def test_a_large_file_is_not_written_anew_without_need(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where writing it anew each time would take too long, it is only searched."""
    monkeypatch.setattr(scrub, "SMALL_FILE", 0)
    rewritten: list[int] = []
    rewrite = scrub.rewrite

    def counted(raw: sqlite3.Connection) -> bool:
        rewritten.append(1)
        return rewrite(raw)

    monkeypatch.setattr(scrub, "rewrite", counted)
    churned = Churned(store, path)
    await churned.live(chats=1500, turns=6)
    gone = [store.chat_key(number) for number in range(300)]
    for chat in gone:
        await store.forget(chat, day=TODAY)
    assert len(rewritten) < len(gone) / 10
    await leave_residue(store)
    await store.forget(store.chat_key(301), day=TODAY)
    assert rewritten


@pytest.mark.asyncio
async def test_a_trace_is_found_wherever_it_stands(path: Path, store: Store, tmp_path: Path) -> None:
    """Also across the seam between two pieces that are read."""
    file = tmp_path / "large"
    for place in (0, scrub._CHUNK - 15, scrub._CHUNK - 1, scrub._CHUNK, 2 * scrub._CHUNK - 20, 3 * scrub._CHUNK - 16):
        content = bytearray(3 * scrub._CHUNK)
        content[place : place + 16] = b"sixteen bytes ab"
        file.write_bytes(content)
        with file.open("rb") as opened:
            assert scrub._found(opened.fileno(), {b"other", b"sixteen bytes ab"})
            assert not scrub._found(opened.fileno(), {b"sixteen bytes xx"})


@pytest.mark.asyncio
async def test_while_a_backup_reads_the_rows_go_and_the_bytes_follow(path: Path, open_store: Open) -> None:
    store = await open_store(busy_seconds=0.05, empty_wal_after=0.1)
    for number in range(20):
        await store.commit(store.chat_key(number), SESSION, update_id=None, day=TODAY)
    chat = store.chat_key(1)
    await leave_residue(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as backup:
        backup.execute("BEGIN")
        backup.execute("SELECT count(*) FROM session").fetchone()
        await store.forget(chat, day=TODAY)
        assert await store.session(chat) is None
        await store.commit(store.chat_key(2), SESSION, update_id=None, day=TODAY)
        assert any(chat in content for content in files(path).values())
        backup.execute("ROLLBACK")
    for _ in range(100):
        if not any(chat in content for content in files(path).values()):
            break
        await asyncio.sleep(0.05)
    else:
        pytest.fail("the row key is still in the files")


@pytest.mark.asyncio
async def test_every_table_with_rows_of_a_chat_is_emptied_of_it(store: Store, path: Path) -> None:
    """A table that is added later and has a column ``chat`` fails here until ``forget`` knows it."""
    chat = store.chat_key(1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        tables = []
        for (table,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = other.execute(f"PRAGMA table_info({table})").fetchall()
            if "chat" in [column[1] for column in columns]:
                tables.append(table)
                values = [
                    chat if column[1] == "chat" else bytes(40) if column[2] == "BLOB" else 1 for column in columns
                ]
                other.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
        assert {"session", "inbox"} <= set(tables)
        await store.forget(chat, day=TODAY)
        for table in tables:
            assert other.execute(f"SELECT count(*) FROM {table} WHERE chat = ?", (chat,)).fetchone() == (0,)


@pytest.mark.asyncio
async def test_a_stored_chat_takes_little_room(path: Path, open_store: Open) -> None:
    """At most 150 bytes of file for a chat in the middle of a conversation, all of it counted."""
    store = await open_store()
    places = ["lost_patience/hello", "menu/guilt", "breathe/minute", "worried_trauma/small", "help_now/hello"]
    count = 5000
    for turn in range(2):
        sessions = [typical_session(places, n, turn) for n in range(count)]
        await asyncio.gather(
            *(store.commit(store.chat_key(n), text, update_id=n, day=TODAY) for n, text in enumerate(sessions))
        )
    await store.close()
    assert len(files(path)[path.name]) / count < 130


def typical_session(places: list[str], number: int, turn: int) -> str:
    """Three steps into a conversation."""
    here, before, first = places[number % 5], places[(number + turn) % 5], places[number // 5 % 5]
    trail = f'"t":["menu/welcome","{before}","{first}"]'
    told = f'"l":"nl","g":"be","a":1,"h":1,"k":"0{number % 7}:{places[number % 3]}/yes"'
    return f'{{"v":1,"at":{1795489800 + 37 * number},"s":{turn + 4},"p":"{here}",{trail},{told}}}'
