"""The directory of all regions, and its one question: who helps with this, here, now?"""

from dataclasses import dataclass
from datetime import datetime

from bot.directory.model import Region
from bot.directory.opening import Opening, service_at


@dataclass(frozen=True, slots=True)
class Directory:
    """All regions. Immutable; the same question always has the same answer."""

    regions: tuple[Region, ...]

    def region(self, region: str) -> Region:
        """The region with this id. Raises LookupError, naming those there are."""
        for known in self.regions:
            if known.id == region:
                return known
        raise LookupError(f"no region {region!r}; there are: {', '.join(known.id for known in self.regions)}")

    def services(self, region: str, kind: str, language: str, at: datetime) -> tuple[Opening, ...]:
        """The services of `kind` in `region` at `at` (aware, any zone), best first.

        Open now, then perhaps open (office hours by day, or a holiday of which the hours say nothing), then soonest to
        open, then of unknown hours.
        Between equals those that speak `language`, then as in the file. Empty for a kind that is not served.
        """
        if at.tzinfo is None:
            raise ValueError("`at` needs a time zone: a naive time is no instant")
        place = self.region(region)
        openings = (service_at(service, place, at, language) for service in place.services if kind in service.kinds)
        return tuple(sorted(openings, key=lambda opening: opening.order))
