"""Telegram is out of reach for a while, or says that it does not know the bot."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.telegram.conftest import Serve
from tests.telegram.kitchen import Kitchen
from tests.telegram.traces import found


async def test_parents_write_during_an_outage(serve: Serve, api: BotApi) -> None:
    """What parents did while nothing worked is answered afterwards, in order and once."""
    kitchen = Kitchen(api, await serve())
    parents = [api.parent() for _ in range(5)]
    for parent in parents:
        await kitchen.asks(parent, "/start")
    await api.down()
    for parent in parents:
        await parent.says("qwxz")
        await parent.taps(parent.chat[-2].labels[0], parent.chat[-2])
    await asyncio.sleep(1.5)
    for parent in parents:
        await parent.says("/start lost_patience")
    await api.up()
    for parent in parents:
        await kitchen.agree(parent)
    assert api.violations == []


async def test_a_start_during_an_outage(serve: Serve, api: BotApi) -> None:
    """A bot that is started while Telegram is out of reach waits, and serves as soon as it can."""
    await api.down()
    process = await serve(ready=False)
    await process.logs("Telegram is out of reach (NetworkError)", within=40)
    parent = api.parent()
    await parent.says("/start")
    await api.up()
    await Kitchen(api, process).agree(parent)
    assert await process.stop() == 0


async def test_another_process_polls(serve: Serve, api: BotApi) -> None:
    """Another process with the same token is reported by name, and the bot goes on when it is gone."""
    process = await serve()
    await api.until(lambda: any(call.outcome == "under way" for call in api.calls_of("getUpdates")), timeout=20)
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{api.url}/bot{api.token}/getUpdates", params={"timeout": 0}) as answer,
    ):
        assert answer.status == 200
    await process.logs("another process gets the updates of this bot")
    parent = api.parent()
    await parent.says("/start")
    await Kitchen(api, process).agree(parent)


@pytest.mark.parametrize("method", ["getUpdates", None])
async def test_a_token_that_is_revoked(serve: Serve, api: BotApi, method: str | None) -> None:
    """When polls are refused as unauthorized, the bot looks whether its token is good: it goes on when it is, and
    ends with 2 and a line about BOT_TOKEN when it is not."""
    process = await serve()
    trouble = api.misbehave("401", method, times=None if method is None else 2)
    parent = api.parent()
    await parent.says("/start")
    if method is None:
        assert await process.ends(within=40) == 2
        assert process.log.splitlines()[-1].startswith("keukentafel: BOT_TOKEN "), process.log
        assert "Traceback" not in process.log
        api.behave()
        await process.start()
    await Kitchen(api, process).agree(parent)
    assert trouble.happened >= 1


async def test_a_flood(serve: Serve, api: BotApi) -> None:
    """Hundreds of messages of one parent whom Telegram lets wait keep nobody else from being answered."""
    kitchen = Kitchen(api, await serve())
    flooding, other = api.parent(), api.parent()
    trouble = api.misbehave("429", "sendMessage", chat=flooding, times=None, retry_after=30)
    said = [await flooding.says("x") for _ in range(600)]
    await api.until(lambda: trouble.happened > 0, timeout=20)
    await other.says("/start")
    await kitchen.agree(other)
    assert all(api.is_confirmed(message.update_id or 0) for message in said)


async def test_an_update_that_cannot_be_read(serve: Serve, api: BotApi, tmp_path: Path) -> None:
    """An update of a shape that the Bot API does not have today holds up none of the others, and is not logged."""
    kitchen, parent = Kitchen(api, await serve()), api.parent()
    await api.down()
    for number in range(3):
        api.world.updates.add("message", {"message_id": "zwartekraai", "chat": number}, number)
        await parent.says("/start" if number else "/start lost_patience")
    await api.up()
    await kitchen.agree(parent)
    assert kitchen.process.log.count("an update cannot be read and is left out: ") == 3
    assert found(tmp_path, {b"zwartekraai"}) == []
