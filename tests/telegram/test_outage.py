"""Telegram is out of reach for a while, or says that it does not know the bot."""

from __future__ import annotations

import asyncio

from tests.botapi import BotApi
from tests.telegram.conftest import Serve
from tests.telegram.kitchen import Kitchen
from tests.telegram.serving import health


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


async def test_a_stop_during_an_outage(serve: Serve, api: BotApi) -> None:
    """While Telegram was never reached the bot counts as well, and stops when it is told to."""
    await api.down()
    process = await serve(ready=False)
    await process.logs("Telegram is out of reach (NetworkError)", within=40)
    assert health(process) == (0, [])
    assert await process.stop() == 0


async def test_a_token_that_is_revoked(serve: Serve, api: BotApi) -> None:
    """When polls are refused as unauthorized, the bot looks whether its token is good; when it is not, it ends with 2
    and a line about BOT_TOKEN."""
    process = await serve()
    api.misbehave("401", times=None)
    await api.parent().says("/start")
    assert await process.ends(within=40) == 2
    assert process.log.splitlines()[-1].startswith("keukentafel: BOT_TOKEN "), process.log
    assert "Traceback" not in process.log


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
