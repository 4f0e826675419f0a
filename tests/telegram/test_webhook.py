"""Behind a webhook: only Telegram is let in, and what was taken is safe."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.botapi import BotApi, Parent
from tests.botapi.webhook import Delivery
from tests.telegram.database import waiting
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import sent_texts
from tests.telegram.serving import free_port, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "tafel_" + "s" * 26
CHAT = {"id": 5, "type": "private"}
UNREADABLE: list[dict[str, Any]] = [
    {"message": "zwartekraai"},
    {"message": {"text": "zwartekraai"}},
    {"callback_query": {"id": "zwartekraai"}},
    {"message": {"message_id": "zwartekraai", "chat": 1}},
    {"message": {"message_id": 1, "date": 1, "chat": CHAT, "text": ["zwartekraai"]}},
]
"""Of shapes that the Bot API does not have today."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def kitchen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kitchen]:
    """A kitchen with a webhook; its path has signs that mean something in a pattern."""
    folder: Path = tmp_path_factory.mktemp("webhook")
    listen = f"127.0.0.1:{free_port()}"
    settings = {"WEBHOOK_URL": f"http://{listen}/a+b(c)/x7", "WEBHOOK_LISTEN": listen, "WEBHOOK_SECRET": SECRET}
    async with BotApi(seed=5) as api, serving(folder, api, settings) as process:
        yield Kitchen(api, process)
        assert await process.stop() == 0, process.log
        assert api.violations == []


async def posts(
    kitchen: Kitchen, body: bytes, *, path: str | None = None, secret: str | None = SECRET, **headers: str
) -> int:
    """What the webhook answers to this."""
    url = kitchen.process.env["WEBHOOK_URL"]
    if path is not None:
        url = f"http://{kitchen.process.env['WEBHOOK_LISTEN']}{path}"
    all_headers = {"Content-Type": "application/json"} | headers
    if secret is not None:
        all_headers["X-Telegram-Bot-Api-Secret-Token"] = secret
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=all_headers) as answer:
        return answer.status


def forged(parent: Parent) -> bytes:
    """A message that this parent never sent."""
    message = {"message_id": 1, "date": 1, "chat": parent.room.as_json(), "from": parent.account.as_json(), "text": "x"}
    return json.dumps({"update_id": parent.world.random.randrange(10**6), "message": message}).encode()


async def test_a_conversation(kitchen: Kitchen) -> None:
    """The same conversation as with polling; each update is delivered once."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    await kitchen.chooses(parent, parent.newest.labels[0])
    assert [delivery.status for delivery in kitchen.api.postman.deliveries] == [200, 200]
    assert kitchen.api.calls_of("getUpdates") == []


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "s"])
async def test_a_stranger(kitchen: Kitchen, secret: str | None) -> None:
    """Whoever does not know the secret gets 403, and nobody gets an answer."""
    parent = kitchen.api.parent(known=True)
    assert await posts(kitchen, forged(parent), secret=secret) == 403
    await kitchen.asks(kitchen.parent(), "/start")
    assert sent_texts(parent) == []


@pytest.mark.parametrize("path", ["/", "/aab(c)/x7", "/a+b(c)", "/a+b(c)/x7/y", "/../a+b(c)/x8"])
async def test_another_path(kitchen: Kitchen, path: str) -> None:
    """Only the path of WEBHOOK_URL is answered."""
    parent = kitchen.api.parent(known=True)
    assert await posts(kitchen, forged(parent), path=path) == 404
    assert sent_texts(parent) == []


async def test_another_type(kitchen: Kitchen) -> None:
    """What is not sent as JSON is refused."""
    assert await posts(kitchen, b"x=1", **{"Content-Type": "application/x-www-form-urlencoded"}) == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"message": {"text": "x"}}',
        b'{"update_id": "1", "message": {}}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 9223372036854775808}',
    ],
    ids=lambda body: body[:30].decode("latin-1"),
)
async def test_what_is_no_update(kitchen: Kitchen, body: bytes) -> None:
    """It is not taken, and the next update is."""
    assert await posts(kitchen, body) == 400
    await kitchen.asks(kitchen.parent(), "/start")
    assert "Traceback" not in kitchen.process.log


@pytest.mark.parametrize("number", range(len(UNREADABLE)))
async def test_an_update_that_cannot_be_read(kitchen: Kitchen, number: int) -> None:
    """It is confirmed, or Telegram would bring it for ever; the log says so in one line, without what was in it."""
    before = len(kitchen.process.log)
    assert await posts(kitchen, json.dumps({"update_id": number, **UNREADABLE[number]}).encode()) == 200
    await kitchen.asks(kitchen.parent(), "/start")
    said = [line for line in kitchen.process.log[before:].splitlines() if " INFO " not in line]
    assert len(said) == 1 and "an update cannot be read and is left out: " in said[0]
    assert "zwartekraai" not in said[0]


async def test_what_is_taken_is_stored(kitchen: Kitchen) -> None:
    """200 means that the update is safe: killed right after it and started again, the bot answers, though Telegram
    does not deliver it again."""
    parent = kitchen.parent()
    kitchen.api.misbehave("500", "sendMessage", chat=parent, times=None)
    said = await parent.says("/start lost_patience")
    postman = kitchen.api.postman
    await kitchen.api.until(lambda: any(d.update_id == said.update_id for d in postman.deliveries), timeout=20)
    kitchen.process.kill()
    await asyncio.sleep(0.1)
    kitchen.api.behave()
    delivered = len(postman.deliveries)
    await kitchen.process.start()
    await kitchen.agree(parent)
    assert len(postman.deliveries) == delivered


async def test_what_is_not_stored_is_not_confirmed(kitchen: Kitchen) -> None:
    """While another program locks the database Telegram gets 503, and comes again with the update."""
    parent, deliveries = kitchen.parent(), kitchen.api.postman.deliveries
    await kitchen.asks(parent, "/start lost_patience")
    await kitchen.api.until(lambda: waiting(kitchen.process.database) == 0, timeout=20)
    with closing(sqlite3.connect(kitchen.process.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        update = (await parent.says("/menu")).update_id or 0
        await kitchen.api.until(lambda: Delivery(update, 503) in deliveries, timeout=30)
        other.execute("ROLLBACK")
    await kitchen.agree(parent)
    assert deliveries[-1] == Delivery(update, 200)


async def test_an_update_that_is_delivered_twice(kitchen: Kitchen) -> None:
    """Telegram may deliver again what was taken; it is taken, and not answered again."""
    parent = kitchen.parent()
    said = await parent.says("/start")
    await kitchen.agree(parent)
    deliveries: list[Any] = kitchen.api.postman.deliveries
    before = len(deliveries)
    kitchen.api.redeliver(said.update_id or 0)
    await kitchen.api.until(lambda: len(deliveries) == before + 1, timeout=20)
    assert deliveries[-1].status == 200
    await parent.waits_for_quiet()
    await kitchen.agree(parent)


async def test_many_at_once(kitchen: Kitchen) -> None:
    """Many parents, each impatient."""
    parents = [kitchen.parent() for _ in range(10)]
    for parent in parents:
        for text in ("/start", "/menu", "qwxz"):
            await parent.says(text)
    for parent in parents:
        await kitchen.agree(parent)
