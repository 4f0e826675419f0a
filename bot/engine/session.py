"""Where one conversation stands: a small value that survives a JSON round trip.

Nothing that a parent typed is in it. The only choices kept are those that a condition of the dialog asks for.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from bot.engine.model import MAX_NOTES, REGIONS, Place

VERSION = 1
OLDEST_READABLE = 1

MAX_TRAIL = 10
"""How many steps back a parent can go."""
SERIALS = 36 * 36
"""Keyboards are numbered modulo this, so that their number takes at most two signs in a button."""


_written = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class UnreadableSession(ValueError):
    """The stored session is of an unknown version or broken; the conversation starts anew, kindly."""


class Session(NamedTuple):  # no dataclass: each turn makes half a dozen of them, one out of the other
    """Where one conversation stands.

    ``place`` is None before the first turn and after /stop. ``returns`` holds where asides lead back to, at most
    one place a dialog. ``trail`` is the way back, newest last. ``chosen`` holds ``dialog/choice`` ids that a
    condition asks for. ``serial`` numbers the newest keyboard, ``tapped`` is the last button that was handled and
    ``seen`` the moment of the last turn in whole seconds since 1970 (UTC). ``notes`` are the numbers of the notes that
    are kept, ``notes_made`` is the highest there ever was (an old button never meets a new note), and ``check_in`` is
    the moment of the check-in that was asked for, in the same seconds.
    """

    place: Place | None = None
    returns: tuple[Place, ...] = ()
    trail: tuple[Place, ...] = ()
    chosen: frozenset[str] = frozenset()
    language: str | None = None
    region: str | None = None
    region_asked: bool = False
    greeted: bool = False
    misses: int = 0
    serial: int = 0
    tapped: str = ""
    seen: int = 0
    notes: tuple[int, ...] = ()
    notes_made: int = 0
    check_in: int | None = None

    def to_json(self) -> str:
        """This session as compact JSON; what stands at its default is left out."""
        row: dict[str, Any] = {"v": VERSION, "at": self.seen, "s": self.serial}
        if self.place is not None:
            row["p"] = str(self.place)
        if self.returns:
            row["r"] = [str(place) for place in self.returns]
        if self.trail:
            row["t"] = [str(place) for place in self.trail]
        if self.chosen:
            row["c"] = sorted(self.chosen)
        if self.language is not None:
            row["l"] = self.language
        if self.region is not None:
            row["g"] = self.region
        if self.region_asked:
            row["a"] = 1
        if self.greeted:
            row["h"] = 1
        if self.misses:
            row["m"] = self.misses
        if self.tapped:
            row["k"] = self.tapped
        if self.notes:
            row["n"] = _ranges(self.notes)
        if self.notes_made:
            row["w"] = self.notes_made
        if self.check_in is not None:
            row["d"] = self.check_in
        return _written(row)

    @classmethod
    def from_json(cls, text: str) -> Session:
        """Read what ``to_json`` wrote, of this version or an older readable one.

        Raises UnreadableSession for anything else.
        """
        try:
            row = json.loads(text)
            version = row["v"]
            if not OLDEST_READABLE <= version <= VERSION:
                raise UnreadableSession(f"session of version {version}, this edition reads {VERSION}")
            return cls(
                place=_place(row["p"]) if "p" in row else None,
                returns=tuple(_place(each) for each in row.get("r", ())),
                trail=tuple(_place(each) for each in row.get("t", ())),
                chosen=frozenset(str(each) for each in row.get("c", ())),
                language=row.get("l"),
                region=row["g"] if row.get("g") in REGIONS else None,
                region_asked=bool(row.get("a", 0)),
                greeted=bool(row.get("h", 0)),
                misses=int(row.get("m", 0)),
                serial=int(row["s"]),
                tapped=str(row.get("k", "")),
                seen=int(row["at"]),
                notes=_numbers(row.get("n", "")),
                notes_made=int(row.get("w", 0)),
                check_in=int(row["d"]) if "d" in row else None,
            )
        except UnreadableSession:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            raise UnreadableSession(f"broken session: {type(error).__name__}") from error


@lru_cache(maxsize=1024)
def _place(text: str) -> Place:
    dialog, _, node = text.partition("/")
    if not dialog or not node:
        raise ValueError("a place is dialog/node")
    return Place(dialog, node)


def _ranges(numbers: tuple[int, ...]) -> str:
    """Rising numbers as ``1-4,7``."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in parts)


def _numbers(text: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1)[: MAX_NOTES + 1])
    if len(numbers) > MAX_NOTES or any(later <= earlier for earlier, later in pairwise(numbers)):
        raise ValueError("notes are rising numbers, and not so many")
    return tuple(numbers)
