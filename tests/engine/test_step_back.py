"""Terug: one step back along the way that the parent came, across dialogs."""

from __future__ import annotations

from bot.engine.phrases import Phrase
from bot.engine.session import MAX_TRAIL, Session
from tests.engine.parent import Parent, at, phrase
from tests.engine.small_script import SCRIPT, edition


def test_back_is_offered_once_there_is_a_way_back() -> None:
    """The first place has no Terug, the second one has, and it says where it leads."""
    parent = Parent()
    parent.commands("start")
    assert "back" not in parent.ids
    parent.taps("soup")
    parent.taps("hot")
    assert parent.ids[-2:] == ["back", "help_now"]
    assert next(button.go for button in parent.offer.buttons if button.id == "back") == "soup/hello"


def test_back_gives_way_to_six_choices() -> None:
    """A node with six choices has no room for Terug; the button in an older message still works."""
    parent = at("soup/hello")
    parent.taps("hot", "again")
    assert len(parent.ids) == 7 and "back" not in parent.ids
    parent.goes_back()
    assert parent.place == "soup/hot"


def test_back_across_dialogs() -> None:
    """Back goes through other topics, and on to the menu."""
    parent = Parent(session=Session(region="be"))
    parent.commands("start")
    parent.taps("soup", "salt", "song", "end")
    places = []
    for _ in range(4):
        parent.goes_back()
        places.append(parent.place)
    assert places == ["song/hello", "soup/taste", "soup/hello", "menu/welcome"]
    assert parent.session.trail == ()


def test_back_at_the_start() -> None:
    """Where there is no way back, an old Terug leads to the menu."""
    parent = Parent()
    parent.commands("start")
    parent.goes_back()
    assert parent.place == "menu/hello"
    assert parent.said == ["hello"]


def test_back_after_stop() -> None:
    """After /stop there is no way back either."""
    parent = at("soup/hot")
    parent.commands("stop")
    parent.goes_back()
    assert parent.place == "menu/hello"


def test_back_past_places_that_are_gone() -> None:
    """Places that the new edition lacks are passed over."""
    parent = at("soup/hot")
    parent.taps("sing", "end")
    parent.script = edition(SCRIPT, without=["song/hello", "soup/hot"])
    parent.goes_back()
    assert parent.place == "soup/hello"


def test_back_when_the_whole_way_is_gone() -> None:
    """Where nothing of the way back is left, there is the menu."""
    parent = at("soup/hot")
    parent.taps("pause")
    parent.script = edition(SCRIPT, without=["soup"])
    parent.goes_back()
    assert parent.place == "menu/hello"
    assert (parent.session.trail, parent.session.returns) == ((), ())


def test_back_from_a_place_that_is_gone() -> None:
    """Who stands in a place that the new edition lacks is told so, at the menu."""
    parent = at("soup/hot")
    parent.script = edition(SCRIPT, without=["soup/hot"])
    parent.goes_back()
    assert parent.place == "menu/hello"
    assert parent.said == [phrase(Phrase.MOVED), "hello"]


def test_back_never_stays_where_it_is() -> None:
    """A node that is said and goes straight back to where we were leaves no step that leads nowhere."""
    parent = at("soup/hot")
    parent.taps("sing", "home")
    assert parent.place == "song/hello"
    parent.goes_back()
    assert parent.place == "soup/hot"


def test_the_way_back_is_bounded() -> None:
    """However long the conversation, ten steps back are kept, the newest ones."""
    parent = at("soup/hello")
    for _ in range(20):
        parent.taps("hot", "again")
    assert len(parent.session.trail) == MAX_TRAIL
    for _ in range(MAX_TRAIL):
        parent.goes_back()
        assert parent.place in ("soup/hot", "soup/hello")
    parent.goes_back()
    assert parent.place == "menu/hello"


def test_a_turn_that_stays_is_no_step() -> None:
    """A misunderstood text, a photo or a double tap adds nothing to the way back."""
    parent = at("soup/hot")
    trail = parent.session.trail
    parent.says()
    parent.sends_a_photo()
    parent.commands("nonsense")
    assert parent.session.trail == trail
