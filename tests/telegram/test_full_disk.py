"""The disk is full, or another program locks the database, while the bot serves: it is said in the log, nothing is
confirmed that was not stored, and all goes on by itself."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from telegram.error import NetworkError

from bot.telegram.polling import PollRequest
from bot.telegram.pulse import STUCK_SECONDS, Pulse
from bot.telegram.received import Received
from bot.telegram.webhook import watched
from tests.botapi import BotApi
from tests.telegram.conftest import Serve
from tests.telegram.database import waiting
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import sent_texts
from tests.telegram.serving import BotProcess

BEGINS = "; what is not stored is not confirmed, and is tried again"
ENDS = "the database can be written again"
NOBODY = "http://127.0.0.1:9/"
NOT_STORED = "an update was not stored and stays with Telegram: the database cannot do this now: "


@contextmanager
def locked(process: BotProcess) -> Iterator[None]:
    """Another program writes, for as long as this lasts."""
    with closing(sqlite3.connect(process.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(process: BotProcess) -> Iterator[None]:
    """The system lets no file of the process grow beyond what its ``-wal`` file is now."""
    wal = process.database.with_name(f"{process.database.name}-wal")
    assert process.log_file.stat().st_size < wal.stat().st_size, "the log has to be written all the same"
    with closing(sqlite3.connect(process.database, isolation_level=None)) as reader:
        # While somebody reads, the -wal file does not begin anew, where a write would still fit.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM inbox").fetchone()
        _limit(process, wal.stat().st_size)
        yield
        _limit(process, resource.RLIM_INFINITY)


def _limit(process: BotProcess, size: int) -> None:
    assert process.pid is not None
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


TROUBLES = {"locked": (locked, "database is locked"), "full": (full, "disk I/O error")}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_what_comes_meanwhile(serve: Serve, api: BotApi, trouble: str) -> None:
    """Nobody is answered and nothing is confirmed; one line says so when it begins, one when it ends, and then each
    update is answered, once and in order. No hand is needed."""
    happens, said = TROUBLES[trouble]
    process = await serve()
    kitchen, parents = Kitchen(api, process), [api.parent() for _ in range(5)]
    for parent in parents:
        await kitchen.asks(parent, "/start lost_patience")
    await api.until(lambda: waiting(process.database) == 0, timeout=20)
    before = [len(sent_texts(parent)) for parent in parents]
    with happens(process):
        updates = [(await parent.says(text)).update_id or 0 for text in ("/menu", "qwxz") for parent in parents]
        await process.logs(f"{NOT_STORED}{said}")
        assert not any(api.is_confirmed(update) for update in updates)
        assert [len(sent_texts(parent)) for parent in parents] == before
        assert process.log.count(BEGINS) == 1
        assert ENDS not in process.log
    for parent in parents:
        await kitchen.agree(parent)
    await process.logs(ENDS)
    await api.until(lambda: all(api.is_confirmed(update) for update in updates), timeout=20)
    assert waiting(process.database) == 0
    assert process.log.count(BEGINS) == process.log.count(ENDS) == 1
    assert "Traceback" not in process.log
    assert api.violations == []


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_in_the_middle_of_a_turn(serve: Serve, api: BotApi, trouble: str) -> None:
    """What was said can be stored later only: it waits in the inbox, is not said again, and the next thing that this
    parent says is answered after it."""
    happens, said = TROUBLES[trouble]
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    await kitchen.asks(parent, "/start lost_patience")
    await api.until(lambda: waiting(process.database) == 0, timeout=20)
    api.misbehave("slow", "sendMessage", chat=parent, seconds=0.7)
    first = await parent.says("/start breathe")
    await api.until(lambda: waiting(process.database) == 1, timeout=20)
    with happens(process):
        await process.logs(f"storage: the database cannot do this now: {said}; trying again in 0.5 s")
        assert waiting(process.database) == 1
        second = await parent.says("/menu")
        await process.logs(NOT_STORED)
        assert not api.is_confirmed(second.update_id or 0)
    await kitchen.agree(parent)
    await api.until(lambda: api.is_confirmed(second.update_id or 0), timeout=20)
    assert api.is_confirmed(first.update_id or 0)
    await api.until(lambda: waiting(process.database) == 0, timeout=40)


async def test_killed_while_the_disk_is_full(serve: Serve, api: BotApi) -> None:
    """What was not confirmed comes again from Telegram, and is answered by the next start."""
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    await kitchen.asks(parent, "/start lost_patience")
    await api.until(lambda: waiting(process.database) == 0, timeout=20)
    with full(process):
        await parent.says("/start breathe")
        await process.logs(NOT_STORED)
        process.kill()
        await process.start()
        await kitchen.agree(parent)


async def test_health_while_nothing_can_be_stored(tmp_path: Path) -> None:
    """When storing fails for long, `health` says that the bot is not well: it answers nobody. But it is not taken for
    stuck, and no watchdog starts it anew: that would make no room, and say again what was said."""
    now, room = 1000.0, False

    class Inbox:
        """Stores while there is room."""

        def expect(self, updates: Mapping[int, Received | None]) -> None:
            """Nothing."""

        async def settled(self) -> None:
            """Nothing is stored without room."""
            if not room:
                raise NetworkError("updates could not be stored")

    pulse = Pulse(tmp_path / "pulse", clock=lambda: now)
    pulse.expect("poll")
    async with PollRequest(pulse, "poll", Inbox()) as polls:
        for _ in range(3):
            with pytest.raises(NetworkError, match="could not be stored"):
                await polls.do_request(NOBODY, "POST")
            assert pulse.well
            now += STUCK_SECONDS / 3
        now += 1
        with pytest.raises(NetworkError, match="could not be stored"):
            await polls.do_request(NOBODY, "POST")
        assert not pulse.well
        assert not pulse.stuck
        room = True
        with pytest.raises(NetworkError, match="ClientConnectorError"):
            await polls.do_request(NOBODY, "POST")
        assert pulse.well


async def test_a_sign_of_life_on_a_full_disk(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """That the file cannot be made is said, and it is made as soon as it can be."""
    pulse = Pulse(tmp_path / "folder" / "pulse")
    pulse._touch()
    assert "the sign of life cannot be given: No such file or directory" in caplog.text
    (tmp_path / "folder").mkdir()
    pulse._touch()
    assert (tmp_path / "folder" / "pulse").exists()


async def test_health_behind_a_webhook(tmp_path: Path) -> None:
    """The same behind a webhook: unwell once storing has failed for long, well as soon as an update was stored."""
    now, room = 1000.0, False

    async def take(_received: Received | None) -> None:
        if not room:
            raise NetworkError("the update could not be stored")

    pulse = Pulse(tmp_path / "pulse", clock=lambda: now)
    taken = watched(take, pulse)
    with pytest.raises(NetworkError):
        await taken(None)
    assert pulse.well
    now += STUCK_SECONDS + 1
    with pytest.raises(NetworkError):
        await taken(None)
    assert not pulse.well and not pulse.stuck
    room = True
    await taken(None)
    assert pulse.well
