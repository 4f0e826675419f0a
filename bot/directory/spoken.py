"""Services in a parent's language: a line in a sentence, or a bubble of signposts. Never longer than a bubble.

In: kinds of service, the region (None: not known, so every country's number is named), the language, an instant.
Out: the words, and the services that are named in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from weakref import ref

from babel.dates import format_date, format_skeleton, format_time

from bot.directory.directory import Directory
from bot.directory.model import Service, Way
from bot.directory.opening import Opening, WayOpening
from bot.engine.model import MAX_CHARACTERS, Text
from bot.engine.phrases import Phrase
from bot.texts import Texts

COUNTRIES = ("be", "nl")
"""The regions that are named side by side while the parent's own is not known."""
MAX_SERVICES = 3
REMEMBERED = 512
"""Answers, each for one minute."""
_REGION_NAMES = {
    "be": Phrase.REGION_BE,
    "nl": Phrase.REGION_NL,
    "elsewhere": Phrase.REGION_ELSEWHERE,
}


@dataclass(frozen=True, slots=True)
class SpokenService:
    """One service that is named in a bubble, for programs and transcripts."""

    service: str
    name: str
    phone: str | None
    open: bool | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words about services, and which services they name."""

    text: str
    services: tuple[SpokenService, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is said of each service; less when it would not fit in one bubble."""

    services: int
    ways: int
    extras: bool


_DETAILS = (
    Detail(3, 2, True),
    Detail(3, 2, False),
    Detail(3, 1, False),
    Detail(2, 1, False),
    Detail(1, 1, False),
)


def _there(speaker: ref[ServiceSpeaker]) -> ServiceSpeaker:
    found = speaker()
    assert found is not None, "only it asks what it remembers"
    return found


class ServiceSpeaker:
    """Says where help is, from the directory, in any offered language."""

    def __init__(self, directory: Directory, texts: Texts, phrases: Mapping[str, Text]) -> None:
        self._directory = directory
        self._texts = texts
        self._phrases = phrases
        # Hours are whole minutes: within one, the same question has the same answer. What is remembered must not hold
        # this speaker: it would be kept with all texts at each reload, as nothing looks there for garbage.
        this = ref(self)
        self._inline = lru_cache(REMEMBERED)(lambda *asked: _there(this)._inline_at(*asked))
        self._listed = lru_cache(REMEMBERED)(lambda *asked: _there(this)._listed_at(*asked))

    def inline(self, kind: str, region: str | None, language: str, at: datetime) -> Spoken:
        """The best service of ``kind`` at the end of a line; while the region is unknown, each country's on its own."""
        return self._inline(kind, region, language, at.replace(second=0, microsecond=0), at.fold)

    def signpost(self, kinds: Iterable[str], region: str | None, language: str, at: datetime) -> Spoken:
        """A bubble that lists services of ``kinds``, those that are open first."""
        return self._listed(tuple(kinds), region, language, at.replace(second=0, microsecond=0), at.fold)

    def _inline_at(self, kind: str, region: str | None, language: str, at: datetime, _fold: int) -> Spoken:
        if region is not None:
            best = self._directory.services(region, kind, language, at)[0]
            return Spoken(self._short(best, language, at), (self._spoken(best, language),))
        bests = {each: self._directory.services(each, kind, language, at)[0] for each in COUNTRIES}
        shorts = {each: self._short(best, language, at) for each, best in bests.items()}
        services = tuple(self._spoken(best, language) for best in bests.values())
        if len(set(shorts.values())) == 1:
            return Spoken(next(iter(shorts.values())), services[:1])
        parts = [
            self._say(Phrase.INLINE_REGION, language, region=self._say(_REGION_NAMES[each], language), service=short)
            for each, short in shorts.items()
        ]
        return Spoken("\n" + "\n".join(parts), services)

    def _listed_at(self, kinds: tuple[str, ...], region: str | None, language: str, at: datetime, _fold: int) -> Spoken:
        spoken = Spoken("", ())
        for detail in _DETAILS:
            spoken = self._signpost(kinds, region, language, at, detail)
            if len(spoken.text) <= MAX_CHARACTERS:
                break
        return spoken

    def _signpost(
        self, kinds: tuple[str, ...], region: str | None, language: str, at: datetime, detail: Detail
    ) -> Spoken:
        if region is not None:
            chosen = self._choose(kinds, region, language, at)[: detail.services]
            blocks = [self._long(opening, language, at, detail) for opening in chosen]
            return Spoken("\n\n".join(blocks), tuple(self._spoken(each, language) for each in chosen))
        blocks, services = [], []
        for each in COUNTRIES:
            chosen = self._choose(kinds, each, language, at)[: detail.services]
            lines = [self._say(_REGION_NAMES[each], language)]
            lines += [self._short(opening, language, at) for opening in chosen]
            blocks.append("\n".join(lines))
            services += [self._spoken(opening, language) for opening in chosen]
        return Spoken("\n\n".join(blocks), tuple(services))

    def _choose(self, kinds: tuple[str, ...], region: str, language: str, at: datetime) -> list[Opening]:
        """The best service of each kind, then others that speak the language; open ones first."""
        ranked = [self._directory.services(region, kind, language, at) for kind in kinds]
        chosen: dict[str, Opening] = {}
        for openings in ranked:
            best = next((each for each in openings if each.service.id not in chosen), None)
            if best is not None:
                chosen[best.service.id] = best
        for openings in ranked:
            for opening in openings:
                if len(chosen) < MAX_SERVICES and opening.speaks:
                    chosen.setdefault(opening.service.id, opening)
        return sorted(chosen.values(), key=lambda opening: opening.order)

    def _spoken(self, opening: Opening, language: str) -> SpokenService:
        service = opening.service
        return SpokenService(service.id, self._name(service, language), opening.phone, opening.open_now)

    def _name(self, service: Service, language: str) -> str:
        return self._own(service, service.name, language) if service.common else service.name

    def _own(self, service: Service, text: str, language: str) -> str:
        """A translated text of the service's own."""
        return self._texts.say(language, Text(text, f"directory/{service.id}"))

    def _short(self, opening: Opening, language: str, at: datetime) -> str:
        best = opening.best
        name = self._name(opening.service, language)
        way = self._way(opening.service, best.way, language)
        hours = self._hours(best, language, at)
        said = name if best.way.value in name else f"{name}: {way}"
        return f"{said} ({hours})" if hours else said

    def _long(self, opening: Opening, language: str, at: datetime, detail: Detail) -> str:
        service = opening.service
        lines = [self._short(opening, language, at)]
        for state in opening.ways[1 : detail.ways]:
            hours = self._hours(state, language, at)
            way = self._way(service, state.way, language)
            lines.append(f"{way} ({hours})" if hours else way)
        if detail.extras:
            extras = [self._say(Phrase.FREE, language)] if service.cost == "free" else []
            extras += [self._say(Phrase.ANONYMOUS, language)] if service.anonymous else []
            if extras:
                lines.append(", ".join(extras))
            if service.note:
                lines.append(self._own(service, service.note, language))
        return "\n".join(lines)

    def _way(self, service: Service, way: Way, language: str) -> str:
        match way.medium:
            case "phone":
                said = way.value
            case "whatsapp":
                said = f"WhatsApp {way.value}"
            case "chat":
                said = self._say(Phrase.CHAT, language, address=way.value)
            case "site":
                said = way.value
            case "how":
                said = self._own(service, way.value, language)
        return f"{said}, {self._own(service, way.note, language)}" if way.note else said

    def _hours(self, state: WayOpening, language: str, at: datetime) -> str:
        """Whether this way is open, and if not, when it opens; nothing when nobody knows."""
        if state.way.office_hours:
            return self._say(Phrase.OFFICE_HOURS, language)
        if state.always:
            return self._say(Phrase.ALWAYS_OPEN, language)
        if state.open_now:
            closes = state.closes_at
            if closes is None or closes - at > timedelta(hours=24):
                return self._say(Phrase.OPEN_NOW, language)
            return self._say(Phrase.OPEN_UNTIL, language, time=self._time(closes, language))
        if state.opens_at is None:
            return ""
        opens = state.opens_at
        days = (opens.date() - at.astimezone(opens.tzinfo).date()).days
        time = self._time(opens, language)
        if days == 0:
            return self._say(Phrase.OPENS_TODAY, language, time=time)
        if days == 1:
            return self._say(Phrase.OPENS_TOMORROW, language, time=time)
        locale = self._texts.locale(language)
        day = format_date(opens, "EEEE", locale) if days < 7 else format_skeleton("MMMd", opens, locale=locale)
        return self._say(Phrase.OPENS_ON, language, day=day, time=time)

    def _time(self, at: datetime, language: str) -> str:
        return format_time(at, "short", locale=self._texts.locale(language), tzinfo=at.tzinfo)

    def _say(self, phrase: Phrase, language: str, **values: str) -> str:
        said = self._texts.say(language, self._phrases[phrase])
        return said.format(**values) if values else said
