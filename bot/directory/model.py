"""What the directory knows: regions, their services, and the ways to reach each. Frozen values, outside time.

Texts for parents (`how`, `note`, and the `name` of a `common` service) are Dutch and are the msgids of their
translations. Hours are OpenStreetMap `opening_hours`, in the time zone of the region.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from bot.directory.kinds import KINDS, Kind, RegionId

Medium = Literal["phone", "chat", "whatsapp", "site", "how"]
Cost = Literal["free", "local_rate", "usual_rate", "paid"]
Confidence = Literal["A", "B", "C", "D", "U"]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a service.

    `value` is a phone number as people write it (`phone`, `whatsapp`), a web address without `https://`
    (`chat`, `site`), or a Dutch phrase for parents (`how`). No `hours` and no `office_hours`: unknown.
    `office_hours`: by day on working days, at hours that nobody wrote down; it never comes with `hours`.
    """

    medium: Medium
    value: str
    hours: str | None = None
    office_hours: bool = False
    note: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The Dutch phrases of this way that are translated."""
        how = (self.value,) if self.medium == "how" else ()
        return how + ((self.note,) if self.note else ())


@dataclass(frozen=True, slots=True)
class Service:
    """One human service. `common`: its name is a common noun and is translated; else it is a proper name.

    `languages` are two-letter codes; none declared means the languages of its region. `anonymous` and `cost`
    are None where unknown. `source`, `checked`, `confidence`: where the facts came from, when, and how sure.
    """

    id: str
    name: str
    kinds: tuple[Kind, ...]
    ways: tuple[Way, ...]
    source: str
    checked: date
    confidence: Confidence
    common: bool = False
    cost: Cost | None = None
    languages: tuple[str, ...] = ()
    anonymous: bool | None = None
    note: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The Dutch texts of this service that are translated, in reading order."""
        name = (self.name,) if self.common else ()
        note = (self.note,) if self.note else ()
        return name + note + tuple(text for way in self.ways for text in way.texts)


@dataclass(frozen=True, slots=True)
class Region:
    """The services of one region, in order of preference.

    `country` (ISO code) gives the public holidays; None: none are known. `languages` is what a service speaks
    that declares none; when empty, such a service is taken to speak the parent's language.
    """

    id: RegionId
    timezone: ZoneInfo
    country: str | None
    languages: tuple[str, ...]
    services: tuple[Service, ...]

    def unserved_kinds(self) -> tuple[Kind, ...]:
        """The kinds of the closed list that no service of this region serves; empty when all is well."""
        served = {kind for service in self.services for kind in service.kinds}
        return tuple(kind for kind in KINDS if kind not in served)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every translated text with its service: (service id, Dutch text)."""
        for service in self.services:
            for text in service.texts:
                yield service.id, text
