"""The region is asked once, when a service is first pointed to; the language is what was chosen."""

from __future__ import annotations

import pytest

from bot.engine.model import REGIONS, Place
from tests.engine.parent import Parent, at

WHO = "-> gp midwife"


def unknown() -> Parent:
    """A parent whose region is not known, at a topic."""
    return at("soup/hello", region=None)


@pytest.mark.parametrize("region", REGIONS)
def test_asked_at_the_first_signpost(region: str) -> None:
    """Before services are named for the first time, the region is asked; then the node is said, and the region kept."""
    parent = unknown()
    parent.taps("who")
    assert parent.place == "region/hello"
    assert parent.said == ["hello"]
    parent.taps(region)
    assert parent.place == "soup/who"
    assert parent.said == ["who", WHO]
    assert parent.session.region == region
    assert parent.session.returns == ()


def test_asked_once() -> None:
    """A second signpost, in any topic, does not ask again."""
    parent = unknown()
    parent.taps("who", "nl", "again", "who")
    assert parent.said == ["who", WHO]
    parent.commands("start", "song")
    parent.taps("who")
    assert parent.said == ["who", "-> gp"]


def test_known_before() -> None:
    """Who chose a region by /regio is not asked."""
    parent = unknown()
    parent.commands("regio")
    parent.taps("elsewhere")
    assert parent.place == "soup/hello"
    parent.taps("who")
    assert parent.said == ["who", WHO]


def test_skipped_by_typing() -> None:
    """Who types something else instead of choosing is not asked again: services of each country are named then."""
    parent = unknown()
    parent.taps("who")
    parent.says("song")
    parent.taps("who")
    assert parent.said == ["who", "-> gp"]
    assert parent.session.region is None


def test_a_miss_at_the_question() -> None:
    """A text that is not understood there is answered with the same question's buttons."""
    parent = unknown()
    parent.taps("who")
    before = parent.ids
    parent.says()
    assert parent.ids == before
    parent.taps("be")
    assert parent.place == "soup/who"


def test_skipped_by_going_back() -> None:
    """Terug at the question leads to where we came from, and the next signpost does not ask again."""
    parent = unknown()
    parent.taps("who")
    parent.goes_back()
    assert parent.place == "soup/hello"
    parent.taps("who")
    assert parent.said == ["who", WHO]


def test_seen_by_command_and_skipped() -> None:
    """Who opened the question by /regio and left it is not asked once more, and finds the way back once."""
    parent = unknown()
    parent.commands("regio")
    parent.says("pause")
    parent.taps("who")
    assert parent.said == ["who", "-> gp"]
    parent.taps("back")
    assert parent.place == "region/hello"
    parent.taps("be")
    assert parent.place == "soup/hello"
    assert parent.session.returns == ()


@pytest.mark.parametrize("way", [["fire/hello", "out"], ["help_now/hello"], ["fire/hello", "out", "end"]])
def test_never_in_safety_and_hulp_nu(way: list[str]) -> None:
    """A safety dialog and Hulp nu name numbers at once, and ask nothing."""
    place, *choices = way
    parent = at(place, region=None)
    parent.taps(*choices)
    assert parent.said[-1].startswith("-> ")
    assert not parent.session.region_asked


def test_never_before_a_person_is_offered() -> None:
    """Two misses point to people without asking."""
    parent = unknown()
    parent.says()
    parent.says()
    assert parent.said[-1] == "-> listening_line parenting_line"
    assert parent.place == "soup/hello"


def test_asked_within_an_aside() -> None:
    """The question in the middle of a breathing minute leads back into it, and from there to the topic."""
    parent = at("soup/hello", region=None)
    parent.taps("hot", "pause", "who")
    assert parent.place == "region/hello"
    parent.taps("nl")
    assert parent.place == "pause/who"
    parent.taps("back")
    assert parent.place == "soup/hot"


def test_safety_at_the_question() -> None:
    """A text about safety, typed at the question, is heard; after it the question is there again, and then the node."""
    parent = unknown()
    parent.taps("who")
    parent.says(safety="fire")
    parent.taps("back")
    assert parent.place == "region/hello"
    parent.taps("be")
    assert parent.place == "soup/who"


def test_changing_region() -> None:
    """Another region can be chosen at any time, also from an old message."""
    parent = unknown()
    parent.taps("who")
    old = parent.token("nl")
    parent.taps("be")
    assert parent.session.region == "be"
    parent.waits(3600)
    parent.taps_token(old)
    assert parent.session.region == "nl"
    assert parent.place == "soup/who"


def test_choosing_a_language() -> None:
    """A chosen language is kept, through /stop too, and leads back to where we were."""
    parent = unknown()
    parent.taps("hot")
    parent.commands("language")
    parent.taps("en")
    assert parent.session.language == "en"
    assert parent.session.place == Place("soup", "hot")
    parent.commands("stop")
    assert parent.session.language == "en"
