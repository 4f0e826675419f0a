"""A fault of our own: the parent is told, nobody else notices, and the log says where, not what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.conversation.answers import Answer
from bot.conversation.companion import Companion
from bot.conversation.incoming import Incoming, Typed
from bot.conversation.ports import StoreUnavailable
from bot.conversation.turns import Turns
from bot.engine.phrases import Phrase
from bot.engine.session import Session
from bot.store import Keys, Store
from bot.telegram.account import Account
from bot.telegram.flood import MOST_WAITING
from bot.telegram.pulse import Pulse
from bot.telegram.service import TelegramService
from tests.botapi import BotApi, Parent
from tests.telegram import oracle
from tests.telegram.database import rows_of
from tests.telegram.oracle import phrase, sent_texts
from tests.telegram.serving import SECRET

WORDS = "zwartekraai op het dak"
DATABASE = "keukentafel.db"


class Clumsy(Companion):
    """A companion that stumbles over some words."""

    def answer(self, session: Session, incoming: Incoming, now: datetime, phone_language: str | None = None) -> Answer:
        """Raises what it should not."""
        if isinstance(incoming, Typed) and incoming.text == WORDS:
            raise ZeroDivisionError(incoming.text)
        return super().answer(session, incoming, now, phone_language)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """The store of this test."""
    async with await Store.open(tmp_path / DATABASE, Keys.from_secret(SECRET)) as opened:
        yield opened


@pytest_asyncio.fixture
async def clumsy(tmp_path: Path, api: BotApi, store: Store) -> AsyncIterator[None]:
    """The bot in this very process, with a clumsy companion."""
    companion = Clumsy.__new__(Clumsy)
    vars(companion).update(vars(oracle.companion()))
    account, stop = Account(api.token, api.url, 0, None), asyncio.Event()
    pulse = Pulse(tmp_path / "pulse")
    service = TelegramService(account, Turns(companion, store), store, pulse, lambda: datetime.now(UTC))
    serving = asyncio.create_task(service.serve(stop))
    yield
    stop.set()
    await serving


@pytest.mark.usefixtures("clumsy")
async def test_the_parent_is_told(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    """The parent reads that it is not their fault and how to go on; then the conversation goes on where it was."""
    caplog.set_level(logging.DEBUG, "bot")
    parent = api.parent()
    await parent.says("/start")
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    await parent.says(WORDS)
    await parent.waits_for(phrase(Phrase.WENT_WRONG), timeout=20)
    await parent.waits_for_quiet()
    assert sent_texts(parent).count(phrase(Phrase.WENT_WRONG)) == 1
    tap = await parent.taps(lambda button: button.text != phrase(Phrase.HELP_NOW))
    assert await parent.waits_for_answer(tap, timeout=20) == ""
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    (line,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert line.startswith("a turn failed: ZeroDivisionError in answer:")
    assert "kraai" not in caplog.text


@pytest.mark.usefixtures("clumsy")
async def test_an_apology_can_be_wiped(api: BotApi) -> None:
    """/wis takes the apology off the screen, and the words that led to it."""
    parent = api.parent()
    await parent.says(WORDS)
    await parent.waits_for(phrase(Phrase.WENT_WRONG), timeout=20)
    await everything_goes(parent)


@pytest.mark.usefixtures("clumsy")
async def test_slowing_down_can_be_wiped(api: BotApi) -> None:
    """/wis takes the line about going too fast off the screen, and everything that was answered around it."""
    parent = api.parent()
    held_up = api.misbehave("429", "sendMessage", chat=parent, times=1, retry_after=1)
    for _ in range(MOST_WAITING + 1):
        await parent.says("/menu")
    await api.until(lambda: held_up.happened > 0, timeout=20)
    await parent.waits_for(phrase(Phrase.SLOW_DOWN), timeout=20)
    await everything_goes(parent)


async def everything_goes(parent: Parent) -> None:
    """The parent wipes the screen, and nothing of before stays on it."""
    await parent.waits_for_quiet()
    await parent.says("/wis")
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    await parent.waits_for_quiet()
    before = [*parent.chat]
    await parent.taps(parent.newest.labels[0])
    await parent.waits_for(lambda message: message not in before, timeout=20)
    assert [message.text for message in before if not message.deleted] == []


@pytest.mark.usefixtures("clumsy")
async def test_a_parent_who_is_gone(api: BotApi, tmp_path: Path) -> None:
    """Who blocked the bot before it could say so is forgotten as always."""
    parent = api.parent()
    await parent.says("/start")
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    await api.until(lambda: rows_of(tmp_path / DATABASE, parent.id) == {"session": 1, "shown": 1}, timeout=20)
    api.misbehave("403", "sendMessage", chat=parent, times=None)
    await parent.says(WORDS)
    await api.until(lambda: rows_of(tmp_path / DATABASE, parent.id) == {}, timeout=20)


def failing(times: int, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Like ``real``, but unavailable at first."""
    left = times

    async def work(*arguments: Any, **options: Any) -> Any:
        nonlocal left
        if left:
            left -= 1
            raise StoreUnavailable("the disk is full")
        return await real(*arguments, **options)

    return work


@pytest.mark.usefixtures("clumsy")
async def test_an_update_that_cannot_be_stored(
    api: BotApi, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not confirmed, comes again from Telegram, and is answered once."""
    monkeypatch.setattr(store, "put_update", failing(2, store.put_update))
    parent = api.parent()
    await parent.says("/start")
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    await parent.waits_for_quiet()
    (answer,) = oracle.answers(api, parent)
    assert sent_texts(parent) == oracle.texts(answer)
    assert caplog.text.count("an update was not stored and stays with Telegram") == 2


@pytest.mark.usefixtures("clumsy")
async def test_a_turn_that_cannot_be_stored(api: BotApi, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn that was said is stored as soon as it can be, and not said again."""
    monkeypatch.setattr(store, "commit", failing(2, store.commit))
    parent = api.parent()
    await parent.says("/start")
    await parent.says("/menu")
    await api.until(lambda: len(sent_texts(parent)) == 4, timeout=20)
    await parent.waits_for_quiet()
    assert sent_texts(parent) == [text for answer in oracle.answers(api, parent) for text in oracle.texts(answer)]


async def test_a_row_that_nobody_can_read(api: BotApi, store: Store, tmp_path: Path) -> None:
    """An inbox row of another edition is deleted; the others are answered."""
    parent = api.parent()
    await store.put_update(1, store.chat_key(parent.id), b"no JSON")
    stop = asyncio.Event()
    account, turns = Account(api.token, api.url, 0, None), Turns(oracle.companion(), store)
    service = TelegramService(account, turns, store, Pulse(tmp_path / "pulse"), lambda: datetime.now(UTC))
    serving = asyncio.create_task(service.serve(stop))
    await parent.says("/start")
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    stop.set()
    await serving
    assert await store.waiting() == []
