"""How the process is doing since it was started: plain numbers for who watches it, nothing of any chat."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Final

BOUNDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds; a turn counts for the first bound that it did not exceed."""


class Figures:
    """Counts upward only. Everything happens on the event loop."""

    def __init__(self) -> None:
        self.updates = 0
        """Updates that were taken in and stored."""
        self.dangers_heard = 0
        """Turns in whose text a danger was heard."""
        self.refusals: Counter[str] = Counter()
        """What Telegram, or the way to it, answered instead of doing it, by kind."""
        self.turns_within = [0] * (len(BOUNDS) + 1)
        """How many turns took how long, by bound; the last ones took longer than any of them."""
        self.turn_seconds = 0.0
        """What all turns took together."""

    def turn(self, seconds: float) -> None:
        """A turn was answered and stored, sending included."""
        self.turns_within[bisect_left(BOUNDS, seconds)] += 1
        self.turn_seconds += seconds

    @property
    def turns(self) -> int:
        """How many turns were answered."""
        return sum(self.turns_within)
