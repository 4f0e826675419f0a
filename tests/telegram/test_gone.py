"""A parent who blocks the bot is forgotten: nothing of the chat stays in the database."""

from __future__ import annotations

import asyncio

import pytest

from bot.engine.phrases import Phrase
from tests.botapi.trouble import Kind
from tests.telegram.database import key_of, rows_of
from tests.telegram.kitchen import Kitchen, is_forgotten
from tests.telegram.oracle import phrase, sent_texts
from tests.telegram.traces import found

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def kitchen(rough_kitchen: Kitchen) -> Kitchen:
    """The kitchen of this file."""
    return rough_kitchen


async def test_a_conversation_leaves_two_rows(kitchen: Kitchen) -> None:
    """What the next tests look for is there: the session of the chat, what stands on its screen, and an empty inbox."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    await kitchen.api.until(
        lambda: rows_of(kitchen.process.database, parent.id) == {"session": 1, "shown": 1}, timeout=20
    )
    assert found([kitchen.process.folder], {key_of(parent.id)})


async def test_who_blocks_the_bot(kitchen: Kitchen) -> None:
    """Telegram tells that the bot was blocked: every row of the chat goes, and nothing is sent."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    calls = len(kitchen.api.calls_of("sendMessage", parent))
    await parent.blocks()
    await is_forgotten(kitchen, parent)
    assert len(kitchen.api.calls_of("sendMessage", parent)) == calls


async def test_who_is_found_to_have_blocked_it(kitchen: Kitchen) -> None:
    """A 403 to an answer does the same, whatever else the parent sent before."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    kitchen.api.misbehave("403", "sendMessage", chat=parent, times=None)
    for _ in range(3):
        await parent.says("/menu")
    await kitchen.process.logs("chat deleted")
    await is_forgotten(kitchen, parent)
    await asyncio.sleep(0.3)
    await is_forgotten(kitchen, parent)


@pytest.mark.parametrize(("kind", "said"), [("403-html", None), ("403", "blocked by the filter of the network")])
async def test_a_403_that_is_not_of_telegram(kitchen: Kitchen, kind: Kind, said: str | None) -> None:
    """A proxy that refuses for a while knows nothing about the parent: nothing is deleted, and the answer comes."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    before = len(kitchen.process.log)
    trouble = kitchen.api.misbehave(kind, "sendMessage", chat=parent, times=2, description=said)
    await kitchen.asks(parent, "/menu")
    assert trouble.happened == 2
    assert "sendMessage: Forbidden; trying again" in kitchen.process.log[before:]
    assert "chat deleted" not in kitchen.process.log[before:]
    await kitchen.asks(parent, "/start")
    assert sent_texts(parent).count(phrase(Phrase.SCRIPT_LINE)) == 1, "that is for who is new"


async def test_who_comes_back_is_new(kitchen: Kitchen) -> None:
    """After unblocking, the bot knows nothing, and welcomes the parent like anybody else."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    await parent.blocks()
    await is_forgotten(kitchen, parent)
    await parent.unblocks()
    await parent.says("/start")
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    assert phrase(Phrase.WELCOME_BACK) not in sent_texts(parent)


async def test_who_asks_to_be_forgotten(kitchen: Kitchen) -> None:
    """/vergeet and one tap: nothing is left, the conversation says so, and can begin anew."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    await kitchen.asks(parent, "/vergeet")
    await kitchen.chooses(parent, parent.newest.labels[1])
    await is_forgotten(kitchen, parent)
    answer = await kitchen.asks(parent, "/start")
    assert str(answer.place) == "menu/welcome"


async def test_who_wants_the_screen_clean_as_well(kitchen: Kitchen) -> None:
    """The first choice of /vergeet takes the messages along: afterwards nobody knows their numbers any more."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    await kitchen.asks(parent, "/vergeet")
    before = [*parent.chat]
    await parent.taps(parent.newest.labels[0])
    await parent.waits_for(lambda message: message not in before, timeout=20)
    await is_forgotten(kitchen, parent)
    assert [message.text for message in before if not message.deleted] == []


async def test_who_keeps_everything(kitchen: Kitchen) -> None:
    """The other choice leaves all as it is, and leads back."""
    parent = kitchen.parent()
    there = await kitchen.asks(parent, "/start lost_patience")
    await kitchen.asks(parent, "/vergeet")
    answer = await kitchen.chooses(parent, parent.newest.labels[2])
    assert answer.place == there.place
