"""What every store does, whatever keeps the rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from bot.conversation.ports import Changes, CheckIn, SessionStore
from bot.store import Counts, Store, StoreUnavailable, Waiting

Reopen = Callable[[Store], Awaitable[Store]]

TODAY = 20_780
SESSION = '{"v":1,"at":1795489800,"s":2,"p":"lost_patience/hello","t":["menu/welcome"],"h":1}'
LATER = '{"v":1,"at":1795489860,"s":3,"p":"lost_patience/repair","h":1}'


@pytest.mark.asyncio
async def test_a_store_is_what_a_turn_asks_for(store: Store) -> None:
    """mypy holds the store to the port here."""
    port: SessionStore = store
    assert await port.session(store.chat_key(1)) is None


@pytest.mark.asyncio
async def test_chat_keys_are_stable_and_differ(store: Store, reopen: Reopen) -> None:
    """A chat finds its rows again after a restart; groups and channels have negative ids."""
    ids = [1, -1, 12, 7_123_456_789, -1_001_234_567_890]
    before = [store.chat_key(each) for each in ids]
    store = await reopen(store)
    assert [store.chat_key(each) for each in ids] == before
    assert len(set(before)) == len(ids)
    assert {len(each) for each in before} == {16}


@pytest.mark.asyncio
async def test_a_session_comes_back_as_it_was(store: Store, reopen: Reopen) -> None:
    chat = store.chat_key(1)
    await store.commit(chat, SESSION, update_id=None, day=TODAY)
    assert await store.session(chat) == SESSION
    assert await store.session(store.chat_key(2)) is None
    store = await reopen(store)
    assert await store.session(chat) == SESSION


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["", "{}", "مرحبا, çok iyi, 👶", "x" * 60_000])
async def test_any_text_is_a_session_to_the_store(store: Store, reopen: Reopen, text: str) -> None:
    chat = store.chat_key(1)
    await store.commit(chat, text, update_id=None, day=TODAY)
    assert await store.session(chat) == text
    store = await reopen(store)
    assert await store.session(chat) == text


@pytest.mark.asyncio
async def test_an_update_waits_until_it_is_answered(store: Store, reopen: Reopen) -> None:
    """Stored, it survives a restart; with the session that answers it, it goes."""
    chat = store.chat_key(1)
    assert await store.put_update(10, chat, b"boos")
    store = await reopen(store)
    assert await store.waiting() == [Waiting(10, chat, b"boos")]
    await store.commit(chat, SESSION, update_id=10, day=TODAY)
    assert await store.waiting() == []
    assert await store.session(chat) == SESSION


@pytest.mark.asyncio
async def test_a_redelivered_update_is_neither_stored_nor_answered_twice(store: Store, reopen: Reopen) -> None:
    """Waiting, answered or dropped: Telegram may send it again, also after a restart."""
    chat = store.chat_key(1)
    for update_id in (63, 64, 65, 1 << 40):
        assert await store.put_update(update_id, chat, b"first")
        assert not await store.put_update(update_id, chat, b"again")
    await store.commit(chat, SESSION, update_id=63, day=TODAY)
    await store.drop_update(64, TODAY)
    store = await reopen(store)
    for update_id in (63, 64, 65, 1 << 40):
        assert not await store.put_update(update_id, chat, b"again")
    assert [each.update_id for each in await store.waiting()] == [65, 1 << 40]
    assert [each.body for each in await store.waiting()] == [b"first", b"first"]
    assert await store.put_update(62, chat, b"another")


@pytest.mark.asyncio
async def test_updates_wait_oldest_first_and_come_in_parts(store: Store) -> None:
    chat = store.chat_key(1)
    for update_id in (5, 3, 9, 4):
        await store.put_update(update_id, chat, b"%d" % update_id)
    assert [each.update_id for each in await store.waiting()] == [3, 4, 5, 9]
    assert [each.update_id for each in await store.waiting(2)] == [3, 4]
    assert [each.update_id for each in await store.waiting(2, after=4)] == [5, 9]
    assert [each.update_id for each in await store.waiting(after=9)] == []
    assert await store.count() == Counts(sessions=0, waiting=4, oldest_waiting=3)


@pytest.mark.asyncio
async def test_dropping_changes_no_session(store: Store) -> None:
    chat = store.chat_key(1)
    await store.commit(chat, SESSION, update_id=None, day=TODAY)
    await store.put_update(1, chat, b"a poll")
    await store.drop_update(1, TODAY)
    await store.drop_update(2, TODAY)  # one that was never stored
    assert await store.session(chat) == SESSION
    assert await store.count() == Counts(1, 0, None)


@pytest.mark.asyncio
async def test_forgetting_leaves_nothing_of_the_chat_and_all_of_the_others(store: Store, reopen: Reopen) -> None:
    chat, other = store.chat_key(1), store.chat_key(2)
    for each in (chat, other):
        await store.commit(each, SESSION, update_id=None, day=TODAY)
    await store.put_update(1, chat, b"forget me")
    await store.put_update(2, other, b"stay")
    await store.forget(chat, update_id=1, day=TODAY)
    for _ in ("now", "after a restart"):
        assert await store.session(chat) is None
        assert await store.session(other) == SESSION
        assert await store.waiting() == [Waiting(2, other, b"stay")]
        assert not await store.put_update(1, chat, b"forget me")
        store = await reopen(store)


@pytest.mark.asyncio
async def test_a_check_in_is_deleted_alone(store: Store) -> None:
    """Without a session, none comes back with it; where there is none, nothing happens."""
    chat, due = store.chat_key(7), datetime(2026, 11, 24, 9, tzinfo=UTC)
    await store.commit(chat, "{}", update_id=None, day=1, also=Changes(check_in=CheckIn(due, 7, None)))
    assert [each for each, _ in await store.due_check_ins(due)] == [chat]
    for _ in range(2):
        await store.drop_check_in(chat)
        assert await store.due_check_ins(due) == []
    assert await store.session(chat) == "{}"


async def test_what_came_after_the_wish_to_be_forgotten_is_still_answered(store: Store) -> None:
    """Nothing that a parent sent is lost: /vergeet and then /start, typed before the first was answered."""
    chat = store.chat_key(1)
    for update_id in (7, 8, 9):
        await store.put_update(update_id, chat, b"%d" % update_id)
    await store.forget(chat, update_id=8, day=TODAY)
    assert [each.update_id for each in await store.waiting()] == [9]
    assert not await store.put_update(7, chat, b"again")


@pytest.mark.asyncio
async def test_a_chat_that_blocked_the_bot_is_forgotten_whole(store: Store) -> None:
    chat = store.chat_key(1)
    for update_id in (7, 8):
        await store.put_update(update_id, chat, b"hello?")
    await store.commit(chat, SESSION, update_id=None, day=TODAY)
    await store.forget(chat, day=TODAY)
    assert await store.count() == Counts(0, 0, None)
    assert not await store.put_update(8, chat, b"again")
    await store.commit(chat, LATER, update_id=None, day=TODAY)  # unblocked, and back
    assert await store.session(chat) == LATER


@pytest.mark.asyncio
async def test_sessions_without_a_visit_expire(store: Store, reopen: Reopen) -> None:
    for number in range(20):
        await store.commit(store.chat_key(number), SESSION, update_id=None, day=TODAY - number)
    await store.commit(store.chat_key(19), LATER, update_id=None, day=TODAY)  # a new visit counts
    assert await store.expire(TODAY - 9) == 9
    assert await store.expire(TODAY - 9) == 0
    for _ in ("now", "after a restart"):
        kept = [number for number in range(20) if await store.session(store.chat_key(number)) is not None]
        assert kept == [*range(10), 19]
        store = await reopen(store)


@pytest.mark.asyncio
async def test_what_was_handled_is_known_for_as_long_as_asked(store: Store) -> None:
    """Never shorter: 64 updates share a row, which stays as long as its newest."""
    chat = store.chat_key(1)
    await store.drop_update(1, TODAY - 3)
    await store.drop_update(64, TODAY - 3)
    await store.drop_update(65, TODAY - 2)
    await store.prune_handled(TODAY - 2)
    assert await store.put_update(1, chat, b"")
    assert not await store.put_update(64, chat, b"")
    assert not await store.put_update(65, chat, b"")
    await store.prune_handled(TODAY)
    assert await store.put_update(65, chat, b"")


@pytest.mark.asyncio
async def test_many_chats_at_once(store: Store, reopen: Reopen) -> None:
    """Two hundred conversations side by side, each in its own order."""

    async def converse(number: int) -> None:
        chat = store.chat_key(number)
        for turn in range(5):
            update_id = turn * 1000 + number
            assert await store.put_update(update_id, chat, b"tap")
            before = await store.session(chat)
            assert before == (f"{number}/{turn - 1}" if turn else None)
            await store.commit(chat, f"{number}/{turn}", update_id=update_id, day=TODAY)

    await asyncio.gather(*(converse(number) for number in range(200)))
    store = await reopen(store)
    assert await store.count() == Counts(200, 0, None)
    assert [await store.session(store.chat_key(number)) for number in range(200)] == [f"{n}/4" for n in range(200)]


@pytest.mark.asyncio
async def test_of_two_commits_of_one_chat_the_later_one_stands(store: Store, reopen: Reopen) -> None:
    chat = store.chat_key(1)
    await asyncio.gather(*(store.commit(chat, str(turn), update_id=None, day=TODAY) for turn in range(20)))
    assert await store.session(chat) == "19"
    await asyncio.gather(
        store.commit(chat, "20", update_id=None, day=TODAY),
        store.forget(chat, day=TODAY),
        store.commit(chat, "21", update_id=None, day=TODAY),
    )
    assert await store.session(chat) == "21"
    store = await reopen(store)
    assert await store.session(chat) == "21"


@pytest.mark.asyncio
async def test_a_closed_store_says_so(store: Store) -> None:
    chat = store.chat_key(1)
    await store.close()
    await store.close()
    for use in (
        store.session(chat),
        store.waiting(),
        store.count(),
        store.put_update(1, chat, b""),
        store.commit(chat, SESSION, update_id=None, day=TODAY),
        store.forget(chat, day=TODAY),
    ):
        with pytest.raises(StoreUnavailable, match="closed"):
            await use


@pytest.mark.asyncio
async def test_closing_waits_for_what_is_being_written(store: Store, reopen: Reopen) -> None:
    chat = store.chat_key(1)
    commit = asyncio.create_task(store.commit(chat, SESSION, update_id=None, day=TODAY))
    forget = asyncio.create_task(store.forget(store.chat_key(2), day=TODAY))
    await asyncio.sleep(0)
    store = await reopen(store)
    await asyncio.gather(commit, forget)
    assert await store.session(chat) == SESSION
