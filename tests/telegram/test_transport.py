"""Calls to Telegram over real sockets: what arrives, and what becomes of everything that goes wrong on the way."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram import transport
from bot.telegram.transport import AiohttpRequest
from tests.botapi import TOKEN, BotApi
from tests.botapi.trouble import Kind
from tests.telegram.other_end import CHUNKED, OK, answering, certificate, on_each_loop, posted, request_of, saying
from tests.telegram.serving import free_port

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine of the test goes through."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@asynccontextmanager
async def requesting(**options: Any) -> AsyncIterator[AiohttpRequest]:
    """A client that is ready."""
    async with AiohttpRequest(**options) as request:
        yield request


def form(**values: object) -> RequestData:
    """Parameters as python-telegram-bot hands them on."""
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


async def call(
    request: AiohttpRequest, base: str, data: RequestData | None = None, **timeouts: Any
) -> tuple[int, bytes]:
    """One call of a method, with the token in its address."""
    return await request.do_request(f"{base}/bot{TOKEN}/sendMessage", "POST", data or form(text="dag"), **timeouts)


async def fails(request: AiohttpRequest, base: str, data: RequestData | None = None, **timeouts: Any) -> NetworkError:
    """The error of a call that fails; the token is nowhere in it, and nothing in its chain."""
    with pytest.raises(NetworkError) as caught:
        await call(request, base, data, **timeouts)
    error = caught.value
    assert error.__cause__ is None and error.__context__ is None
    assert TOKEN not in "".join(traceback.format_exception(error)) + repr(error) + str(error) + repr(vars(error))
    assert TOKEN not in repr(request)
    return error


@pytest.fixture(autouse=True)
def discreet(caplog: pytest.LogCaptureFixture) -> Any:
    """No line of the transport's, aiohttp's or asyncio's log holds the token, at any level."""
    for name in ("bot", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    yield
    assert TOKEN not in "".join(repr(vars(line)) for line in caplog.records if not line.name.startswith("telegram"))


# --- what goes wrong


@on_each_loop
async def test_no_answer_at_all() -> None:
    """Silence is TimedOut after the read timeout, that of the client or that of the call."""
    async with answering(saying(then="hang")) as base, requesting(read_timeout=0.1) as request:
        for override, least in ((BaseRequest.DEFAULT_NONE, 0.1), (0.3, 0.3)):
            began = time.monotonic()
            assert type(await fails(request, base, read_timeout=override)) is TimedOut
            assert least <= time.monotonic() - began < least + 0.5
        assert request.read_timeout == 0.1


@on_each_loop
async def test_nobody_listens() -> None:
    """A refused connection is a NetworkError, and no timeout."""
    async with requesting() as request:
        error = await fails(request, f"http://127.0.0.1:{free_port()}")
    assert type(error) is NetworkError and "ClientConnectorError" in error.message


@on_each_loop
async def test_a_name_that_nobody_has() -> None:
    """So is a host that is not found."""
    async with requesting() as request:
        assert type(await fails(request, "http://nobody.invalid")) is NetworkError


CUT = {
    "before an answer": (),
    "in the head": (b"HTTP/1.1 200 OK\r\nContent-",),
    "in the body": (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",),
    "in a chunk": (CHUNKED, b"5\r\n{"),
    "between chunks": (CHUNKED, b"1\r\n{\r\n"),
    "after nonsense": (b"SSH-2.0-OpenSSH\r\n\r\n",),
    "in what is no gzip": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz",),
}


@pytest.mark.parametrize("then", ["close", "reset"])
@pytest.mark.parametrize("where", CUT)
@on_each_loop
async def test_cut_off(where: str, then: str) -> None:
    """A connection that ends too early, or says what is no HTTP, is a NetworkError; the next call is another one."""
    async with answering(saying(*CUT[where], then=then)) as base, requesting() as request:
        for _ in range(2):
            assert type(await fails(request, base)) is NetworkError


@on_each_loop
async def test_an_answer_that_stops() -> None:
    """Silence in the middle of an answer is TimedOut as well."""
    async with answering(saying(CHUNKED, b"1\r\n{\r\n", then="hang")) as base, requesting(read_timeout=0.1) as request:
        assert type(await fails(request, base)) is TimedOut


@on_each_loop
async def test_a_slow_answer() -> None:
    """An answer that keeps coming arrives whole, however long it takes in all."""
    pieces = (CHUNKED, *(b"2\r\nab\r\n" for _ in range(8)), b"0\r\n\r\n")
    async with answering(saying(*pieces, pause=0.05, then="keep")) as base, requesting(read_timeout=0.3) as request:
        assert await call(request, base) == (200, b"ab" * 8)


@on_each_loop
async def test_connections_run_out() -> None:
    """The call too many fails after the pool timeout and says why; a place that is given back can be taken again."""
    async with (
        answering(saying(b"", OK, pause=0.3, then="keep")) as base,
        requesting(connection_pool_size=2, pool_timeout=0.1) as request,
    ):
        taken = [asyncio.create_task(call(request, base)) for _ in range(2)]
        await asyncio.sleep(0.05)
        given_up = asyncio.create_task(call(request, base, pool_timeout=None))
        error = await fails(request, base)
        assert type(error) is TimedOut and error.message.startswith("Pool timeout")
        given_up.cancel()
        patient = [asyncio.create_task(call(request, base, pool_timeout=5)) for _ in range(4)]
        for one in (*taken, *patient):
            assert await one == (200, b"{}")
        with pytest.raises(asyncio.CancelledError):
            await given_up
        assert request._places._value == 2


@on_each_loop
async def test_the_other_end_takes_nothing() -> None:
    """What is sent and not taken is TimedOut after the write timeout; for files there is another one."""

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with answering(deaf) as base, requesting(write_timeout=0.3, media_write_timeout=0.1) as request:
        for data, override, least in (
            (form(text="x" * 30_000_000), BaseRequest.DEFAULT_NONE, 0.3),
            (form(document=InputFile(b"x" * 30_000_000)), BaseRequest.DEFAULT_NONE, 0.1),
            (form(document=InputFile(b"x" * 30_000_000)), 0.2, 0.2),
        ):
            began = time.monotonic()
            assert type(await fails(request, base, data, write_timeout=override)) is TimedOut
            assert least <= time.monotonic() - began < least + 1.5


# --- TLS


@on_each_loop
async def test_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that nobody vouches for is a NetworkError; SSL_CERT_FILE vouches for it."""
    file, context = certificate(tmp_path)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    async with answering(saying(OK, then="keep"), context) as base:
        try:
            transport._certificates.cache_clear()
            async with requesting() as request:
                error = await fails(request, base)
                assert type(error) is NetworkError and "Certificate" in error.message
            monkeypatch.setenv("SSL_CERT_FILE", str(file))
            transport._certificates.cache_clear()
            async with requesting() as request:
                for _ in range(2):
                    assert await call(request, base) == (200, b"{}")
        finally:
            transport._certificates.cache_clear()


@on_each_loop
async def test_no_greeting() -> None:
    """A connection that is not made within the connect timeout is TimedOut; TLS is a part of making it."""
    async with answering(saying(then="hang")) as base, requesting(connect_timeout=0.2) as request:
        began = time.monotonic()
        assert type(await fails(request, base.replace("http:", "https:"))) is TimedOut
        assert 0.2 <= time.monotonic() - began < 1


# --- what arrives


@on_each_loop
async def test_files() -> None:
    """Files arrive whole, with their names and beside the other parameters, from memory and from an open file."""
    content, seen = os.urandom(3_000_000), list[Any]()
    data = form(
        chat_id=7,
        caption="café 👶",
        document=InputFile(content, 'een "verslag" van café.pdf'),
        thumbnail=InputFile(io.BytesIO(b"\r\n--x--\r\n"), "klein.jpg", read_file_handle=False),
    )
    async with posted(seen) as base, requesting() as request:
        assert await call(request, base, data) == (200, b"{}")
    ((kind, fields, _),) = seen
    assert kind == "multipart/form-data"
    assert fields == {
        "chat_id": "7",
        "caption": "café 👶",
        "document": ("een %22verslag%22 van café.pdf", "application/pdf", content),
        "thumbnail": ("klein.jpg", "image/jpeg", b"\r\n--x--\r\n"),
    }


@on_each_loop
async def test_forms() -> None:
    """A form arrives as it is: signs of every script, lines, long ones; half a sign does not hold up the rest."""
    text = ("Kïnd & oüders = 1+1 %20 \n👩‍👧 " * 300 + "مرحبا")[:4096]
    seen = list[Any]()
    async with posted(seen) as base, requesting() as request:
        for each in (text, "👶" * 100_000, "half \ud83d sign", ""):
            assert await call(request, base, form(text=each, chat_id=-5, reply_markup={"é": [1]})) == (200, b"{}")
        assert await request.do_request(f"{base}/x", "POST") == (200, b"{}")
        assert await request.do_request(f"{base}/x", "GET") == (200, b"{}")
    others = {"chat_id": "-5", "reply_markup": '{"\\u00e9": [1]}'}
    texts = (text, "👶" * 100_000, "half  sign", "")
    assert [fields for _, fields, _ in seen] == [*({"text": each, **others} for each in texts), {}, {}]
    assert {headers["User-Agent"] for _, _, headers in seen} == {AiohttpRequest.USER_AGENT}


@on_each_loop
async def test_answers_as_they_are() -> None:
    """Whatever the status, it is given with the body; no redirect is followed, no cookie kept."""
    seen = list[bytes]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for status in (302, 404, 502, 204):
            seen.append(await request_of(reader))
            body = b"" if status == 204 else b"Content-Length: 3\r\n"
            writer.write(b"HTTP/1.1 %d x\r\nLocation: /else\r\nSet-Cookie: a=b\r\n%s\r\n" % (status, body))
            writer.write(b"" if status == 204 else b"no!")

    async with answering(answer) as base, requesting() as request:
        got = [await call(request, base) for _ in range(4)]
    assert got == [(302, b"no!"), (404, b"no!"), (502, b"no!"), (204, b"")]
    assert len(seen) == 4, "and all went through one connection"
    assert not any(b"cookie" in head.lower() for head in seen)


# --- through a proxy


@on_each_loop
async def test_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy that the environment names is used, with its password; NO_PROXY is respected; read once for a host."""
    seen = list[bytes]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            seen.append(await request_of(reader))
            writer.write(OK if seen[-1].startswith(b"POST") else b"HTTP/1.1 403 no\r\nContent-Length: 0\r\n\r\n")

    async with answering(answer) as base:
        address = base.removeprefix("http://")
        for variable in ("HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(variable, f"http://me:se%20cret@{address}")
            async with requesting() as request:
                for _ in range(2):
                    assert await call(request, "http://api.invalid") == (200, b"{}")
                monkeypatch.setenv("NO_PROXY", "api.invalid, 127.0.0.1")
                assert await call(request, "http://api.invalid") == (200, b"{}")
                assert len(seen) == 3
            async with requesting() as request:
                await fails(request, "http://api.invalid")
                assert len(seen) == 3
            for head in seen:
                assert head.startswith(f"POST http://api.invalid/bot{TOKEN}/sendMessage HTTP/1.1\r\n".encode())
                assert b"\r\nProxy-Authorization: Basic bWU6c2UgY3JldA==\r\n" in head
            monkeypatch.delenv(variable)
            monkeypatch.delenv("NO_PROXY")
            seen.clear()
        monkeypatch.setenv("HTTPS_PROXY", address)
        async with requesting() as request:
            assert type(await fails(request, "https://api.invalid")) is NetworkError
        (head,) = seen
        assert head.startswith(b"CONNECT api.invalid:443 HTTP/1.1\r\n") and TOKEN.encode() not in head


@on_each_loop
async def test_proxies_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """One that is down, or speaks something else, is a NetworkError and is not gone round."""
    async with answering(saying(OK, then="keep")) as base:
        monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{free_port()}")
        async with requesting() as request:
            assert type(await fails(request, base)) is NetworkError
        monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:1")
        async with requesting() as request:
            assert type(await fails(request, base)) is NetworkError
    assert "the environment names a socks5 proxy; only http and https ones can be used" in caplog.messages


# --- its life


@on_each_loop
async def test_shutdown() -> None:
    """A client is put away without leaving anything open, also with calls under way; it can be taken up again."""
    async with answering(saying(b"", OK, pause=0.2, then="keep")) as base:
        request = AiohttpRequest()
        await request.shutdown()
        for _ in range(2):
            with pytest.raises(RuntimeError, match="not initialized"):
                await call(request, base)
            await request.initialize()
            await request.initialize()
            assert await call(request, base) == (200, b"{}")
            under_way = asyncio.create_task(fails(request, base))
            await asyncio.sleep(0.05)
            await request.shutdown()
            await request.shutdown()
            assert type(await under_way) is NetworkError


@on_each_loop
async def test_shutdown_while_the_other_end_takes_nothing() -> None:
    """Such a connection does not hold up a stop."""

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with answering(deaf) as base, requesting() as request:
        under_way = asyncio.create_task(fails(request, base, form(text="x" * 30_000_000)))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        await request.shutdown()
        assert time.monotonic() - began < transport.CLOSE_SECONDS + 1
        assert isinstance(await under_way, NetworkError)


# --- with python-telegram-bot, against the server of the other tests


TROUBLE: dict[Kind, type[TelegramError]] = {
    "429": RetryAfter,
    "500": NetworkError,
    "502-html": NetworkError,
    "reset": NetworkError,
    "lost": NetworkError,
    "slow": TimedOut,
    "400": BadRequest,
    "403": Forbidden,
    "malformed": TelegramError,
}


@on_each_loop
async def test_with_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot works on it, and each trouble of Telegram is the error that it is elsewhere."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # the present way is deprecated, so it warns
    async with BotApi(seed=3) as api:
        parent = api.parent()
        await parent.says("/start")
        polls = AiohttpRequest(connection_pool_size=1)
        bot = Bot(TOKEN, f"{api.url}/bot", request=AiohttpRequest(read_timeout=0.5), get_updates_request=polls)
        async with bot:
            (update,) = await bot.get_updates(timeout=5)
            assert update.effective_message is not None and update.effective_message.text == "/start"
            text = "👶é" * 1365 + "!"  # 4096 as Telegram counts
            await bot.send_message(parent.id, text)
            assert parent.bot_texts == [text]
            for kind, error in TROUBLE.items():
                api.misbehave(kind, "sendMessage", seconds=2)
                with pytest.raises(TelegramError) as caught:
                    await bot.send_message(parent.id, "dag")
                assert type(caught.value) is error, kind
                await bot.send_message(parent.id, "dag")
            await api.down()
            with pytest.raises(NetworkError):
                await bot.send_message(parent.id, "dag")
            await api.up()
            await bot.send_message(parent.id, "dag")
