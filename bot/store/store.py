"""The store: sessions, the inbox, and what was handled, in one SQLite file that tells nobody anything."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import aiosqlite

from bot.conversation.ports import NO_CHANGES, Changes, CheckIn, Note
from bot.store import kept, migrations, rotation, rows
from bot.store.cache import Cache
from bot.store.compact import pack, unpack
from bot.store.connection import Work, connect, prepare, run, unavailable
from bot.store.errors import StoreUnusable, Unreadable
from bot.store.files import Claim, claim
from bot.store.kept import SealedChanges
from bot.store.keys import Keys, Purpose
from bot.store.writer import Writer

T = TypeVar("T")

CACHED_SESSIONS: Final = 10_000
BUSY_SECONDS: Final = 2.0
EMPTY_WAL_AFTER: Final = 30.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that was stored and is not answered yet; ``body`` is what ``put_update`` was given."""

    update_id: int
    chat: bytes
    body: bytes

    def __repr__(self) -> str:
        return f"Waiting({self.update_id}, <{len(self.body)} bytes>)"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many chats have a session, how many updates wait, and the ``update_id`` of the oldest of these."""

    sessions: int
    waiting: int
    oldest_waiting: int | None


class Store:
    """One database file, open in this process only. Use ``async with await Store.open(…)``, or call ``close``.

    Days are whole days since 1970 (UTC). Every method that writes returns only once a power cut could not undo it,
    and raises StoreUnavailable when it changed nothing because the disk is full or the database locked; it works
    again by itself once that has passed.
    """

    def __init__(self, claimed: Claim, keys: Keys, writer: Writer, reader: aiosqlite.Connection, cached: int) -> None:
        self._claim = claimed
        self._keys = keys
        self._writer = writer
        self._reader = reader
        self._cache = Cache(cached)
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: Path,
        keys: Keys,
        *,
        cached_sessions: int = CACHED_SESSIONS,
        busy_seconds: float = BUSY_SECONDS,
        empty_wal_after: float = EMPTY_WAL_AFTER,
    ) -> Store:
        """Open the database, make it, or bring it up to this edition.

        ``busy_seconds`` is how long a write waits for another program's lock, ``empty_wal_after`` how many seconds
        what was deleted may stay in the ``-wal`` file.
        Raises StoreInUse, NewerDatabase, WrongSecret, or another StoreUnusable; each is one clear line.
        """
        claimed = claim(path)
        opened: list[aiosqlite.Connection] = []
        try:
            for _ in ("writer", "reader"):
                opened.append(await connect(claimed.path, busy_seconds))
            writer, reader = opened
            keys = await run(writer, lambda raw: _make_ready(raw, claimed.path, keys))
            await run(reader, lambda raw: raw.execute("PRAGMA query_only = ON").close())
        except BaseException as error:
            for connection in opened:
                await connection.close()
            claimed.release()
            if isinstance(error, sqlite3.Error):
                raise StoreUnusable(f"cannot use the database {path}: {error}") from None
            raise
        return cls(claimed, keys, Writer(writer, claimed.database, empty_wal_after), reader, cached_sessions)

    async def close(self) -> None:
        """Finish what is being written and let go of the file. A second time does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._reader.close()
            await self._writer.close()
        finally:
            self._claim.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def chat_key(self, chat_id: int) -> bytes:
        """The 16 bytes that stand for a chat; what every other method calls ``chat``."""
        return self._keys.chat_key(chat_id)

    def put_update(self, update_id: int, chat: bytes, body: bytes) -> Awaitable[bool]:
        """Store an update before it is confirmed; False when it is already waiting or was already handled. Begins at
        once, also when it is awaited later.

        A turn follows, so the session of the chat is brought along where it is not in memory: a read of its own would
        cost that turn a tenth more. It is what was committed before in the same order, so nothing newer is covered.
        """
        sealed = self._keys.seal(Purpose.INBOX, rows.inbox_row(update_id, chat), body)
        if chat in self._cache:
            return self._writer.begin(lambda raw: rows.put(raw, update_id, chat, sealed))
        brought: bytes | None = None

        def work(raw: sqlite3.Connection) -> bool:
            nonlocal brought
            new = rows.put(raw, update_id, chat, sealed)
            brought = rows.session(raw, chat) if new else None
            return new

        def settled(stored: bool) -> None:
            if stored and brought is not None:
                with suppress(Unreadable):  # `session` will tell
                    self._cache.put(chat, unpack(self._keys.unseal(Purpose.SESSION, chat, brought)))

        return self._writer.begin(work, settled)

    async def waiting(self, limit: int | None = None, *, after: int | None = None) -> list[Waiting]:
        """The stored updates that are not answered yet, oldest first; those above the id ``after``, if given.

        One that cannot be read is deleted, logged and left out. Raises StoreUnavailable.
        """
        found = []
        for update_id, chat, sealed in await self._read(lambda raw: rows.waiting(raw, limit, after)):
            try:
                body = self._keys.unseal(Purpose.INBOX, rows.inbox_row(update_id, chat), sealed)
            except Unreadable:
                _log.error("update %d in the inbox cannot be read and is lost", update_id)
                await self._writer.do(lambda raw, lost=update_id: rows.drop_unreadable(raw, lost))  # type: ignore[misc]
            else:
                found.append(Waiting(update_id, chat, body))
        return found

    async def session(self, chat: bytes) -> str | None:
        """The JSON text that was committed last for the chat; None without one, or when it cannot be read.

        Raises StoreUnavailable.
        """
        cached = self._cache.get(chat)
        if cached is not None:
            return cached
        sealed = await self._read(lambda raw: rows.session(raw, chat))
        if sealed is None:
            return None
        try:
            return unpack(self._keys.unseal(Purpose.SESSION, chat, sealed))
        except Unreadable as error:
            _log.error("a stored session is left aside: %s", error)
            return None

    async def commit(
        self, chat: bytes, session_json: str, *, update_id: int | None, day: int, also: Changes = NO_CHANGES
    ) -> None:
        """Store the session and what goes with it, and take the update that led to it off the inbox, in one
        transaction."""
        sealed = self._keys.seal(Purpose.SESSION, chat, pack(session_json))
        turn = update_id if update_id is not None else -time.time_ns()  # below every number that Telegram gives
        changes = None if also == NO_CHANGES else SealedChanges.of(self._keys, chat, turn, also)

        def work(raw: sqlite3.Connection) -> None:
            rows.commit(raw, chat, sealed, day, update_id)
            if changes is not None:
                kept.apply(raw, chat, turn, changes)

        def settled(stored: bool) -> None:
            if stored:
                self._cache.put(chat, session_json)
            else:
                self._cache.drop([chat])

        await self._writer.do(work, settled)

    async def note(self, chat: bytes, number: int) -> Note | None:
        """One note; None when there is none of that number, or it cannot be read. Raises StoreUnavailable."""
        sealed = await self._read(lambda raw: kept.note(raw, chat, number))
        if sealed is None:
            return None
        try:
            return kept.read_note(self._keys, chat, number, sealed)
        except Unreadable as error:
            _log.error("a note is left aside: %s", error)
            return None

    async def due_check_ins(self, now: datetime, limit: int = 100) -> list[tuple[bytes, CheckIn]]:
        """The check-ins whose moment has come, with their chats, the oldest first. Raises StoreUnavailable.

        One that cannot be read is deleted and logged.
        """
        found = []
        for chat, at, sealed in await self._read(lambda raw: kept.due(raw, int(now.timestamp()), limit)):
            try:
                found.append((chat, kept.read_check_in(self._keys, chat, at, sealed)))
            except Unreadable as error:
                _log.error("a check-in is lost: %s", error)
                await self._writer.do(lambda raw, lost=chat: kept.drop_check_in(raw, lost))  # type: ignore[misc]
        return found

    async def drop_check_in(self, chat: bytes) -> None:
        """Delete the check-in of the chat, if there is one."""
        await self._writer.do(lambda raw: kept.drop_check_in(raw, chat))

    async def shown(self, chat: bytes, since_hour: int) -> list[int]:
        """The ids of the messages shown in the chat since that hour. Raises StoreUnavailable."""
        ids: list[int] = []
        for turn, sealed in await self._read(lambda raw: kept.shown(raw, chat, since_hour)):
            try:
                ids.extend(kept.read_shown(self._keys, chat, turn, sealed))
            except Unreadable as error:
                _log.error("ids of messages are left aside: %s", error)
        return sorted(set(ids))

    async def wiped(self, chat: bytes) -> None:
        """Forget which messages stand on the screen of the chat."""
        await self._writer.do(lambda raw: kept.wiped(raw, chat))

    async def prune_shown(self, before_hour: int) -> None:
        """Forget which messages were shown before that hour."""
        await self._writer.do(lambda raw: kept.prune_shown(raw, before_hour))

    async def count_up(self, day: int, tally: Mapping[tuple[str, str], int]) -> None:
        """Add to the counts of ``day``: by what is counted, and its name."""
        await self._writer.do(lambda raw: kept.count(raw, day, tally))

    async def prune_counts(self, before_day: int) -> None:
        """Forget the counts of days before that one."""
        await self._writer.do(lambda raw: kept.prune_tallies(raw, before_day))

    async def drop_update(
        self, update_id: int, day: int, *, chat: bytes | None = None, also: Changes = NO_CHANGES
    ) -> None:
        """Take an update that changes no session off the inbox; it counts as handled. What else came of it in
        ``chat`` is stored in the same transaction."""
        changes = SealedChanges.of(self._keys, chat, update_id, also) if chat is not None and also.shown else None

        def work(raw: sqlite3.Connection) -> None:
            rows.done(raw, update_id, day)
            if chat is not None and changes is not None:
                kept.apply(raw, chat, update_id, changes)

        await self._writer.do(work)

    async def forget(self, chat: bytes, *, update_id: int | None = None, day: int) -> None:
        """Delete every row of the chat, in one transaction; the bytes are gone from the files when this returns. While
        that cannot be (a backup is being read, the disk is full), the rows are gone, and the bytes soon after it can.

        ``update_id`` is the update that asked for it; what the parent sent after that one is not answered yet and
        stays waiting. Without it (the chat blocked the bot) those go, too. All that go count as handled.
        """
        await self._writer.erase(lambda raw: rows.forget(raw, chat, update_id, day), lambda _: self._cache.drop([chat]))

    async def expire(self, before_day: int) -> int:
        """Delete the sessions of chats that were last seen before that day; gives how many.

        Many short transactions, so that other chats are not kept waiting; then the file is written anew, so that the
        bytes are gone as well: soon after this returned, where a backup is being read or the disk is full meanwhile.
        """
        expired = 0
        for number in range(rows.SLICES):
            expired += await self._expire_slice(number, before_day)
        if expired:
            await self._writer.rewrite()
        return expired

    async def prune_handled(self, before_day: int) -> None:
        """Forget which updates were handled before that day. Telegram redelivers for one day, so keep two."""
        await self._writer.do(lambda raw: rows.prune_handled(raw, before_day))

    async def count(self) -> Counts:
        """What is stored now. Reads every session's key: 50 ms for a million. Raises StoreUnavailable."""
        return Counts(*await self._read(rows.counts))

    @property
    def transactions(self) -> int:
        """How many transactions were committed since the store was opened."""
        return self._writer.transactions

    async def _expire_slice(self, number: int, before_day: int) -> int:
        gone: list[bytes] = []

        def work(raw: sqlite3.Connection) -> None:
            gone[:] = rows.expire_slice(raw, number, before_day)

        await self._writer.do(work, lambda _: self._cache.drop(gone))
        return len(gone)

    async def _read(self, work: Work[T]) -> T:
        try:
            return await run(self._reader, work)
        except sqlite3.Error as error:
            raise unavailable(error) from None

    def __repr__(self) -> str:
        return f"Store({self._claim.path})"


def _make_ready(raw: sqlite3.Connection, path: Path, keys: Keys) -> Keys:
    """Gives the keys for this very database."""
    migrations.recognise(raw, path)
    prepare(raw)
    migrations.migrate(raw)
    migrations.check_secret(raw, path, keys.check)
    rotation.wipe_if_owed(raw)
    return rotation.keys_for(raw, path, keys)
