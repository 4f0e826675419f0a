"""Taps that come twice, late, from an old message, or from an altered app."""

from __future__ import annotations

import random

import pytest

from bot.engine.phrases import Phrase
from bot.telegram.messenger import CHOSEN
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import phrase, sent_texts

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORGED = {
    "nothing": "",
    "no serial": "lost_patience/hello/calm",
    "no such choice": "01:lost_patience/hello/no_such_choice",
    "no such node": "01:lost_patience/no_such_node/calm",
    "no such dialog": "01:no_such_dialog/hello/calm",
    "no such opener": "01:!open/no_such_dialog",
    "a path": "01:../../../../etc/passwd",
    "SQL": "01:'; DROP TABLE session; --",
    "64 bytes": "01:" + "x" * 61,
    "64 bytes of emoji": "\N{LOUDLY CRYING FACE}" * 16,
    "direction marks": "01:\N{RIGHT-TO-LEFT OVERRIDE}menu/hello/child",
    "a lone surrogate": "01:\ud83d",
}
RANDOM = random.Random(7)
FORGED |= {f"random {n}": RANDOM.randbytes(64).decode("latin-1")[: RANDOM.randint(1, 40)] for n in range(6)}


async def test_a_double_tap_is_one_tap(kitchen: Kitchen) -> None:
    """Two taps on one button in a row get one answer; both stop glowing."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    label = parent.newest.labels[0]
    taps = await parent.taps_twice(label)
    for tap in taps:
        assert await parent.waits_for_answer(tap, timeout=20) == ""
    await parent.waits_for_quiet()
    answer = await kitchen.agree(parent)
    assert answer.bubbles == ()
    assert [message.text.count(CHOSEN) for message in parent.chat if CHOSEN in message.text] == [1]


async def test_an_old_button_still_works(kitchen: Kitchen) -> None:
    """A button higher up in the chat leads where it says, after a conversation about something else."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    old = parent.newest
    label = old.labels[0]
    await kitchen.asks(parent, "/start breathe")
    await kitchen.asks(parent, "/help")
    answer = await kitchen.chooses(parent, label, old)
    assert str(answer.place) == "menu/child"
    assert old.buttons == [] and old.text.endswith(f"{CHOSEN}{label}")


async def test_a_button_that_the_phone_still_shows(kitchen: Kitchen) -> None:
    """A phone that did not see the keyboard go can tap another of its buttons; both choices stay readable."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    old, (first, second, *_) = parent.newest, parent.newest.labels
    await kitchen.chooses(parent, first, old)
    tap = await parent.taps(second, old, stale=True)
    await kitchen.agree(parent)
    assert await parent.waits_for_answer(tap, timeout=20) == ""
    assert old.text.endswith(f"{CHOSEN}{first}\n\n{CHOSEN}{second}")


async def test_a_button_under_a_deleted_message(kitchen: Kitchen) -> None:
    """A tap on a message that is not there any more is answered; there is nothing to tidy up."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    old = parent.newest
    tap = await parent.taps(old.labels[0])
    await kitchen.agree(parent)
    await parent.waits_for_answer(tap, timeout=20)
    await kitchen.asks(parent, "/menu")
    gone = parent.newest
    button = gone.buttons[0]
    gone.deleted = True
    assert button.data is not None
    tap = await parent.taps_data(button.data, gone)
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    assert await parent.waits_for_answer(tap, timeout=20) == ""


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED)
async def test_a_forged_button(kitchen: Kitchen, data: str) -> None:
    """What no button of this bot ever carried gets a kind answer and a way on; nothing is lost."""
    parent = kitchen.parent()
    there = await kitchen.asks(parent, "/start lost_patience")
    tap = await parent.taps_data(data, parent.newest)
    answer = await kitchen.agree(parent)
    assert sent_texts(parent)[-1] == phrase(Phrase.GONE)
    assert answer.place == there.place
    assert await parent.waits_for_answer(tap, timeout=20) == ""
    await kitchen.chooses(parent, phrase(Phrase.GO_ON_HERE))


async def test_a_button_of_another_chat(kitchen: Kitchen) -> None:
    """What a button carries names a place and nobody: in another chat it is that choice, for that chat only."""
    one, other = kitchen.parent(), kitchen.parent()
    await kitchen.asks(one, "/start lost_patience")
    await kitchen.asks(other, "/start breathe")
    stolen = one.newest.buttons[0].data
    assert stolen is not None
    await other.taps_data(stolen, other.newest)
    answer = await kitchen.agree(other)
    assert answer.place is not None and answer.place.dialog == "lost_patience"
    await kitchen.agree(one)


async def test_tens_of_taps_at_once(kitchen: Kitchen) -> None:
    """Impatient tapping on every button there is, without waiting, is answered in order."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    first = parent.newest
    for _ in range(3):
        for label in list(first.labels):
            await parent.taps(label, first, stale=True)
    await kitchen.agree(parent, within=20)
