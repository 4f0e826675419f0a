"""`return`: back to where the parent was before a safety dialog, a breathing minute, Hulp nu or a look at the menu."""

from __future__ import annotations

import pytest

from bot.engine.model import Place
from bot.engine.phrases import Phrase
from bot.engine.replies import Say, Signpost
from bot.engine.session import Session
from tests.engine.parent import Parent, at, phrase
from tests.engine.small_script import SCRIPT, edition


def test_one_aside() -> None:
    """A breathing minute, also from deep inside it, leads back to the very node."""
    parent = at("soup/hot")
    parent.taps("pause", "deeper", "back")
    assert parent.place == "soup/hot"
    assert parent.said == ["hot"]
    assert parent.session.returns == ()


def test_asides_inside_asides() -> None:
    """Topic, safety, breathing, return, return: each return undoes one aside."""
    parent = at("soup/hot")
    parent.taps("fire", "pause", "deeper", "back")
    assert parent.place == "fire/hello"
    parent.taps("out", "back")
    assert parent.place == "soup/hot"


def test_round_and_round() -> None:
    """From one aside into another and back into the first by a button remembers one place a dialog, not each visit."""
    parent = at("soup/hot")
    for _ in range(5):
        parent.taps("fire", "pause", "fire", "pause", "back", "back")
        assert parent.place == "soup/hot"
        assert parent.session.returns == ()


def test_hulp_nu_leads_back() -> None:
    """A look at Hulp nu leads back, also from within a safety dialog."""
    parent = at("soup/hot")
    parent.taps("fire", "help_now", "back")
    assert parent.place == "fire/hello"
    parent.taps("back")
    assert parent.place == "soup/hot"


def test_from_hulp_nu_on() -> None:
    """Safety that was opened from Hulp nu leads back to Hulp nu, and from there to the topic."""
    parent = at("soup/hot")
    parent.taps("help_now", "fire", "back")
    assert parent.place == "help_now/hello"
    parent.taps("back")
    assert parent.place == "soup/hot"


@pytest.mark.parametrize("command", ["hulp", "taal", "regio", "vergeet", "menu"])
def test_what_a_command_opens_is_an_aside(command: str) -> None:
    """A command in the middle of a topic remembers where that was."""
    parent = at("soup/hot")
    parent.commands(command)
    assert parent.session.returns == (Place("soup", "hot"),)


def test_another_topic_is_no_aside() -> None:
    """Who goes on to another topic, has left the first one: `return` knows nothing of it any more."""
    parent = at("soup/hot")
    parent.taps("pause", "fire")
    parent.says("song")
    parent.taps("open/song")
    assert parent.place == "song/hello"
    assert parent.session.returns == ()


def test_text_opens_safety_as_an_aside() -> None:
    """What was heard as safety leads back to where it was typed."""
    parent = at("soup/hot")
    parent.says(safety="fire")
    parent.taps("out", "back")
    assert parent.place == "soup/hot"


def test_a_dialog_that_is_over_is_not_returned_to() -> None:
    """After a soft end there is nothing to return to: the menu."""
    parent = at("soup/hot")
    parent.taps("enough")
    assert parent.ended
    parent.commands("start", "pause")
    parent.taps("back")
    assert parent.place == "menu/hello"


def test_the_end_of_a_safety_dialog_is_returned_to() -> None:
    """There the numbers stand, so a pause or a check-in leads back to them."""
    parent = at("fire/hello")
    parent.taps("out", "end", "check_in", "morning")
    assert parent.place == "fire/end"
    assert [type(reply) for reply in parent.turn.replies[:3]] == [Say, Say, Signpost]
    assert parent.session.check_in is not None and "check_in" not in parent.ids
    parent.commands("start", "pause")
    parent.taps("back")
    assert parent.place == "fire/end"


def test_what_was_read_before_makes_room() -> None:
    """Where a check-in leads back to three bubbles, the first gives way to what was arranged."""
    parent = Parent(session=Session(place=Place("song", "one"), region="be", greeted=True))
    parent.commands("start", "check_in")
    parent.taps("morning")
    said = [reply.text.source for reply in parent.turn.replies if isinstance(reply, Say)]
    assert said == [phrase(Phrase.CHECK_IN_SET), "two", "three"]


@pytest.mark.parametrize("greeted", [True, False])
def test_return_with_nowhere_to_go(greeted: bool) -> None:
    """Who came into an aside first, by a link or by typing, returns to the menu."""
    parent = Parent(session=Session(greeted=greeted))
    parent.commands("start", "pause")
    parent.taps("back")
    assert parent.place == "menu/hello"
    assert parent.session.returns == ()


def test_a_go_returns_too() -> None:
    """A node that says goodbye and returns by itself does so in the same turn."""
    parent = at("soup/hot")
    parent.taps("pause", "bye")
    assert parent.place == "soup/hot"
    assert parent.said == ["bye", "hot"]
    assert parent.session.returns == ()


@pytest.mark.parametrize("way", [["back"], ["bye"]], ids=["choice", "go"])
def test_a_return_place_that_is_gone(way: list[str]) -> None:
    """Where the new edition lacks the last place, the one before it is returned to, and each only once."""
    parent = at("soup/hot")
    parent.taps("fire", "out")
    parent.commands("start", "pause")
    parent.script = edition(SCRIPT, without=["fire/out"])
    parent.taps(*way)
    assert parent.place == "soup/hot"
    assert parent.session.returns == ()


def test_all_return_places_are_gone() -> None:
    """Where nothing of the way back is left, there is the menu."""
    parent = at("soup/hot")
    parent.taps("pause")
    parent.script = edition(SCRIPT, without=["soup"])
    parent.taps("back")
    assert parent.place == "menu/hello"
    assert parent.session.returns == ()


def test_back_out_of_an_aside() -> None:
    """Back out of an aside forgets the way out that is no longer needed; Back after a return goes in again."""
    parent = at("soup/hot")
    parent.taps("pause")
    back = parent.token("back")
    assert back.endswith("pause/hello/back")
    parent.goes_back()
    assert parent.place == "soup/hot"
    assert parent.session.returns == ()
    parent.taps("pause", "back")
    parent.goes_back()
    assert parent.place == "pause/hello"
    parent.taps_token(back)
    assert parent.place == "soup/hot"


def test_an_old_return_button_stays_here() -> None:
    """`return` in the message of an aside that was left long ago does not lead out of what came after it."""
    parent = at("soup/hot")
    parent.taps("pause")
    old = parent.token("back")
    parent.taps("back", "again", "salt")
    parent.waits(600)
    parent.taps_token(old)
    assert parent.place == "soup/taste"
    assert parent.said == ["salty", "taste"]


def test_an_old_language_button_stays_here() -> None:
    """A language chosen from an old message is set, and the conversation goes on in the aside where it stands."""
    parent = at("soup/hot")
    parent.commands("taal")
    old = parent.token("en")
    parent.taps("nl", "pause", "deeper")
    parent.taps_token(old)
    assert parent.session.language == "en"
    assert parent.place == "pause/breathe"
    parent.taps("back")
    assert parent.place == "soup/hot"
