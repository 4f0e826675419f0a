"""Telegram's refusals are normal: it is waited for and tried again, and the conversation goes on."""

from __future__ import annotations

import pytest

from tests.botapi import Parent
from tests.botapi.trouble import Kind
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion, sent_texts

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def kitchen(rough_kitchen: Kitchen) -> Kitchen:
    """The kitchen of this file."""
    return rough_kitchen


REFUSED: tuple[Kind, ...] = ("429", "500", "502-html", "reset", "401")
CARRIED_OUT: tuple[Kind, ...] = ("lost", "malformed")


@pytest.mark.parametrize("kind", REFUSED)
async def test_a_message_that_is_refused(kitchen: Kitchen, kind: Kind) -> None:
    """It is sent again until it arrives, once; a 429 is waited out as told."""
    parent = kitchen.parent()
    trouble = kitchen.api.misbehave(kind, "sendMessage", chat=parent, times=1, retry_after=1)
    await kitchen.asks(parent, "/start lost_patience")
    assert trouble.happened == 1
    await kitchen.chooses(parent, parent.newest.labels[0])
    assert kitchen.api.hasty == []


@pytest.mark.parametrize("kind", CARRIED_OUT)
async def test_a_message_whose_answer_is_lost(kitchen: Kitchen, kind: Kind) -> None:
    """A message that arrived without the bot getting to know comes twice, never not at all."""
    parent = kitchen.parent()
    kitchen.api.misbehave(kind, "sendMessage", chat=parent, times=1)
    answer = await kitchen.asks(parent, "/start lost_patience", repeats=1)
    assert answer.place == companion().script.start_of("lost_patience")
    await kitchen.asks(parent, "/menu", repeats=1)


AROUND_A_TAP: tuple[tuple[str, Kind], ...] = (
    *(("editMessageText", kind) for kind in ("429", "500", "reset", "400", "lost")),
    *(("answerCallbackQuery", kind) for kind in ("429", "502-html", "400", "malformed")),
)


@pytest.mark.parametrize(("method", "kind"), AROUND_A_TAP)
async def test_trouble_around_a_tap(kitchen: Kitchen, kind: Kind, method: str) -> None:
    """What tidies up after a tap may fail; the answer comes all the same, once."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    trouble = kitchen.api.misbehave(kind, method, chat=parent, times=1, retry_after=1)
    before = len(kitchen.api.violations)
    await parent.taps(parent.newest.labels[0])
    await kitchen.agree(parent)
    assert trouble.happened == 1
    assert kitchen.api.hasty == []
    del kitchen.api.violations[before:]  # an edit whose answer was lost is tried again, and changes nothing then


async def test_a_message_that_is_refused_for_good(kitchen: Kitchen) -> None:
    """A 400 for one bubble is logged and the next one is sent; the conversation does not stop."""
    parent = kitchen.parent()
    before = len(kitchen.process.log)
    kitchen.api.misbehave("400", "sendMessage", chat=parent, times=1)
    await parent.says("/start lost_patience")
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    assert "sendMessage: refused by Telegram (BadRequest)" in kitchen.process.log[before:]
    tap = await parent.taps(parent.newest.labels[0])
    assert await parent.waits_for_answer(tap, timeout=20) == ""
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)


async def test_limits_on_the_rate(kitchen: Kitchen) -> None:
    """With limits like Telegram's, everybody gets everything, and nobody is hurried."""
    parents = [kitchen.parent() for _ in range(4)]
    kitchen.api.limits(per_chat_per_second=2, overall_per_second=10, burst=2)
    for parent in parents:
        await parent.says("/start lost_patience")
        await parent.says("/menu")
    for parent in parents:
        await kitchen.agree(parent, within=40)
    kitchen.api.behave()
    assert kitchen.api.hasty == []


async def test_an_update_that_comes_again(kitchen: Kitchen) -> None:
    """Telegram may deliver an update again that was answered long ago; nobody hears of it."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    await kitchen.chooses(parent, parent.newest.labels[0])
    before = sent_texts(parent)
    for update_id in updates_of(kitchen, parent):
        kitchen.api.redeliver(update_id)
    await kitchen.asks(kitchen.parent(), "/start")
    await parent.waits_for_quiet()
    assert sent_texts(parent) == before
    await kitchen.agree(parent)


async def test_an_update_that_comes_again_at_once(kitchen: Kitchen) -> None:
    """One that is delivered again while it is being answered is answered once."""
    parent = kitchen.parent()
    trouble = kitchen.api.misbehave("slow", "sendMessage", chat=parent, seconds=1)
    await parent.says("/start")
    await kitchen.api.until(lambda: trouble.happened == 1, timeout=20)
    for update_id in updates_of(kitchen, parent):
        kitchen.api.redeliver(update_id)
    await kitchen.agree(parent)
    await parent.waits_for_quiet(0.5)
    await kitchen.agree(parent)


def updates_of(kitchen: Kitchen, parent: Parent) -> list[int]:
    """The ids of what this parent did."""
    history = kitchen.api.world.updates.history.values()
    return [update.id for update in history if update.chat_id == parent.id]
