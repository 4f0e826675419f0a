"""A server, and the real process that serves it; shared by the tests of one file, each with parents of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio

from tests.botapi import BotApi
from tests.telegram.editions import Edition
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion
from tests.telegram.serving import NONE, BotProcess, Settings, free_port, serving


@pytest.fixture(scope="session", autouse=True)
def loaded() -> None:
    """The oracle reads the dialogs before any clock runs; it takes a second or two."""
    companion()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def kitchen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kitchen]:
    """A server and a process for all files in which nothing goes wrong: no rule is broken, and no line of the log
    is more than information."""
    async with BotApi(seed=1) as api, serving(tmp_path_factory.mktemp("kitchen"), api) as process:
        yield Kitchen(api, process)
        assert api.violations == []
        assert process.complaints == []
        assert await process.stop() == 0, process.log


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def rough_kitchen(tmp_path_factory: pytest.TempPathFactory, dutch: Path) -> AsyncIterator[Kitchen]:
    """A server and a process for one file in which things go wrong."""
    async with (
        BotApi(seed=2) as api,
        serving(tmp_path_factory.mktemp("rough"), api, {"LOCALES": str(dutch)}) as process,
    ):
        yield Kitchen(api, process)
        assert "Traceback" not in process.log
        assert await process.stop() == 0, process.log


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    """A server of the test's own."""
    async with BotApi(seed=2) as server:
        yield server


class Serve(Protocol):
    """Starts a process of the test's own, with other settings where the test wants them."""

    def __call__(self, settings: Settings = NONE, *, ready: bool = True) -> Awaitable[BotProcess]: ...


@pytest.fixture(scope="session")
def dutch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder without translations, for LOCALES. The bot starts twice as fast, and says the same in Dutch."""
    return tmp_path_factory.mktemp("locales")


@pytest_asyncio.fixture
async def serve(tmp_path: Path, api: BotApi, dutch: Path) -> AsyncIterator[Serve]:
    """See `Serve`; what it started is gone at the end of the test."""
    async with AsyncExitStack() as stack:

        async def served(settings: Settings = NONE, *, ready: bool = True) -> BotProcess:
            return await stack.enter_async_context(
                serving(tmp_path, api, {"LOCALES": str(dutch), **settings}, ready=ready)
            )

        yield served


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """The repository's dialogs, in Dutch, for this test to change."""
    return Edition(tmp_path / "edition")


@pytest.fixture
def port() -> int:
    """A port on which nobody listens."""
    return free_port()
