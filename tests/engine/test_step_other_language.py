"""A text in another language than that of the conversation: the offer to go on in that one."""

from __future__ import annotations

import pytest

from bot.engine import buttons
from bot.engine.model import MAX_CHOICES
from bot.engine.phrases import Phrase
from bot.engine.replies import Role
from tests.engine.parent import Parent, at, keyboard_problem, phrase


def test_offered_beside_what_is_there() -> None:
    """The button stands before Hulp nu, and its label is read in the other language."""
    parent = at("soup/hot")
    parent.says(speaks="en")
    assert parent.ids[-2:] == ["speak", "help_now"]
    button = parent.offer.buttons[-2]
    assert (button.language, button.role, button.label.source) == (
        "en",
        Role.LANGUAGE,
        phrase(Phrase.GO_ON_IN_LANGUAGE),
    )
    assert keyboard_problem(parent.turn) is None


def test_taken() -> None:
    """Who takes it hears the same place again, in that language from now on."""
    parent = at("soup/hot")
    parent.says(speaks="en")
    parent.taps("speak")
    assert (parent.place, parent.said, parent.session.language) == ("soup/hot", ["hot"], "en")
    assert "speak" not in parent.ids


def test_in_a_safety_dialog() -> None:
    """What is heard comes first: the safety dialog opens, and it is that which is read in the other language."""
    parent = at("soup/hot")
    parent.says(safety="fire", speaks="en")
    assert parent.place == "fire/hello"
    parent.taps("speak")
    assert (parent.place, parent.session.language) == ("fire/hello", "en")


def test_a_gentle_question_is_asked_again() -> None:
    """Changing the language does not lose the question, nor the way to the safety dialog."""
    parent = at("soup/hot")
    parent.says(safety="fire", sure=False, speaks="en")
    parent.taps("speak")
    assert parent.said == [phrase(Phrase.ASK_GENTLY)]
    assert parent.ids[0] == "open/fire"
    assert parent.session.language == "en"


def test_where_we_are_nowhere() -> None:
    """In the first message, it leads to the menu."""
    parent = Parent()
    parent.says(speaks="en")
    parent.taps("speak")
    assert (parent.place, parent.session.language) == ("menu/hello", "en")


@pytest.mark.parametrize("language", ["de", "xx"])
def test_not_a_language_that_can_be_chosen(language: str) -> None:
    """What cannot be chosen is not offered, and a forged button of it changes nothing."""
    parent = at("soup/hot")
    parent.says(speaks=language)
    assert "speak" not in parent.ids
    parent.taps_token(buttons.speak_token(0, language, None))
    assert parent.session.language is None
    assert parent.said == [phrase(Phrase.GONE)]


@pytest.mark.parametrize("asked", ["song", "nowhere"])
def test_a_forged_question(asked: str) -> None:
    """A button that asks about what is no safety dialog only changes the language."""
    parent = at("soup/hot")
    parent.taps_token(buttons.speak_token(0, "en", asked))
    assert (parent.place, parent.said) == ("soup/hot", ["hot"])


def test_as_many_choices_as_before() -> None:
    """It comes beside the choices, and takes none away; on a full keyboard only the step back gives way."""
    parent = at("soup/hot")
    before = set(parent.ids)
    parent.says(speaks="en")
    assert before - {"back"} <= {*parent.ids}
    assert len(parent.ids) <= MAX_CHOICES + 1
