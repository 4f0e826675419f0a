"""The real process, `python -m bot serve`, and the server it talks to."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app.health import pulse_file
from tests.botapi import TOKEN, BotApi

ROOT = Path(__file__).parents[2]
SECRET = "0b5e21c7d9f84a63b1e07c52a8d36f94"
READY = "serving by "
_FROM_HERE = ("PATH", "HOME", "SYSTEMROOT", "DIALOGS", "LOCALES")
"""What is handed on; DIALOGS and LOCALES so that another edition can be put to the same test."""


Settings = Mapping[str, str | None]
"""Variables other than those below; a setting of None is left out."""
NONE: Settings = {}


def environment(folder: Path, api_url: str, settings: Settings) -> dict[str, str]:
    """What the process finds in its environment."""
    env: dict[str, str | None] = {name: os.environ.get(name) for name in _FROM_HERE}
    env |= {
        "BOT_TOKEN": TOKEN,
        "BOT_SECRET": SECRET,
        "DATABASE": str(folder / "data" / "keukentafel.db"),
        "TELEGRAM_API_URL": api_url,
        "PACE": "0",
    }
    return {name: value for name, value in (env | dict(settings)).items() if value is not None}


def command(*arguments: str) -> list[str]:
    """The bot's command line."""
    return [sys.executable, "-m", "bot", *arguments]


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class BotProcess:
    """`serve` in a process of its own. Its log is a file for each start."""

    def __init__(self, folder: Path, api: BotApi, settings: Settings = NONE) -> None:
        self.folder = folder
        self.env = environment(folder, api.url, settings)
        self.database = Path(self.env["DATABASE"])
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self, *, ready: bool = True) -> None:
        """Start it; with `ready`, wait until it takes updates."""
        assert not self.running, "it runs already"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.starts += 1
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once; waiting is done in a thread
                command("serve"), env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        if ready:
            await self.logs(READY, within=40)

    async def logs(self, what: str, *, within: float = 20, after: int = 0) -> None:
        """Wait until this start has logged `what`, behind the first `after` characters."""
        end = time.monotonic() + within
        while what not in self.log[after:]:
            assert self.running, f"it ended with {self.code}:\n{self.log}"
            assert time.monotonic() < end, f"no {what!r} within {within} s:\n{self.log}"
            await asyncio.sleep(0.005)

    async def ends(self, *, within: float = 12) -> int:
        """Wait until it ended by itself; gives the exit code."""
        assert self._process is not None
        return await asyncio.to_thread(self._process.wait, within)

    async def stop(self, *, within: float = 12) -> int:
        """SIGTERM; gives the exit code."""
        self.signal(signal.SIGTERM)
        return await self.ends(within=within)

    async def restart(self) -> None:
        """Stop cleanly and start again."""
        assert await self.stop() == 0, self.log
        await self.start()

    def kill(self) -> None:
        """`kill -9`."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    @property
    def pid(self) -> int | None:
        """The number of the process of the present start."""
        return None if self._process is None else self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def code(self) -> int | None:
        """The exit code, once it ended."""
        return None if self._process is None else self._process.poll()

    @property
    def pulse(self) -> Path:
        """The file by which it shows that it is well."""
        return pulse_file(self.database)

    @property
    def log_file(self) -> Path:
        """Where the present start logs."""
        return self.folder / f"start-{self.starts}.log"

    @property
    def log(self) -> str:
        """What the present start logged, and whatever else it printed."""
        return self.log_file.read_text("utf-8")

    @property
    def complaints(self) -> list[str]:
        """The lines of the present log that are more than information."""
        return [line for line in self.log.splitlines() if " INFO " not in line]


def health(process: BotProcess) -> tuple[int, list[str]]:
    """The exit code of `health`, and what it says."""
    ended = subprocess.run(
        command("health"), env=process.env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout == ""
    return ended.returncode, ended.stderr.splitlines()


@asynccontextmanager
async def serving(
    folder: Path, api: BotApi, settings: Settings = NONE, *, ready: bool = True
) -> AsyncIterator[BotProcess]:
    """A process that serves; gone at the end, whatever happened."""
    process = BotProcess(folder, api, settings)
    try:
        await process.start(ready=ready)
        yield process
    finally:
        if process.running:
            process.kill()
