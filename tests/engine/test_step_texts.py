"""Text and other messages, in every state: safety first, then the label typed out, the answer asked for, topics."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.engine.model import Place
from bot.engine.phrases import Phrase
from bot.engine.replies import Turn
from bot.engine.session import Session
from tests.engine.parent import Parent, at, phrase
from tests.engine.small_script import SCRIPT, edition

SOMEWHERE = ["soup/hello", "soup/write", "soup/enough", "pause/hello", "fire/hello", "help_now/hello", "menu/hello"]


@pytest.mark.parametrize("place", SOMEWHERE)
def test_safety_comes_first(place: str) -> None:
    """What is heard as safety opens its dialog at once: also where a label was typed or an answer was asked for."""
    parent = at(place)
    parent.says("song", safety="fire", near=("about",), token=parent.token("help_now"))
    assert parent.place == "fire/hello"
    assert parent.said == ["hello"]


def test_safety_in_the_first_message() -> None:
    """A first message that is about safety gets the number in the first bubble; nothing comes before it."""
    parent = Parent()
    parent.says(safety="fire")
    assert parent.said == ["hello"]
    assert parent.place == "fire/hello"


def test_safety_in_an_edited_message() -> None:
    """An older message that is changed into one about safety is heard."""
    parent = at("soup/hot")
    parent.says(safety="fire", edited=True)
    assert parent.place == "fire/hello"


def test_safety_that_the_edition_lacks() -> None:
    """A hearing of another edition is no reason to fail: the rest of the hearing counts."""
    parent = at("soup/hot")
    parent.says("song", safety="flood")
    assert parent.place == "song/hello"


def test_an_edited_message() -> None:
    """An older message that is changed is not answered anew: neither its topic nor the label in it."""
    parent = at("soup/hot")
    before = parent.ids
    parent.says("song", token=parent.token("enough"), edited=True)
    assert parent.said == [phrase(Phrase.EDITED)]
    assert parent.place == "soup/hot"
    assert parent.ids == before


def test_a_label_that_is_typed_out() -> None:
    """A typed label is that button."""
    parent = at("soup/hello")
    parent.says(token=parent.token("salt"))
    assert parent.place == "soup/taste"
    assert parent.said == ["salty", "taste"]


def test_a_label_typed_twice() -> None:
    """A label that is typed again is meant, however quick: typing is no double tap."""
    parent = at("soup/hello")
    token = parent.token("hot")
    parent.says(token=token)
    parent.says(token=token)
    assert parent.said == ["hot"]


def test_an_answer_that_was_asked_for() -> None:
    """Where free text is invited, whatever is typed is the answer, also when it sounds like a topic."""
    parent = at("soup/write")
    assert parent.ids == ["skip", "back", "help_now"]
    parent.session = parent.session._replace(misses=1)
    parent.says("song", near=("about",))
    assert parent.place == "soup/read"
    assert parent.session.misses == 0


def test_skipping_an_answer() -> None:
    """Not writing is fine: the button leads on, tapped or typed."""
    parent = at("soup/write")
    parent.says(token=parent.token("skip"))
    assert parent.place == "soup/hello"


def test_a_topic_is_heard() -> None:
    """The best topic that this edition has opens, from anywhere."""
    parent = at("pause/hello")
    parent.says("unknown", "song", "soup")
    assert parent.place == "song/hello"
    assert parent.session.returns == ()


def test_the_first_words_of_a_parent() -> None:
    """Who types a topic without ever having been greeted is told in one line that this is a script."""
    parent = Parent()
    parent.says("soup")
    assert parent.said == [phrase(Phrase.SCRIPT_LINE), "hello"]
    parent.says("song")
    assert phrase(Phrase.SCRIPT_LINE) not in parent.said


def test_the_same_topic() -> None:
    """What leads to the place where the parent is already, is said to; deeper in the topic it leads to its start."""
    parent = at("soup/hello")
    parent.says("soup")
    assert parent.said == [phrase(Phrase.SAME_TOPIC)]
    assert "hot" in parent.ids
    parent.taps("hot")
    parent.says("soup")
    assert parent.place == "soup/hello"


def test_one_miss() -> None:
    """What was not understood once is said kindly, with the same ways on."""
    parent = at("soup/hot")
    before = parent.ids
    parent.says()
    assert parent.said == [phrase(Phrase.FALLBACK)]
    assert parent.ids == before


def test_two_misses() -> None:
    """After two texts in a row that were not understood, and more, a person is offered."""
    parent = at("soup/hot")
    parent.says()
    for _ in range(3):
        parent.says()
        assert parent.said == [phrase(Phrase.FALLBACK_PERSON), "-> listening_line parenting_line"]
        assert "again" in parent.ids


UNDERSTOOD: dict[str, Callable[[Parent], Turn]] = {
    "tap": lambda parent: parent.taps("again"),
    "topic": lambda parent: parent.says("song"),
    "safety": lambda parent: parent.says(safety="fire"),
    "command": lambda parent: parent.commands("menu"),
}


@pytest.mark.parametrize("does", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_misses_in_a_row(does: Callable[[Parent], Turn]) -> None:
    """Only misses in a row count: after something that was understood, the count begins anew."""
    parent = at("soup/hot")
    parent.says()
    does(parent)
    assert parent.session.misses == 0


def test_a_photo_is_no_miss() -> None:
    """What is no text gets its own answer, with the same ways on; it neither counts as a miss nor forgets one."""
    parent = at("soup/hot")
    before = parent.ids
    parent.says()
    parent.sends_a_photo()
    assert parent.said == [phrase(Phrase.NOT_TEXT)]
    assert parent.ids == before
    parent.says()
    assert phrase(Phrase.FALLBACK_PERSON) in parent.said


def test_near_topics() -> None:
    """Topics that are near are offered by name, three at most, beside going on here and the menu."""
    parent = at("soup/hot")
    parent.says(near=("unknown", "song", "about", "pause", "soup"))
    assert parent.said == [phrase(Phrase.FALLBACK_NEAR)]
    assert parent.ids == ["open/song", "open/about", "open/pause", "here", "open/menu", "back", "help_now"]
    assert [button.label.source for button in parent.offer.buttons[:3]] == ["Song", "About", "Pause"]
    parent.taps("here")
    assert parent.place == "soup/hot" and parent.said == ["hot"]


def test_near_topics_and_a_person() -> None:
    """The second miss offers a person, and the near topics too."""
    parent = at("soup/hot")
    parent.says()
    parent.says(near=("song",))
    assert parent.said == [phrase(Phrase.FALLBACK_PERSON), "-> listening_line parenting_line"]
    parent.taps("open/song")
    assert parent.place == "song/hello"


@pytest.mark.parametrize("place", ["fire/hello", "fire/end"])
def test_text_in_a_safety_dialog(place: str) -> None:
    """In a safety dialog nothing else is offered than its own ways on and a person, however often."""
    parent = at(place)
    before = parent.ids
    for _ in range(3):
        parent.says(near=("song",))
        assert parent.said == [phrase(Phrase.FALLBACK_SAFETY)]
        assert parent.ids == before
        assert parent.place == place


def test_a_miss_where_we_are_nowhere() -> None:
    """Before the first turn and after /stop, a miss offers the menu; a new parent hears that this is a script."""
    parent = Parent()
    parent.says()
    assert parent.said == [phrase(Phrase.SCRIPT_LINE), phrase(Phrase.FALLBACK)]
    assert parent.ids == ["open/menu", "help_now"]
    parent.commands("stop")
    parent.says(near=("song",))
    assert parent.said == [phrase(Phrase.FALLBACK_NEAR)]
    assert parent.ids == ["open/song", "open/menu", "help_now"]


def test_a_miss_where_the_place_is_gone() -> None:
    """Who stands in a place that the new edition lacks is told so, once, and offered the menu; the way is over."""
    parent = at("soup/hot")
    parent.taps("pause")
    parent.script = edition(SCRIPT, without=["pause"])
    parent.says()
    assert (parent.session.place, parent.session.trail, parent.session.returns) == (None, (), ())
    assert parent.said == [phrase(Phrase.MOVED), phrase(Phrase.FALLBACK)]
    assert parent.ids == ["open/menu", "help_now"]
    parent.says()
    assert parent.said == [phrase(Phrase.FALLBACK_PERSON), "-> listening_line parenting_line"]


def test_three_bubbles_at_most() -> None:
    """However much there is to say about a miss, it is said in three bubbles, the person among them."""
    lost = Session(place=Place("soup", "hot"), misses=5)
    parent = Parent(edition(SCRIPT, without=["soup/hot"]), session=lost)
    parent.says()
    assert parent.said == [
        phrase(Phrase.SCRIPT_LINE),
        phrase(Phrase.FALLBACK_PERSON),
        "-> listening_line parenting_line",
    ]


def test_a_photo_where_we_are_nowhere() -> None:
    """A photo as the first thing, or where the place is gone, is answered with the menu as the way on."""
    parent = Parent()
    parent.sends_a_photo()
    assert parent.said == [phrase(Phrase.NOT_TEXT)]
    assert parent.ids == ["menu", "help_now"]


def test_a_topic_in_a_safety_dialog_is_a_choice() -> None:
    """A word about a topic never leads out of a safety dialog by itself: it is offered, behind staying."""
    parent = Parent()
    parent.says(safety="fire")
    before = parent.session.place
    parent.says("song")
    assert parent.session.place == before
    assert parent.said == [phrase(Phrase.FALLBACK_SAFETY)]
    assert parent.ids[1] == "open/song"
    parent.taps("open/song")
    assert parent.place == "song/hello"
