"""A turn, whole, with a real store: what is stored when, and what is not when something goes wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.conversation.incoming import Commanded, Typed
from bot.conversation.turns import ParentGone, day_of
from bot.engine.model import Place
from bot.store import Store
from tests.conversation.talking import CHAT, OTHER, Conversation, stored
from tests.engine.parent import NOON


async def test_a_turn_is_read_and_then_stored(talk: Conversation, store: Store) -> None:
    """The answer that is given is the one that was delivered, and the session in it is what is stored."""
    answer = await talk.does(Commanded("start", "soup"))
    assert answer is not None and talk.read == [answer]
    assert await stored(store) == answer.session
    answer = await talk.chooses("hot")
    assert answer is not None and answer.place == Place("soup", "hot")
    assert await stored(store) == answer.session


async def test_the_update_leaves_the_inbox_with_the_turn(talk: Conversation, store: Store) -> None:
    """The inbox holds an update until its turn is stored."""
    await store.put_update(7, CHAT, b"an update")
    assert (await store.count()).waiting == 1
    await talk.does(Commanded("start"), update_id=7)
    assert (await store.count()).waiting == 0


async def test_chats_do_not_know_of_each_other(talk: Conversation, store: Store) -> None:
    """Two chats have a session each."""
    other = Conversation(talk.turns, OTHER)
    await talk.does(Commanded("start", "soup"))
    await other.does(Commanded("start", "song"))
    await talk.chooses("hot")
    one, two = await stored(store), await stored(store, OTHER)
    assert one is not None and one.place == Place("soup", "hot")
    assert two is not None and two.place == Place("song", "hello")


async def test_nothing_is_stored_when_nothing_was_read(talk: Conversation, store: Store) -> None:
    """A failure to deliver goes on up; the session and the inbox stay as they were, and the turn can be taken again."""
    await talk.does(Commanded("start", "soup"))
    before = await stored(store)
    await store.put_update(8, CHAT, b"an update")
    talk.fails = OSError("no network")
    with pytest.raises(OSError, match="no network"):
        await talk.does(Typed("lied"), update_id=8)
    assert await stored(store) == before
    assert (await store.count()).waiting == 1
    talk.fails = None
    answer = await talk.does(Typed("lied"), update_id=8)
    assert answer is not None and answer.place == Place("song", "hello")
    assert (await store.count()).waiting == 0


async def test_a_parent_who_is_gone(talk: Conversation, store: Store) -> None:
    """A parent who blocked the bot is forgotten: the session and the update; what came later stays waiting."""
    await talk.does(Commanded("start", "soup"))
    for update_id in (8, 9):
        await store.put_update(update_id, CHAT, b"an update")
    talk.fails = ParentGone()
    assert await talk.does(Typed("lied"), update_id=8) is None
    assert await stored(store) is None
    assert [each.update_id for each in await store.waiting()] == [9]


async def test_forgetting(talk: Conversation, store: Store) -> None:
    """The choice to forget deletes everything, after it was said; what comes next begins anew."""
    await talk.does(Commanded("start", "soup"))
    await talk.does(Commanded("vergeet"))
    answer = await talk.chooses("forget")
    assert answer is not None and answer.ended
    assert await stored(store) is None
    assert (await store.count()).sessions == 0
    answer = await talk.does(Commanded("start"))
    assert answer is not None and answer.place == Place("menu", "welcome")


async def test_forgetting_that_was_not_read(talk: Conversation, store: Store) -> None:
    """Nothing is deleted before the parent was told."""
    await talk.does(Commanded("vergeet"))
    before = await stored(store)
    talk.fails = OSError("no network")
    with pytest.raises(OSError, match="no network"):
        await talk.chooses("forget")
    assert await stored(store) == before


async def test_forget_and_drop_without_a_turn(talk: Conversation, store: Store) -> None:
    """A channel can forget a chat, and take an update that needs no turn off the inbox."""
    await talk.does(Commanded("start"))
    for update_id, chat in ((8, CHAT), (9, OTHER)):
        await store.put_update(update_id, chat, b"an update")
    await talk.turns.drop(9, NOON)
    await talk.turns.forget(CHAT, NOON, update_id=8)
    assert await stored(store) is None
    assert (await store.count()).waiting == 0


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(2026, 11, 24, 0, 30, tzinfo=NOON.tzinfo), 20780),
        (datetime(2026, 11, 24, 1, 0, tzinfo=NOON.tzinfo), 20781),
    ],
)
def test_days_are_counted_in_utc(moment: datetime, day: int) -> None:
    """A visit is remembered by the day in UTC, whatever the zone."""
    assert day_of(moment) == day
    assert day_of(moment.astimezone(UTC)) == day
