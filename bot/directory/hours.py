"""Opening hours: open at an instant or not, and when that changes.

In: an OpenStreetMap `opening_hours` expression, an aware instant in any zone, the zone and the country (for
its public holidays) of the place. Out: True open, False closed, None unknown (`unknown` in the expression),
and instants in the zone of the place.

The expression speaks of the clock on the wall. The library evaluates it there, without a zone; going from the
wall to real instants is done here, because the library always takes the second 02:30 when clocks go back.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import opening_hours
from opening_hours import OpeningHours

HORIZON: Final = timedelta(days=366)
"""How far ahead a change is looked for; what stays the same for so long stays the same."""


@lru_cache(maxsize=1024)
def _parsed(hours: str, country: str | None) -> OpeningHours:
    return OpeningHours(hours, country=country)


def open_at(hours: str, at: datetime, zone: ZoneInfo, country: str | None) -> bool | None:
    """Whether `hours` are open at `at`: True, False, or None where the expression says `unknown`."""
    parsed, wall = _parsed(hours, country), _wall(at, zone)
    return True if parsed.is_open(wall) else False if parsed.is_closed(wall) else None


def changes(hours: str, at: datetime, zone: ZoneInfo, country: str | None) -> Iterator[tuple[datetime, bool | None]]:
    """Every change after `at` within `HORIZON`: when, in `zone`, and what it is from then on."""
    parsed = _parsed(hours, country)
    now, state = at.astimezone(UTC), open_at(hours, at, zone, country)
    end = now + HORIZON
    while (turn := parsed.next_change(_wall(now, zone))) is not None:
        now = _first_instant(now, turn, zone)
        if now > end:
            return
        if (new := open_at(hours, now, zone, country)) != state:
            state = new
            yield now.astimezone(zone), state


def hours_problem(hours: str) -> str | None:
    """What is wrong with an expression, in one English sentence; None when nothing is."""
    if not opening_hours.validate(hours):
        return f"{hours!r} is not OpenStreetMap opening_hours{_where(hours)}; try 'Mo-Fr 09:00-17:00; PH off'"
    for pattern, cure in _NOT_HERE:
        if found := re.search(pattern, hours):
            return f"{hours!r} has {found[0]!r}: {cure}"
    parsed = _parsed(hours, None)
    if parsed.warnings:
        return f"{hours!r}: {parsed.warnings[0]}"
    long_ago = datetime(2000, 1, 1)
    if parsed.is_closed(long_ago) and parsed.next_change(long_ago) is None and not needs_holidays(hours):
        return f"{hours!r} never opens; leave the hours out when they are not known"
    return None


def needs_holidays(hours: str) -> bool:
    """Whether the expression speaks of public holidays, and so needs a region that has a country."""
    return re.search(r"\bPH\b", hours) is not None


def knows_holidays(country: str) -> bool:
    """Whether the public holidays of this country (ISO code, `BE`) are known."""
    try:
        _parsed("PH off", country)
    except Exception:  # the library's UnknownCountryError is an Exception that its type stubs do not name
        return False
    return True


_NOT_HERE: Final = (
    (r'"', "comments are not translated; put it in a note"),
    (r"\b(sunrise|sunset|dawn|dusk)\b", "no place is known to see the sun from; write a time"),
    (r"\bSH\b", "school holidays are not known here"),
    (r"\+", "an open end does not say when it closes; write the time"),
)


def _where(hours: str) -> str:
    try:
        _parsed(hours, None)
    except Exception as error:  # the library's ParserError is an Exception that its type stubs do not name
        if found := re.search(r"--> \d+:(\d+)", str(error)):
            return f" from character {found[1]} on"
    return ""


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    """The clock on the wall in `zone`, naive."""
    return at.astimezone(zone).replace(tzinfo=None)


def _first_instant(now: datetime, wall: datetime, zone: ZoneInfo) -> datetime:
    """When (UTC) the wall first shows `wall` after `now`, or when the clocks shift, whichever comes first."""
    offset = now.astimezone(zone).utcoffset() or timedelta()
    then = (wall - offset).replace(tzinfo=UTC)
    if then.astimezone(zone).utcoffset() == offset:
        return then
    before, after = int(now.timestamp()), int(then.timestamp())
    while after - before > 1:  # the clocks shift somewhere between: halve until the second is found
        middle = (before + after) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return datetime.fromtimestamp(after, UTC)
