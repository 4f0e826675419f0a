"""The webhook's door over real sockets: what strangers get to know, how long they may take, and what is confirmed."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from telegram.error import NetworkError

from bot.telegram import webhook
from bot.telegram.account import Webhook
from bot.telegram.received import Received
from bot.telegram.webhook import MOST_BYTES, SECRET_HEADER, WebhookServer
from tests.telegram.serving import free_port

SECRET, PATH = "zeer-geheime-tafel", "/zwaar/te-raden_(x7)+"
UPDATE = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "zwartekraai"}}
BODY = json.dumps(UPDATE).encode()


class Door:
    """A server that is open, what it took, and how to knock."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[Received | None] = []
        self.trouble: Exception | None = None
        self.may_take = asyncio.Event()
        self.may_take.set()
        self.server = WebhookServer(Webhook(f"https://example.org{PATH}", "127.0.0.1", self.port, SECRET), self.take)

    async def take(self, received: Received | None) -> None:
        await self.may_take.wait()
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(received)

    async def says(self, *pieces: bytes, within: float = 5) -> bytes:
        """The head of what is answered to these bytes; nothing when the connection ends first."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), within)
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def opened() -> AsyncIterator[Door]:
    """Closed at the end, without anything left in its hand."""
    door = Door()
    await door.server.open()
    try:
        yield door
    finally:
        await door.server.close()


def head(
    method: str = "POST",
    path: str = PATH,
    secret: str | bytes | None = SECRET,
    kind: str = "application/json",
    more: str = f"Content-Length: {len(BODY)}",
) -> bytes:
    """The head of a request as Telegram writes it, but for what is given."""
    raw = secret.encode() if isinstance(secret, str) else secret
    told = b"" if raw is None else f"{SECRET_HEADER}: ".encode() + raw + b"\r\n"
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + told + b"\r\n"


def status(answer: bytes) -> int:
    """The status of an answer that tells nothing else."""
    assert re.findall(rb"(?:Content-Length|Transfer-Encoding|Server): *(.*)\r", answer) in ([b"", b"0"], [b""])
    for telling in (b"aiohttp", b"Python", SECRET.encode(), PATH.encode(), b"zwartekraai"):
        assert telling.lower() not in answer.lower()
    return int(answer.split(b" ", 2)[1])


STRANGERS: dict[str, tuple[int, bytes]] = {
    "no secret": (403, head(secret=None)),
    "an empty secret": (403, head(secret="")),
    "its beginning": (403, head(secret=SECRET[:-1])),
    "more than it": (403, head(secret=SECRET + "x")),
    "other capitals": (403, head(secret=SECRET.upper())),
    "letters that are none": (403, head(secret=b"\xff\xfe\xc3\xa9")),
    "signs of another script": (403, head(secret="геheim")),
    "a form": (403, head(kind="application/x-www-form-urlencoded")),
    "the root": (404, head(path="/")),
    "another path": (404, head(path="/zwaar")),
    "more of a path": (404, head(path=f"{PATH}/")),
    "a way up": (404, head(path=f"/x/..{PATH}")),
    "the path as a query": (404, head(path=f"/?{PATH}")),
    "no secret elsewhere": (404, head(path="/etc/passwd", secret=None)),
    "a look": (405, head(method="GET")),
    "a look at the head": (405, head(method="HEAD")),
    "a look without secret": (405, head(method="GET", secret=None)),
    "options": (405, head(method="OPTIONS")),
    "deletion": (405, head(method="DELETE")),
    "a file": (405, head(method="PUT")),
    "too long, as it says": (413, head(more=f"Content-Length: {MOST_BYTES + 1}")),
}


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_strangers(stranger: str, caplog: pytest.LogCaptureFixture) -> None:
    """Each gets its status and nothing else, before a byte of a body has come; the log says nothing."""
    caplog.set_level(logging.DEBUG)
    code, request = STRANGERS[stranger]
    async with opened() as door:
        answer = await door.says(request)
        assert status(answer) == code
        assert (b"\r\nAllow: POST\r\n" in answer) == (code == 405)
        assert b"\r\nConnection: close\r\n" in answer
        assert status(await door.says(head() + BODY)) == 200
    assert len(door.taken) == 1
    assert [line for line in caplog.records if line.name != "asyncio"] == []


NO_HTTP = {
    "noise": b"\x16\x03\x01zwartekraai\r\n\r\n",
    "a method with a blank": b"KRAAI(zwartekraai) / HTTP/1.1\r\n\r\n",
    "a header of 20 kB": head(more=f"X: {'zwartekraai' * 2000}"),
    "200 headers": head(more="\r\n".join(f"X{number}: zwartekraai" for number in range(200))),
    "a path of 20 kB": head(path="/zwartekraai" * 2000),
    "two lengths": head(more="Content-Length: 3\r\nContent-Length: 4"),
    "a length and pieces": head(more="Content-Length: 3\r\nTransfer-Encoding: chunked"),
    "a length that is none": head(more="Content-Length: zwartekraai"),
}


@pytest.mark.parametrize("noise", NO_HTTP)
async def test_what_is_no_http(noise: str, caplog: pytest.LogCaptureFixture) -> None:
    """It is refused without a word about what was wrong, in the answer and in the log."""
    async with opened() as door:
        assert status(await door.says(NO_HTTP[noise])) == 400
    assert door.taken == [] and caplog.messages == []


async def test_the_path_may_be_written_in_two_ways() -> None:
    """A proxy may write signs of a path as their numbers; a query changes nothing."""
    async with opened() as door:
        assert status(await door.says(head(path=f"{PATH.replace('(', '%28').replace('+', '%2B')}?a=b") + BODY)) == 200
    assert len(door.taken) == 1


def chunk(body: bytes) -> bytes:
    """A piece of a body whose length is not told beforehand."""
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


async def test_bodies() -> None:
    """Up to 1 MiB is read, in pieces too; one byte more is refused; nothing is unpacked."""
    chunked = head(more="Transfer-Encoding: chunked")
    full = BODY + b" " * (MOST_BYTES - len(BODY))
    async with opened() as door:
        assert status(await door.says(head(more=f"Content-Length: {MOST_BYTES}"), full)) == 200
        assert status(await door.says(chunked, chunk(BODY[:9]), chunk(BODY[9:]), chunk(b""))) == 200
        assert status(await door.says(chunked, chunk(full), chunk(b" "))) == 413
        assert status(await door.says(chunked, b"zwartekraai\r\n")) == 400
        packed = gzip.compress(b" " * 50 * MOST_BYTES)
        squeezed = head(more=f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}")
        assert status(await door.says(squeezed, packed)) == 400
    assert len(door.taken) == 2


async def test_who_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not come ends in 408; a connection on which no whole request comes is closed."""
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(webhook, "IDLE_SECONDS", 0.3)
    monkeypatch.setattr(webhook, "LINGER_SECONDS", 0.1)
    async with opened() as door:
        assert status(await door.says(head() + BODY[:-1])) == 408
        for begun in (b"", b"POST ", head()[:-2]):
            began = time.monotonic()
            assert await door.says(begun) == b""
            assert 0.2 < time.monotonic() - began < 2


async def test_drip_by_drip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A little now and then does not make a body come in time."""
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.3)
    async with opened() as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(head())
        answer = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
        for sign in BODY:
            writer.write(bytes([sign]))
            if (await asyncio.wait((answer,), timeout=0.05))[0]:
                break
        assert status(await answer) == 408
        writer.close()
    assert door.taken == []


async def test_too_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than so many are closed at once; when one goes, there is room again."""
    monkeypatch.setattr(webhook, "MOST_OPEN", 3)
    async with opened() as door:
        idle = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert await door.says(head() + BODY) == b""
        idle[0][1].close()
        await asyncio.sleep(0.05)
        assert status(await door.says(head() + BODY)) == 200
        for _, writer in idle:
            writer.close()


async def test_who_breaks_off(caplog: pytest.LogCaptureFixture) -> None:
    """A connection that ends in the middle of a body leaves no trace, and nothing is taken."""
    async with opened() as door:
        _, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(head() + BODY[:-1])
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()
        await asyncio.sleep(0.05)
        assert status(await door.says(head() + BODY)) == 200
    assert len(door.taken) == 1 and caplog.messages == []


@pytest.mark.parametrize("trouble", [NetworkError("not stored"), RuntimeError("zwartekraai")], ids=repr)
async def test_what_is_not_stored(trouble: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """503: Telegram comes again, and then it is taken."""
    async with opened() as door:
        door.trouble = trouble
        assert status(await door.says(head() + BODY)) == 503
        door.trouble = None
        assert status(await door.says(head() + BODY)) == 200
    assert len(door.taken) == 1
    assert "zwartekraai" not in caplog.text


async def test_what_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    """It is confirmed, or Telegram would bring it for ever; one line says so, and nothing of what was in it."""
    body = json.dumps({"update_id": 7, "message": {"chat": "zwartekraai"}}).encode()
    async with opened() as door:
        assert status(await door.says(head(more=f"Content-Length: {len(body)}"), body)) == 200
    assert door.taken == []
    assert caplog.messages == ["an update cannot be read and is left out: chat is no dict"]


async def test_a_connection_is_used_again() -> None:
    """Telegram and proxies keep theirs."""
    async with opened() as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        for _ in range(3):
            writer.write(head() + BODY)
            assert status(await reader.readuntil(b"\r\n\r\n")) == 200
        writer.close()
    assert len(door.taken) == 3


async def test_a_stop_lets_what_is_in_hand_end() -> None:
    """Nobody gets in any more; an update that is being stored is stored and confirmed; who is idle is hung up on."""
    door = Door()
    await door.server.open()
    _, idle = await asyncio.open_connection("127.0.0.1", door.port)
    door.may_take.clear()
    in_hand = asyncio.create_task(door.says(head() + BODY))
    await asyncio.sleep(0.1)
    closing = asyncio.create_task(door.server.close())
    await asyncio.sleep(0.1)
    with pytest.raises(ConnectionError):
        await door.says(head() + BODY)
    assert not closing.done()
    door.may_take.set()
    assert status(await in_hand) == 200
    await closing
    assert len(door.taken) == 1
    idle.close()


async def test_a_stop_does_not_wait_for_ever() -> None:
    """An update that cannot be stored now, and a body that does not come, get no answer: Telegram keeps both."""
    door = Door()
    await door.server.open()
    door.may_take.clear()
    stuck = [asyncio.create_task(door.says(request)) for request in (head() + BODY, head() + BODY[:-1])]
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await door.server.close()
    assert time.monotonic() - began < 3 * webhook.CLOSE_SECONDS
    assert await asyncio.gather(*stuck) == [b"", b""]
    assert door.taken == []
