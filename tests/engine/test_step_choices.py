"""What a conversation remembers, what conditions look at, and how `go` goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.engine.model import MAX_HOPS, Go, Kind
from bot.engine.moves import time_of_day
from tests.engine.parent import ZONE, Parent, at
from tests.engine.small_script import SCRIPT, choice, choices, dialog, edition, node, to


def test_only_what_a_condition_asks_for_is_remembered() -> None:
    """A choice that no condition asks for leaves nothing behind."""
    parent = at("soup/hello")
    parent.taps("plain")
    assert parent.session.chosen == frozenset()
    parent.goes_back()
    parent.taps("salt")
    assert parent.session.chosen == {"soup/salt"}


def test_choices_of_one_node_exclude_each_other() -> None:
    """Who goes back and chooses otherwise has chosen otherwise."""
    parent = at("soup/hello")
    parent.taps("salt")
    assert parent.said == ["salty", "taste"] and parent.ids[:2] == ["more", "other"]
    parent.taps("other", "sweet")
    assert parent.said == ["sweet", "taste"] and parent.ids[:2] == ["water", "other"]


def test_choosing_what_is_not_remembered_takes_back_what_was() -> None:
    """Also a choice that no condition asks for takes the place of its siblings."""
    parent = at("soup/hello")
    parent.taps("salt", "other", "plain")
    assert parent.said == ["taste"]
    assert parent.session.chosen == frozenset()


def test_remembered_through_an_aside() -> None:
    """A breathing minute or a safety dialog does not make the bot forget what was chosen."""
    parent = at("soup/hello")
    parent.taps("salt", "pause", "fire", "out", "back", "back")
    assert parent.place == "soup/taste"
    assert parent.said == ["salty", "taste"]


@pytest.mark.parametrize("leaving", ["song", "menu"])
def test_forgotten_when_leaving(leaving: str) -> None:
    """Who goes on to another topic takes nothing along, and nothing is there when they come back."""
    parent = at("soup/hello")
    parent.taps("salt")
    if leaving == "song":
        parent.taps("song")
    else:
        parent.commands("menu")
        parent.taps("soup")
        parent.says("song")
    assert parent.session.chosen == frozenset()
    parent.says("soup")
    parent.taps("plain")
    assert parent.said == ["taste"]


def test_an_old_choice_of_another_topic() -> None:
    """A remembered choice of an old message counts in the topic that it leads into."""
    parent = at("soup/hello")
    old = parent.token("sweet")
    parent.commands("start", "song")
    parent.taps_token(old)
    assert parent.said == ["sweet", "taste"]


TIMES = {"21:59": "day", "22:00": "night", "00:00": "night", "03:10": "night", "05:59": "night", "06:00": "day"}


@pytest.mark.parametrize(("clock", "expected"), TIMES.items())
def test_when_it_is_night(clock: str, expected: str) -> None:
    """The night is from 22:00 to 06:00 on the parent's clock, and lines and choices go by it."""
    now = datetime.fromisoformat(f"2026-11-24T{clock}:00").replace(tzinfo=ZONE)
    assert time_of_day(now) == expected
    parent = at("song/hello", when=now)
    assert parent.said == [f"{expected} song", "a song of the south"]
    assert ("by_night" in parent.ids) is (expected == "night")
    assert ("by_day" in parent.ids) is (expected == "day")


def test_the_last_second_of_the_day() -> None:
    """A second before 22:00 it is day, and a second before 06:00 it is night."""
    assert time_of_day(datetime(2026, 11, 24, 21, 59, 59, 999_999, ZONE)) == "day"
    assert time_of_day(datetime(2026, 11, 24, 5, 59, 59, 999_999, ZONE)) == "night"


def test_the_clock_of_the_event_counts() -> None:
    """The hour is read on the clock that comes with the event, not on another one."""
    now = datetime(2026, 11, 24, 22, 30, tzinfo=ZoneInfo("Europe/Brussels"))
    assert time_of_day(now) == "night"
    assert time_of_day(now.astimezone(ZoneInfo("Europe/London"))) == "day"


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("be", ["a song of the south"]),
        ("nl", ["a song of the north"]),
        ("elsewhere", []),
        (None, ["a song of the south"]),
    ],
)
def test_the_region_of_a_line(region: str | None, said: list[str]) -> None:
    """A line for one region is said there, and where none is known in the default region's wording."""
    assert at("song/hello", region=region).said[1:] == said


def test_a_soft_end() -> None:
    """At an end the first two neighbour topics that this edition has are offered, and the menu."""
    parent = at("about/hello")
    assert parent.ended
    assert parent.ids == ["soup", "song", "check_in", "menu", "help_now"]
    parent.script = edition(SCRIPT, without=["soup"])
    parent.sends_a_photo()
    assert parent.ids == ["song", "pause", "check_in", "menu", "help_now"]
    parent.taps("song")
    assert parent.place == "song/hello"
    parent.taps("end")
    assert parent.ids == ["check_in", "menu", "back", "help_now"]


def test_a_chain_of_go() -> None:
    """Nodes that go straight on are said in one turn, and Back leads before all of them."""
    parent = at("song/hello")
    parent.taps("chain")
    assert parent.said == ["one", "two", "three"]
    assert parent.place == "song/three"
    parent.goes_back()
    assert parent.place == "song/hello"


def test_a_chain_whose_next_node_is_gone() -> None:
    """A `go` to a place that is gone leads to the menu."""
    parent = at("song/hello")
    parent.script = edition(SCRIPT, without=["song/two"])
    parent.taps("chain")
    assert parent.said == ["one", "hello"]
    assert parent.place == "menu/hello"


def chain(length: int) -> Parent:
    """A parent before a chain of so many nodes that go straight on."""
    nodes = [node(f"n{each}", Go(to(f"long/n{each + 1}"))) for each in range(length)]
    last = node(f"n{length}", choices(choice("again", "long/hello")))
    start = node("hello", choices(choice("chain", "long/n0")))
    return at("long/hello", edition(SCRIPT, instead=[dialog("long", Kind.TOPIC, start, *nodes, last)]))


def test_the_longest_chain() -> None:
    """A chain may be as long as the bound."""
    parent = chain(MAX_HOPS - 1)
    parent.taps("chain")
    assert len(parent.said) == MAX_HOPS


@pytest.mark.parametrize("length", [MAX_HOPS, MAX_HOPS + 100])
def test_a_chain_that_is_too_long(length: int) -> None:
    """Beyond the bound the turn fails loudly instead of going on for ever; the checker does not let it come so far."""
    parent = chain(length)
    with pytest.raises(RecursionError, match=r"more than 16 `go` steps"):
        parent.taps("chain")


def test_a_moment_in_another_zone_is_stored_in_seconds() -> None:
    """What is kept of the moment is whole seconds, the same for every zone."""
    parent = at("soup/hello")
    moment = datetime(2026, 11, 24, 12, 0, 0, 999_999, ZONE)
    parent.at = moment
    parent.sends_a_photo()
    seen = parent.session.seen
    parent.at = moment.astimezone(ZoneInfo("America/Paramaribo")) + timedelta()
    parent.sends_a_photo()
    assert parent.session.seen == seen == int(moment.timestamp())
