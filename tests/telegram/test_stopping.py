"""SIGTERM stops the bot cleanly, whatever it is doing; the next start takes up what was left."""

from __future__ import annotations

import asyncio
import signal
import time

from tests.botapi import BotApi
from tests.telegram.conftest import Serve
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import sent_texts
from tests.telegram.serving import BotProcess

SOON = 6.0
"""Seconds; Docker kills after ten."""


async def stops(process: BotProcess, number: signal.Signals = signal.SIGTERM, within: float = SOON) -> None:
    """It ends within a few seconds, with 0, without a traceback, and does not look alive any more."""
    began = time.monotonic()
    process.signal(number)
    assert await process.ends(within=30) == 0, process.log
    assert time.monotonic() - began < within, process.log
    assert "Traceback" not in process.log
    assert not process.pulse.exists()


async def test_stop_between_bubbles(serve: Serve, api: BotApi) -> None:
    """A turn that is being said at the pace of talking is said to its end without further pauses, is confirmed to
    Telegram, and is not said again."""
    process = await serve({"PACE": "3"})
    kitchen, parent = Kitchen(api, process), api.parent()
    said = await parent.says("/start")
    await api.until(lambda: len(sent_texts(parent)) == 1, timeout=20)
    await stops(process)
    assert said.update_id is not None and api.is_confirmed(said.update_id)
    await process.start()
    await asyncio.sleep(0.5)
    await kitchen.agree(parent)


async def test_stop_while_telegram_refuses(serve: Serve, api: BotApi) -> None:
    """Answers that are being tried again, or wait as told, are left to the next start, which sends them."""
    process = await serve()
    kitchen, parents = Kitchen(api, process), [api.parent(), api.parent(), api.parent()]
    troubles = [
        api.misbehave("500", "sendMessage", chat=parents[0], times=None),
        api.misbehave("429", "sendMessage", chat=parents[1], times=None, retry_after=30),
        api.misbehave("reset", "sendMessage", chat=parents[2], times=None),
    ]
    for parent in parents:
        await parent.says("/start")
    await api.until(lambda: all(trouble.happened for trouble in troubles), timeout=20)
    await stops(process)
    api.behave()
    await process.start()
    for parent in parents:
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
    await stops(process, within=10)
    api.behave()
    await process.start()
    await kitchen.agree(parent, repeats=1)


async def test_stop_while_breathing(serve: Serve, api: BotApi) -> None:
    """A breathing minute does not keep the bot from stopping, nor does Ctrl-C right after SIGHUP; its buttons work
    afterwards."""
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    await kitchen.asks(parent, "/start breathe")
    await kitchen.chooses(parent, parent.newest.labels[0])
    process.signal(signal.SIGHUP)
    await stops(process, signal.SIGINT)
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


async def test_stop_before_it_serves(serve: Serve, api: BotApi) -> None:
    """A bot that Telegram did not let poll yet stops as well."""
    trouble = api.misbehave("500", "deleteWebhook", times=None)
    process = await serve(ready=False)
    await api.until(lambda: trouble.happened >= 2, timeout=30)
    await stops(process)


async def test_stop_with_many_left(serve: Serve, api: BotApi) -> None:
    """Updates that a former process left and that cannot be answered now do not delay a stop; the last start answers
    all of them."""
    process = await serve()
    kitchen, parents = Kitchen(api, process), [api.parent() for _ in range(20)]
    trouble = api.misbehave("500", "sendMessage", times=None)
    said = [await parent.says(text) for parent in parents for text in ("/start", "/menu")]
    await api.until(lambda: trouble.happened > 0, timeout=20)
    await api.until(lambda: all(api.is_confirmed(each.update_id or 0) for each in said), timeout=20)
    process.kill()
    await process.start(ready=False)
    await process.logs("updates left by a former process", within=40)
    before = trouble.happened  # calls of the one that was killed may have been on their way
    await api.until(lambda: trouble.happened > before + 10, timeout=30)
    await stops(process)
    api.behave()
    await process.start()
    for parent in parents:
        await kitchen.agree(parent, within=40)
