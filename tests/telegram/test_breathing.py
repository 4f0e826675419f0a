"""A breathing minute is one message that changes, and that stops when the parent wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.conversation.answers import PacedBubble
from bot.telegram.messenger import CHOSEN
from tests.botapi import BotApi, Message, Parent
from tests.telegram.editions import Edition
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion
from tests.telegram.serving import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECONDS, ROUNDS = 1, 1


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def kitchen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kitchen]:
    """A kitchen in which a minute takes two seconds."""
    folder: Path = tmp_path_factory.mktemp("breathing")
    edition = Edition(folder)
    edition.change("topics/breathe.yaml", r"seconds: \d+", f"seconds: {SECONDS}")
    edition.change("topics/breathe.yaml", r"rounds: \d+", f"rounds: {ROUNDS}")
    async with BotApi(seed=3) as api, serving(folder, api, edition.settings) as process:
        yield Kitchen(api, process)
        assert api.violations == []


async def begins(kitchen: Kitchen, parent: Parent) -> tuple[PacedBubble, Message]:
    """The parent begins the minute; gives what is to come and the message in which it comes."""
    await kitchen.asks(parent, "/start breathe")
    answer = await kitchen.chooses(parent, parent.newest.labels[0])
    assert answer.place is not None
    paced = answer.bubbles[-1]
    assert isinstance(paced, PacedBubble)
    return paced, parent.newest


def frames(message: Message) -> list[str]:
    """All that the message said, in order."""
    return [*(version.text for version in message.edits), message.text]


async def test_the_message_changes_over_time(kitchen: Kitchen) -> None:
    """Each frame is shown in its turn, every round, and then the last words; the keyboard stays."""
    parent = kitchen.parent()
    paced, message = await begins(kitchen, parent)
    labels = message.labels
    await kitchen.api.until(lambda: message.text == paced.last, timeout=20)
    assert frames(message) == [text for text, _ in paced.frames * ROUNDS] + [paced.last]
    edits = [call for call in kitchen.api.calls_of("editMessageText", parent) if call.text in frames(message)]
    assert edits[-1].at - edits[0].at >= SECONDS * 0.9 * (len(edits) - 1)
    assert message.labels == labels


async def test_a_tap_stops_it(kitchen: Kitchen) -> None:
    """After a tap the message changes no more, but for the choice under it; the conversation goes on."""
    parent = kitchen.parent()
    paced, message = await begins(kitchen, parent)
    await kitchen.api.until(lambda: len(message.edits) == 1, timeout=20)
    label = message.labels[0]
    await kitchen.chooses(parent, label, message)
    stopped = frames(message)
    assert stopped[-1].endswith(f"{CHOSEN}{label}") and message.buttons == []
    await asyncio.sleep(SECONDS * 1.5)
    assert frames(message) == stopped
    assert paced.last not in "".join(stopped)


async def test_words_stop_it_too(kitchen: Kitchen) -> None:
    """Whatever the parent does next ends the minute."""
    parent = kitchen.parent()
    _, message = await begins(kitchen, parent)
    await kitchen.asks(parent, "/menu")
    stopped = frames(message)
    await asyncio.sleep(SECONDS * 1.5)
    assert frames(message) == stopped


async def test_a_second_minute(kitchen: Kitchen) -> None:
    """A minute can be begun again from its old button while the first is going on; only one goes on."""
    parent = kitchen.parent()
    _, first = await begins(kitchen, parent)
    paced, second = await begins(kitchen, parent)
    stopped = frames(first)
    await kitchen.api.until(lambda: second.text == paced.last, timeout=20)
    assert frames(first) == stopped


async def test_a_frame_that_telegram_refuses(kitchen: Kitchen) -> None:
    """A frame that could not be shown is left out; the minute goes on."""
    parent = kitchen.parent()
    kitchen.api.misbehave("500", "editMessageText", chat=parent, times=2)
    await kitchen.asks(parent, "/start breathe")
    await parent.taps(parent.newest.labels[0])
    last = companion().script.dialogs["breathe"].nodes["minute"].lines[-1].content
    assert hasattr(last, "last")
    await parent.waits_for(last.last.source, timeout=20)


async def test_a_parent_who_goes_away(kitchen: Kitchen) -> None:
    """A parent who blocks the bot in the middle of a minute gets no more frames, and nobody else notices."""
    parent, other = kitchen.parent(), kitchen.parent()
    _, message = await begins(kitchen, parent)
    await parent.blocks()
    await kitchen.process.logs("chat deleted: blocked")
    stopped = frames(message)
    paced, message_of_other = await begins(kitchen, other)
    await kitchen.api.until(lambda: message_of_other.text == paced.last, timeout=20)
    assert frames(message) == stopped
