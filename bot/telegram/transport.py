"""HTTP to Telegram: python-telegram-bot's `BaseRequest` on aiohttp, which takes a fraction of the time of its default.

The address of every call holds the bot's token, and aiohttp puts addresses into its errors. So none of them leaves this
module, not even as the context of another one.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, lru_cache
from typing import IO, Any, NamedTuple
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from aiohttp.abc import AbstractStreamWriter
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

_log = logging.getLogger(__name__)

PIECE = 2**15
"""Bytes of a body that are written at once; a shorter body never waits for the network to take it."""
CLOSE_SECONDS = 2.0
"""How long a shutdown waits for connections whose other end takes nothing any more."""
MOST_TARGETS = 64
"""Addresses of which is remembered how they are reached."""
FORM = "application/x-www-form-urlencoded"

Timeout = DefaultValue[float] | float | DefaultValue[None] | None
File = tuple[str, bytes | IO[bytes], str]


class AiohttpRequest(BaseRequest):
    """Calls of one bot account. Timeouts are in seconds, None is without limit; each can be set anew for one call.

    ``connection_pool_size`` is the most calls under way at once; the next one waits for ``pool_timeout``. The others
    are for making a connection, for a silence of the other end, for its taking a piece of what is sent, and the same
    for calls with files. A proxy is taken from HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unless NO_PROXY excepts the host.
    """

    def __init__(
        self,
        *,
        connection_pool_size: int = 256,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        self._size = connection_pool_size
        self._read = read_timeout
        self._write = write_timeout
        self._connect = connect_timeout
        self._pool = pool_timeout
        self._media_write = media_write_timeout
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(connection_pool_size)
        self._targets: dict[str, _Target] = {}

    @property
    def read_timeout(self) -> float | None:
        """Seconds of silence after which a call fails, where the call says nothing else."""
        return self._read

    async def initialize(self) -> None:
        """Get ready for calls; has to be awaited in the loop that makes them. A second time in a row does nothing."""
        if self._session is None:
            self._places = asyncio.Semaphore(self._size)
            self._targets = {}
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),  # the places count, with a timeout of their own
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close all connections; calls under way fail. `initialize` makes ready again."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call; gives the status and the whole body of the answer, whatever the status. Follows no redirect.

        Raises TimedOut or NetworkError; neither says more than the kind of error and what the system calls it.
        """
        session, places = self._session, self._places
        if session is None:
            raise RuntimeError("this AiohttpRequest is not initialized")
        if not places.locked():
            await places.acquire()  # at once
        elif not await _acquired(places, self._pool if isinstance(pool_timeout, DefaultValue) else pool_timeout):
            raise TimedOut("Pool timeout: all connections are taken; the request was not sent")
        try:
            with_files = request_data is not None and request_data.contains_files
            if isinstance(write_timeout, DefaultValue):
                write_timeout = self._media_write if with_files else self._write
            target = self._targets.get(url) or self._target(url)
            async with session.request(
                method,
                target.url,
                data=None if request_data is None else _body(request_data, write_timeout),
                timeout=_timeouts(
                    self._connect if isinstance(connect_timeout, DefaultValue) else connect_timeout,
                    self._read if isinstance(read_timeout, DefaultValue) else read_timeout,
                ),
                ssl=target.certificates,
                proxy=target.proxy,
                allow_redirects=False,
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            problem: NetworkError = TimedOut()
        except Exception as error:
            problem = NetworkError(_named(error))
        finally:
            places.release()
        raise problem  # out here, where it has no context

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer in JSON. Raises TelegramError, also for one so deep that reading it would end the polling."""
        try:
            return BaseRequest.parse_json_payload(payload)
        except RecursionError:
            raise TelegramError("Invalid server response") from None

    def _target(self, url: str) -> _Target:
        """What is worked out once of an address: there are a few, and files have each their own."""
        parts = urlsplit(url)
        certificates = _certificates() if parts.scheme == "https" else True
        target = _Target(URL(url), certificates, _proxy_of_environment(parts))
        if len(self._targets) < MOST_TARGETS:
            self._targets[url] = target
        return target


class _Target(NamedTuple):
    """Where a call goes, and how."""

    url: URL
    certificates: ssl.SSLContext | bool
    proxy: str | None


class _Body(aiohttp.payload.Payload):
    """What is sent. Raises TimeoutError when the other end does not take a piece of it in time."""

    _autoclose = True  # it holds nothing open

    def __init__(self, content: bytes, content_type: str, seconds: float | None) -> None:
        super().__init__(content, content_type=content_type)
        self._size = len(content)
        self._seconds = seconds

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return bytes(self._value).decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        content: bytes = self._value
        if len(content) <= PIECE:
            await writer.write(content)
            return
        for start in range(0, len(content), PIECE):
            async with asyncio.timeout(self._seconds):
                await writer.write(content[start : start + PIECE])
                await writer.drain()

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        await self.write(writer)  # the length is always that of the content


def _body(data: RequestData, seconds: float | None) -> _Body | None:
    """The parameters as a form; as a form of parts where there are files. None when there is nothing to send."""
    if data.contains_files:
        boundary = secrets.token_hex(16)
        content = _parts(boundary, data.json_parameters, data.multipart_data)
        return _Body(content, f"multipart/form-data; boundary={boundary}", seconds)
    if parameters := data.json_parameters:
        # As the query of an address: yarl writes it four times as fast as the standard library, and leaves out half of
        # a pair of surrogates, which is no text and must not hold up the rest.
        return _Body(URL.build(query=parameters).raw_query_string.encode("ascii"), FORM, seconds)
    return None


def _parts(boundary: str, parameters: Mapping[str, str], files: Mapping[str, File]) -> bytes:
    parts: list[bytes] = []
    for name, value in parameters.items():
        parts += (_head(boundary, f'name="{_quoted(name)}"'), value.encode("utf-8", "replace"))
    for name, (filename, content, kind) in files.items():
        about = f'name="{_quoted(name)}"; filename="{_quoted(filename)}"\r\nContent-Type: {kind}'
        parts += (_head(boundary, about), content if isinstance(content, bytes) else content.read())
    return b"".join((*parts, f"\r\n--{boundary}--\r\n".encode()))


def _head(boundary: str, about: str) -> bytes:
    return f"\r\n--{boundary}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode("utf-8", "replace")


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


async def _acquired(places: asyncio.Semaphore, seconds: float | None) -> bool:
    """Whether a place became free in time; it is ours then."""
    try:
        async with asyncio.timeout(seconds):
            return await places.acquire()
    except TimeoutError:
        return False


@lru_cache(maxsize=64)
def _timeouts(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=None, sock_read=read)


@cache
def _certificates() -> ssl.SSLContext:
    """Which certificates are trusted: SSL_CERT_FILE, SSL_CERT_DIR, or those of Mozilla."""
    if file := os.environ.get("SSL_CERT_FILE"):
        return ssl.create_default_context(cafile=file)
    if folder := os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    return ssl.create_default_context(cafile=certifi.where())


def _proxy_of_environment(target: SplitResult) -> str | None:
    """The proxy for this host. Raises NetworkError for one that cannot be used: going round it may be forbidden."""
    named = getproxies()
    proxy, host = named.get(target.scheme) or named.get("all"), target.hostname or ""
    if not proxy or proxy_bypass(host) or proxy_bypass(f"{host}:{target.port}"):
        return None
    kind, _, rest = proxy.rpartition("://")
    if kind not in ("", "http", "https"):
        _log.error("the environment names a %s proxy; only http and https ones can be used", kind)
        raise NetworkError("the proxy of the environment cannot be used")
    return f"{kind or 'http'}://{rest}"


def _named(error: Exception) -> str:
    """The kind of an error, and what the system calls it: enough to look for the cause, and never an address."""
    if isinstance(error, NetworkError):
        return error.message
    name = f"aiohttp.{type(error).__name__}" if isinstance(error, aiohttp.ClientError) else type(error).__name__
    said = getattr(getattr(error, "os_error", error), "strerror", None)
    return f"{name}: {said}" if isinstance(error, aiohttp.ClientConnectorError) and said else name
