"""Different chats side by side, one chat in order."""

from __future__ import annotations

import asyncio

import pytest

from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_one_slow_chat_holds_up_nobody(kitchen: Kitchen) -> None:
    """While Telegram takes seconds for a message to one parent, ten others get their answers."""
    slow, others = kitchen.parent(), [kitchen.parent() for _ in range(10)]
    trouble = kitchen.api.misbehave("slow", "sendMessage", chat=slow, seconds=3)
    await slow.says("/start")
    await kitchen.api.until(lambda: trouble.happened == 1, timeout=20)
    await asyncio.gather(*(kitchen.asks(parent, "/start lost_patience") for parent in others))
    assert len(kitchen.api.calls_of("sendMessage", slow)) == 1, "the first call is still under way"
    await kitchen.agree(slow)


async def test_one_chat_in_order(kitchen: Kitchen) -> None:
    """Ten things done in a row without waiting are answered one after the other."""
    parent = kitchen.parent()
    trouble = kitchen.api.misbehave("slow", "sendMessage", chat=parent, seconds=0.5)
    for topic in ("lost_patience", "breathe", "exhausted", "about", "worried_trauma"):
        await parent.says(f"/start {topic}")
        await parent.says("qwxz")
    await kitchen.agree(parent, within=15)
    assert trouble.happened == 1


async def test_many_parents_at_once(kitchen: Kitchen) -> None:
    """Thirty parents who begin in the same moment each get their own conversation."""
    topics = [name for name in companion().script.dialogs if not name.startswith("safety")]
    parents = [kitchen.parent() for _ in range(30)]
    for parent, topic in zip(parents, topics * 2, strict=False):
        await parent.says(f"/start {topic}")
    await asyncio.gather(*(kitchen.agree(parent, within=20) for parent in parents))
