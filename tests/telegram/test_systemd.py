"""What systemd is told: that the bot is up, that it is well, that it stops. With a real socket."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app.systemd import READY, STOPPING, WATCHDOG, Manager
from tests.botapi import BotApi
from tests.telegram.conftest import Serve


class Listener:
    """systemd's end of the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    async def next(self, within: float = 20) -> str:
        """The next thing that it is told; empty when there is nothing in time."""
        self._sock.settimeout(within)
        try:
            return (await asyncio.to_thread(self._sock.recv, 4096)).decode()
        except TimeoutError:
            return ""

    async def until(self, what: str, within: float = 20) -> int:
        """Wait until it is told this; gives how often it was told that all is well before."""
        beats = 0
        while (told := await self.next(within)) == WATCHDOG:
            beats += 1
        assert told == what
        return beats


@contextmanager
def listening(address: str) -> Iterator[Listener]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        yield Listener(sock)


@pytest.mark.parametrize("kind", ["a file", "abstract"])
async def test_a_service(serve: Serve, kind: str, tmp_path: Path) -> None:
    """Up once it can take updates, well several times a second here, silent while it hangs, and it says goodbye."""
    address = str(tmp_path / "notify") if kind == "a file" else f"@keukentafel-{secrets.token_hex(8)}"
    with listening(address) as systemd:
        process = await serve({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "400000"})
        assert await systemd.until(READY) <= 1
        for _ in range(5):
            assert await systemd.next(within=2) == WATCHDOG
        process.signal(signal.SIGSTOP)
        while await systemd.next(within=1):
            pass
        assert await systemd.next(within=1) == ""
        process.signal(signal.SIGCONT)
        assert await systemd.next(within=5) == WATCHDOG
        process.signal(signal.SIGTERM)
        await systemd.until(STOPPING)
        assert await process.ends() == 0


async def test_up_while_telegram_is_out_of_reach(serve: Serve, api: BotApi, tmp_path: Path) -> None:
    """It waits for Telegram as long as that takes; systemd must not take that for a failed start."""
    await api.down()
    with listening(str(tmp_path / "notify")) as systemd:
        await serve({"NOTIFY_SOCKET": str(tmp_path / "notify")}, ready=False)
        assert await systemd.next(within=40) == READY
        assert await systemd.next(within=1) == "", "no watchdog was asked for"


async def test_not_up_when_it_cannot_start(serve: Serve, tmp_path: Path) -> None:
    with listening(str(tmp_path / "notify")) as systemd:
        (tmp_path / "data").write_text("not a folder")
        process = await serve({"NOTIFY_SOCKET": str(tmp_path / "notify")}, ready=False)
        assert await process.ends(within=60) == 2
        assert await systemd.next(within=0.2) == ""


async def test_no_sign_while_it_is_not_well(tmp_path: Path) -> None:
    with listening(str(tmp_path / "notify")) as systemd:
        manager = Manager({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "100000"})
        well = False
        watching = asyncio.create_task(manager.watch(lambda: well))
        assert await systemd.next(within=0.4) == ""
        well = True
        assert await systemd.next(within=5) == WATCHDOG
        watching.cancel()


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"WATCHDOG_USEC": "100000"},
        {"WATCHDOG_PID": str(os.getpid() + 1), "WATCHDOG_USEC": "100000", "NOTIFY_SOCKET": "/nowhere"},
        {"WATCHDOG_USEC": "soon", "NOTIFY_SOCKET": "/nowhere"},
        {"WATCHDOG_USEC": "0", "NOTIFY_SOCKET": "/nowhere"},
    ],
)
async def test_nobody_asked(told: dict[str, str]) -> None:
    """Without systemd, or when the watchdog is meant for another process, nothing is sent and nothing waits."""
    await asyncio.wait_for(Manager(told).watch(lambda: True), 1)


async def test_systemd_is_gone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """That is one line in the log, and no reason to stop."""
    Manager({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).tell(READY)
    Manager({}).tell(READY)
    assert len(caplog.records) == 1
    assert "systemd cannot be told READY=1" in caplog.text
