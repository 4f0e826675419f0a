"""The counts as people may see them: nothing by which one parent could be told from the others.

Numbers below five are hidden. What is printed is rounded to fives, and no totals are printed: a hidden number cannot
be worked out by taking the others from a sum, nor from the languages, regions and dialogs of the same visits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.conversation.turns import day_of
from bot.settings import SettingsError
from bot.store import StoreUnusable
from bot.store.counted import stored_counts

SMALL: Final = 5
"""Below this a number is hidden; from here on it is rounded to multiples of this."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: on which day, what was counted, its name, about how often."""

    day: date
    what: str
    name: str
    count: int | str


def shown_count(count: int) -> int | str:
    """``<5``, or the nearest multiple of five."""
    return f"<{SMALL}" if count < SMALL else (count + SMALL // 2) // SMALL * SMALL


def stats(database: Path, days: int, now: datetime) -> list[Row]:
    """The counts of the last ``days`` days (UTC), today included. Raises SettingsError."""
    try:
        counts = stored_counts(database, day_of(now - timedelta(days=days - 1)))
    except StoreUnusable as problem:
        raise SettingsError(f"DATABASE: {problem}") from None
    epoch = datetime(1970, 1, 1, tzinfo=UTC).date()
    return [Row(epoch + timedelta(days=day), what, name, shown_count(count)) for day, what, name, count in counts]


def as_text(rows: Sequence[Row]) -> list[str]:
    """Lines for people: a column each for the day, what is counted, how often, and the name."""
    if not rows:
        return ["nothing was counted on these days"]
    wide = max(len(row.what) for row in rows)
    return [f"{row.day}  {row.what:<{wide}}  {row.count!s:>5}  {row.name}" for row in rows]


def as_json(rows: Sequence[Row]) -> list[str]:
    """Lines for programs: one JSON object each."""
    return [
        json.dumps({"day": row.day.isoformat(), "what": row.what, "name": row.name, "count": row.count}) for row in rows
    ]
