"""The order in which services are pointed to."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory import Directory, Opening, Region, Service, Way

BRUSSELS = ZoneInfo("Europe/Brussels")
NIGHT = datetime(2026, 11, 24, 3, 10, tzinfo=BRUSSELS)
DAY = datetime(2026, 11, 24, 11, 0, tzinfo=BRUSSELS)


def service(name: str, *ways: Way, languages: tuple[str, ...] = ()) -> Service:
    return Service(name, name, ("gp",), ways, "a test", date(2026, 11, 23), "A", languages=languages)


def phone(hours: str | None) -> Way:
    return Way("phone", "1", hours)


def office() -> Way:
    return Way("how", "in je gemeente", office_hours=True)


def directory(*services: Service, languages: tuple[str, ...] = ("nl",)) -> Directory:
    return Directory((Region("be", BRUSSELS, "BE", languages, services),))


def order(found: tuple[Opening, ...]) -> list[str]:
    return [opening.service.id for opening in found]


def test_open_then_soonest_then_unknown() -> None:
    """Open now comes first, then what opens soonest, then unknown hours, then office hours at night."""
    book = directory(
        service("office", office()),
        service("unknown", phone(None)),
        service("later", phone("Mo-Fr 10:00-20:00")),
        service("sooner", phone("Mo-Fr 08:00-20:00")),
        service("open", phone("24/7")),
    )
    assert order(book.services("be", "gp", "nl", NIGHT)) == ["open", "sooner", "later", "unknown", "office"]


def test_office_hours_by_day_come_before_a_closed_line() -> None:
    """By day, your own GP in office hours comes after an open line and before one that opens on Saturday."""
    book = directory(
        service("saturday", phone("Sa-Su 00:00-24:00")),
        service("unknown", phone(None)),
        service("office", office()),
        service("open", phone("24/7")),
    )
    assert order(book.services("be", "gp", "nl", DAY)) == ["open", "office", "saturday", "unknown"]


def test_hours_that_say_nothing_of_a_holiday_come_before_a_closed_line() -> None:
    """At Christmas a line that may be open is tried before one that surely is not."""
    book = directory(
        service("closed", phone("Mo-Fr 08:00-20:00; PH off")),
        service("never_known", phone(None)),
        service("perhaps", phone("Mo-Fr 09:00-18:00; PH 09:00-18:00 unknown")),
    )
    christmas = datetime(2026, 12, 25, 11, tzinfo=BRUSSELS)
    assert order(book.services("be", "gp", "nl", christmas)) == ["perhaps", "closed", "never_known"]


def test_the_parents_language_comes_first_among_equals() -> None:
    """A French parent gets the open French line before the open Dutch one, the closed French one last."""
    book = directory(
        service("dutch", phone("24/7"), languages=("nl",)),
        service("undeclared", phone("24/7")),
        service("french_closed", phone("Mo-Fr 08:00-20:00"), languages=("fr",)),
        service("french", phone("24/7"), languages=("fr",)),
    )
    assert order(book.services("be", "gp", "fr", NIGHT)) == ["french", "dutch", "undeclared", "french_closed"]
    assert order(book.services("be", "gp", "nl-BE", NIGHT))[:2] == ["dutch", "undeclared"]
    assert [opening.speaks for opening in book.services("be", "gp", "fr", NIGHT)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_region_without_languages_speaks_the_parents() -> None:
    """Where nothing is known of languages, the file decides the order."""
    book = directory(service("a", phone("24/7")), service("b", phone("24/7")), languages=())
    assert order(book.services("be", "gp", "tr", NIGHT)) == ["a", "b"]
    assert all(opening.speaks for opening in book.services("be", "gp", "tr", NIGHT))


def test_the_best_way_speaks_for_the_service() -> None:
    """A service is open by its chat, though its phone stands first in the file and is closed."""
    line = service("line", phone("Mo-Fr 09:00-17:00"), Way("chat", "line.be", "Mo-Su 17:00-24:00"), phone("24/7"))
    evening = datetime(2026, 11, 24, 20, 0, tzinfo=BRUSSELS)
    (opening,) = directory(line).services("be", "gp", "nl", evening)
    assert [state.way.medium for state in opening.ways] == ["chat", "phone", "phone"]
    assert (opening.open_now, opening.best.way.value, opening.phone) == (True, "line.be", "1")
    assert opening.closes_at == datetime(2026, 11, 25, tzinfo=BRUSSELS)
    assert (opening.always, opening.opens_at) == (False, None)


def test_only_services_of_the_kind() -> None:
    """A kind that nobody serves has no services."""
    assert directory(service("line", phone("24/7"))).services("be", "peers", "nl", NIGHT) == ()


def test_an_unknown_region_is_a_mistake_of_the_caller() -> None:
    """Asking for a region that is not there names those that are."""
    with pytest.raises(LookupError, match="there are: be"):
        directory(service("line", phone("24/7"))).services("fr", "gp", "nl", NIGHT)


def test_a_naive_time_is_a_mistake_of_the_caller() -> None:
    """A time without a zone is refused rather than guessed."""
    with pytest.raises(ValueError, match="time zone"):
        directory(service("line", phone("24/7"))).services("be", "gp", "nl", datetime(2026, 11, 24, 3, 10))


WAYS = st.sampled_from(
    [phone("24/7"), phone("Mo-Fr 09:00-17:00; PH off"), phone("Mo-Su 18:00-02:00"), phone(None), office()]
)
SERVICES = st.lists(
    st.tuples(st.lists(WAYS, min_size=1, max_size=3), st.sampled_from([(), ("nl",), ("fr",), ("en", "fr")])),
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(
    drawn=SERVICES,
    at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    language=st.sampled_from(["nl", "fr", "en", "tr"]),
)
def test_open_ones_always_come_first(
    drawn: list[tuple[list[Way], tuple[str, ...]]], at: datetime, language: str
) -> None:
    """At any instant, for any parent: nobody is lost, no closed one before an open one, soonest first."""
    services = [service(f"s{n}", *ways, languages=spoken) for n, (ways, spoken) in enumerate(drawn)]
    found = directory(*services).services("be", "gp", language, at)
    assert sorted(order(found)) == sorted(one.id for one in services)
    is_open = [opening.open_now is True for opening in found]
    assert is_open == sorted(is_open, reverse=True)
    waits = [opening.opens_at for opening in found if opening.opens_at]
    assert waits == sorted(waits)
    speaking = [opening.speaks for opening in found if opening.open_now]
    assert speaking == sorted(speaking, reverse=True)
    for opening in found:
        ways_open = [state.open_now is True for state in opening.ways]
        assert ways_open == sorted(ways_open, reverse=True)
