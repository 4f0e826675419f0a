"""Killed at any moment: what was confirmed is there, and nothing is half."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections import defaultdict
from pathlib import Path

import pytest

from bot.store import Keys, Store

ROOT = Path(__file__).parent.parent.parent
WORKER = Path(__file__).with_name("crash_worker.py")
SECRET = "the secret of a bot that is killed often"
KILLS = 12
CHATS = 24


class Told:
    """What the worker confirmed before it died, over all of its lives."""

    def __init__(self) -> None:
        self.put: dict[int, int] = {}
        self.done: dict[int, int] = defaultdict(int)
        self.gone: dict[int, int] = defaultdict(int)

    def hear(self, lines: list[str]) -> None:
        for line in lines:
            what, update_id, chat = line.split()
            if what in ("put", "waited"):
                self.put[int(update_id)] = int(chat)
            elif what == "done":
                self.done[int(chat)] = int(update_id)
            else:
                self.gone[int(chat)] = int(update_id)


def live_and_be_killed(path: Path, first: int, seconds: float) -> list[str]:
    """Run the worker, kill it ``seconds`` after its first word, and give all the lines that it finished."""
    command = [sys.executable, "-W", "error", str(WORKER), str(path), SECRET, str(first)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        begun = worker.stdout.readline()
        timer = threading.Timer(seconds, worker.kill)
        timer.start()
        rest = worker.stdout.read()
        timer.join()
        assert worker.stderr.read() == b""
        assert worker.wait() == -9
    return [line.decode() for line in (begun + rest).splitlines(keepends=True) if line.endswith(b"\n")]


async def check(store: Store, told: Told) -> None:
    waiting = {each.update_id: int(each.body.split()[0]) for each in await store.waiting()}
    last: dict[int, int] = {}
    for chat in range(CHATS):
        text = await store.session(store.chat_key(chat))
        last[chat] = 0 if text is None else int(text.split()[0])
        if text is None:
            assert told.gone[chat] or not told.done[chat] or chat % 6 == 0, f"the session of chat {chat} is lost"
        elif chat % 6:
            assert last[chat] >= told.done[chat], f"chat {chat} went back to {last[chat]}"
        if told.gone[chat]:
            assert text is None or last[chat] > told.gone[chat], f"chat {chat} was forgotten and is back"
    for update_id, chat in waiting.items():
        assert last[chat] < update_id, f"update {update_id} was answered and still waits"
    for update_id, chat in told.put.items():
        if update_id in waiting:
            assert waiting[update_id] == chat
        elif chat % 6:
            assert last[chat] >= update_id, f"update {update_id} is lost: no session, not waiting"
        else:  # answered, or gone with its chat
            assert not await store.put_update(update_id, store.chat_key(chat), b"redelivered")


@pytest.mark.asyncio
async def test_killed_again_and_again_nothing_confirmed_is_lost_and_nothing_is_half(path: Path) -> None:
    """New session if and only if its update no longer waits; each life goes on from the files of the one before."""
    moments = random.Random(20261124)
    told = Told()
    for life in range(1, KILLS + 1):
        told.hear(live_and_be_killed(path, life * 1_000_000, moments.uniform(0.005, 0.25)))
        async with await Store.open(path, Keys.from_secret(SECRET)) as store:
            await check(store, told)
    assert len(told.put) > 500
    assert len(told.gone) > 1
