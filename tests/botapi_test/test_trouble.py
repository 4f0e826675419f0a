"""Each misbehaviour, as a bot of python-telegram-bot meets it."""

from __future__ import annotations

import asyncio
import time

import pytest
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.botapi import BotApi
from tests.botapi.trouble import Kind

from .meeting import bot_at, meeting

pytestmark = [
    pytest.mark.asyncio,
    # python-telegram-bot says this whenever it makes a RetryAfter
    pytest.mark.filterwarnings("ignore:Deprecated since version v22.2"),
]


@pytest.mark.parametrize(
    ("kind", "error", "says", "arrives"),
    [
        ("429", RetryAfter, "Retry in 7 seconds", False),
        ("500", NetworkError, "Internal Server Error", False),
        ("502-html", NetworkError, "Bad Gateway", False),
        ("reset", NetworkError, "ReadError", False),
        ("400", BadRequest, "It was asked to be refused", False),
        ("403", Forbidden, "bot was blocked by the user", False),
        ("403-html", Forbidden, "Parsing the server response", False),
        ("401", InvalidToken, "Unauthorized", False),
        ("lost", NetworkError, "RemoteProtocolError", True),
        ("slow", TimedOut, "Timed out", True),
        ("malformed", TelegramError, "Invalid server response", True),
    ],
)
async def test_every_kind(kind: Kind, error: type[TelegramError], says: str, arrives: bool) -> None:
    """The bot gets this error; the message arrived or not; the next call is treated well."""
    async with meeting() as (api, bot, parent):
        trouble = api.misbehave(method="sendMessage", kind=kind, retry_after=7, seconds=1.5)
        with pytest.raises(error, match=says) as caught:
            await bot.send_message(parent.id, "een")
        assert caught.type is error
        assert parent.bot_texts == (["een"] if arrives else [])
        assert bool(api.sent_to(parent)) == arrives
        assert api.calls_of("sendMessage")[0].outcome == kind
        await bot.send_message(parent.id, "twee")
        assert parent.newest.text == "twee"
        assert trouble.happened == 1
        assert api.violations == []


async def test_trouble_finds_its_method_chat_and_number() -> None:
    """Misbehaviour is limited to a method, a chat and a number of times; behave ends it."""
    async with meeting() as (api, bot, parent):
        other = api.parent(known=True)
        api.misbehave("500", "sendMessage", chat=other, times=2)
        await bot.send_message(parent.id, "goed")
        await bot.send_chat_action(other.id, "typing")
        for _ in range(2):
            with pytest.raises(NetworkError):
                await bot.send_message(other.id, "slecht")
        await bot.send_message(other.id, "goed")
        api.misbehave("400", times=None, description="Bad Request: nothing works")
        for _ in range(3):
            with pytest.raises(BadRequest, match="Nothing works"):
                await bot.get_me()
        api.behave()
        await bot.get_me()
        with pytest.raises(ValueError, match="unknown kind"):
            api.misbehave("sulk")  # type: ignore[arg-type]  # is the point
        with pytest.raises(ValueError, match="no method"):
            api.misbehave("500", "sendMesage")


async def test_trouble_for_a_tap_finds_the_chat() -> None:
    """answerCallbackQuery belongs to the chat of the tap."""
    async with meeting() as (api, bot, parent):
        sent = await bot.send_message(parent.id, "Dag")
        tap = await parent.taps_data("x", next(m for m in parent.chat if m.id == sent.message_id))
        api.misbehave("500", "answerCallbackQuery", chat=parent)
        with pytest.raises(NetworkError):
            await bot.answer_callback_query(tap.id)
        await bot.answer_callback_query(tap.id)


async def test_who_does_not_wait_is_hasty() -> None:
    """A call made again before the time that a 429 told is written down."""
    async with meeting() as (api, bot, parent):
        api.misbehave("429", "sendMessage", retry_after=1)
        with pytest.raises(RetryAfter):
            await bot.send_message(parent.id, "te vlug")
        await bot.send_message(api.parent(known=True).id, "een ander")
        assert api.hasty == []
        await bot.send_message(parent.id, "te vlug")
        assert [call.text for call in api.hasty] == ["te vlug"]
        await asyncio.sleep(1)
        await bot.send_message(parent.id, "nu wel")
        assert len(api.hasty) == 1


async def test_an_outage() -> None:
    """While down, a poll is cut and connections are refused; afterwards the port is the same, all is there."""
    async with meeting() as (api, bot, parent):
        (start,) = await bot.get_updates()
        poll = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=5))
        await asyncio.sleep(0.1)
        url = api.url
        await api.down()
        with pytest.raises(NetworkError):
            await poll
        with pytest.raises(NetworkError, match="ConnectError"):
            await bot.send_message(parent.id, "hallo?")
        await parent.says("hoor je me?")
        await api.up()
        assert api.url == url
        await bot.send_message(parent.id, "daar ben ik weer")
        (update,) = await bot.get_updates(offset=start.update_id + 1)
        assert update.message and update.message.text == "hoor je me?"
        assert api.violations == []


async def test_limits_on_the_rate() -> None:
    """With limits, the second message in a second to one chat gets 429, as does what exceeds all chats."""
    async with meeting() as (api, bot, parent):
        api.limits(per_chat_per_second=1, overall_per_second=3)
        await bot.send_message(parent.id, "een")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(parent.id, "twee")
        assert caught.value.retry_after == 1
        for _ in range(2):
            await bot.send_message(api.parent(known=True).id, "een")
        with pytest.raises(RetryAfter):
            await bot.send_message(api.parent(known=True).id, "een")
        await asyncio.sleep(1)
        await bot.send_message(parent.id, "twee")
        assert parent.bot_texts == ["een", "twee"]
        assert api.violations == []


async def test_a_burst() -> None:
    """With a burst, a few may go to a chat at once."""
    async with meeting() as (api, bot, parent):
        api.limits(burst=3)
        for text in "abc":
            await bot.send_message(parent.id, text)
        with pytest.raises(RetryAfter):
            await bot.send_message(parent.id, "d")


async def test_leaving_is_quick() -> None:
    """The server closes at once, also with a poll and a slow answer under way."""
    async with BotApi() as api:
        async with bot_at(api) as bot:
            api.misbehave("slow", "getMe", seconds=30)
            polls = [asyncio.create_task(call) for call in (bot.get_updates(timeout=30), bot.get_me())]
            await asyncio.sleep(0.1)
            began = time.monotonic()
            await api.down()
            results = await asyncio.gather(*polls, return_exceptions=True)
            assert time.monotonic() - began < 0.5
            assert all(isinstance(result, NetworkError) for result in results)
        began = time.monotonic()
    assert time.monotonic() - began < 0.5
