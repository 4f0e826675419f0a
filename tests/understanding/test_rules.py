"""Safety rules: sequences of words that open their dialog by themselves."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.authoring.check import Checked
from bot.authoring.heard_shape import SafetyRuleShape
from bot.authoring.safety_rules import REACH, SafetyRules
from bot.conversation.companion import Companion
from bot.texts.normalise import normalise


def rules(*words: str, but: tuple[str, ...] = ()) -> SafetyRules:
    """One rule that looks for ``words``."""
    shape = {"opens": "fire", "words": [*words], "but": [*but], "for": ["x"], "against": ["y"]}
    return SafetyRules.of({"nl": {"rule": SafetyRuleShape.model_validate(shape)}})


def heard(ear: SafetyRules, text: str) -> list[str]:
    """The words that were heard."""
    return [alarm.words for alarm in ear.hear(normalise(text).split())]


def test_words_with_a_gap() -> None:
    """A gap holds so many words, and no more."""
    ear = rules("wil … dood")
    assert heard(ear, "ik wil echt gewoon dood nu") == ["wil echt gewoon dood"]
    assert heard(ear, f"wil {'zo ' * REACH}dood") == [f"wil {'zo ' * REACH}dood"]
    assert heard(ear, f"wil {'zo ' * (REACH + 1)}dood") == []


def test_read_as_messages_are() -> None:
    """Accents, case, punctuation and drawn-out letters make no difference, in the rule and in the message."""
    ear = rules("ölmek istiyor*")
    assert heard(ear, "OLMEK   istiyoruuuum!!!") == ["olmek istiyoruum"]


def test_what_means_no_danger() -> None:
    """A longer sequence around it takes it out, and only there."""
    ear = rules("wil … dood", but=("wil … niet dood",))
    assert heard(ear, "ik wil zeker niet dood") == []
    assert heard(ear, "ik wil niet dood of eigenlijk wil ik dood") == ["wil ik dood"]


def test_a_beginning_of_a_word() -> None:
    ear = rules("zelfmoord*")
    assert heard(ear, "denk aan zelfmoordgedachten") == ["zelfmoordgedachten"]


@pytest.mark.parametrize("words", ["… dood", "wil …", "*", "zelf moord|", "…"])
def test_a_pattern_that_says_nothing(words: str) -> None:
    with pytest.raises(ValueError):
        rules(words)


def test_a_word_that_messages_never_hold() -> None:
    """A hyphen parts words when messages are read; a rule that waits for one would wait for ever."""
    with pytest.raises(ValueError, match="not one word"):
        rules("zelf-moord")


def test_every_language_has_rules_for_what_must_never_be_missed(shipped: Checked) -> None:
    """In each language in which examples are heard: suicide, a hurt child, a child that does not breathe."""
    languages = {path.name for path in (shipped.book.folder / "heard").iterdir() if path.is_dir()}
    assert len(languages) >= 8
    for language in languages:
        opened = {rule.opens for rule in shipped.book.rules[language][1].rules.values()}
        assert opened >= {"safety_suicide", "safety_child_hurt", "safety_medical", "safety_harm_child"}, language


def test_every_example_for_a_rule_is_heard(shipped: Checked, companion: Companion) -> None:
    """Also among all other rules, the triggers and the model."""
    count = 0
    for language, (_, shape) in shipped.book.rules.items():
        for rule in shape.rules.values():
            for text in rule.for_:
                hearing = companion.hear(text, language)
                assert hearing.safety is not None, (language, text)
                count += 1
    assert count > 300


@given(st.lists(st.sampled_from(["wil", "dood", "niet", "zo", "ik"]), max_size=40))
def test_any_message(words: list[str]) -> None:
    """Every alarm stands in the message, begins and ends as the rule says, and holds no longer gap."""
    for alarm in rules("wil … dood", but=("wil niet dood",)).hear(words):
        found = alarm.words.split()
        assert found[0] == "wil" and found[-1] == "dood" and len(found) <= REACH + 2
        assert " ".join(words).find(alarm.words) >= 0


def test_soon(companion: Companion) -> None:
    """The longest message that Telegram sends, made to begin every rule, is heard soon."""
    text = "wil ik zo niet meer dood kan niet ademt valt " * 90
    started = time.perf_counter()
    companion.hear(text[:4096], "nl")
    assert time.perf_counter() - started < 1.0
