"""Where the server listens: a port that is ours, also while nobody is let in."""

from __future__ import annotations

import socket
import struct

from aiohttp import web
from aiohttp.typedefs import Handler


class Door:
    """A port on this machine; connections can be refused and cut without losing it."""

    def __init__(self, handler: Handler) -> None:
        self.port = 0
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", handler)
        # A handler ends with its connection, so a bot that was killed does not go on polling.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        self._site: web.SockSite | None = None
        self._held: socket.socket | None = None  # bound but not listening: connecting is refused

    async def open(self) -> None:
        """Let connections in."""
        if self._site is not None:
            return
        if self._held is None:
            await self._runner.setup()
            self._held = self._bound()
        self._site = web.SockSite(self._runner, self._held)
        await self._site.start()

    async def shut(self) -> None:
        """Refuse connections, and cut those there are."""
        if self._site is None:
            return
        await self._site.stop()
        self._site, self._held = None, self._bound()
        self._cut()

    async def close(self) -> None:
        """It is over."""
        await self.shut()
        await self._runner.cleanup()
        if self._held is not None:
            self._held.close()

    def _bound(self) -> socket.socket:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", self.port))
        self.port = sock.getsockname()[1]
        return sock

    def _cut(self) -> None:
        for connection in self._runner.server.connections if self._runner.server else []:
            if connection.transport is not None:
                connection.transport.abort()


def hang_up(request: web.Request, *, reset: bool) -> web.StreamResponse:
    """Close a connection without an answer; with `reset`, as a network that tears it."""
    transport = request.transport
    if transport is not None:
        sock = transport.get_extra_info("socket")
        if reset and sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
