"""Runs the commands as a person or a program does: in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
AT_NIGHT = "2026-11-24T03:10"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended; ``out`` are the lines of its standard output."""

    code: int
    out: list[str]
    err: str


def environment(**settings: str) -> dict[str, str]:
    """The environment of this process without any setting of the bot, and with ``settings``."""
    ours = ("BOT_", "DEFAULT_", "WEBHOOK_", "DIALOGS", "LOCALES", "PACE", "DATABASE", "PYTHONIOENCODING", "NO_COLOR")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | settings


def run(*arguments: str, stdin: bytes = b"", **settings: str) -> Ran:
    """Run ``python -m bot`` to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env=environment(**settings),
        timeout=60,
        check=False,
    )
    out = done.stdout.decode("utf-8").split("\n")
    return Ran(done.returncode, out[:-1] if out[-1] == "" else out, done.stderr.decode("utf-8"))


def lines(texts: Iterable[str]) -> bytes:
    """Texts as they are typed, one a line."""
    return "".join(f"{text}\n" for text in texts).encode("utf-8", "surrogatepass")
