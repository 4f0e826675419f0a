"""Opening hours at the instants where clocks, calendars and midnights make them hard."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory import Region, Service, Way, WayOpening, hours_problem
from bot.directory.opening import way_at

BRUSSELS = ZoneInfo("Europe/Brussels")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WORKING_DAYS = "Mo-Fr 09:00-17:00; PH off"


def region(hours: str, country: str | None = "BE", office_hours: bool = False) -> Region:
    zone = AMSTERDAM if country == "NL" else BRUSSELS
    way = Way("phone", "1", None if office_hours else hours, office_hours)
    service = Service("line", "Line", ("gp",), (way,), "a test", date(2026, 11, 23), "A")
    return Region("nl" if country == "NL" else "be", zone, country, ("nl",), (service,))


def stand(hours: str, at: str, country: str | None = "BE", office_hours: bool = False) -> WayOpening:
    """The way with these hours at `at`: an ISO time, on the wall there, or with an offset of its own."""
    place = region(hours, country, office_hours)
    when = datetime.fromisoformat(at)
    if when.tzinfo is None:
        when = when.replace(tzinfo=place.timezone)
    return way_at(place.services[0].ways[0], place, when)


def iso(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="minutes") if instant else None


@pytest.mark.parametrize(
    ("day", "country", "opened", "next_opening"),
    [
        ("2027-07-21", "BE", False, "2027-07-22T09:00+02:00"),
        ("2027-07-21", "NL", True, None),
        ("2027-04-27", "BE", True, None),
        ("2027-04-27", "NL", False, "2027-04-28T09:00+02:00"),
        ("2026-11-11", "BE", False, "2026-11-12T09:00+01:00"),
        ("2026-11-11", "NL", True, None),
        ("2027-03-29", "BE", False, "2027-03-30T09:00+02:00"),
        ("2027-03-29", "NL", False, "2027-03-30T09:00+02:00"),
        ("2026-12-25", "BE", False, "2026-12-28T09:00+01:00"),
        ("2026-12-25", "NL", False, "2026-12-28T09:00+01:00"),
        ("2027-01-01", "BE", False, "2027-01-04T09:00+01:00"),
        ("2027-01-01", "NL", False, "2027-01-04T09:00+01:00"),
    ],
)
def test_a_holiday_closes_in_its_own_country_only(
    day: str, country: str, opened: bool, next_opening: str | None
) -> None:
    """At noon on a holiday, and only where it is one, `PH off` is closed until the next working day."""
    state = stand(WORKING_DAYS, f"{day}T12:00", country)
    assert (state.open_now, iso(state.opens_at)) == (opened, next_opening)


def test_holidays_open_what_opens_on_holidays() -> None:
    """On 27 April the Dutch out-of-hours GP post, closed by day on a Tuesday, is open all day."""
    hours = "Mo-Fr 00:00-08:00,17:00-24:00; Sa-Su,PH 00:00-24:00"
    assert stand(hours, "2027-04-27T12:00", "NL").open_now is True
    assert iso(stand(hours, "2027-04-27T12:00", "NL").closes_at) == "2027-04-28T08:00+02:00"
    assert stand(hours, "2027-04-27T12:00", "BE").open_now is False


def test_before_and_after_a_working_day() -> None:
    """Before nine it opens at nine today; from five sharp on it opens at nine the next working day."""
    assert iso(stand(WORKING_DAYS, "2026-11-24T03:10").opens_at) == "2026-11-24T09:00+01:00"
    assert iso(stand(WORKING_DAYS, "2026-11-24T17:00").opens_at) == "2026-11-25T09:00+01:00"
    assert iso(stand(WORKING_DAYS, "2026-11-24T09:00").closes_at) == "2026-11-24T17:00+01:00"
    assert iso(stand(WORKING_DAYS, "2026-11-27T20:00").opens_at) == "2026-11-30T09:00+01:00"


def test_day_and_night_is_always() -> None:
    """24/7, also written out, is open, always, and closes never; a line that closes is not always open."""
    for hours in ("24/7", "Mo-Su 00:00-24:00"):
        state = stand(hours, "2026-11-24T03:10")
        assert (state.open_now, state.always, state.closes_at, state.opens_at) == (True, True, None, None)
    assert stand("Mo-Su 00:00-23:00", "2026-11-24T03:10").always is False


def test_until_midnight() -> None:
    """17:00-24:00 closes at midnight of the next day, also from New Year's Eve into New Year."""
    assert iso(stand("Mo-Su 17:00-24:00", "2026-12-31T23:59").closes_at) == "2027-01-01T00:00+01:00"
    assert stand("Mo-Su 17:00-24:00", "2027-01-01T00:00").open_now is False
    assert iso(stand("Mo-Su 17:00-24:00", "2027-01-01T00:00").opens_at) == "2027-01-01T17:00+01:00"


def test_past_midnight() -> None:
    """18:00-02:00 is still open at half past one, of the evening before, and closes at two."""
    state = stand("Mo-Su 18:00-02:00", "2027-01-01T01:30")
    assert (state.open_now, iso(state.closes_at)) == (True, "2027-01-01T02:00+01:00")
    assert iso(stand("Mo-Su 18:00-02:00", "2027-01-01T02:00").opens_at) == "2027-01-01T18:00+01:00"
    friday = stand("Fr 18:00-02:00", "2026-11-28T01:30")
    assert (friday.open_now, stand("Fr 18:00-02:00", "2026-11-27T01:30").open_now) == (True, False)


@pytest.mark.parametrize(
    ("hours", "at", "closes", "opens"),
    [
        # 25 October 2026: at 03:00 summer time it is 02:00 again.
        ("Mo-Su 18:00-02:00", "2026-10-25T01:30+02:00", "2026-10-25T02:00+02:00", None),
        ("Mo-Su 18:00-02:00", "2026-10-25T02:30+02:00", None, "2026-10-25T18:00+01:00"),
        ("Mo-Su 22:00-03:00", "2026-10-25T01:30+02:00", "2026-10-25T03:00+01:00", None),
        ("Mo-Su 02:30-06:00", "2026-10-25T01:00+02:00", None, "2026-10-25T02:30+02:00"),
        ("Mo-Su 00:00-02:30", "2026-10-25T02:45+02:00", None, "2026-10-25T02:00+01:00"),
        ("Mo-Fr 09:00-17:00", "2026-10-24T12:00+02:00", None, "2026-10-26T09:00+01:00"),
        # 28 March 2027: at 02:00 it is 03:00; the half hour from 02:15 never comes.
        ("Mo-Su 18:00-02:00", "2027-03-28T01:30+01:00", "2027-03-28T03:00+02:00", None),
        ("Mo-Su 22:00-03:00", "2027-03-28T01:30+01:00", "2027-03-28T03:00+02:00", None),
        ("Mo-Su 02:30-06:00", "2027-03-28T01:00+01:00", None, "2027-03-28T03:00+02:00"),
        ("Mo-Su 02:15-02:45", "2027-03-28T01:00+01:00", None, "2027-03-29T02:15+02:00"),
        ("Mo-Fr 09:00-17:00", "2027-03-27T12:00+01:00", None, "2027-03-29T09:00+02:00"),
    ],
)
def test_nights_when_the_clocks_shift(hours: str, at: str, closes: str | None, opens: str | None) -> None:
    """Opening and closing keep to the clock on the wall, and name the right one of two equal times."""
    state = stand(hours, at, None)
    assert (iso(state.closes_at), iso(state.opens_at)) == (closes, opens)


def test_the_zone_of_the_question_does_not_matter() -> None:
    """The same instant from Tokyo, UTC or Brussels has the same answer, given in the zone of the region."""
    at = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
    place = region(WORKING_DAYS)
    way = place.services[0].ways[0]
    answers = {way_at(way, place, at.astimezone(zone)) for zone in (UTC, BRUSSELS, ZoneInfo("Asia/Tokyo"))}
    assert len(answers) == 1
    assert iso(answers.pop().opens_at) == "2026-11-24T09:00+01:00"


def test_unknown_is_neither_open_nor_closed() -> None:
    """Hours left out, or `unknown` at this time, are not shown as open or closed, and promise no opening."""
    hours = "Mo-Fr unknown; Sa-Su,PH 00:00-24:00"
    unknown = stand(hours, "2026-11-24T03:10")
    assert (unknown.open_now, unknown.opens_at, unknown.always) == (None, None, False)
    assert stand(hours, "2026-11-28T03:10").open_now is True
    assert stand(hours, "2026-11-11T03:10").open_now is True
    place = region("24/7")
    assert way_at(Way("site", "a.be"), place, datetime(2026, 11, 24, tzinfo=UTC)).open_now is None


def test_opens_at_skips_what_is_unknown() -> None:
    """On the Sunday before Easter Monday, unknown on holidays, the sure opening is on Tuesday."""
    hours = "Mo-Fr 09:00-18:00; PH 09:00-18:00 unknown; Sa-Su off"
    assert iso(stand(hours, "2027-03-28T12:00").opens_at) == "2027-03-30T09:00+02:00"
    assert stand(hours, "2027-03-29T12:00").open_now is None
    assert stand(hours, "2026-11-01T12:00").open_now is False


def test_office_hours_are_never_open_and_closed_at_night() -> None:
    """Office hours: unknown by day on a working day; closed at night, at the weekend, on a holiday."""
    by_day = stand("", "2026-11-24T11:00", office_hours=True)
    assert (by_day.open_now, by_day.opens_at) == (None, None)
    for at in ("2026-11-24T03:10", "2026-11-24T22:00", "2026-11-28T11:00", "2026-11-11T11:00"):
        closed = stand("", at, office_hours=True)
        assert (closed.open_now, closed.opens_at) == (False, None)


@pytest.mark.parametrize("hours", ["24/7", WORKING_DAYS, "Mo-Su 17:00-24:00", "Mo-Fr unknown; Sa-Su,PH 00:00-24:00"])
def test_good_hours_have_no_problem(hours: str) -> None:
    """What the directory uses is accepted."""
    assert hours_problem(hours) is None


@pytest.mark.parametrize(
    ("hours", "hint"),
    [
        ("", "is not OpenStreetMap"),
        ("every day", "from character 1 on"),
        ("Mo-Fr 9-17", "from character 7 on"),
        ("mo-fr 09:00-17:00", "capitalized"),
        ("off", "never opens"),
        ("Mo-Fr 09:00-17:00; off", "never opens"),
        ("Mo-Fr sunrise-17:00", "write a time"),
        ('Mo-Fr 09:00-17:00 "by phone"', "put it in a note"),
        ("Mo-Fr 09:00-17:00; SH off", "school holidays"),
        ("Mo-Fr 17:00+", "when it closes"),
    ],
)
def test_bad_hours_say_what_is_wrong(hours: str, hint: str) -> None:
    """A wrong expression gets a sentence that says what to do."""
    problem = hours_problem(hours)
    assert problem is not None
    assert hint in problem


HARD_HOURS = (
    "24/7",
    WORKING_DAYS,
    "Mo-Su 17:00-24:00",
    "Mo-Su 18:00-02:00",
    "Mo-Su 00:00-02:30",
    "Mo-Su 02:15-02:45",
    "Mo-Su 02:00-03:00",
    "Mo-Fr 00:00-08:00,17:00-24:00; Sa-Su,PH 00:00-24:00",
    "Mo-Th 13:00-17:00,18:00-22:00; Fr 13:00-17:00; PH 13:00-22:00 unknown; Sa-Su off",
    "Mo-Fr unknown; Sa-Su,PH 00:00-24:00",
    "PH 10:00-12:00",
)
ANY_INSTANT = st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
CLOCK_SHIFTS = [datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC)]
NEAR_A_SHIFT = st.builds(
    lambda shift, minutes: shift + timedelta(minutes=minutes),
    st.sampled_from(CLOCK_SHIFTS),
    st.integers(-24 * 60, 24 * 60),
)


@settings(max_examples=400, deadline=None)
@given(
    at=ANY_INSTANT | NEAR_A_SHIFT,
    hours=st.sampled_from(HARD_HOURS),
    country=st.sampled_from(["BE", "NL"]),
    part=st.floats(0, 1, exclude_max=True),
)
def test_it_opens_when_it_says_and_not_before(at: datetime, hours: str, country: str, part: float) -> None:
    """At any instant: closed stays not open until `opens_at`, and is open then; the same for `closes_at`."""
    place = region(hours, country)
    way = place.services[0].ways[0]
    state = way_at(way, place, at)
    assert (state.opens_at is not None) <= (state.open_now is False)
    assert (state.closes_at is not None) <= (state.open_now is True)
    change = state.opens_at or state.closes_at
    if change is None:
        assert state.always or state.open_now is None
        return
    assert change.tzinfo is place.timezone
    wait = change.astimezone(UTC) - at
    assert wait > timedelta()
    opens = state.open_now is False
    minutes = [at + timedelta(minutes=10 * step) for step in range(1, 6 * 48) if timedelta(minutes=10 * step) < wait]
    last = at + wait - timedelta(microseconds=1)
    for instant in [*minutes, min(at + wait * part, last), last]:
        assert (way_at(way, place, instant).open_now is True) is not opens
    assert (way_at(way, place, change).open_now is True) is opens
