"""A question is answered by typing its yes or no: what a button begins with, typed alone, is that button."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.conversation.companion import Companion
from bot.conversation.incoming import Typed
from bot.engine.model import Place
from bot.engine.session import Session

NOW = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)

ANSWERS = {
    "is it suicide: yes": ("safety_suicide/hello", "ja", "safety_suicide/now"),
    "sometimes": ("safety_suicide/hello", "Soms", "safety_suicide/sometimes"),
    "no": ("safety_suicide/hello", "nee", "safety_suicide/not_meant"),
    "is it awake and breathing: no": ("safety_child_hurt/hello", "nee", "safety_child_hurt/call_now"),
    "no, twice": ("safety_child_hurt/hello", "nee nee", "safety_child_hurt/call_now"),
    "are you afraid to hurt it: yes": ("safety_harm_child/hello", "JA!", "safety_harm_child/put_down"),
    "is something wrong with its breath: no": ("safety_medical/hello", "nee", "safety_medical/look"),
    "is everybody safe: yes": ("lost_patience/hello", "ja", "lost_patience/after"),
}


def typed(companion: Companion, place: str, text: str, language: str = "nl") -> Place | None:
    """Where the conversation stands after this was typed."""
    dialog, _, node = place.partition("/")
    session = Session(place=Place(dialog, node), region="be", language=language, greeted=True)
    return companion.answer(session, Typed(text), NOW).place


@pytest.mark.parametrize(("place", "text", "leads"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_typed(companion: Companion, place: str, text: str, leads: str) -> None:
    """As a parent does who does not look for the button; of several in a safety dialog the most urgent is meant."""
    assert str(typed(companion, place, text)) == leads


def test_in_another_language(companion: Companion) -> None:
    """The words are those of the labels as they are read."""
    assert str(typed(companion, "safety_child_hurt/hello", "no", "en")) == "safety_child_hurt/call_now"
    assert str(typed(companion, "safety_child_hurt/hello", "non", "fr")) == "safety_child_hurt/call_now"


@pytest.mark.parametrize("text", ["ja maar hij ademt moeilijk", "ja, ik heb pillen genomen"])
def test_more_than_an_answer_is_heard(companion: Companion, text: str) -> None:
    """What comes after the yes is not passed over."""
    at = typed(companion, "safety_child_hurt/hello", text)
    assert str(at) != "safety_child_hurt/what"


def test_a_yes_that_could_mean_two_deletes_nothing(companion: Companion) -> None:
    """Outside of danger, an answer that several buttons begin with chooses none of them."""
    assert str(typed(companion, "forget/hello", "ja")) == "forget/hello"
