"""The counts of a database, read beside a bot that runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.store import kept
from bot.store.claimed import reading


def stored_counts(database: Path, since_day: int) -> Sequence[tuple[int, str, str, int]]:
    """Day (whole days since 1970), what is counted, its name and how often, since that day; in that order.

    Raises StoreUnusable.
    """
    with reading(database) as connection:
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tally'").fetchone()
        return kept.tallies(connection, since_day) if there else []
