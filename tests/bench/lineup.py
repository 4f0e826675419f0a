"""The bots that are measured: ours, and the peers as they are installed from their packages."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "bench"
PEERS = BUILD / "bin" / "python"
"""The interpreter that has the peers; `make bench` makes it."""
TOKEN = "123456:BenchBenchBenchBenchBenchBenchBench"
SECRET = "0b5e21c7d9f84a63b1e07c52a8d36f94"
DATABASE = "keukentafel.db"
_SCRIPTS = Path(__file__).parent / "bots"
_HANDED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")


@dataclass(frozen=True)
class Bot:
    """One bot. ``ends`` is what ends a turn, see `parents.Plan`."""

    name: str
    title: str
    arguments: tuple[str, ...]
    ends: str = "keyboard"
    ours: bool = False

    @property
    def command(self) -> list[str]:
        """Its command line."""
        if self.ours:
            return [sys.executable, "-m", "bot", "serve"]
        script, *rest = self.arguments
        return [str(PEERS), str(_SCRIPTS / script), *rest]

    @property
    def why_not(self) -> str:
        """Why it cannot run here; empty when it can."""
        if self.ours:
            return ""
        if not PEERS.exists():
            return "the peers are not installed; `make bench` does that"
        if "client" in self.arguments and not (ROOT / "bot" / "telegram" / "transport.py").exists():
            return "bot/telegram/transport.py is not there"
        return ""

    def environment(self, folder: Path, port: int) -> dict[str, str]:
        """What it finds in its environment."""
        env = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        env |= {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": f"http://127.0.0.1:{port}"}
        if self.ours:
            return env | {"BOT_SECRET": SECRET, "DATABASE": str(folder / DATABASE), "PACE": "0"}
        # The same loop as ours, for the peers that ask for it.
        loop = "uvloop" if find_spec("uvloop") is not None else "asyncio"
        return env | {"BENCH_LOOP": loop, "PYTHONPATH": str(ROOT)}


BOTS = {
    bot.name: bot
    for bot in (
        Bot("keukentafel", "Keukentafel", (), ours=True),
        Bot("ptb_echo", "python-telegram-bot echo, as it comes", ("ptb_echo.py",)),
        Bot("ptb_client", "python-telegram-bot echo, same client", ("ptb_echo.py", "client")),
        Bot("ptb_beside", "python-telegram-bot, same client, concurrent", ("ptb_echo.py", "client", "beside")),
        Bot("ptb_conversation", "ConversationHandler with PicklePersistence", ("ptb_conversation.py",)),
        Bot("aiogram_dialog", "aiogram-dialog, in memory", ("aiogram_dialog_two.py",), ends="edit"),
        Bot("aiogram_echo", "aiogram echo", ("aiogram_echo.py",)),
        Bot("frameworkless", "a bot without any framework", ("frameworkless.py",)),
    )
}
