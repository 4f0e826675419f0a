"""`hear`: one text a line in, one JSON object a line out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.terminal.running import lines, run

TEXTS = [
    "ik heb schulden",
    "",
    "   ",
    "ik wil niet meer leven",
    "Panic attack!",
    "/start lost_patience",
    "qwxz",
    '"aanhalingstekens" en \\ strepen',
    "een\rtwee\u2028drie",
    "\u202eachteruit",
    "x" * 100_000,
]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    ran = run(
        "hear", "--language", "nl", stdin=lines(TEXTS) + b"\xff\xfe\n" + b"zonder einde", PYTHONIOENCODING="ascii"
    )
    assert (ran.code, ran.err) == (0, "")
    return [json.loads(row) for row in ran.out]


def test_an_object_a_line(rows: list[dict[str, Any]]) -> None:
    """Each line is answered in order, with the text as it was read; bytes that are no text become question marks."""
    assert [row["text"] for row in rows] == [*TEXTS, "\ufffd\ufffd", "zonder einde"]
    for row in rows:
        assert list(row) == ["text", "safety", "sure", "topics", "why"]
        assert isinstance(row["topics"], list) and isinstance(row["why"], list)


def test_what_is_heard(rows: list[dict[str, Any]]) -> None:
    """Safety, topics with the best first, the examples that decided; and nothing for nothing."""
    heard = {row["text"]: row for row in rows}
    assert heard["ik heb schulden"]["topics"][0] == "money_and_work"
    assert heard["ik heb schulden"]["why"][0] == "money_and_work: ik heb schulden"
    assert heard["ik wil niet meer leven"]["safety"] == "safety_suicide"
    assert heard["ik wil niet meer leven"]["sure"] is True
    assert heard["Panic attack!"]["topics"][0] == "breathe"
    for text in ("", "   ", "qwxz", "x" * 100_000):
        assert heard[text] == {"text": text, "safety": None, "sure": False, "topics": [], "why": []}
