"""A real store in a folder of the test. The contract asks only for ``store`` and ``reopen``: a second engine gives
these two and runs the same tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store import Keys, Store

SECRET = "a secret for tests, long enough to be one"


@pytest.fixture
def keys() -> Keys:
    return Keys.from_secret(SECRET)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keukentafel.db"


@pytest_asyncio.fixture
async def open_store(path: Path, keys: Keys) -> AsyncIterator[Callable[..., Awaitable[Store]]]:
    """Opens the store of this test, with other settings where the test wants them; closed at its end."""
    async with AsyncExitStack() as stack:

        async def opened(**settings: float) -> Store:
            return await stack.enter_async_context(await Store.open(path, keys, **settings))  # type: ignore[arg-type]

        yield opened


@pytest_asyncio.fixture
async def store(open_store: Callable[..., Awaitable[Store]]) -> Store:
    return await open_store()


@pytest.fixture
def reopen(open_store: Callable[..., Awaitable[Store]]) -> Callable[[Store], Awaitable[Store]]:
    """Closes a store and opens it again, as a restart does."""

    async def again(store: Store) -> Store:
        await store.close()
        return await open_store()

    return again
