"""The other end of a call over real sockets: servers that do what a test tells them, with TLS where it is wanted."""

from __future__ import annotations

import asyncio
import gc
import inspect
import ipaddress
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
try:
    import uvloop
except ImportError:
    pass  # as on Windows
else:
    LOOPS["uvloop"] = uvloop.new_event_loop

Streams = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def on_each_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """The test on asyncio's own event loop and on uvloop's; nothing may be left open at its end."""

    def run(loop: str, **fixtures: Any) -> None:
        async def whole() -> None:
            await asyncio.wait_for(test(**fixtures), 30)

        with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
            runner.run(whole())
        gc.collect()  # what was left open warns now, and warnings are errors

    run.__doc__, run.__name__ = test.__doc__, getattr(test, "__name__", "test")
    named = inspect.Parameter("loop", inspect.Parameter.KEYWORD_ONLY)
    run.__signature__ = inspect.Signature([*inspect.signature(test).parameters.values(), named])  # type: ignore[attr-defined]
    marked: Callable[..., None] = pytest.mark.parametrize("loop", list(LOOPS))(run)
    return marked


@asynccontextmanager
async def answering(answer: Streams, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server that does with each connection what it is told; gives its address, as far as the token."""
    open_ones: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.add(writer)
        try:
            await answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other end has gone
        finally:
            open_ones.discard(writer)
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in open_ones:
            writer.transport.abort()
        await asyncio.sleep(0.02)


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """Read one request whole, as far as its length is told; gives the head."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    await reader.readexactly(length)
    return head


def saying(*pieces: bytes, pause: float = 0.0, then: str = "close") -> Streams:
    """Answer every request with these pieces; `then` close, reset, keep or hang."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await request_of(reader)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause)
            if then == "reset":
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            if then == "hang":
                await asyncio.sleep(60)
            if then != "keep":
                return

    return answer


@asynccontextmanager
async def posted(into: list[Any]) -> AsyncIterator[str]:
    """A server that keeps the forms that are sent to it."""

    async def keep(request: web.Request) -> web.Response:
        kept = await request.post()
        into.append((request.content_type, {name: _content(value) for name, value in kept.items()}, request.headers))
        return web.json_response({})

    app = web.Application(client_max_size=2**26)
    app.router.add_route("*", "/{rest:.*}", keep)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    sock = socket.create_server(("127.0.0.1", 0))
    try:
        await web.SockSite(runner, sock).start()
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        await runner.cleanup()


def _content(value: Any) -> Any:
    return value if isinstance(value, str) else (value.filename, value.content_type, value.file.read())


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody signed but itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    encoding, no_password = serialization.Encoding.PEM, serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, no_password))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, key_file)
    return file, context
