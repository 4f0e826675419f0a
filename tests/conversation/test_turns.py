"""A turn, whole, with a real store: what is stored when, and what is not when something goes wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.answers import Answer, Bubble
from bot.conversation.incoming import Commanded, Typed
from bot.conversation.turns import LATE_SECONDS, ParentGone, day_of
from bot.engine.model import Place
from bot.engine.phrases import Phrase
from bot.store import Store
from tests.conversation.talking import CHAT, CHAT_ID, OTHER, Conversation, stored
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


async def test_a_note_is_kept_and_read(talk: Conversation, store: Store) -> None:
    """The parent's own words come back under the moment they were written; deleted, they are gone."""
    await talk.does(Commanded("start", "good_moment"))
    await talk.chooses("keep")
    await talk.does(Typed("hij lachte, Ω 😀"))
    note = await store.note(CHAT, 1)
    assert note is not None and (note.text, note.at) == ("hij lachte, Ω 😀", NOON)
    answer = await talk.does(Commanded("terugblik"))
    assert answer is not None
    (bubble,) = answer.bubbles
    assert isinstance(bubble, Bubble) and bubble.text.endswith("\n\nhij lachte, Ω 😀")
    await talk.chooses("drop/1")
    await talk.chooses("dropped/1")
    assert await store.note(CHAT, 1) is None


async def test_the_longest_note(talk: Conversation) -> None:
    """A note as long as a message can be stands in a message of its own."""
    await talk.does(Commanded("start", "good_moment"))
    await talk.chooses("keep")
    await talk.does(Typed("x" * 4096))
    answer = await talk.does(Commanded("terugblik"))
    assert answer is not None
    assert [len(bubble.text) for bubble in answer.bubbles if isinstance(bubble, Bubble)][-1] == 4096


async def test_a_note_that_cannot_be_read(talk: Conversation, store: Store) -> None:
    """It is said, and can be deleted."""
    await talk.does(Commanded("start", "good_moment"))
    await talk.chooses("keep")
    await talk.does(Typed("iets"))
    await store._writer.do(lambda raw: raw.execute("UPDATE note SET body = x'00'").close())
    answer = await talk.does(Commanded("terugblik"))
    assert answer is not None and answer.bubbles == (Bubble(Phrase.NOTE_UNREADABLE.value),)


async def test_wiping_takes_what_was_shown(talk: Conversation, store: Store) -> None:
    """The ids of two days are handed to the channel; after that they are forgotten, and the new ones kept."""
    await talk.does(Commanded("start", "soup"), at=NOON - timedelta(hours=60))
    await talk.does(Commanded("menu"), at=NOON - timedelta(hours=40))
    await talk.does(Commanded("wis"))
    await talk.chooses("wipe")
    assert talk.wiped == [20, 30]
    assert await store.shown(CHAT, 0) == [40]


async def test_a_check_in_comes_once(talk: Conversation, store: Store) -> None:
    """It is stored with its address, sent once, and not again; what was sent can be wiped."""
    await talk.does(Commanded("start", "about"))
    await talk.chooses("check_in")
    await talk.chooses("morning")
    due = NOON.replace(hour=9) + timedelta(days=1)
    assert await store.due_check_ins(due - timedelta(seconds=1)) == []
    ((chat, check_in),) = await store.due_check_ins(due)
    assert (chat, check_in.due, check_in.chat_id) == (CHAT, due, CHAT_ID)
    answer = await talk.turns.check_in(CHAT, due, talk.deliver, None)
    assert answer is not None and answer.place == Place("check_in", "due")
    assert await store.due_check_ins(due) == []
    assert await talk.turns.check_in(CHAT, due, talk.deliver, None) is None
    assert talk.number in await store.shown(CHAT, 0)


async def test_a_check_in_that_was_not_sent_does_not_come_twice(talk: Conversation, store: Store) -> None:
    """Stored as done before it is sent: killed in between, it is lost rather than repeated."""
    await talk.does(Commanded("start", "about"))
    await talk.chooses("check_in")
    await talk.chooses("evening")
    due = NOON.replace(hour=19) + timedelta(days=1)
    talk.fails = OSError("killed")
    with pytest.raises(OSError):
        await talk.turns.check_in(CHAT, due, talk.deliver, None)
    assert await store.due_check_ins(due) == []


async def test_a_check_in_of_a_forgotten_chat(talk: Conversation, store: Store) -> None:
    """In hand already when the chat is forgotten: it does not come, and nothing of the chat comes back."""
    await store.forget(CHAT, day=1)
    assert await talk.turns.check_in(CHAT, NOON, talk.deliver, None) is None
    assert await store.session(CHAT) is None


@pytest.mark.parametrize("late", [timedelta(hours=13), timedelta(days=1), timedelta(days=30)])
async def test_a_late_check_in(talk: Conversation, store: Store, late: timedelta) -> None:
    """Too late for its day, it does not come, and is forgotten."""
    await talk.does(Commanded("start", "about"))
    await talk.chooses("check_in")
    await talk.chooses("morning")
    now = NOON.replace(hour=9) + timedelta(days=1) + late
    assert await talk.turns.check_in(CHAT, now, talk.deliver, None) is None
    assert await store.due_check_ins(now) == []
    session = await stored(store)
    assert session is not None and session.check_in is None


@pytest.mark.parametrize("how", ["stop", "forget", "gone"])
async def test_a_check_in_ends(talk: Conversation, store: Store, how: str) -> None:
    """With /stop, with /vergeet, and when the parent is gone."""
    await talk.does(Commanded("start", "about"))
    await talk.chooses("check_in")
    await talk.chooses("morning")
    if how == "stop":
        await talk.does(Commanded("stop"))
    elif how == "forget":
        await talk.does(Commanded("vergeet"))
        await talk.chooses("forget")
    else:
        talk.fails = ParentGone()
        await talk.does(Commanded("menu"))
    assert await store.due_check_ins(NOON + timedelta(days=3)) == []


async def test_forgetting_takes_everything(talk: Conversation, store: Store) -> None:
    """No row of the chat is left in any table."""
    await talk.does(Commanded("start", "good_moment"))
    await talk.chooses("keep")
    await talk.does(Typed("iets"))
    await talk.does(Commanded("start", "about"))
    await talk.chooses("check_in")
    await talk.chooses("morning")
    await talk.does(Commanded("vergeet"))
    await talk.chooses("forget")
    for table in ("session", "inbox", "note", "check_in", "shown"):
        rows = await store._read(lambda raw, table=table: raw.execute(f"SELECT count(*) FROM {table}").fetchone())  # type: ignore[misc]
        assert rows == (0,), table


def late_in(answer: Answer | None) -> list[bool]:
    """For each bubble, whether it opens with the word on how long it lay."""
    assert answer is not None
    return [isinstance(each, Bubble) and each.text.startswith(Phrase.LATE.value) for each in answer.bubbles]


async def test_what_lay_for_hours(talk: Conversation) -> None:
    """It is said once in a backlog, also after a tap, of which nobody knows its age; and again in a later one."""
    other = Conversation(talk.turns, OTHER)
    assert late_in(await talk.does(Commanded("start", "soup"), age=LATE_SECONDS - 1)) == [False, False]
    await talk.chooses("hot")
    assert late_in(await talk.does(Commanded("menu"), age=LATE_SECONDS + 60)) == [True, False]
    assert late_in(await talk.does(Commanded("menu"), age=LATE_SECONDS)) == [False]
    assert late_in(await other.does(Commanded("menu"), age=LATE_SECONDS)) == [True, False]
    tomorrow = NOON + timedelta(days=1)
    assert late_in(await talk.does(Commanded("menu"), at=tomorrow, age=LATE_SECONDS)) == [True, False]


async def test_late_and_not_read(talk: Conversation) -> None:
    """What did not arrive was not told."""
    talk.fails = OSError("no network")
    with pytest.raises(OSError, match="no network"):
        await talk.does(Commanded("menu"), age=LATE_SECONDS)
    talk.fails = None
    assert late_in(await talk.does(Commanded("menu"), age=LATE_SECONDS)) == [True, False]


async def test_late_and_much_to_say(talk: Conversation) -> None:
    """Where three bubbles come already, it stands above the first."""
    await talk.does(Commanded("start", "song"))
    answer = await talk.does(Typed("[chain]"), age=LATE_SECONDS)
    assert late_in(answer) == [True, False, False]


async def test_a_wiped_screen_says_nothing_of_it(talk: Conversation) -> None:
    """A choice to wipe, typed out hours ago: what stands there afterwards tells nothing."""
    await talk.does(Commanded("wis"))
    assert late_in(await talk.does(Typed("[wipe]"), age=LATE_SECONDS)) == [False]


async def test_only_the_last_chats_are_remembered(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait, memory stays bounded; who is forgotten may be told twice."""
    monkeypatch.setattr("bot.conversation.turns.MOST_TOLD", 1)
    for chat in (talk, Conversation(talk.turns, OTHER), talk):
        assert late_in(await chat.does(Commanded("menu"), age=LATE_SECONDS)) == [True, False]
