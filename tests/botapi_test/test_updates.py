"""Getting updates: offsets, long polling, conflicts, webhooks, and giving an update again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import Update
from telegram.error import BadRequest, Conflict, TimedOut

from tests.botapi import BotApi

from .meeting import bot_at, meeting

pytestmark = pytest.mark.asyncio


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    """The texts in these updates."""
    return [update.message.text if update.message else None for update in updates]


async def test_updates_stay_until_a_higher_offset_confirms_them() -> None:
    """getUpdates gives the same until the offset is above it; then it is forgotten."""
    async with meeting() as (api, bot, parent):
        said = [await parent.says(text) for text in ("een", "twee")]
        first = await bot.get_updates()
        assert texts(first) == ["/start", "een", "twee"]
        assert texts(await bot.get_updates(offset=first[0].update_id)) == ["/start", "een", "twee"]
        assert texts(await bot.get_updates(offset=first[1].update_id, limit=1)) == ["een"]
        assert texts(await bot.get_updates()) == ["een", "twee"]
        assert not api.is_confirmed(said[0].update_id or 0)
        assert await bot.get_updates(offset=first[2].update_id + 1) == ()
        assert await bot.get_updates() == ()
        assert api.is_confirmed(said[1].update_id or 0)


async def test_a_negative_offset_counts_from_the_end() -> None:
    """offset=-1 gives the newest and forgets all before it."""
    async with meeting() as (_, bot, parent):
        await parent.says("een")
        assert texts(await bot.get_updates(offset=-5)) == ["/start", "een"]
        assert texts(await bot.get_updates(offset=-1)) == ["een"]
        assert texts(await bot.get_updates()) == ["een"]


async def test_long_polling_waits_for_something() -> None:
    """A poll with a timeout answers at once when something happens, and with nothing when nothing does."""
    async with meeting() as (_, bot, parent):
        (start,) = await bot.get_updates()
        poll = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=30))
        await asyncio.sleep(0.1)
        assert not poll.done()
        await parent.says("daar ben ik")
        assert texts(await poll) == ["daar ben ik"]
        began = time.monotonic()
        assert await bot.get_updates(offset=start.update_id + 2, timeout=1) == ()
        assert time.monotonic() - began >= 0.95


async def test_only_the_kinds_asked_for() -> None:
    """allowed_updates holds for what happens after it was asked, and stays until asked otherwise."""
    async with meeting() as (api, bot, parent):
        assert texts(await bot.get_updates(allowed_updates=["callback_query"])) == ["/start"]
        await parent.says("gaat verloren")
        assert texts(await bot.get_updates()) == ["/start"]
        assert [update.payload["text"] for update in api.world.updates.dropped] == ["gaat verloren"]
        await bot.get_updates(allowed_updates=[])
        await parent.says("komt aan")
        assert texts(await bot.get_updates()) == ["/start", "komt aan"]


async def test_two_pollers_conflict() -> None:
    """A second getUpdates ends the first with 409, which is a violation."""
    async with meeting() as (api, bot, parent):
        (start,) = await bot.get_updates()
        older = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=5))
        await asyncio.sleep(0.1)
        newer = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=5))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        await parent.says("voor de tweede")
        assert texts(await newer) == ["voor de tweede"]
        assert [violation.code for violation in api.violations] == [409]


async def test_a_poller_that_hung_up_is_no_conflict() -> None:
    """A bot that gives up a poll and polls again breaks no rule, and loses nothing."""
    async with meeting() as (api, bot, parent):
        (start,) = await bot.get_updates()
        poll = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=5))
        await asyncio.sleep(0.1)
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
        again = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=5))
        await asyncio.sleep(0.1)
        await parent.says("ik ben er nog")
        assert texts(await again) == ["ik ben er nog"]
        assert api.violations == []
        assert api.calls_of("getUpdates")[1].outcome == "connection ended"


async def test_an_update_can_come_again() -> None:
    """redeliver gives a confirmed update once more, under its old id."""
    async with meeting() as (api, bot, _):
        (start,) = await bot.get_updates()
        await bot.get_updates(offset=start.update_id + 1)
        api.redeliver(start.update_id)
        assert await bot.get_updates(offset=start.update_id + 1, timeout=5) == (start,)
        assert await bot.get_updates(offset=start.update_id + 1) == ()


class Hook:
    """A webhook that answers what it is told to, first to last, and then 200."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[tuple[str, str | None]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        """Take an update, or not."""
        update = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.got.append((update["message"]["text"], secret))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@asynccontextmanager
async def hook() -> AsyncIterator[Hook]:
    """A webhook on this machine."""
    there = Hook()
    app = web.Application()
    app.router.add_post("/hook", there.handle)
    runner: Any = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield there
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_the_secret() -> None:
    """What waited and what comes is posted with the secret, a chat in order, until the answer is 2xx."""
    async with meeting() as (api, bot, parent), hook() as there:
        there.answers = [500, 503]
        await bot.set_webhook(there.url, secret_token="heel_Geheim-1")
        said = await parent.says("nog iets")
        await api.until(lambda: len(there.got) == 4)
        assert there.got == [(text, "heel_Geheim-1") for text in ("/start", "/start", "/start", "nog iets")]
        assert [delivery.status for delivery in api.postman.deliveries] == [500, 503, 200, 200]
        await api.until(lambda: api.is_confirmed(said.update_id or 0))
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == (there.url, 0)
        assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
        api.redeliver(said.update_id or 0)
        await api.until(lambda: len(there.got) == 5)


async def test_a_webhook_and_polling_exclude_each_other() -> None:
    """Setting a webhook ends a poll with 409; polling is refused until it is deleted; pending can go."""
    async with BotApi() as api, bot_at(api) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.1)
        await bot.set_webhook("https://127.0.0.1:1/nobody", allowed_updates=["message"])
        with pytest.raises(Conflict, match="terminated by setWebhook request"):
            await poll
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        await api.parent().says("niemand thuis")
        await api.until(lambda: bool(api.postman.deliveries))
        info = await bot.get_webhook_info()
        assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")
        await bot.delete_webhook(drop_pending_updates=True)
        assert await bot.get_updates() == ()


async def test_refused_webhooks() -> None:
    """A webhook is https (or on this machine), and its secret is made of A-Z, a-z, 0-9, _ and -."""
    async with BotApi() as api, bot_at(api) as bot:
        with pytest.raises(BadRequest, match=r"(?i)an https url must be provided"):
            await bot.set_webhook("http://opgroeien.be/hook")
        with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
            await bot.set_webhook("https://opgroeien.be/hook", secret_token="a b")


async def test_a_dead_bot_keeps_its_updates() -> None:
    """An update that was given but not confirmed is given again to a bot that starts anew."""
    async with meeting() as (api, bot, _):
        api.misbehave(method="getUpdates", kind="slow", seconds=3)
        with pytest.raises(TimedOut):
            await bot.get_updates()
        async with bot_at(api) as reborn:
            assert texts(await reborn.get_updates()) == ["/start"]
