"""The triggers of the shipped dialogs as rules: each is heard as its own, also with slips and in a long story."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import groupby, permutations
from pathlib import Path

import pytest
import yaml
from rapidfuzz.distance import OSA

from bot.authoring.safety_rules import SafetyRules
from bot.conversation.companion import Companion
from bot.engine.events import NOTHING_HEARD, Hearing
from bot.engine.model import Kind
from bot.texts.normalise import MAX_CHARACTERS, normalise
from bot.understanding.ear import Ear

KNOWN = Path(__file__).parent / "known.yaml"
STORY = "we waren thuis en buiten was het al donker en de kat lag op de bank "
LONG_WORD = 6


@dataclass(frozen=True, slots=True)
class Example:
    """One trigger, and where it belongs."""

    dialog: str
    safety: bool
    language: str
    text: str

    def is_heard(self, hearing: Hearing) -> bool:
        """As its own dialog: safety as that, and a topic first and without any alarm."""
        if self.safety:
            return hearing.safety == self.dialog
        return hearing.safety is None and hearing.topics[:1] == (self.dialog,)


@pytest.fixture(scope="module")
def ear(companion: Companion) -> Ear:
    """The rules alone, without the model of examples."""
    return Ear(companion.script, SafetyRules(()))


@pytest.fixture(scope="module")
def examples(companion: Companion) -> list[Example]:
    return [
        Example(dialog.id, dialog.kind is Kind.SAFETY, language, text)
        for dialog in companion.script.dialogs.values()
        for language, texts in dialog.triggers.items()
        for text in texts
    ]


@pytest.fixture(scope="module")
def words(examples: list[Example]) -> set[str]:
    """Every word that stands in some trigger."""
    return {word for example in examples for word in normalise(example.text).split()}


def test_each_dialog_can_be_typed(companion: Companion, examples: list[Example]) -> None:
    """Each topic and each safety dialog has triggers, in every language."""
    for dialog in companion.script.dialogs.values():
        if dialog.kind in (Kind.TOPIC, Kind.SAFETY):
            assert set(companion.texts.languages) <= set(dialog.triggers), dialog.id
    assert len(examples) > 1000


def test_each_trigger_is_heard_as_its_own(ear: Ear, examples: list[Example]) -> None:
    """No dialog steals the trigger of another, but for those in known.yaml, which all are still as they say."""
    stolen = {}
    for example in examples:
        hearing = ear.hear(example.text, example.language)
        if not example.is_heard(hearing):
            stolen[example.text] = hearing.safety or (hearing.topics[0] if hearing.topics else None)
    known = yaml.safe_load(KNOWN.read_text("utf-8"))
    assert all(set(row) == {"text", "heard", "reason"} and row["reason"] for row in known)
    assert stolen == {row["text"]: row["heard"] for row in known}


def test_each_trigger_in_any_dress(ear: Ear, examples: list[Example]) -> None:
    """Capitals, exclamation marks, marks of direction and white space change nothing."""
    for example in examples:
        plain = ear.hear(example.text, example.language)
        assert ear.hear(f"\u202e  {example.text.upper()} !!1", "fr") == plain, example.text


def test_safety_inside_a_long_story(ear: Ear, examples: list[Example]) -> None:
    """A trigger of a safety dialog is heard in the middle and at the end of a long text about something else."""
    assert ear.hear(STORY, "nl").safety is None
    for example in examples:
        if example.safety:
            for text in (f"{STORY * 2}{example.text} {STORY}", f"{STORY}{example.text}"):
                assert example.is_heard(ear.hear(text, example.language)), example.text


def test_safety_at_the_end_of_the_longest_text(ear: Ear) -> None:
    """The last words of the longest message that can be sent are heard."""
    trigger = "ik wil niet meer leven"
    text = (STORY * 100)[: MAX_CHARACTERS - len(trigger) - 1] + " " + trigger
    assert len(text) == MAX_CHARACTERS
    assert ear.hear(text, "nl").safety == "safety_suicide"


def test_one_slip_in_a_long_word(ear: Ear, examples: list[Example], words: set[str]) -> None:
    """Each trigger that has a long word is heard as its own dialog with two letters of that word swapped."""
    tried = 0
    for example in examples:
        slipped = _slipped(normalise(example.text), words)
        if slipped is not None:
            tried += 1
            assert example.is_heard(ear.hear(slipped, example.language)), (example, slipped)
    assert tried > len(examples) / 2


def _slipped(text: str, words: set[str]) -> str | None:
    """The text with two inner letters of its longest word swapped; None when that is no slip, or is another word."""
    word = max(text.split(), key=len)
    for at in range(2, len(word) - 2):
        slip = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if len(word) >= LONG_WORD and slip not in (word, *words) and word.isalpha():
            return text.replace(word, slip, 1)
    return None


def test_another_known_word_is_no_slip(ear: Ear, examples: list[Example], words: set[str]) -> None:
    """A trigger is not heard when one of its words is another word that stands in some trigger, however alike."""
    alike = [
        (word, other)
        for _, group in groupby(sorted(words), key=lambda word: word[0])
        for word, other in permutations(group, 2)
        if max(len(word), len(other)) > 3 and OSA.distance(word, other, score_cutoff=2) <= 2
    ]
    example_of = {word: example for example in examples for word in normalise(example.text).split()}
    for word, other in alike:
        example = example_of[word]
        text = normalise(example.text)
        changed = " ".join(other if each == word else each for each in text.split())
        assert f"{example.dialog}: {text}" not in ear.hear(changed, example.language).why, changed
    assert len(alike) > 500


def test_debts_are_no_shaking(ear: Ear) -> None:
    """The word that was once taken for another: who has debts is not asked about shaking a child."""
    for text in ("ik heb schulden", "schulden", "ik ga kapot aan mijn schulden", "hem door elkaar schulden"):
        assert ear.hear(text, "nl").safety is None
    assert ear.hear("ik ga hem door elkaar schudden", "nl").safety == "safety_harm_child"


NEAR = {
    "mijn baby huilt de hele nacht": "crying",
    "huilen": "crying",
    "schulden": "money_and_work",
    "ik ben kapot moe": "exhausted",
    "driftbui in de winkel": "tantrums",
    "slapen lukt niet": "sleep",
}


@pytest.mark.parametrize(("text", "topic"), NEAR.items())
def test_what_is_near(ear: Ear, text: str, topic: str) -> None:
    """Other words for the same thing are heard, or offered among the near topics."""
    hearing = ear.hear(text, "nl")
    assert hearing.safety is None
    assert topic in (*hearing.topics, *hearing.near)


EVERY_DAY = ["ok", "ja", "hallo", "test", "ik", "de", "mijn kind", "I", "the", "je suis"]
NO_WORDS = ["", "?", "👍", "\u200f\u202e", "qwxz", "asdf jkl", "123", "aaaaaaaaaaaaaa", "x" * 5000]
FOR_MACHINES = ["<b>", "%s %d", "../../etc/passwd", "'; DROP TABLE", "http://x.yz"]


@pytest.mark.parametrize("text", [*EVERY_DAY, *NO_WORDS, *FOR_MACHINES])
def test_junk_is_heard_as_nothing(ear: Ear, text: str) -> None:
    """What says nothing, or only words of every day, is heard as nothing, and nothing is offered as near."""
    assert ear.hear(text, "nl") == NOTHING_HEARD


HUGE = [STORY * 60, "ik " * 2000, "mijn baby huilt en ik kan niet meer " * 150, "ﷺ" * 4096, "ik ben bang dat ik " * 300]


@pytest.mark.parametrize("text", HUGE, ids=[text[:12] for text in HUGE])
def test_a_huge_text_is_heard_at_once(ear: Ear, text: str) -> None:
    """The longest message takes a small part of a second."""
    before = time.process_time()
    ear.hear(text, "nl")
    assert time.process_time() - before < 1.0
