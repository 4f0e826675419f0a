"""/wis takes the conversation off the screen: what the bot said and what the parent typed."""

from __future__ import annotations

import pytest

from tests.botapi import Message
from tests.telegram.database import rows_of
from tests.telegram.kitchen import Kitchen, is_forgotten

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def talked_and_wiped(kitchen: Kitchen, choice: int) -> tuple[list[Message], Message]:
    """What stood on the screen before /wis was answered with this choice, and what the bot said after it."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start safety_violence")
    await kitchen.asks(parent, "mijn man slaat mij")
    await kitchen.asks(parent, "/wis")
    before = [*parent.chat]
    assert any(not message.from_bot for message in before)
    await parent.taps(parent.newest.labels[choice])
    await parent.waits_for(lambda message: message not in before, timeout=20)
    await parent.waits_for_quiet(0.5)
    if choice == 1:
        await is_forgotten(kitchen, parent)
    else:
        assert "session" in rows_of(kitchen.process.database, parent.id)
    return before, parent.newest


@pytest.mark.parametrize("choice", [0, 1], ids=["wipe", "wipe and forget"])
async def test_nothing_stays_on_the_screen(kitchen: Kitchen, choice: int) -> None:
    """Every message of the conversation goes, those of the parent as well; one that tells nothing takes their place."""
    before, left = await talked_and_wiped(kitchen, choice)
    assert [message.text for message in before if not message.deleted] == []
    assert not left.deleted and left.buttons


async def test_who_declines_keeps_the_screen(kitchen: Kitchen) -> None:
    """The third choice deletes nothing."""
    before, _ = await talked_and_wiped(kitchen, 2)
    assert [message.text for message in before if message.deleted] == []
