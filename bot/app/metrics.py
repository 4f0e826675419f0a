"""Prometheus: how the process is doing, as text on /metrics of a port of its own; nothing of any chat.

Imported only when METRICS_LISTEN is set. For programs on this machine: there is no password on it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.conversation.figures import BOUNDS, Figures
from bot.conversation.ports import StoreUnavailable
from bot.settings import Listen, SettingsError
from bot.store import Counts, Store

PATH: Final = "/metrics"
PATIENCE_SECONDS: Final = 5.0
"""For a request to come in, and its answer to be taken."""
MOST_BYTES: Final = 8192
"""Of a request with its headers."""

_log = logging.getLogger(__name__)


class _Page(Collector):
    """What stands on the page at this moment."""

    def __init__(self, figures: Figures, store: Store, counts: Counts | None) -> None:
        self._figures = figures
        self._store = store
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """Every number; those of the database only while it can be read."""
        figures = self._figures
        yield _counter("updates", "Updates taken in and stored.", figures.updates)
        yield _turns(figures)
        yield _counter("dangers_heard", "Turns in whose text a danger was heard.", figures.dangers_heard)
        yield _counter("transactions", "Transactions that were committed.", self._store.transactions)
        refused = CounterMetricFamily("keukentafel_refusals", "Calls that Telegram refused.", labels=["kind"])
        for kind in ("wait", "blocked", "bad_request", "out_of_reach"):
            refused.add_metric([kind], figures.refusals[kind])
        yield refused
        if self._counts is not None:
            yield GaugeMetricFamily("keukentafel_sessions", "Chats that have a session.", self._counts.sessions)
            yield GaugeMetricFamily("keukentafel_waiting", "Updates not answered yet.", self._counts.waiting)


def _counter(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(f"keukentafel_{name}", told, value)


def _turns(figures: Figures) -> Metric:
    buckets, below = [], 0
    for bound, number in zip([*map(str, BOUNDS), "+Inf"], figures.turns_within, strict=True):
        below += number
        buckets.append((bound, float(below)))
    told = "Turns answered and stored, sending included, by how long they took."
    return HistogramMetricFamily("keukentafel_turn_seconds", told, buckets, figures.turn_seconds)


async def page(figures: Figures, store: Store) -> bytes:
    """The text of the page."""
    try:
        counts = await store.count()
    except StoreUnavailable:
        counts = None
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Page(figures, store, counts))
    ProcessCollector(registry=registry)  # memory, processor time and open files, from /proc
    return generate_latest(registry)


@asynccontextmanager
async def served_metrics(listen: Listen, figures: Figures, store: Store) -> AsyncIterator[None]:
    """Serve the page on the event loop meanwhile. Raises SettingsError when it cannot be served there."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                request = await reader.readuntil(b"\r\n\r\n")
                writer.write(await _answer(request, figures, store))
                await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(answer, listen.host, listen.port, limit=MOST_BYTES)
    except OSError as problem:
        raise SettingsError(f"METRICS_LISTEN: cannot listen there: {problem.strerror or problem}") from None
    except UnicodeError:  # as a name that no machine can have is refused
        raise SettingsError("METRICS_LISTEN: cannot listen there: this is no name of a machine") from None
    _log.info("metrics on %s:%d%s", listen.host, listen.port, PATH)
    try:
        yield
    finally:
        server.close()


async def _answer(request: bytes, figures: Figures, store: Store) -> bytes:
    """The whole HTTP answer."""
    method, _, rest = request.split(b"\r\n", 1)[0].partition(b" ")
    path = rest.split(b" ", 1)[0].split(b"?", 1)[0]
    if path != PATH.encode():
        return _http(HTTPStatus.NOT_FOUND, b"Not here; see /metrics\n")
    if method != b"GET":
        return _http(HTTPStatus.METHOD_NOT_ALLOWED, b"", "Allow: GET\r\n")
    return _http(HTTPStatus.OK, await page(figures, store), f"Content-Type: {CONTENT_TYPE_LATEST}\r\n")


def _http(status: HTTPStatus, body: bytes, headers: str = "Content-Type: text/plain; charset=utf-8\r\n") -> bytes:
    first = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
    return f"{first}{headers}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
