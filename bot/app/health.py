"""Whether the bot that runs here is well: its pulse is a file that it renews every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import DEFAULT_DATABASE

LATE_SECONDS = 30


def pulse_file(database: Path) -> Path:
    """The file that a running bot renews, beside its database."""
    return database.with_name(f"{database.name}.pulse")


def health(env: Mapping[str, str], now: datetime) -> str | None:
    """None when the bot is well, else one line on what is wrong. Reads only DATABASE of the environment."""
    return ailment(pulse_file(Path(env.get("DATABASE") or DEFAULT_DATABASE)), now)


def ailment(file: Path, now: datetime) -> str | None:
    """None when the pulse in ``file`` is fresh, else one line on what is wrong."""
    try:
        renewed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return "no bot runs with this DATABASE"
    late = (now - renewed).total_seconds()
    return f"the bot gave no sign of life for {late:.0f} s" if late > LATE_SECONDS else None
