"""Hearing on the shipped dialogs: the bar below which nothing lands, and a model that is what the examples make."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from bot.app.hearing import KNOWN_MISSES
from bot.authoring.check import Checked
from bot.authoring.examples import HEARD, MODEL_FILE, read_examples
from bot.conversation.companion import Companion
from bot.conversation.incoming import Typed
from bot.engine.events import Hearing
from bot.engine.model import Kind, Place
from bot.engine.session import Session
from bot.texts.normalise import normalise
from bot.understanding.classifier import Classifier, UnreadableModel
from bot.understanding.evaluation import Report, evaluate, read_messages
from bot.understanding.figures import misses, written_into
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "heard"
MESSAGES = read_messages(FOLDER)
LANGUAGES = sorted({message.language for message in MESSAGES})
TOO_ALIKE = 95.0

BAR = {
    "nl": {
        "danger found": 0.955,
        "danger found, direct": 0.99,
        "small talk and junk left alone": 0.90,
        "topic first": 0.85,
        "topic among three": 0.93,
    },
    "else": {"danger found": 0.90, "danger found, direct": 0.96, "topic among three": 0.80},
}
"""At least so much, measured on these messages; raised when hearing gets better, never lowered for safety."""
CEILING = {
    "nl": {"false alarm, ordinary, sure": 0.02, "false alarm, ordinary, asked": 0.08},
    "else": {"false alarm, ordinary, sure": 0.01, "false alarm, ordinary, asked": 0.2},
}
"""At most so much."""
WANTED = {"nl": (40, 25, 250), "else": (12, 4, 25)}
"""How many test messages there are at least: for a safety dialog, a topic, and of look-alikes."""


@pytest.fixture(scope="module")
def report(companion: Companion) -> Iterator[Report]:
    """All test messages, heard once."""
    yield evaluate(MESSAGES, companion.hear)


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_is_heard_and_calm_is_left_alone(report: Report, language: str) -> None:
    """Recall of danger, topics and silence stay above the bar, false alarms below the ceiling, in each language."""
    low = BAR.get(language, BAR["else"])
    high = CEILING.get(language, CEILING["else"])
    shares = {name: report.share(f"{language} {name}") for name in (*low, *high)}
    assert {name: shares[name] for name, least in low.items() if shares[name] < least} == {}
    assert {name: shares[name] for name, most in high.items() if shares[name] > most} == {}


def test_there_is_enough_to_measure(companion: Companion) -> None:
    """Each language in which examples are heard has its test messages: so many a dialog."""
    assert set(LANGUAGES) == {path.name for path in (ROOT / "dialogs" / HEARD).iterdir() if path.is_dir()}
    assert len(LANGUAGES) == 8
    counts = Counter((each.language, "lookalike" if each.style == "lookalike" else each.dialog) for each in MESSAGES)
    for language in LANGUAGES:
        danger, topic, alike = WANTED.get(language, WANTED["else"])
        assert counts[language, "lookalike"] >= alike
        for dialog in companion.script.dialogs.values():
            if dialog.kind in (Kind.SAFETY, Kind.TOPIC):
                assert counts[language, dialog.id] >= (danger if dialog.kind is Kind.SAFETY else topic), dialog.id


def test_known_misses_are_written_down(report: Report) -> None:
    """Each danger that is not heard stands in a file, for everyone to see, and leaves it once it is heard.

    Whoever changes hearing sees here what that does: `python -m bot evaluate --record`, then read the difference.
    """
    assert misses(report) == (FOLDER / KNOWN_MISSES).read_text("utf-8")


def test_the_readme_tells_these_figures(report: Report) -> None:
    """The tables in the README are those of this model on these messages."""
    page = (ROOT / "README.md").read_text("utf-8")
    assert written_into(page, report) == page


def test_in_plain_words_nothing_is_missed(report: Report) -> None:
    """What is said directly about suicide, a hurt child or a child in medical danger is a defect when missed."""
    plain = ("safety_suicide", "safety_child_hurt", "safety_medical")
    missed = [each.text for each in report.missed if each.style == "direct" and each.dialog in plain]
    assert missed == []


def test_the_language_of_a_message_is_told(report: Report) -> None:
    """Where a language is told at all, it is the right one: a wrong offer is a distraction at night."""
    for language in LANGUAGES:
        assert report.share(f"{language} language told") >= 0.97, language


def test_the_model_is_the_one_of_these_examples(shipped: Checked) -> None:
    """Whoever changes an example or a trigger trains anew: `python -m bot train`."""
    assert [each for each in shipped.findings if each.code == "stale-model"] == []


def test_nothing_is_tested_that_was_learned() -> None:
    """No test message is an example, or nearly one: figures would flatter."""
    examples = [normalise(example.text) for example in read_examples(ROOT / "dialogs" / HEARD)]
    assert len(examples) > 1000
    known = set(examples)
    alike = []
    for message in (*MESSAGES, *read_messages(ROOT / "tests" / "tuning")):
        text = normalise(message.text)
        if not text:
            continue  # a smile, a row of dots: it says nothing that could be learned
        nearly = len(text.split()) >= 4 and process.extractOne(
            text, examples, scorer=fuzz.ratio, score_cutoff=TOO_ALIKE
        )
        if text in known or nearly:
            alike.append(message.text)
    assert alike == []


def test_every_example_belongs_to_a_dialog(companion: Companion) -> None:
    """An example file is named after a dialog, or none."""
    ids = {example.dialog for example in read_examples(ROOT / "dialogs" / HEARD)}
    assert ids - set(companion.script.dialogs) == {"none"}


def test_a_safety_trigger_is_heard_whatever_stands_around_it(companion: Companion) -> None:
    """Rules come before the model: plain words about danger are never weighed away, at most asked about."""
    for dialog in companion.script.dialogs.values():
        if not dialog.id.startswith("safety_"):
            continue
        for triggers in dialog.triggers.values():
            for trigger in triggers:
                around = f"dank je wel hoor, lekker weertje vandaag {trigger} groetjes en tot later"
                heard = companion.hear(around, "nl")
                assert heard.safety is not None, trigger


def test_danger_does_not_drown_in_a_long_story(companion: Companion) -> None:
    """One sentence in the middle of four thousand signs is heard."""
    story = "vandaag naar de winkel geweest en soep gemaakt met prei en wortel en daarna de was gedaan " * 20
    heard = companion.hear(f"{story} ik wil er echt een einde aan maken {story}"[:4096], "nl")
    assert heard.safety == "safety_suicide"


@pytest.mark.parametrize("text", ["", "   ", "\u200f\u202e", "😀" * 2000, "a" * 4096, "ab " * 1365, "\n\t" * 50])
def test_anything_can_be_heard(companion: Companion, text: str) -> None:
    """Whatever is typed gives a hearing, soon."""
    started = time.perf_counter()
    assert isinstance(companion.hear(text, "nl"), Hearing)
    assert time.perf_counter() - started < 1.0


def _other(_: bytes) -> bytes:
    return b"no model"


def _cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def _scratched(whole: bytes) -> bytes:
    middle = len(whole) // 2
    return whole[:middle] + bytes(100) + whole[middle + 100 :]


@pytest.mark.parametrize("broken", [_other, _cut, _scratched])
def test_a_broken_model_says_so(tmp_path: Path, broken: Callable[[bytes], bytes]) -> None:
    """A file that is no model, or not whole, is refused by name when it is read, with what to do."""
    path = tmp_path / MODEL_FILE
    path.write_bytes(broken((ROOT / "dialogs" / HEARD / MODEL_FILE).read_bytes()))
    with pytest.raises(UnreadableModel, match="bot train"):
        Classifier.load(path)


def test_a_model_without_a_language_says_so(tmp_path: Path) -> None:
    """Each language that it tells has to be in it, though it is read later."""
    path = tmp_path / MODEL_FILE
    with np.load(ROOT / "dialogs" / HEARD / MODEL_FILE) as whole:
        np.savez(path, **{name: whole[name] for name in whole.files if name != "weights_pl"})
    with pytest.raises(UnreadableModel, match="bot train"):
        Classifier.load(path)


def test_a_guess_yields_to_a_label(companion: Companion) -> None:
    """ "Een baby", typed under a question about age, is the answer, whatever the model makes of two words."""
    now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    asked = Session(place=Place("lost_patience", "after"), region="be")
    assert companion.answer(asked, Typed("Een baby"), now).place == Place("lost_patience", "repair_baby")
