"""What may be about safety, but is not sure: one gentle question, with every way open."""

from __future__ import annotations

import pytest

from bot.engine.phrases import Phrase
from tests.engine.parent import Parent, at, phrase
from tests.engine.small_script import SCRIPT, edition


def test_one_gentle_question() -> None:
    """The safety dialog is offered first, then what else it may be, then going on here; nothing opens by itself."""
    parent = at("soup/hot")
    parent.says("song", "unknown", "about", "pause", safety="fire", sure=False)
    assert parent.place == "soup/hot"
    assert parent.said == [phrase(Phrase.ASK_GENTLY)]
    assert parent.ids == ["open/fire", "open/song", "open/about", "else", "back", "help_now"]
    labels = [button.label.source for button in parent.offer.buttons]
    assert labels[:4] == ["Fire", "Song", "About", phrase(Phrase.SOMETHING_ELSE)]


def test_it_is_about_safety() -> None:
    """Who says yes is in the safety dialog, and comes back from it."""
    parent = at("soup/hot")
    parent.says(safety="fire", sure=False)
    parent.taps("open/fire", "back")
    assert parent.place == "soup/hot"


def test_it_is_something_else() -> None:
    """Who says no goes on where we were."""
    parent = at("soup/hot")
    parent.says(safety="fire", sure=False)
    parent.taps("else")
    assert (parent.place, parent.said) == ("soup/hot", ["hot"])


def test_it_is_something_else_in_an_old_message() -> None:
    """The button carried what the one to go on carries; under a message of then it still leads on."""
    parent = at("soup/hot")
    parent.says(safety="fire", sure=False)
    parent.taps_token(parent.token("else").replace("!else", "!here"))
    assert (parent.place, parent.said) == ("soup/hot", ["hot"])


def test_before_an_answer_that_was_asked_for() -> None:
    """Also where free text is invited, what may be about safety is asked about first."""
    parent = at("soup/write")
    parent.says(safety="fire", sure=False)
    assert parent.said == [phrase(Phrase.ASK_GENTLY)]
    parent.taps("else")
    assert parent.place == "soup/write"


def test_where_we_are_nowhere() -> None:
    """In the first message, and after /stop, something else is the menu; a new parent hears that this is a script."""
    parent = Parent()
    parent.says(safety="fire", sure=False)
    assert parent.said == [phrase(Phrase.SCRIPT_LINE), phrase(Phrase.ASK_GENTLY)]
    assert parent.ids == ["open/fire", "else", "help_now"]
    parent.taps("else")
    assert parent.place == "menu/hello"


@pytest.mark.parametrize("place", ["fire/hello", "fire/end"])
def test_within_the_same_safety_dialog(place: str) -> None:
    """Where it is already about that, nothing is asked: the same ways on, and a person."""
    parent = at(place)
    before = parent.ids
    parent.says("song", safety="fire", sure=False)
    assert parent.said == [phrase(Phrase.FALLBACK_SAFETY)]
    assert parent.ids == before


def test_it_is_no_miss() -> None:
    """A gentle question is an answer: the misses begin anew."""
    parent = at("soup/hot")
    parent.says()
    parent.says(safety="fire", sure=False)
    assert parent.session.misses == 0


def test_a_safety_dialog_that_the_edition_lacks() -> None:
    """What another edition would ask about is heard as the rest of it."""
    parent = at("soup/hot")
    parent.script = edition(SCRIPT, without=["fire"])
    parent.says("song", safety="fire", sure=False)
    assert parent.place == "song/hello"
