"""Services fit in a bubble, whatever is pointed to, wherever and whenever."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from itertools import combinations, cycle, product
from zoneinfo import ZoneInfo

import pytest

from bot.authoring.check import Checked
from bot.conversation.companion import Companion
from bot.directory import KINDS, Directory, Opening
from bot.directory.spoken import ServiceSpeaker, Spoken
from bot.engine.model import MAX_CHARACTERS, MAX_SIGNPOST_KINDS, REGIONS

BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY = datetime(2026, 11, 23, 0, 17, tzinfo=BRUSSELS)
MOMENTS = (
    *(MONDAY + timedelta(minutes=191 * step) for step in range(53)),  # a week, at ever other minutes
    datetime(2026, 12, 25, 14, 0, tzinfo=BRUSSELS),
    datetime(2026, 12, 31, 23, 59, tzinfo=BRUSSELS),
    datetime(2027, 1, 1, 0, 0, tzinfo=BRUSSELS),
    datetime(2027, 3, 28, 1, 59, tzinfo=BRUSSELS),
    datetime(2027, 4, 27, 11, 0, tzinfo=BRUSSELS),  # a holiday in the Netherlands only
    datetime(2027, 7, 21, 11, 0, tzinfo=BRUSSELS),  # a holiday in Belgium only
    datetime(2027, 10, 31, 2, 30, tzinfo=BRUSSELS),
)
EVERYWHERE = (None, *REGIONS)


class Remembering(Directory):
    """The same directory, which looks up each question once."""

    @cache  # noqa: B019  # lives as long as this module's tests
    def services(self, region: str, kind: str, language: str, at: datetime) -> tuple[Opening, ...]:
        return super().services(region, kind, language, at)


@pytest.fixture(scope="module")
def speaker(shipped: Checked, companion: Companion) -> ServiceSpeaker:
    assert shipped.directory is not None
    return ServiceSpeaker(Remembering(shipped.directory.regions), companion.texts, companion.script.phrases)


def _problem(spoken: Spoken) -> str | None:
    text = spoken.text
    if not text or not spoken.services:
        return "nobody is named"
    if len(text) > MAX_CHARACTERS:
        return f"{len(text)} characters: {text}"
    if "{" in text or "}" in text or "None" in text or "  " in text or text != text.rstrip():
        return f"not clean: {text}"
    return None


def test_sixty_moments() -> None:
    """The moments that are looked at are sixty different ones, of every hour of the day."""
    assert len(set(MOMENTS)) == 60
    assert {moment.hour for moment in MOMENTS} == set(range(24))


def test_each_service_in_a_sentence(companion: Companion, speaker: ServiceSpeaker) -> None:
    """One service of each kind, in each region and language, at each moment, fits in a bubble."""
    problems = {
        problem
        for at, language, region, kind in product(MOMENTS, companion.texts.languages, EVERYWHERE, KINDS)
        if (problem := _problem(speaker.inline(kind, region, language, at)))
    }
    assert problems == set()


def test_each_service_in_a_signpost(companion: Companion, speaker: ServiceSpeaker) -> None:
    """A signpost to each kind, in each region and language, at each moment, fits in a bubble."""
    problems = {
        problem
        for at, language, region, kind in product(MOMENTS, companion.texts.languages, EVERYWHERE, KINDS)
        if (problem := _problem(speaker.signpost((kind,), region, language, at)))
    }
    assert problems == set()


def test_each_combination_in_a_signpost(companion: Companion, speaker: ServiceSpeaker) -> None:
    """A signpost to every two or three kinds there are, in each region, each in another language at another moment."""
    moments, languages = cycle(MOMENTS[1:]), cycle(companion.texts.languages)  # 59 and 3: in time each meets each
    several = [kinds for size in range(2, MAX_SIGNPOST_KINDS + 1) for kinds in combinations(KINDS, size)]
    assert len(several) == 276 + 2024
    problems = {
        problem
        for kinds, region in product(several, EVERYWHERE)
        if (problem := _problem(speaker.signpost(kinds, region, next(languages), next(moments))))
    }
    assert problems == set()


def test_the_last_resort_always_fits(companion: Companion, speaker: ServiceSpeaker) -> None:
    """With one service for each country, which is the least that is said, twice the longest line fits in a bubble."""
    longest = max(
        len(speaker.inline(kind, region, language, at).text)
        for at, language, region, kind in product(MOMENTS, companion.texts.languages, REGIONS, KINDS)
    )
    names = max(len(name) for name in ("Nederland", "België", "Netherlands", "Belgique", "Pays-Bas"))
    assert 2 * (longest + names + len("\n\n")) <= MAX_CHARACTERS


def test_each_kind_is_named(companion: Companion, speaker: ServiceSpeaker) -> None:
    """A signpost names a service of each kind it points to, unless one of them is of several kinds."""
    for region, (first, second) in product(REGIONS, combinations(KINDS, 2)):
        spoken = speaker.signpost((first, second), region, "nl", MOMENTS[4])
        named = {service.service for service in spoken.services}
        for kind in (first, second):
            served = {opening.service.id for opening in speaker._directory.services(region, kind, "nl", MOMENTS[4])}
            assert named & served, (region, kind)
