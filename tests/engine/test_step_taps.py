"""Buttons: tapped twice, of old messages, of an edition that is gone, and forged."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import buttons
from bot.engine.model import Place
from bot.engine.phrases import Phrase
from bot.engine.replies import Turn
from bot.engine.session import SERIALS, Session
from bot.engine.step import DOUBLE_TAP_SECONDS
from tests.engine.parent import Parent, at, keyboard_problem, phrase
from tests.engine.small_script import SCRIPT, edition


@pytest.mark.parametrize("after", [-1, 0, DOUBLE_TAP_SECONDS - 2])
def test_a_double_tap_is_one_tap(after: float) -> None:
    """The same button again within a minute says nothing and changes nothing."""
    parent = at("soup/hello")
    token = parent.token("hot")
    parent.taps_token(token)
    parent.waits(after)
    before = parent.session
    assert parent.taps_token(token).replies == ()
    assert parent.session == before


def test_a_tap_after_a_minute_is_a_new_one() -> None:
    """The same button later on is meant."""
    parent = at("soup/hello")
    token = parent.token("hot")
    parent.taps_token(token)
    parent.waits(DOUBLE_TAP_SECONDS)
    assert parent.taps_token(token).replies


def test_impatient_tapping_is_heard_in_the_end() -> None:
    """The minute counts from the answer, not from the last tap: who goes on tapping is answered."""
    parent = at("soup/hello")
    token = parent.token("hot")
    answered = 0
    for _ in range(7):
        answered += bool(parent.taps_token(token).replies)
        parent.waits(19)
    assert answered == 3


def test_a_clock_that_is_set_back() -> None:
    """A moment before the last one makes nothing a double tap."""
    parent = at("soup/hello")
    token = parent.token("hot")
    parent.taps_token(token)
    parent.waits(-3600)
    assert parent.taps_token(token).replies


BETWEEN: dict[str, Callable[[Parent], Turn]] = {
    "a text": lambda parent: parent.says(),
    "a photo": lambda parent: parent.sends_a_photo(),
    "a command": lambda parent: parent.commands("nonsense"),
    "another tap": lambda parent: parent.taps("again"),
    "a button that is gone": lambda parent: parent.taps_token("00:soup/hello/gone"),
    "a forged button": lambda parent: parent.taps_token("forged"),
}


@pytest.mark.parametrize("does", BETWEEN.values(), ids=BETWEEN)
def test_something_in_between(does: Callable[[Parent], Turn]) -> None:
    """The same button after something else is no double tap."""
    parent = at("soup/hello")
    token = parent.token("hot")
    parent.taps_token(token)
    does(parent)
    assert parent.taps_token(token).replies
    assert parent.place == "soup/hot"


def test_the_same_choice_of_another_keyboard() -> None:
    """A choice that is offered again is another button, however quick."""
    parent = at("soup/hello")
    parent.taps("hot", "again", "hot")
    assert parent.place == "soup/hot"
    assert parent.said == ["hot"]


def test_old_buttons_keep_working() -> None:
    """A button of an old message does what it says, whatever came after, and Back leads to where we were."""
    parent = at("soup/hello")
    old = parent.token("salt")
    parent.commands("start", "song")
    parent.commands("stop")
    parent.commands("start", "about")
    parent.waits(60 * 60 * 24 * 30)
    parent.taps_token(old)
    assert parent.place == "soup/taste"
    assert parent.said == ["salty", "taste"]
    assert parent.session.trail[-1] == Place("about", "hello")


def test_a_choice_hidden_by_its_condition_still_works() -> None:
    """A choice of the night that is tapped in the morning is taken."""
    parent = at("song/hello")
    assert "by_night" not in parent.ids
    parent.taps_token(buttons.choice_token(0, Place("song", "hello"), "by_night"))
    assert parent.said[0] == "day song"


def test_the_skip_of_an_old_invitation() -> None:
    """The button under an invitation to write is a button like another."""
    parent = at("soup/write")
    old = parent.token("skip")
    parent.taps("skip", "hot")
    parent.taps_token(old)
    assert parent.place == "soup/hello"


GONE = {
    "choice": ("soup/hello/hot", ["soup/hello/hot"]),
    "node": ("soup/hot/again", ["soup/hot"]),
    "dialog": ("song/hello/end", ["song"]),
    "the way on is an end": ("soup/enough/again", []),
    "not the skip": ("soup/write/hot", []),
    "opener": ("!open/song", ["song"]),
}


@pytest.mark.parametrize(("what", "without"), GONE.values(), ids=GONE)
def test_a_button_that_is_gone(what: str, without: list[str]) -> None:
    """A button that leads nowhere any more gets a kind answer, and the way on from where we are."""
    parent = at("soup/taste")
    parent.script = edition(SCRIPT, without=without)
    parent.taps_token(f"00:{what}")
    assert parent.said == [phrase(Phrase.GONE)]
    assert parent.ids == ["here", "open/menu", "back", "help_now"]
    assert parent.taps_token(f"00:{what}").replies == ()  # twice is once, here too
    parent.taps("here")
    assert parent.place == "soup/taste"
    assert parent.said == ["taste"]


def test_a_button_that_is_gone_after_stop() -> None:
    """Where we are nowhere, the menu is the way on."""
    parent = at("soup/hello")
    parent.commands("stop")
    parent.taps_token("00:soup/hello/gone")
    assert parent.said == [phrase(Phrase.GONE)]
    assert parent.ids == ["open/menu", "help_now"]


def test_here_when_the_place_is_gone() -> None:
    """ "Verder waar we waren" after a new edition says that the place was rewritten."""
    parent = at("soup/hot")
    parent.script = edition(SCRIPT, without=["soup/hot"])
    parent.taps_token("00:!here")
    assert parent.place == "menu/hello"
    assert parent.said == [phrase(Phrase.MOVED), "hello"]


def test_here_after_stop() -> None:
    """ "Verder waar we waren" after /stop is the menu."""
    parent = at("soup/hot")
    parent.commands("stop")
    parent.taps_token("00:!here")
    assert parent.place == "menu/hello"
    assert parent.said == ["hello"]


words = st.sampled_from([*SCRIPT.dialogs, "hello", "hot", "back", "!open", "!back", "!here", "x" * 70, "été", "\ud83d"])
forged = st.one_of(
    st.text(max_size=200),
    st.lists(words, min_size=1, max_size=4).map("/".join).map("00:{}".format),
    st.builds("{}:{}".format, st.text(max_size=3), words),
)


@given(forged, st.booleans())
def test_any_text_is_a_button_with_an_answer(token: str, somewhere: bool) -> None:
    """Whatever a tap carries, nothing is raised and something is said, with a way on; nothing of it is kept."""
    parent = at("soup/hot") if somewhere else Parent()
    turn = parent.taps_token(token)
    assert parent.said and keyboard_problem(turn) is None
    assert len(parent.session.tapped) <= buttons.MAX_BYTES
    assert parent.session.tapped.isascii()


@given(st.integers(0, 3 * SERIALS))
def test_tokens_are_read_as_they_were_written(serial: int) -> None:
    """What the engine writes on a button is what it reads, for every serial."""
    place = Place("soup", "hot")
    assert buttons.read_token(buttons.choice_token(serial, place, "fire")) == buttons.Chosen(place, "fire")
    assert buttons.read_token(buttons.open_token(serial, "soup")) == buttons.Open("soup")
    assert buttons.read_token(buttons.token(serial, buttons.BACK)) == buttons.Back()
    assert buttons.read_token(buttons.token(serial, buttons.HERE)) == buttons.Here()


def test_tokens_of_the_last_keyboards_differ() -> None:
    """No two of the last 1296 keyboards have the same number, and it takes two signs."""
    tokens = {buttons.token(serial, buttons.BACK) for serial in range(1000, 1000 + SERIALS)}
    assert len(tokens) == SERIALS
    assert {len(token) for token in tokens} == {len("00:!back")}


def test_the_longest_token() -> None:
    """A button of exactly 64 signs is read; one sign more was never written."""
    longest = f"00:{'d' * 20}/{'n' * 20}/{'c' * 19}"
    assert len(longest) == buttons.MAX_BYTES == 64
    assert isinstance(buttons.read_token(longest), buttons.Chosen)
    assert buttons.read_token(f"{longest}c") == buttons.Strange()


def test_serials_wrap() -> None:
    """After 1296 keyboards the numbers begin again; buttons go on working and stay short."""
    parent = Parent(session=Session(greeted=True, serial=SERIALS - 2))
    parent.commands("start", "soup")
    assert parent.token("hot").startswith("zz:")
    parent.taps("hot")
    assert parent.token("again").startswith("00:")
    parent.taps("again")
    assert parent.place == "soup/hello"
    assert parent.token("hot").startswith("01:")
