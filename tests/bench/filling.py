"""Databases with many stored chats, written fast through the store's own encoding."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

from bot.app.content import home, load_companion
from bot.conversation.incoming import Commanded, Tapped
from bot.conversation.turns import day_of
from bot.engine.session import Session
from bot.settings import read_content
from bot.store import Keys, Store, rows
from bot.store.compact import pack
from bot.store.keys import Purpose
from tests.bench.lineup import BUILD, ROOT, SECRET
from tests.bench.parents import FIRST_CHAT

WALKS = 1000
LONGEST_WALK = 25
STEP = 20_000
"""Chats in one transaction."""


def template(chats: int, say: Callable[[str], None]) -> Path:
    """A database in which so many chats are stored, in the order in which they came; made once, then kept."""
    path = BUILD / "filled" / f"{chats}-{_edition()}.db"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{chats}-*"):
            old.unlink()
        say(f"filling a database with {chats:,} chats")
        made = path.with_name(f"{path.name}.new")
        _fill(made, chats)
        os.sync()
        made.rename(path)
        made.with_name(f"{made.name}.lock").unlink(missing_ok=True)
    return path


def _edition() -> str:
    """Changes whenever the store or the session does."""
    digest = hashlib.sha256()
    for path in (*sorted((ROOT / "bot" / "store").glob("*.py")), ROOT / "bot" / "engine" / "session.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _fill(path: Path, chats: int) -> None:
    keys = Keys.from_secret(SECRET)
    asyncio.run(_make(path, keys))
    bodies, day = _bodies(), day_of(datetime.now(UTC))
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            raw.execute(f"PRAGMA {pragma}")
        for first in range(0, chats, STEP):
            raw.execute("BEGIN")
            for number in range(first, min(first + STEP, chats)):
                chat = keys.chat_key(FIRST_CHAT + number)
                sealed = keys.seal(Purpose.SESSION, chat, bodies[number % len(bodies)])
                rows.commit(raw, chat, sealed, day - number % 60, None)
            raw.execute("COMMIT")
        raw.execute("PRAGMA journal_mode = WAL")


@cache
def _bodies() -> list[bytes]:
    return [pack(session.to_json()) for session in islice(sessions(), WALKS)]


async def _make(path: Path, keys: Keys) -> None:
    async with await Store.open(path, keys):
        pass  # it has its tables now


def sessions(seed: int = 0) -> Iterator[Session]:
    """Where real conversations stand: random walks through the real dialogs, without end."""
    chance = random.Random(seed)
    companion = load_companion(read_content({}, home()), datetime.now(UTC).date())
    while True:
        now = datetime.now(UTC) - timedelta(days=chance.uniform(0, 60))
        session = Session()
        answer = companion.answer(session, Commanded("start"), now)
        for _ in range(chance.randint(1, LONGEST_WALK)):
            now += timedelta(seconds=chance.randint(3, 90))
            tokens = [key.token for key in answer.keyboard]
            incoming = Tapped(chance.choice(tokens)) if tokens else Commanded("menu")
            following = companion.answer(answer.session, incoming, now)
            if following.bubbles:
                answer = following
        yield answer.session


def bytes_a_chat(path: Path, chats: int) -> dict[str, float]:
    """Bytes of the database for each chat: as it has ``grown``, and ``packed`` by VACUUM."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as raw:
        grown = _size(raw)
        with closing(sqlite3.connect(":memory:")) as packed:
            raw.backup(packed)
            packed.execute("VACUUM")
            return {"grown": grown / chats, "packed": _size(packed) / chats}


def _size(raw: sqlite3.Connection) -> int:
    return int(raw.execute("PRAGMA page_count").fetchone()[0]) * int(raw.execute("PRAGMA page_size").fetchone()[0])
