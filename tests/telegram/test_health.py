"""`health` says whether the bot that runs here is well."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from telegram.error import NetworkError

from bot.app.health import LATE_SECONDS
from bot.telegram.polling import PollRequest
from bot.telegram.pulse import STUCK_SECONDS, Pulse
from bot.telegram.received import Received
from tests.botapi import BotApi
from tests.telegram.conftest import Serve
from tests.telegram.kitchen import Kitchen
from tests.telegram.serving import BotProcess, health


async def test_health(serve: Serve, api: BotApi) -> None:
    """0 while it serves, 1 with one line when it hangs, and 1 after a stop."""
    process = await serve()
    assert health(process) == (0, [])
    process.signal(signal.SIGSTOP)
    made_late(process)
    assert health(process) == (1, [f"keukentafel: the bot gave no sign of life for {LATE_SECONDS + 5} s"])
    process.signal(signal.SIGCONT)
    parent = api.parent()
    await parent.says("/start")
    await Kitchen(api, process).agree(parent)
    assert await process.stop() == 0
    assert health(process) == (1, ["keukentafel: no bot runs with this DATABASE"])


def made_late(process: BotProcess) -> None:
    """As if the last sign of life were too long ago."""
    then = time.time() - LATE_SECONDS - 5
    os.utime(process.pulse, (then, then))


def test_polling_that_hangs(tmp_path: Path) -> None:
    """Polling that is silent for too long stops the pulse, though the process runs; other calls do not count."""
    now = 1000.0
    pulse = Pulse(tmp_path / "pulse", clock=lambda: now)
    now += STUCK_SECONDS * 2
    assert not pulse.stuck, "behind a webhook, or before polling began, nothing has to beat"
    pulse.expect("poll")
    now += STUCK_SECONDS
    assert not pulse.stuck
    now += 1
    pulse.beat("send")
    assert pulse.stuck
    pulse.beat("poll")
    assert not pulse.stuck


class Inbox:
    """Has stored all there was."""

    def expect(self, updates: Mapping[int, Received | None]) -> None:
        """Nothing."""

    async def settled(self) -> None:
        """At once."""


async def test_a_poll_that_fails(tmp_path: Path) -> None:
    """A poll that Telegram does not answer is no poll that hangs: its end is a sign of life."""
    now = 1000.0
    pulse = Pulse(tmp_path / "pulse", clock=lambda: now)
    pulse.expect("poll")
    now += STUCK_SECONDS + 1
    assert pulse.stuck
    async with PollRequest(pulse, "poll", Inbox()) as polls:
        with pytest.raises(NetworkError, match="ClientConnectorError"):
            await polls.do_request("http://127.0.0.1:9", "POST")
    assert not pulse.stuck
