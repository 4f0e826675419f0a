"""A chat that floods while the bot is started anew: it is told all the same, and nothing is let go before that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.conversation.incoming import Typed
from bot.store import Keys, Store
from bot.telegram.flood import MOST_WAITING, Flood, Haste
from bot.telegram.inbox import InboxQueue
from bot.telegram.received import Received
from tests.telegram.serving import SECRET

CHAT, TODAY = 4711, 20_780
FLOOD = [Received(number, CHAT, Typed("dag"), "nl") for number in range(1, MOST_WAITING + 5)]
TOLD = FLOOD[MOST_WAITING]


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """The store of this test."""
    async with await Store.open(tmp_path / "keukentafel.db", Keys.from_secret(SECRET)) as opened:
        yield opened


async def never(_: Received) -> bool:
    """Nothing is urgent here."""
    return False


async def taken(inbox: InboxQueue, updates: list[Received]) -> list[Received]:
    """One poll brings these; gives what is handed on, of which nothing is handled."""
    for update in updates:
        await inbox.take(update)
    await inbox.settled()
    handed_on = []
    while not inbox.empty():
        received = inbox.get_nowait()
        assert isinstance(received, Received)
        handed_on.append(received)
    return handed_on


def restarted(store: Store) -> InboxQueue:
    """The inbox of a process that is started now."""
    return InboxQueue(store, Flood(never))


async def test_the_sentence_is_still_owed(store: Store) -> None:
    """Of the flood twenty are answered and one is told that it goes too fast. Killed before it was said, it is said by
    the next start: what was let go after it depends on it."""
    before = [(each.update_id, each.too_fast) for each in await taken(restarted(store), FLOOD)]
    assert before == [(each.update_id, each is TOLD) for each in FLOOD[: MOST_WAITING + 1]]
    inbox = restarted(store)
    assert await inbox.restore() == MOST_WAITING + 1
    assert [(each.update_id, each.too_fast) for each in await taken(inbox, [])] == before
    assert await taken(inbox, [Received(900, CHAT, Typed("dag"), "nl")]) == [], "let go: the sentence is on its way"


async def test_what_comes_again_is_no_flood(store: Store) -> None:
    """Killed before the poll was confirmed, all of it comes again, beside what is restored. It counts once, and what
    the parent says then is told that it goes too fast, not let go without a word."""
    many, more = FLOOD[:MOST_WAITING], [Received(900 + each, CHAT, Typed("dag"), "nl") for each in range(2)]
    await taken(restarted(store), many)
    inbox = restarted(store)
    await inbox.restore()
    assert [each.update_id for each in await taken(inbox, many)] == [each.update_id for each in many]
    assert [(each.update_id, each.too_fast) for each in await taken(inbox, more)] == [(900, True)]


async def test_what_was_answered_already_is_not_told(store: Store) -> None:
    """An answered update that comes again while twenty wait takes nobody's sentence away."""
    old = Received(0, CHAT, Typed("dag"), "nl")
    await store.put_update(0, store.chat_key(CHAT), old.to_json())
    await store.drop_update(0, TODAY)
    inbox = restarted(store)
    await taken(inbox, FLOOD[:MOST_WAITING])
    assert await taken(inbox, [old]) == []
    assert [each.too_fast for each in await taken(inbox, FLOOD[MOST_WAITING:])] == [True]


async def test_it_is_kept_in_the_inbox() -> None:
    """In the row, sealed as all of it."""
    flood = Flood(never)
    row = Received(1, CHAT, Typed("dag"), "nl", too_fast=True)
    assert Received.from_json(row.to_json()) == row
    flood.restored(row)
    for number in range(2, MOST_WAITING + 1):
        flood.restored(Received(number, CHAT, Typed("dag"), "nl"))
    assert await flood.haste(Received(99, CHAT, Typed("dag"), "nl")) is Haste.QUIET
