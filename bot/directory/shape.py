"""The shape of a directory file, `dialogs/directory/<region>.yaml`, and the way from there to a `Region`.

In: what a YAML loader made of the file; every scalar may be a string ("true", "2026-11-23"). Out: a frozen
`Region`, or pydantic's ValidationError with the path of every mistake. Unknown keys are mistakes.
"""

from datetime import date
from typing import Annotated, Final, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bot.directory.hours import hours_problem, knows_holidays, needs_holidays
from bot.directory.kinds import Kind, RegionId
from bot.directory.model import Confidence, Cost, Medium, Region, Service, Way

MEDIA: Final[tuple[Medium, ...]] = ("phone", "chat", "whatsapp", "site", "how")

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]*$")]
Address = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+(/[^\s]*)?$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
ServiceId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WayShape(_Strict):
    """One way: one of `phone`, `chat`, `whatsapp`, `site`, `how`; with `hours`, `office_hours` or neither."""

    phone: Number | None = None
    chat: Address | None = None
    whatsapp: Number | None = None
    site: Address | None = None
    how: Phrase | None = None
    hours: str | None = None
    office_hours: bool = False
    note: Phrase | None = None

    @field_validator("hours")
    @classmethod
    def _readable_hours(cls, hours: str | None) -> str | None:
        if hours is not None and (problem := hours_problem(hours)):
            raise ValueError(problem)
        return hours

    @model_validator(mode="after")
    def _one_medium(self) -> Self:
        named = [medium for medium in MEDIA if getattr(self, medium) is not None]
        if len(named) != 1:
            found = " and ".join(named) or "none"
            raise ValueError(f"a way is one of {', '.join(MEDIA)}; found {found}. Two ways are two entries of the list")
        if self.hours is not None and self.office_hours:
            raise ValueError("a way has hours or office_hours, not both")
        return self

    def to_way(self) -> Way:
        """The same as a frozen value."""
        for medium in MEDIA:
            value: str | None = getattr(self, medium)
            if value is not None:
                return Way(medium, value, self.hours, self.office_hours, self.note)
        raise AssertionError("a validated way has a medium")


class ServiceShape(_Strict):
    """One service; see `bot.directory.model.Service` for what the fields mean."""

    name: Phrase
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    ways: Annotated[tuple[WayShape, ...], Field(min_length=1)]
    source: str
    checked: date
    confidence: Confidence
    common: bool = False
    cost: Cost | None = None
    languages: tuple[LanguageCode, ...] = ()
    anonymous: bool | None = None
    note: Phrase | None = None

    def to_service(self, service_id: str) -> Service:
        """The same as a frozen value, with its id."""
        return Service(
            id=service_id,
            name=self.name,
            kinds=self.kinds,
            ways=tuple(way.to_way() for way in self.ways),
            source=self.source,
            checked=self.checked,
            confidence=self.confidence,
            common=self.common,
            cost=self.cost,
            languages=self.languages,
            anonymous=self.anonymous,
            note=self.note,
        )


class RegionFile(_Strict):
    """One directory file: a region and its services by id, in order of preference."""

    region: RegionId
    timezone: str
    country: str | None = None
    languages: tuple[LanguageCode, ...] = ()
    services: Annotated[dict[ServiceId, ServiceShape], Field(min_length=1)]

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, timezone: str) -> str:
        try:
            ZoneInfo(timezone)
        except (LookupError, ValueError, OSError):
            raise ValueError(f"{timezone!r} is not a time zone; write one such as Europe/Brussels") from None
        return timezone

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str | None) -> str | None:
        if country is not None and not knows_holidays(country):
            raise ValueError(f"{country!r} is no country with known public holidays; write BE, or leave it out")
        return country

    @model_validator(mode="after")
    def _holidays_are_known(self) -> Self:
        for service_id, service in self.services.items():
            for way in service.ways:
                if self.country is None and way.hours is not None and needs_holidays(way.hours):
                    raise ValueError(f"{service_id} has 'PH' in {way.hours!r}, but the region has no country")
        return self

    def to_region(self) -> Region:
        """The same as a frozen value."""
        services = tuple(shape.to_service(service_id) for service_id, shape in self.services.items())
        return Region(self.region, ZoneInfo(self.timezone), self.country, self.languages, services)
