"""How often what happens, day by day, of everybody together: which dialogs help, never who asked.

Nothing here comes from what a parent typed: names are ids of the script, languages and regions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from bot.conversation.answers import Answer
from bot.engine.model import Kind, Script
from bot.engine.session import Session

DIALOG: Final = "dialog"
NODE: Final = "node"
LANGUAGE: Final = "language"
REGION: Final = "region"
SAFETY: Final = "safety"
NOTE: Final = "note"
CHECK_IN: Final = "check_in"
WHAT: Final = (DIALOG, NODE, LANGUAGE, REGION, SAFETY, NOTE, CHECK_IN)
"""What is counted: a dialog that is entered, with its language and region; a node where a turn ends; and the rest."""

HEARD, BUTTON = "hearing", "button"
KEPT, SENT = "kept", "sent"
UNKNOWN, OTHER = "unknown", "other"
MOST_NAMES: Final = 5000
"""Names counted at once. Scripts have fewer; what is above counts as ``other``, so that memory stays bounded."""

Counts = Mapping[tuple[str, str], int]


class Tally:
    """Counts in memory until they are taken to be stored."""

    def __init__(self, most: int = MOST_NAMES) -> None:
        self._most = most
        self._days: dict[int, Counter[tuple[str, str]]] = {}

    def turn(self, day: int, script: Script, before: Session, answer: Answer, notes_kept: int = 0) -> None:
        """Count a turn that was shown and stored; ``before`` is the session that it came from."""
        if notes_kept:
            self._add(day, NOTE, KEPT, notes_kept)
        place = answer.place
        if place is None or not answer.bubbles:
            return
        if place != before.place:
            self._add(day, NODE, str(place))
        if before.place is not None and place.dialog == before.place.dialog:
            return
        self._add(day, DIALOG, place.dialog)
        self._add(day, LANGUAGE, answer.language)
        self._add(day, REGION, answer.session.region or UNKNOWN)
        dialog = script.dialogs.get(place.dialog)
        if dialog is not None and dialog.kind is Kind.SAFETY:
            self._add(day, SAFETY, HEARD if answer.heard_danger else BUTTON)

    def check_in(self, day: int) -> None:
        """Count a check-in that was sent."""
        self._add(day, CHECK_IN, SENT)

    def take(self) -> dict[int, Counts]:
        """All counts, by day; from now on it counts from nothing."""
        taken, self._days = self._days, {}
        return dict(taken)

    def put_back(self, day: int, counts: Counts) -> None:
        """These could not be stored; they go with the next."""
        for (what, name), number in counts.items():
            self._add(day, what, name, number)

    def _add(self, day: int, what: str, name: str, number: int = 1) -> None:
        counter = self._days.setdefault(day, Counter())
        if (what, name) not in counter and sum(map(len, self._days.values())) >= self._most:
            name = OTHER
        counter[what, name] += number
