"""A real store in the folder of the test, and a chat that talks with the small companion."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.conversation.turns import Turns
from bot.store import Keys, Store
from tests.conversation.small_companion import small_companion
from tests.conversation.talking import SECRET, Conversation


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(tmp_path / "keukentafel.db", Keys.from_secret(SECRET)) as opened:
        yield opened


@pytest.fixture
def talk(store: Store) -> Conversation:
    return Conversation(Turns(small_companion(), store))
