"""An evening with a crowd, in which the process is killed again and again."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.conversation.answers import Answer
from bot.engine.session import Session
from bot.store import Keys, Store
from tests.botapi import BotApi
from tests.telegram import oracle
from tests.telegram.crowd import Guest
from tests.telegram.database import waiting
from tests.telegram.serving import READY, SECRET, BotProcess, Settings
from tests.telegram.traces import found, traces_of


@dataclass
class Evening:
    """What happened, and how it ended."""

    api: BotApi
    guests: list[Guest]
    process: BotProcess
    began: datetime
    ended: datetime
    kills: Counter[str]
    hits: list[str]
    left_over: int = 0
    sessions: dict[int, Session] = field(default_factory=dict)
    _answers: dict[tuple[int, datetime], list[Answer]] = field(default_factory=dict)

    def answers(self, guest: Guest, at: datetime) -> list[Answer]:
        """What the oracle says to this guest."""
        key = guest.parent.id, at
        if key not in self._answers:
            companion = oracle.companion(Path(self.process.env["LOCALES"]))
            self._answers[key] = oracle.answers(self.api, guest.parent, at, companion)
        return self._answers[key]

    def read_in_each_life(self, guest: Guest) -> list[list[str]]:
        """What each start of the process said to this guest; a start begins with its first word to Telegram."""
        lives: list[list[str]] = [[]]
        for call in self.api.calls:
            if call.method == "getMe" and call.carried_out:
                lives.append([])
            elif call.method == "sendMessage" and call.carried_out and call.chat_id == guest.parent.id:
                lives[-1].append(call.text)
        return lives

    def duplicates(self, guest: Guest) -> int:
        """How many messages came more often than they had to."""
        wanted = sum(len(answer.bubbles) for answer in self.answers(guest, self.ended))
        return len(oracle.sent_texts(guest.parent)) - wanted


async def evening(
    folder: Path, api: BotApi, *, guests: int, deeds: int, kills: int, seed: int, settings: Settings
) -> Evening:
    """Let a crowd sit down, kill the process so often, and let it end well at last."""
    chance, process = random.Random(seed), BotProcess(folder, api, {"LOG_LEVEL": "DEBUG", **settings})
    began = datetime.now(UTC)
    crowd = [Guest(api, number, seed) for number in range(guests)]
    sitting = [asyncio.create_task(guest.sits_down(deeds, longest_pause=kills * 2.5 / deeds)) for guest in crowd]
    moments: Counter[str] = Counter()
    hits: list[str] = []
    try:
        for number in range(kills):
            process.env["LOG_FORMAT"] = ("text", "json")[number % 2]
            await process.start(ready=False)
            moments[await some_moment(chance, api, process)] += 1
            process.kill()
            hits += found([process.database.parent, process.log_file], traces(crowd, api))
        await asyncio.gather(*sitting)
        await process.start()
        await until_all_is_answered(api, process)
        assert await process.stop() == 0, process.log
        ended = Evening(api, crowd, process, began, datetime.now(UTC), moments, hits)
        await look_into(ended)
        return ended
    finally:
        for task in sitting:
            task.cancel()
        if process.running:
            process.kill()


async def some_moment(chance: random.Random, api: BotApi, process: BotProcess) -> str:
    """Wait for a moment to kill the process; says which."""
    if chance.random() < 0.15:
        await asyncio.sleep(chance.uniform(0, 1))
        return "while it starts"
    await process.logs(READY, within=60)
    call = chance.choice(["sendMessage", "getUpdates", "editMessageText", "answerCallbackQuery", ""])
    if not call:
        await asyncio.sleep(chance.uniform(0, 1))
        return "some time later"
    seen = done(api, call)
    await soon(lambda: done(api, call) > seen + chance.randrange(3), 1)
    return f"right after {call}"


async def soon(condition: Callable[[], bool], seconds: float) -> None:
    """Wait until it is so, but not for long."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:  # noqa: ASYNC110 - the server sets no event
        await asyncio.sleep(0.001)


async def until_all_is_answered(api: BotApi, process: BotProcess) -> None:
    """Wait until every update is confirmed to Telegram, and none waits in the inbox."""
    end = time.monotonic() + 90
    while api.world.updates.pending or waiting(process.database):
        assert time.monotonic() < end, "it does not come to an end"
        await asyncio.sleep(0.05)


def done(api: BotApi, method: str) -> int:
    """How many such calls were carried out."""
    return sum(1 for call in api.calls if call.method == method and call.carried_out)


def traces(crowd: list[Guest], api: BotApi) -> set[bytes]:
    """What must not stand in any file."""
    words = [word for guest in crowd for word in guest.words]
    return traces_of([guest.parent for guest in crowd], [*words, api.token, api.token.partition(":")[2], SECRET])


async def look_into(evening: Evening) -> None:
    """Read from the store where each chat stands, and what is still waiting."""
    async with await Store.open(evening.process.database, Keys.from_secret(SECRET)) as store:
        evening.left_over = len(await store.waiting())
        for guest in evening.guests:
            row = await store.session(store.chat_key(guest.parent.id))
            evening.sessions[guest.parent.id] = Session.from_json(row) if row else Session()
