"""Where one service stands at one instant: open now, or when it opens, for each of its ways.

In: a service, its region, an aware instant, the parent's language. Out: an `Opening`, with its place in
the order of openings. Instants that come out are in the time zone of the region.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.directory.hours import changes, open_at
from bot.directory.model import Region, Service, Way

OFFICE_DAYTIME: Final = "Mo-Fr 08:00-18:00"
"""The widest that "tijdens de kantooruren" may mean. Only used to say "not now"; never to say "open"."""

Order = tuple[int, datetime]
_WHENEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class WayOpening:
    """One way at one instant.

    `open_now` None: nobody knows. `opens_at` only when closed, `closes_at` only when open; each is None too
    when that is over a year off, `opens_at` also for office hours. `always`: open, not closing within a year.
    """

    way: Way
    open_now: bool | None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    always: bool = False

    @property
    def order(self) -> Order:
        """Smaller is first: open, perhaps open, soonest to open, unknown, long closed.

        Perhaps open: in office hours, or with hours that say nothing of a day such as this (a public holiday).
        """
        if self.open_now:
            return 0, _WHENEVER
        if self.open_now is None:
            return (1 if self.way.office_hours or self.way.hours is not None else 3), _WHENEVER
        return (2, self.opens_at) if self.opens_at else (4, _WHENEVER)


@dataclass(frozen=True, slots=True)
class Opening:
    """One service at one instant, with its ways, the best first; its own state is that of its best way.

    `speaks`: whether the service speaks the parent's language, as far as is known.
    """

    service: Service
    ways: tuple[WayOpening, ...]
    speaks: bool

    @property
    def best(self) -> WayOpening:
        """The way to take: an open one, else the soonest; between equals the first in the file."""
        return self.ways[0]

    @property
    def open_now(self) -> bool | None:
        """Whether some way is open; None: nobody knows."""
        return self.best.open_now

    @property
    def opens_at(self) -> datetime | None:
        """When the first way opens, when all are closed."""
        return self.best.opens_at

    @property
    def closes_at(self) -> datetime | None:
        """When the best way closes, when it is open."""
        return self.best.closes_at

    @property
    def always(self) -> bool:
        """Whether the best way is open day and night."""
        return self.best.always

    @property
    def phone(self) -> str | None:
        """The number to call: of the first way, best first, that is a phone; None without one."""
        return next((state.way.value for state in self.ways if state.way.medium == "phone"), None)

    @property
    def order(self) -> tuple[Order, bool]:
        """Smaller comes first: as its best way, and between equals who speaks the parent's language."""
        return self.best.order, not self.speaks


def service_at(service: Service, region: Region, at: datetime, language: str) -> Opening:
    """Where `service` of `region` stands at `at`, for a parent who reads `language` (`nl`, `nl-BE` …)."""
    languages = service.languages or region.languages
    ways = sorted((way_at(way, region, at) for way in service.ways), key=lambda state: state.order)
    return Opening(service, tuple(ways), not languages or language[:2].lower() in languages)


def way_at(way: Way, region: Region, at: datetime) -> WayOpening:
    """Where one way stands at `at`."""
    zone, country = region.timezone, region.country
    if way.office_hours:
        daytime = OFFICE_DAYTIME + ("; PH off" if country else "")
        return WayOpening(way, None if open_at(daytime, at, zone, country) else False)
    if way.hours is None:
        return WayOpening(way, None)
    match open_at(way.hours, at, zone, country):
        case True:
            closes_at = next((when for when, _ in changes(way.hours, at, zone, country)), None)
            return WayOpening(way, True, closes_at=closes_at, always=closes_at is None)
        case False:
            opens_at = next((when for when, opened in changes(way.hours, at, zone, country) if opened), None)
            return WayOpening(way, False, opens_at=opens_at)
        case None:
            return WayOpening(way, None)
