"""Groups and channels: the bot says once that it talks in private, and leaves."""

from __future__ import annotations

import pytest

from bot.engine.phrases import Phrase
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import phrase

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group(kitchen: Kitchen, kind: str) -> None:
    """Added to a group it speaks once, in the language of who added it, and goes; nothing is kept of it."""
    parent, group = kitchen.parent("en"), kitchen.api.group(kind=kind)
    added = await group.adds_bot(parent)
    await kitchen.api.until(lambda: not group.has_bot, timeout=20)
    await group.waits_for_quiet()
    assert group.bot_texts == [phrase(Phrase.PRIVATE_ONLY, "en")]
    assert kitchen.api.is_confirmed(added)


async def test_a_channel(kitchen: Kitchen) -> None:
    """As administrator of a channel it does the same."""
    parent, channel = kitchen.parent(), kitchen.api.channel()
    await channel.adds_bot(parent)
    await kitchen.api.until(lambda: not channel.has_bot, timeout=20)
    await channel.waits_for_quiet()
    assert channel.bot_texts == [phrase(Phrase.PRIVATE_ONLY)]


async def test_a_group_it_was_in_all_along(kitchen: Kitchen) -> None:
    """A group that it finds itself in, by what is said there, is left without a word."""
    parent, group = kitchen.parent(), kitchen.api.group()
    group.room.bot_status = "member"
    await group.says("/start", parent)
    await kitchen.api.until(lambda: not group.has_bot, timeout=20)
    await group.waits_for_quiet()
    assert group.bot_texts == []


async def test_put_out_before_it_could_speak(kitchen: Kitchen) -> None:
    """A group that removes it at once is no reason to stop or to complain."""
    parent, group = kitchen.parent(), kitchen.api.group()
    await group.adds_bot(parent)
    await group.removes_bot(parent)
    await kitchen.asks(parent, "/start")


async def test_a_private_talk_with_who_added_it(kitchen: Kitchen) -> None:
    """Who added it to a group is answered in private as anybody else."""
    parent, group = kitchen.parent(), kitchen.api.group()
    await group.adds_bot(parent)
    await kitchen.asks(parent, "/start")
    await kitchen.api.until(lambda: not group.has_bot, timeout=20)
