"""Hearing on the shipped dialogs: the bar below which nothing lands, and a model that is what the examples make."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from rapidfuzz import fuzz, process

from bot.authoring.check import Checked
from bot.conversation.companion import Companion
from bot.conversation.incoming import Typed
from bot.engine.events import Hearing
from bot.engine.model import Place
from bot.engine.session import Session
from bot.texts.normalise import normalise
from bot.understanding.classifier import HEARD, MODEL_FILE, Classifier, UnreadableModel
from bot.understanding.evaluation import Report, evaluate, read_messages
from bot.understanding.examples import all_examples, fingerprint, read_examples
from tests.conftest import ROOT

MESSAGES = read_messages(ROOT / "tests" / "heard")
TOO_ALIKE = 95.0

BAR = {
    "nl danger found": 0.92,
    "nl danger found, direct": 0.95,
    "nl small talk and junk left alone": 0.88,
    "nl topic first": 0.75,
    "nl topic among three": 0.88,
}
"""At least so much, measured on these messages; raised when hearing gets better, never lowered for safety."""
CEILING = {
    "nl false alarm, ordinary, sure": 0.025,
    "nl false alarm, ordinary, asked": 0.08,
}


@pytest.fixture(scope="module")
def report(companion: Companion) -> Iterator[Report]:
    """All test messages, heard once."""
    yield evaluate(MESSAGES, companion.hear)


def test_danger_is_heard_and_calm_is_left_alone(report: Report) -> None:
    """Recall of danger, topics and silence stay above the bar, false alarms below the ceiling."""
    assert len(MESSAGES) > 1000
    assert {name: report.share(name) for name, least in BAR.items() if report.share(name) < least} == {}
    assert {name: report.share(name) for name, most in CEILING.items() if report.share(name) > most} == {}


def test_the_model_is_the_one_of_these_examples(shipped: Checked) -> None:
    """Whoever changes an example or a trigger trains anew: `python -m bot train`."""
    assert shipped.script is not None
    model = Classifier.load(ROOT / "dialogs" / HEARD / MODEL_FILE)
    assert model.examples == fingerprint(all_examples(ROOT / "dialogs" / HEARD, shipped.script))


def test_nothing_is_tested_that_was_learned() -> None:
    """No test message is an example, or nearly one: figures would flatter."""
    examples = [normalise(example.text) for example in read_examples(ROOT / "dialogs" / HEARD)]
    assert len(examples) > 1000
    known = set(examples)
    alike = []
    for message in MESSAGES:
        text = normalise(message.text)
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


def test_a_safety_trigger_opens_its_dialog_whatever_stands_around_it(companion: Companion) -> None:
    """Rules come before the model: plain words about danger are never weighed away."""
    for dialog in companion.script.dialogs.values():
        if not dialog.id.startswith("safety_"):
            continue
        for triggers in dialog.triggers.values():
            for trigger in triggers:
                around = f"dank je wel hoor, lekker weertje vandaag {trigger} groetjes en tot later"
                heard = companion.hear(around, "nl")
                assert heard.safety is not None and heard.sure, trigger


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


def test_a_broken_model_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file that is no model is refused by name, with what to do."""
    path = tmp_path_factory.mktemp("heard") / MODEL_FILE
    path.write_bytes(b"no model")
    with pytest.raises(UnreadableModel, match="bot train"):
        Classifier.load(path)


def test_a_guess_yields_to_a_label(companion: Companion) -> None:
    """ "Een baby", typed under a question about age, is the answer, whatever the model makes of two words."""
    now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    asked = Session(place=Place("lost_patience", "after"), region="be")
    assert companion.answer(asked, Typed("Een baby"), now).place == Place("lost_patience", "repair_baby")
