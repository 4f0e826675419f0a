"""SIGTERM stops the bot cleanly, whatever it is doing; the next start takes up what was left."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest

from tests.botapi import BotApi
from tests.telegram.conftest import Serve
from tests.telegram.editions import Edition
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion, sent_texts
from tests.telegram.serving import BotProcess

SOON = 6.0
"""Seconds; Docker kills after ten."""


async def stops(process: BotProcess, number: signal.Signals = signal.SIGTERM) -> None:
    """It ends within a few seconds, with 0, and without a traceback."""
    began = time.monotonic()
    process.signal(number)
    assert await process.ends(within=30) == 0, process.log
    assert time.monotonic() - began < SOON, process.log
    assert "Traceback" not in process.log
    assert not process.pulse.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_stop_while_idle(serve: Serve, number: signal.Signals) -> None:
    """Nothing to do: it stops at once."""
    await stops(await serve(), number)


async def test_stop_confirms_what_is_stored(serve: Serve, api: BotApi) -> None:
    """What was answered is confirmed to Telegram before the end, so that it does not come again."""
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    said = await parent.says("/start")
    await kitchen.agree(parent)
    await stops(process)
    assert said.update_id is not None and api.is_confirmed(said.update_id)
    await process.start()
    await asyncio.sleep(0.5)
    await kitchen.agree(parent)
    await kitchen.chooses(parent, parent.newest.labels[0])
    await stops(process)


@pytest.mark.parametrize("kind", ["500", "reset", "429"])
async def test_stop_while_telegram_refuses(serve: Serve, api: BotApi, kind: str) -> None:
    """An answer that is being tried again is left to the next start, which sends it."""
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    trouble = api.misbehave(kind, "sendMessage", times=None, retry_after=30)  # type: ignore[arg-type]  # a Kind
    await parent.says("/start")
    await api.until(lambda: trouble.happened >= 1, timeout=20)
    await stops(process)
    api.behave()
    await process.start()
    await kitchen.agree(parent)


async def test_stop_while_everything_is_slow(serve: Serve, api: BotApi) -> None:
    """Calls that hang, polling as well, do not keep it from stopping; the answer comes after the next start."""
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    await kitchen.asks(parent, "/start")
    for method in ("sendMessage", "getUpdates", "editMessageText"):
        api.misbehave("slow", method, times=None, seconds=60)
    await parent.says("/menu")
    await api.until(lambda: any(call.outcome == "slow" for call in api.calls_of("sendMessage", parent)), timeout=20)
    began = time.monotonic()
    process.signal(signal.SIGTERM)
    assert await process.ends(within=30) == 0, process.log
    assert time.monotonic() - began < 10, "Docker would have killed it"
    assert "Traceback" not in process.log
    api.behave()
    await process.start()
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    assert companion().script.menu == (await kitchen.agree(parent, repeats=len(sent_texts(parent)) - 4)).place


async def test_stop_between_bubbles(serve: Serve, api: BotApi) -> None:
    """A turn that is being said at the pace of talking is said to its end without further pauses, and is not
    said again."""
    process = await serve({"PACE": "3"})
    kitchen, parent = Kitchen(api, process), api.parent()
    await parent.says("/start")
    await api.until(lambda: len(sent_texts(parent)) == 1, timeout=20)
    await stops(process)
    await process.start()
    await asyncio.sleep(0.5)
    await kitchen.agree(parent)


async def test_stop_while_breathing(serve: Serve, api: BotApi) -> None:
    """A breathing minute does not keep the bot from stopping; its buttons work afterwards."""
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    await kitchen.asks(parent, "/start breathe")
    await kitchen.chooses(parent, parent.newest.labels[0])
    await stops(process)
    await process.start()
    await kitchen.chooses(parent, parent.newest.labels[0])


async def test_stop_while_telegram_is_out_of_reach(serve: Serve, api: BotApi) -> None:
    """Nor does an outage, with answers and polls that fail."""
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    api.misbehave("500", "sendMessage", times=1)
    await parent.says("/start")
    await process.logs("trying again")
    await api.down()
    await asyncio.sleep(0.7)
    await stops(process)
    await api.up()
    await process.start()
    await kitchen.agree(parent)


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_stop_before_telegram_was_met(serve: Serve, api: BotApi, method: str) -> None:
    """A bot that never got to know Telegram stops as well."""
    trouble = api.misbehave("500", method, times=None)
    process = await serve(ready=False)
    await api.until(lambda: trouble.happened >= 2, timeout=30)
    await stops(process)


async def test_stop_with_many_left(serve: Serve, api: BotApi) -> None:
    """Hundreds of updates that a former process left do not delay a stop; the last start answers all of them."""
    process = await serve()
    kitchen, parents = Kitchen(api, process), [api.parent() for _ in range(60)]
    trouble = api.misbehave("500", "sendMessage", times=None)
    said = [await parent.says(text) for parent in parents for text in ("/start", "/menu")]
    await api.until(lambda: trouble.happened > 0, timeout=20)
    await api.until(lambda: all(api.is_confirmed(each.update_id or 0) for each in said), timeout=20)
    process.kill()
    before = trouble.happened
    await process.start(ready=False)
    await api.until(lambda: trouble.happened > before + 30, timeout=30)
    await stops(process)
    api.behave()
    await process.start()
    for parent in parents:
        await kitchen.agree(parent, within=40)


async def test_stop_after_a_reload(serve: Serve, api: BotApi, edition: Edition) -> None:
    """SIGTERM right after SIGHUP is a stop."""
    process = await serve(edition.settings)
    process.signal(signal.SIGHUP)
    await stops(process)
