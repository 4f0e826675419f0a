"""A database with rows in every table, known well enough to be compared; and what others see of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.conversation.ports import Changes, CheckIn, Note
from bot.store import Keys, Store

CHAT_ID, OTHER_ID = 7_123_456_789, -1_001_234
DUE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CHECK_IN = CheckIn(DUE, CHAT_ID, "nl")
NOTES = [Note("Vandaag lachte hij voor het eerst.", DUE - timedelta(days=1)), Note("Zeven uur slaap!", DUE)]
CHANGES = Changes(keep=((1, NOTES[0]), (2, NOTES[1])), check_in=CHECK_IN, shown=(11, 12, 13), hour=500)
SESSIONS = {CHAT_ID: '{"v":1,"at":5,"s":1,"p":"menu/hello"}', OTHER_ID: '{"v":1,"at":6,"s":2}'}
WAITING = b"{an update that waits}"


async def furnish(path: Path, keys: Keys, more: int = 0) -> None:
    """Two chats with all there is, and ``more`` with a session each."""
    async with await Store.open(path, keys) as store:
        for chat_id, text in SESSIONS.items():
            also = CHANGES if chat_id == CHAT_ID else replace(CHANGES, keep=CHANGES.keep[:1], check_in=None)
            await store.commit(store.chat_key(chat_id), text, update_id=chat_id % 1000, day=9, also=also)
        await store.put_update(70, store.chat_key(OTHER_ID), WAITING)
        await store.count_up(9, {("dialog", "breathe"): 12})
        for number in range(more):
            await store.commit(store.chat_key(number), f"session {number}", update_id=None, day=9)


async def assert_furnished(path: Path, keys: Keys, more: int = 0) -> None:
    """Everything is there again, under the ids of the chats, with these keys."""
    async with await Store.open(path, keys) as store:
        chat, other = store.chat_key(CHAT_ID), store.chat_key(OTHER_ID)
        assert [await store.session(each) for each in (chat, other)] == list(SESSIONS.values())
        assert [await store.note(chat, number) for number in (1, 2, 3)] == [*NOTES, None]
        assert await store.note(other, 1) == NOTES[0]
        assert await store.due_check_ins(DUE) == [(chat, CHECK_IN)]
        assert await store.shown(chat, 500) == await store.shown(other, 500) == [11, 12, 13]
        assert [(each.update_id, each.chat, each.body) for each in await store.waiting()] == [(70, other, WAITING)]
        assert not await store.put_update(CHAT_ID % 1000, chat, b"handled before")
        assert [await store.session(store.chat_key(n)) for n in range(more)] == [f"session {n}" for n in range(more)]
        assert (await store.count()).sessions == 2 + more


def blobs(path: Path) -> set[bytes]:
    """Every value of more than eight bytes in any table."""
    with closing(sqlite3.connect(path)) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for table in tables for row in raw.execute(f"SELECT * FROM {table}")]
    return {value for row in rows for value in row if isinstance(value, bytes) and len(value) > 8}
