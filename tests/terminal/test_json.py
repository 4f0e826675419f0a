"""`chat --json`: one line in, one JSON object out, whatever the line holds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.conversation.companion import Companion
from bot.engine.model import MAX_CHARACTERS, MAX_CHOICES, MAX_LABEL
from bot.engine.phrases import Phrase
from tests.terminal.running import AT_NIGHT, Ran, lines, run

Row = dict[str, Any]

TYPED = {
    "a number before there are choices": "1",
    "start": "/start",
    "a number": "1",
    "a number with zeros and spaces": "  002 ",
    "a number that is too high": "99",
    "zero": "0",
    "a number of another script": "١",
    "a huge number": "1" * 5000,
    "nothing": "",
    "white space": " \t \u00a0",
    "a slash": "/",
    "two slashes": "//",
    "a link": "/start lost_patience",
    "a link after a tab": "/START\tbreathe",
    "a link to nowhere": "/start no_such_topic",
    "a command": "/hulp",
    "an alias with an argument": "/help please",
    "an unknown command": "/no_such_command",
    "a topic": "ik heb schulden",
    "safety": "ik wil niet meer leven",
    "a zero byte": "ik\x00ben",
    "marks of direction": "\u202e\u200fab\u2069",
    "a carriage return inside": "een\rtwee",
    "a separator that is no new line": "een\u2028twee\x85drie\x0cvier",
    "HTML": "<b>&amp;</b>",
    "a surrogate": "\ud83d",
    "a huge text": "mijn baby huilt " * 20_000,
    "another line end": "/menu\r",
}
NO_UTF8 = b"\xff\xfe\x80 abc \xe9\n"
UNENDED = "/stop"


@pytest.fixture(scope="module")
def ran() -> Ran:
    """All lines in one conversation, in a terminal that knows no Dutch letters; the last one has no end."""
    stdin = lines(TYPED.values()) + NO_UTF8 + UNENDED.encode()
    return run("chat", "--json", "--now", AT_NIGHT, "--region", "be", stdin=stdin, PYTHONIOENCODING="ascii", LC_ALL="C")


@pytest.fixture(scope="module")
def rows(ran: Ran) -> dict[str, Row]:
    """What came out, by what went in."""
    assert len(ran.out) == len(TYPED) + 2, ran.err
    return dict(zip([*TYPED, "no UTF-8", "no line end"], map(json.loads, ran.out), strict=True))


def test_a_line_a_turn(ran: Ran) -> None:
    """There are as many lines out as in, and nothing else: no error, no greeting, no prompt."""
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out) == len(TYPED) + 2


def test_the_shape_of_a_turn(rows: dict[str, Row]) -> None:
    """Each turn has the same keys, says something that fits, and ends its choices with Hulp nu."""
    for typed, row in rows.items():
        assert list(row) == ["dialog", "node", "say", "choices", "signposts", "end"], typed
        assert row["say"] and all(0 < len(text) <= MAX_CHARACTERS for text in row["say"]), typed
        assert all(set(each) == {"id", "label", "go"} for each in row["choices"]), typed
        assert all(len(each["label"]) <= MAX_LABEL for each in row["choices"]), typed
        assert row["choices"][-1]["id"] == row["choices"][-1]["go"] == "help_now", typed
        assert 2 <= len(row["choices"]) <= MAX_CHOICES + 1, typed
        assert all(list(each) == ["service", "name", "phone", "open"] for each in row["signposts"]), typed
        assert row["end"] in (True, False), typed


def test_the_letters_are_whole(rows: dict[str, Row], companion: Companion) -> None:
    """What is said is what stands in the dialogs, letter for letter, whatever the terminal knows."""
    assert rows["start"]["choices"][-1]["label"] == companion.phrase(Phrase.HELP_NOW, "nl")
    assert rows["an unknown command"]["say"] == [companion.phrase(Phrase.UNKNOWN_COMMAND, "nl")]


def test_numbers_pick_choices(rows: dict[str, Row]) -> None:
    """A number is the choice at that place under the last answer, also with zeros before it."""
    assert rows["start"]["dialog"] == "menu"
    assert f"{rows['a number']['dialog']}/{rows['a number']['node']}" == rows["start"]["choices"][0]["go"]
    again = rows["a number with zeros and spaces"]
    assert f"{again['dialog']}/{again['node']}" == rows["a number"]["choices"][1]["go"]


def test_what_is_no_choice_is_typed(rows: dict[str, Row]) -> None:
    """A number without a choice, of another script or beyond all bounds is text; it does not move the conversation."""
    here = rows["a number with zeros and spaces"]
    for typed in ("a number that is too high", "zero", "a number of another script", "a huge number", "nothing"):
        assert (rows[typed]["dialog"], rows[typed]["node"]) == (here["dialog"], here["node"]), typed
    assert rows["a number before there are choices"]["dialog"] is None


def test_commands_work(rows: dict[str, Row], companion: Companion) -> None:
    """A slash and a word is a command, with what follows as its argument."""
    assert rows["a link"]["dialog"] == "lost_patience"
    assert rows["a link after a tab"]["dialog"] == "breathe"
    assert rows["a link to nowhere"]["say"][0] == companion.phrase(Phrase.UNKNOWN_LINK, "nl")
    assert rows["a command"]["dialog"] == rows["an alias with an argument"]["dialog"] == "help_now"
    assert rows["two slashes"]["say"] == [companion.phrase(Phrase.UNKNOWN_COMMAND, "nl")]
    assert rows["another line end"]["dialog"] == "menu"
    assert rows["no line end"]["say"] == [companion.phrase(Phrase.STOPPED, "nl")]
    assert rows["no line end"]["dialog"] is None


def test_texts_are_heard(rows: dict[str, Row]) -> None:
    """What is typed is heard: topics, and safety first."""
    assert rows["a topic"]["dialog"] == "money_and_work"
    assert rows["safety"]["dialog"] == "safety_suicide"


def test_who_is_open_at_that_moment(rows: dict[str, Row]) -> None:
    """`--now` and `--region` decide whom a signpost names, and whether somebody answers."""
    signposts = {each["service"]: each for each in rows["a command"]["signposts"]}
    assert signposts["zelfmoordlijn_1813"] == {
        "service": "zelfmoordlijn_1813", "name": "Zelfmoordlijn 1813", "phone": "1813", "open": True,
    }  # fmt: skip
    assert signposts["emergency_112"]["open"] is True


def test_another_region_language_and_hour() -> None:
    """The same lines in English, in the Netherlands, on Christmas day; the conversation ends with its input."""
    ran = run(
        "chat", "--json", "--language", "en", "--region", "nl", "--now", "2026-12-25T14:00",
        stdin=lines(["/start", "/help", "/start breathe", "/vergeet", "1", "/start"]),
    )  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    start, help_now, breathe, _, forgotten, anew = map(json.loads, ran.out)
    assert start["choices"][-1]["label"] != "🆘 Hulp nu"
    assert "night" not in start["say"][0]
    assert {each["service"] for each in help_now["signposts"]} >= {"emergency_112", "zelfmoordpreventie_113"}
    assert all(each["open"] for each in help_now["signposts"][:2])
    assert breathe["say"]
    assert forgotten["end"] is True
    assert (anew["dialog"], anew["node"]) == ("menu", "welcome")
    assert anew["say"] == start["say"]  # the language and region of the command line are no memory of the bot


def test_no_input() -> None:
    """Nothing in, nothing out."""
    assert run("chat", "--json") == Ran(0, [], "")
