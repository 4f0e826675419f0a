"""Two processes for one bot: by mistake, or for the minute in which a new one takes the place of an old one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.botapi import BotApi
from tests.telegram import oracle
from tests.telegram.conftest import Serve
from tests.telegram.database import waiting
from tests.telegram.kitchen import Kitchen
from tests.telegram.serving import SECRET, serving
from tests.telegram.test_settings import refused

SHARED = "another process gets the updates of this bot (same BOT_TOKEN, or a webhook): stop one"
PARENTS = 20
EVERY = 0.5
"""Seconds between one parent who writes and the next."""


async def test_one_token(serve: Serve, api: BotApi, tmp_path: Path, dutch: Path) -> None:
    """Two databases, one token: each says in one line that there is another. Each new poll ends the other's, but a
    process waits a second at least before it polls again. Everybody is answered, whole; twice only where a poll was
    taken over before it was confirmed. When one is stopped, the other goes on alone."""
    first = await serve()
    async with serving(tmp_path / "second", api, {"LOCALES": str(dutch)}) as second:
        parents = []
        for _ in range(PARENTS):
            parents.append(api.parent())
            await parents[-1].says("/start")
            await asyncio.sleep(EVERY)
        for process in (first, second):
            await process.logs(SHARED, within=40)
        await api.until(lambda: not api.world.updates.pending, timeout=40)
        await api.until(lambda: waiting(first.database) == waiting(second.database) == 0, timeout=40)
        taken_over = [call.at for call in api.calls_of("getUpdates") if call.outcome.startswith("409")]
        assert 2 <= len(taken_over) <= 2 * (taken_over[-1] - taken_over[0]) + 2, "they fight"
        twice = 0
        for parent in parents:
            (answer,) = oracle.answers(api, parent)
            read, wanted = oracle.sent_texts(parent), oracle.texts(answer)
            assert sorted(read) in (sorted(wanted), sorted(2 * wanted)), parent.transcript()
            twice += len(read) > len(wanted)
        assert twice <= len(taken_over)
        for process in (first, second):
            assert [line for line in process.complaints if not line.endswith(SHARED)] == []
            assert process.log.count(SHARED) == 1
        assert await first.stop() == 0
        parent = api.parent()
        await parent.says("/start lost_patience")
        await Kitchen(api, second).agree(parent, within=40)
        assert await second.stop() == 0
    assert {violation.code for violation in api.violations} == {409}


async def test_one_database(serve: Serve, api: BotApi, tmp_path: Path, dutch: Path) -> None:
    """The second process ends with 2 and one line that names the file, before it takes a single update; the parents of
    the first do not notice."""
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    await kitchen.asks(parent, "/start")
    (line,) = await asyncio.to_thread(refused, tmp_path, {"LOCALES": str(dutch)}, api.url)
    path = process.database.resolve()
    assert line == (f"keukentafel: DATABASE: {path} is in use by another process of this bot; one process at a time")
    await kitchen.asks(parent, "/start lost_patience")
    assert api.violations == [] and process.complaints == []
    assert await process.stop() == 0
    assert SECRET not in process.log
