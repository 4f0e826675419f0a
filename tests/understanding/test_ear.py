"""How the triggers of a script are heard: in a row, as whole words, small slips forgiven, safety first."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.authoring.safety_rules import SafetyRules
from bot.engine.events import NOTHING_HEARD
from bot.engine.model import Script
from bot.understanding.ear import Ear
from tests.engine.small_script import SCRIPT, edition

TRIGGERS = {
    "soup": {
        "nl": ["de soep is heet", "soep", "geen lepel", "overgekookte", "gehaktbal", "kookboek", "pan", "schulden"],
        "en": ["hot soup"],
    },
    "song": {"nl": ["een liedje zingen", "zingen"], "fr": ["chanter une chanson"]},
    "pause": {"nl": ["even zitten", "even zitten met een liedje zingen"]},
    "about": {"nl": ["wie maakt de soep", "wat is dit voor liedje"]},
    "fire": {"nl": ["het brandt", "de soep brandt aan", "ik ga schudden"], "en": ["fire"]},
}


def hearing_script() -> Script:
    """The small script, with triggers."""
    heard = [
        replace(SCRIPT.dialogs[each], triggers=MappingProxyType({lang: tuple(texts) for lang, texts in by.items()}))
        for each, by in TRIGGERS.items()
    ]
    return edition(SCRIPT, instead=heard)


NO_RULES = SafetyRules(())
EAR = Ear(hearing_script(), NO_RULES)


def topics(text: str) -> tuple[str, ...]:
    """The topics that are heard; nothing about safety."""
    hearing = EAR.hear(text, "nl")
    assert hearing.safety is None, hearing.why
    return hearing.topics


@pytest.mark.parametrize(
    "text", ["soep", "SOEP!", "  soep ", "lekkere soep vandaag", "soeeeep", "s\u200boep", "hot soup"]
)
def test_a_trigger_is_heard(text: str) -> None:
    """A trigger is heard alone and inside a text, in any language."""
    assert topics(text)[0] == "soup"


@pytest.mark.parametrize("text", ["soepel", "mijnsoep", "lepel geen", "geen grote lepel"])
def test_whole_words_in_a_row(text: str) -> None:
    """A trigger is heard when all its words stand in the text, whole, in a row and in order."""
    assert topics(text) == ()


def test_the_longest_example_is_first() -> None:
    """Where several topics are heard, the one whose longest example stands there is first."""
    assert topics("even zitten met een liedje zingen")[:2] == ("pause", "song")
    assert topics("wie maakt de soep")[0] == "about"


def test_safety_first() -> None:
    """What is about safety is heard as that, however much else is said; the topics are told beside it."""
    hearing = EAR.hear("even zitten, een liedje zingen, en de soep brandt aan", "nl")
    assert hearing.safety == "fire"
    assert hearing.topics[0] == "song"
    assert hearing.why[0] == "fire: de soep brandt aan"


def test_why() -> None:
    """The examples that decided are told, the longest first, five at most."""
    hearing = EAR.hear("wie maakt de soep, de soep is heet, geen lepel, zingen, even zitten, hot soup", "nl")
    assert len(hearing.why) == 5
    assert hearing.why[:2] == ("about: wie maakt de soep", "soup: de soep is heet")


SLIPS = {
    "a letter missing": "de soep is het",
    "a letter doubled": "een liedjje zingen",
    "a letter changed": "een liedke zingen",
    "two letters swapped": "een lideje zingen",
    "a letter too many": "geen lepeel",
    "two slips in a long word": "ovregekooktee",
    "two slips in a word of nine letters": "gehktbl",
    "one slip in a word of four letters": "soap",
}


@pytest.mark.parametrize("text", SLIPS.values(), ids=SLIPS)
def test_slips_are_forgiven(text: str) -> None:
    """One slip in a word of four letters or more, two in one of nine or more."""
    assert topics(text) != ()


NO_SLIPS = {
    "the first letter": "even pitten",
    "two slips in a short word": "geen lpeele",
    "two slips in a word of eight letters": "kokbok",
    "one slip in a word of three letters": "pam",
    "three slips in a long word": "ovregekkootee",
    "a short word": "ven zittem",
}


@pytest.mark.parametrize("text", NO_SLIPS.values(), ids=NO_SLIPS)
def test_more_than_a_slip(text: str) -> None:
    """The first letter counts, short words count, and so does how much is wrong."""
    assert topics(text) == ()


def test_a_known_word_is_no_slip() -> None:
    """A word that stands in some trigger is that word: "schulden" is not a slip for "schudden"."""
    assert EAR.hear("ik ga schudden", "nl").safety == "fire"
    assert EAR.hear("ik ga schuddn", "nl").safety == "fire"
    assert topics("ik ga schulden") == ("soup",)


def test_near_topics() -> None:
    """What resembles a trigger in its telling words is near; at most three topics, never a safety dialog."""
    for text in ("de lepel", "de lepell"):
        hearing = EAR.hear(text, "nl")
        assert (hearing.topics, hearing.near) == ((), ("soup",))
    assert EAR.hear("brandt", "nl").near == ()
    assert EAR.hear("lepel chanter chanson zitten maakt wie", "nl").near == ("song", "about", "pause")


def test_a_known_word_is_no_slip_for_a_near_one() -> None:
    """Also among near topics, a word that stands in some trigger is that word."""
    assert EAR.hear("schudden", "nl") == NOTHING_HEARD


@pytest.mark.parametrize("text", ["", " ", "?!", "👍", "qwxz", "xx yy zz", "9999", "e", "الطفل"])
def test_nothing_is_heard(text: str) -> None:
    """Junk is heard as nothing at all."""
    assert EAR.hear(text, "nl") == NOTHING_HEARD


def test_a_script_without_triggers() -> None:
    """Where nothing can be heard, nothing is."""
    assert Ear(SCRIPT, NO_RULES).hear("soep", "nl") == NOTHING_HEARD


@given(st.text(max_size=200), st.text(max_size=5))
def test_any_text_is_heard_somehow(text: str, language: str) -> None:
    """Whatever is typed, in whatever language, nothing is raised, and what is heard is there."""
    hearing = EAR.hear(text, language)
    assert {*hearing.topics, *hearing.near} <= set(TRIGGERS)
    assert not (hearing.topics and hearing.near)
    assert hearing.safety in (None, "fire")
    assert bool(hearing.why) == bool(hearing.safety or hearing.topics)
