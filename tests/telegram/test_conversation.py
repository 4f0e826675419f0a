"""A conversation on Telegram from /start to a soft end, with the real process."""

from __future__ import annotations

import pytest

from bot.engine.phrases import Phrase
from bot.telegram.messenger import CHOSEN
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion, phrase, sent_texts, type_out, way_to_an_end

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_to_a_soft_end_by_taps(kitchen: Kitchen) -> None:
    """Taps lead from /start to the end of a dialog; what is read on the way is what the companion says."""
    parent = kitchen.parent()
    answer = await kitchen.asks(parent, "/start")
    way = way_to_an_end(answer)
    assert len(way) >= 3
    for label in way:
        answer = await kitchen.chooses(parent, label)
    assert answer.ended


async def test_to_a_soft_end_by_typing(kitchen: Kitchen) -> None:
    """A few typed words open a topic, and typing what stands on a button is as good as tapping it."""
    parent = kitchen.parent()
    answer = await kitchen.asks(parent, companion().script.dialogs["lost_patience"].triggers["nl"][0])
    assert answer.place == companion().script.start_of("lost_patience")
    assert sent_texts(parent)[0] == phrase(Phrase.SCRIPT_LINE)
    for label in way_to_an_end(answer, type_out):
        answer = await kitchen.asks(parent, label.upper())
    assert answer.ended


@pytest.mark.parametrize("topic", ["lost_patience", "breathe", "worried_trauma"])
async def test_a_link_opens_a_topic(kitchen: Kitchen, topic: str) -> None:
    """t.me/BOT?start=<dialog id> opens that dialog at once, with one line that this is a script."""
    parent = kitchen.parent()
    answer = await kitchen.asks(parent, f"/start {topic}")
    assert answer.place == companion().script.start_of(topic)
    assert sent_texts(parent)[0] == phrase(Phrase.SCRIPT_LINE)


@pytest.mark.parametrize("payload", ["nowhere", "LOST_PATIENCE", "lost_patience/hello", "-_" * 30])
async def test_a_link_to_nowhere(kitchen: Kitchen, payload: str) -> None:
    """A link to a topic that is not there says so and shows the menu."""
    parent = kitchen.parent()
    answer = await kitchen.asks(parent, f"/start {payload}")
    assert answer.place is not None and answer.place.dialog == "menu"
    assert sent_texts(parent)[0] == phrase(Phrase.UNKNOWN_LINK)


async def test_the_choice_stays_readable(kitchen: Kitchen) -> None:
    """After a tap the old keyboard goes, and the label that was chosen stands under its message."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    asked = parent.newest
    before, label = asked.text, asked.labels[1]
    await kitchen.chooses(parent, label)
    assert asked.text == f"{before}\n\n{CHOSEN}{label}"
    assert asked.buttons == []
    assert [message for message in parent.chat if message.buttons] == [parent.newest]


async def test_a_week_later(kitchen: Kitchen) -> None:
    """/start in the middle of a topic offers the way back to where the parent was."""
    parent = kitchen.parent()
    there = await kitchen.asks(parent, "/start lost_patience")
    await kitchen.asks(parent, "/start")
    assert sent_texts(parent)[-1] == phrase(Phrase.WELCOME_BACK)
    answer = await kitchen.chooses(parent, phrase(Phrase.GO_ON_HERE))
    assert answer.place == there.place


async def test_help_is_one_tap_away(kitchen: Kitchen) -> None:
    """Hulp nu leads from anywhere to people, and from there back to where the parent was."""
    parent = kitchen.parent()
    there = await kitchen.asks(parent, "/start lost_patience")
    answer = await kitchen.chooses(parent, phrase(Phrase.HELP_NOW))
    assert answer.place == companion().script.start_of("help_now")
    assert "112" in sent_texts(parent)[-2]
    answer = await kitchen.chooses(parent, phrase(Phrase.BACK))
    assert answer.place == there.place


async def test_help_is_on_every_keyboard(kitchen: Kitchen) -> None:
    """In a walk through many places each keyboard ends with Hulp nu, and it alone has a colour."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    walked = 0
    for number in range(20):
        choices = [label for label in parent.newest.labels if label != phrase(Phrase.HELP_NOW)]
        await kitchen.chooses(parent, choices[number % len(choices)])
        *others, last = parent.newest.buttons
        assert (last.text, last.raw.get("style")) == (phrase(Phrase.HELP_NOW), "danger")
        assert all("style" not in button.raw for button in others)
        walked += 1
    assert walked == 20
