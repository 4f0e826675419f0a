"""The page for Prometheus: there when it is asked for, with plain numbers, and nothing of any chat."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from bot.conversation.figures import BOUNDS, Figures
from bot.settings import SettingsError, read_settings
from tests.botapi import BotApi
from tests.telegram.kitchen import Kitchen
from tests.telegram.serving import ROOT, environment, free_port, serving
from tests.telegram.test_settings import NOBODY, names, refused

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def watched(tmp_path_factory: pytest.TempPathFactory, dutch: Path) -> AsyncIterator[Kitchen]:
    settings = {"METRICS_LISTEN": f"127.0.0.1:{free_port()}", "LOCALES": str(dutch)}
    async with BotApi(seed=9) as api, serving(tmp_path_factory.mktemp("metrics"), api, settings) as process:
        yield Kitchen(api, process)
        assert await process.stop() == 0, process.log
        assert "Traceback" not in process.log


async def fetch(kitchen: Kitchen, path: str = "/metrics", method: str = "GET") -> tuple[int, str, str]:
    """Status, type and body."""
    url = f"http://{kitchen.process.env['METRICS_LISTEN']}{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url) as answer:
        return answer.status, answer.headers.get("Content-Type", ""), await answer.text()


async def numbers(kitchen: Kitchen) -> dict[str, float]:
    """Every number on the page, by name; with the label where there is one."""
    status, kind, text = await fetch(kitchen)
    assert (status, kind.split(";")[0]) == (200, "text/plain")
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {sample.name + "".join(f"|{value}" for value in sample.labels.values()): sample.value for sample in samples}


async def test_the_numbers(watched: Kitchen) -> None:
    """They are those of what happened, and go on counting."""
    before = await numbers(watched)
    parent, other = watched.parent(), watched.parent()
    trouble = watched.api.misbehave("500", "sendMessage", chat=parent)
    await watched.asks(parent, "/start")
    await watched.asks(other, "/start")
    await watched.asks(parent, "ik wil niet meer leven")
    assert trouble.happened == 1

    async def settled() -> dict[str, float]:
        while True:
            now = await numbers(watched)
            if now["keukentafel_turn_seconds_count"] - before["keukentafel_turn_seconds_count"] == 3:
                return now
            await asyncio.sleep(0.02)

    after = await asyncio.wait_for(settled(), 10)
    gained = {name: value - before[name] for name, value in after.items()}
    assert gained["keukentafel_updates_total"] == 3
    assert gained["keukentafel_turn_seconds_bucket|+Inf"] == 3
    assert gained["keukentafel_dangers_heard_total"] == 1
    assert gained["keukentafel_sessions"] == 2
    assert gained["keukentafel_transactions_total"] >= 6
    assert gained["keukentafel_refusals_total|out_of_reach"] == 1
    assert gained["keukentafel_refusals_total|blocked"] == 0
    assert 0.3 < gained["keukentafel_turn_seconds_sum"] < 30, "the refusal took half a second"
    assert after["keukentafel_waiting"] == 0
    assert after["process_resident_memory_bytes"] > 10e6


async def test_nothing_of_a_parent_is_on_it(watched: Kitchen) -> None:
    parent = watched.parent()
    await watched.asks(parent, "/start lost_patience")
    _, _, text = await fetch(watched)
    assert not any(trace in text.encode() for trace in parent.traces())
    assert "lost_patience" not in text


async def test_nothing_else_is_there(watched: Kitchen) -> None:
    assert (await fetch(watched, "/"))[0] == 404
    assert (await fetch(watched, "/metrics/x"))[0] == 404
    assert (await fetch(watched, "/metrics?x=1"))[0] == 200
    for method in ("POST", "PUT", "DELETE", "HEAD"):
        assert (await fetch(watched, method=method))[0] == 405


@pytest.mark.parametrize("sent", [b"", b"\r\n\r\n", b"GET\r\n\r\n", b"\xff" * 100 + b"\r\n\r\n", b"x" * 100_000])
async def test_nonsense(watched: Kitchen, sent: bytes) -> None:
    """Whatever is sent there, the connection ends, nothing is logged, and the page is there for the next."""
    host, _, port = watched.process.env["METRICS_LISTEN"].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent)
    writer.write_eof()
    try:
        answer = await asyncio.wait_for(reader.read(), 8)
    except ConnectionResetError:
        answer = b""
    writer.close()
    assert b" 200 " not in answer
    assert (await fetch(watched))[0] == 200
    assert watched.process.complaints == [] or "METRICS" not in "".join(watched.process.complaints)
    assert "asyncio" not in watched.process.log


async def test_who_says_nothing_is_not_waited_for_long(watched: Kitchen) -> None:
    host, _, port = watched.process.env["METRICS_LISTEN"].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /metrics HTTP/1.1\r\n")
    assert await asyncio.wait_for(reader.read(), 8) == b""
    writer.close()


@pytest.mark.parametrize("listen", ["9464", "localhost", "127.0.0.1:0", "127.0.0.1:70000", ":9464", "a b:1"])
async def test_a_place_that_is_none(listen: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^METRICS_LISTEN is host:port"):
        read_settings(environment(tmp_path, NOBODY, {"METRICS_LISTEN": listen}), ROOT)


async def test_a_port_that_is_taken(tmp_path: Path, watched: Kitchen, dutch: Path) -> None:
    """One line that names the setting; also when the name leads nowhere, or is none, or the package is not there."""
    (tmp_path / "prometheus_client.py").write_text("raise ModuleNotFoundError('no', name='prometheus_client')")
    taken = watched.process.env["METRICS_LISTEN"]
    for settings in (
        {"METRICS_LISTEN": taken},
        {"METRICS_LISTEN": "nowhere.invalid:9464"},
        {"METRICS_LISTEN": "a..b:9464"},
        {"METRICS_LISTEN": f"{'a' * 70}.example.org:9464"},
        {"METRICS_LISTEN": "127.0.0.1:9464", "PYTHONPATH": str(tmp_path)},
    ):
        lines = await asyncio.to_thread(refused, tmp_path, {"LOCALES": str(dutch), **settings}, watched.api.url)
        assert names(lines, "METRICS_LISTEN"), lines


async def test_not_unless_asked_for(tmp_path: Path) -> None:
    """Without the setting there is no such page, and the package is not even imported."""
    assert read_settings(environment(tmp_path, NOBODY, {}), ROOT).metrics is None
    code = "import sys, bot.app.serve, bot.app.operators; sys.exit('prometheus_client' in sys.modules)"
    ended = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], cwd=ROOT, check=False)
    assert ended.returncode == 0


async def test_the_buckets() -> None:
    """A turn counts in the first bucket that is as long as it took."""
    figures = Figures()
    for seconds in (0.0, BOUNDS[0], BOUNDS[0] + 1e-6, BOUNDS[-1], BOUNDS[-1] + 1):
        figures.turn(seconds)
    assert figures.turns_within == [2, 1, *[0] * (len(BOUNDS) - 3), 1, 1]
    assert figures.turns == 5
