"""The readable conversations: each dialog has them, each is still true, and none is left over.

They are written anew with ``make transcripts``, to be read before they are committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation.companion import Companion
from bot.engine.model import Kind
from tests.transcripts.paths import ways_of
from tests.transcripts.writing import transcript

FOLDER = Path(__file__).parent


def _expected(companion: Companion) -> dict[Path, str]:
    """Every transcript there has to be: all ways in Dutch, the quickest in each other language."""
    expected: dict[Path, str] = {}
    for dialog in companion.script.dialogs.values():
        if dialog.kind not in (Kind.TOPIC, Kind.SAFETY) and dialog.id != "help_now":
            continue
        for way, steps in ways_of(companion.script, dialog).items():
            languages = companion.texts.languages if way == "quickest" else companion.texts.languages[:1]
            for language in languages:
                path = FOLDER / language / f"{dialog.id}.{way}.txt"
                expected[path] = transcript(companion, dialog, way, steps, language)
    return expected


def test_every_transcript_is_true(companion: Companion, request: pytest.FixtureRequest) -> None:
    """What the transcripts show is what parents read; a missing one and one that is left over fail too."""
    expected = _expected(companion)
    present = set(FOLDER.glob("*/*.txt"))
    if request.config.getoption("--update"):
        for path in present - set(expected):
            path.unlink()
        for path, text in expected.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        return
    again = "run `make transcripts`, and read what changed"
    assert {path.name for path in set(expected) - present} == set(), f"missing; {again}"
    assert {path.name for path in present - set(expected)} == set(), f"left over; {again}"
    different = [path.name for path, text in expected.items() if path.read_text("utf-8") != text]
    assert different == [], f"not true any more; {again}"


def test_each_dialog_has_its_ways(companion: Companion) -> None:
    """Each topic and safety dialog is written down by its quickest and longest way, and where it is more than that."""
    for dialog in companion.script.dialogs.values():
        if dialog.kind in (Kind.TOPIC, Kind.SAFETY):
            wanted = {"quickest", "longest"} | ({"more"} if dialog.kind is Kind.TOPIC else set())
            assert wanted <= set(ways_of(companion.script, dialog)), dialog.id
