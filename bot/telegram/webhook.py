"""The webhook: only Telegram is let in, nobody else is told anything, and what is confirmed is stored.

It listens behind a TLS proxy. Whoever does not know the secret is refused before a byte of the body is looked at.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from telegram.error import NetworkError

from bot.telegram.account import Webhook
from bot.telegram.pulse import Pulse
from bot.telegram.reading import read_update, update_id
from bot.telegram.received import Received

_log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST_BYTES = 2**20
"""Of a body. Telegram's updates have a few kilobytes."""
BODY_SECONDS = 10.0
"""Within which a body has to be there."""
IDLE_SECONDS = 75.0
"""For which a connection may wait for a whole request; a little longer than proxies keep theirs."""
LINGER_SECONDS = 2.0
"""For which the rest of a refused body is let go by, so that the refusal can be read."""
MOST_OPEN = 256
"""Connections; Telegram opens at most as many as it was told to, and a proxy hardly more."""
CLOSE_SECONDS = 0.5
"""How long a stop waits for requests in hand, and once more for those that do not end then."""

Take = Callable[[Received | None], Awaitable[None]]
"""Returns once the update is stored; raises NetworkError when it could not be."""


def watched(take: Take, pulse: Pulse) -> Take:
    """``take``, which tells ``pulse`` when storing fails, and when it goes on."""

    async def taken(received: Received | None) -> None:
        try:
            await take(received)
        except NetworkError:
            pulse.held("webhook")
            raise
        pulse.goes_on()

    return taken


class WebhookServer:
    """Listens where ``webhook`` says, and gives each update to ``take`` before it is confirmed."""

    def __init__(self, webhook: Webhook, take: Take) -> None:
        self._webhook = webhook
        self._secret = webhook.secret.encode()
        self._take = take
        self._http: web.Server | None = None
        self._listening: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen. Raises OSError when that is not possible there."""
        http = web.Server(self._answer)
        loop = asyncio.get_running_loop()

        def connection() -> asyncio.Protocol:
            return _Full() if len(http.connections) >= MOST_OPEN else _Connection(http, loop)

        host = self._webhook.host
        try:
            self._listening = await loop.create_server(connection, host, self._webhook.port)
        except UnicodeError:  # as a name that no machine can have is refused
            raise OSError(None, "this is no name of a machine") from None
        self._http = http

    async def close(self) -> None:
        """Listen no more, let the requests in hand end, and hang up; what got no 200 comes again."""
        if self._http is None or self._listening is None:
            return
        self._listening.close()
        await asyncio.sleep(0)  # what was let in a moment ago is in hand then
        self._http.pre_shutdown()
        await self._http.shutdown(CLOSE_SECONDS)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        return _bare(await self._status(request))

    async def _status(self, request: web.BaseRequest) -> HTTPStatus:
        if unquote(request.rel_url.raw_path) != self._webhook.path:
            return HTTPStatus.NOT_FOUND
        if request.method != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        said = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(said, self._secret) or request.content_type != "application/json":
            return HTTPStatus.FORBIDDEN
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request)
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        except Exception:  # it broke off, or its pieces do not fit together
            return HTTPStatus.BAD_REQUEST
        if body is None:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        content = _update(body)
        return HTTPStatus.BAD_REQUEST if content is None else await self._taken(content)

    async def _taken(self, content: dict[str, Any]) -> HTTPStatus:
        try:
            received = read_update(content)
        except ValueError as problem:  # refused, Telegram would bring it again for ever
            _log.error("an update cannot be read and is left out: %s", problem)
            return HTTPStatus.OK
        try:
            await self._take(received)
        except NetworkError:
            return HTTPStatus.SERVICE_UNAVAILABLE
        except Exception as problem:
            _log.error("an update was not taken and stays with Telegram: %s", type(problem).__name__)
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK


class _Connection(web.RequestHandler):
    """One connection; no line is logged for a request, and bodies are taken as they are."""

    def __init__(self, http: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            http,
            loop=loop,
            access_log=None,  # type: ignore[arg-type] # that is how it is turned off
            auto_decompress=False,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=LINGER_SECONDS,
        )

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP gets no word about why: that would be quoting it."""
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("a request to the webhook failed: %s", type(exc).__name__)
        return _bare(HTTPStatus(status))


class _Full(asyncio.Protocol):
    """There are too many connections: this one is closed at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def _bare(status: HTTPStatus) -> web.Response:
    """A status, and nothing else, not even what program this is. Whoever is refused has to connect anew."""
    answer = web.Response(status=status, headers={"Server": ""})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = "POST"
    if status is not HTTPStatus.OK:
        answer.force_close()
    return answer


async def _body(request: web.BaseRequest) -> bytes | None:
    """The body; None when it is too long, also when that was only found out on the way."""
    if (request.content_length or 0) > MOST_BYTES:
        return None
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _update(body: bytes) -> dict[str, Any] | None:
    """The update as Telegram wrote it; None when it is none."""
    try:
        content = json.loads(body.decode())
    except (ValueError, RecursionError):
        return None
    return None if update_id(content) is None else content
