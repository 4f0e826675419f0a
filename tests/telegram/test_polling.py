"""Fetching updates goes on, whatever Telegram or another process makes of it."""

from __future__ import annotations

import aiohttp
import pytest

from tests.botapi.trouble import Kind
from tests.telegram.kitchen import Kitchen
from tests.telegram.traces import found

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS: tuple[Kind, ...] = ("429", "500", "502-html", "reset", "401", "lost", "malformed")


@pytest.fixture
def kitchen(rough_kitchen: Kitchen) -> Kitchen:
    """The kitchen of this file."""
    return rough_kitchen


@pytest.mark.parametrize("kind", KINDS)
async def test_trouble_with_polling(kitchen: Kitchen, kind: Kind) -> None:
    """Updates that could not be fetched are fetched later, and answered once."""
    parent = kitchen.parent()
    trouble = kitchen.api.misbehave(kind, "getUpdates", times=1, retry_after=1)
    await kitchen.asks(kitchen.parent(), "/start")
    await kitchen.asks(parent, "/start lost_patience")
    await kitchen.api.until(lambda: trouble.happened == 1, timeout=20)
    await kitchen.chooses(parent, parent.newest.labels[0])


async def test_another_process_polls(kitchen: Kitchen) -> None:
    """Another process with the same token is reported by name, and the bot goes on when it is gone."""
    api = kitchen.api
    await api.until(lambda: any(call.outcome == "under way" for call in api.calls_of("getUpdates")), timeout=20)
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{api.url}/bot{api.token}/getUpdates", params={"timeout": 0}) as answer,
    ):
        assert answer.status == 200
    await kitchen.process.logs("another process gets the updates of this bot")
    await kitchen.asks(kitchen.parent(), "/start")


async def test_an_update_that_cannot_be_read(kitchen: Kitchen) -> None:
    """An update of a shape that the Bot API does not have today holds up none of the others, and is not logged."""
    api, parent = kitchen.api, kitchen.parent()
    await api.down()
    for number in range(3):
        api.world.updates.add("message", {"message_id": "zwartekraai", "chat": number}, number)
        await parent.says("/start" if number else "/start lost_patience")
    await api.up()
    await kitchen.agree(parent)
    assert kitchen.process.log.count("an update cannot be read and is left out: ") == 3
    assert found([kitchen.process.folder], {b"zwartekraai"}) == []
