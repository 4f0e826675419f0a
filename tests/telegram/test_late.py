"""What lay for hours, because the bot was out of reach, is answered with a word on that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio

from bot.conversation.turns import LATE_SECONDS, Turns
from bot.engine.phrases import Phrase
from bot.store import Keys, Store
from bot.telegram.account import Account
from bot.telegram.pulse import Pulse
from bot.telegram.service import TelegramService
from tests.botapi import BotApi
from tests.telegram import oracle
from tests.telegram.oracle import phrase, sent_texts
from tests.telegram.serving import SECRET


def later() -> datetime:
    """Hours from now."""
    return datetime.now(UTC) + timedelta(seconds=LATE_SECONDS + 60)


@pytest_asyncio.fixture
async def hours_later(tmp_path: Path, api: BotApi) -> AsyncIterator[asyncio.Event]:
    """The bot in this very process, with a clock that is hours ahead; it serves once the event is set."""
    account, stop, begin = Account(api.token, api.url, 0, None), asyncio.Event(), asyncio.Event()

    async def serve() -> None:
        await begin.wait()
        async with await Store.open(tmp_path / "keukentafel.db", Keys.from_secret(SECRET)) as store:
            turns, pulse = Turns(oracle.companion(), store), Pulse(tmp_path / "pulse")
            await TelegramService(account, turns, store, pulse, later).serve(stop)

    serving = asyncio.create_task(serve())
    yield begin
    stop.set()
    await serving


async def test_a_backlog(api: BotApi, hours_later: asyncio.Event) -> None:
    """It is said before the first answer of each chat, and not again."""
    parents = [api.parent(), api.parent()]
    for parent in parents:
        await parent.says("/start")
        await parent.says("/start crying")
    hours_later.set()
    for parent in parents:
        await parent.waits_for(oracle.texts(oracle.answers(api, parent, later())[-1])[-1], timeout=20)
        assert sent_texts(parent)[0] == phrase(Phrase.LATE)
        assert sent_texts(parent).count(phrase(Phrase.LATE)) == 1
