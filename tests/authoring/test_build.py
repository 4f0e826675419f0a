"""From files to the script: conditions, targets, return, ask, paced bubbles, what a choice sets and does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.book import read_book
from bot.authoring.build import SKIP, build_script
from bot.authoring.findings import Finding
from bot.engine.model import (
    ALWAYS,
    Ask,
    Choice,
    Choices,
    Condition,
    Effect,
    End,
    Frame,
    Go,
    Kind,
    Line,
    Paced,
    Place,
    Script,
    Text,
    Way,
)
from bot.engine.phrases import Phrase
from tests.authoring.content import BASE, copy_base, write


@pytest.fixture(scope="module")
def script() -> Script:
    """The script of the base content."""
    built, findings = build_script(read_book(BASE / "dialogs", "dialogs"))
    assert findings == []
    return built


def choice(script: Script, place: Place, choice_id: str) -> Choice:
    node = script.node(place)
    assert node is not None and isinstance(node.onward, Choices)
    return next(each for each in node.onward.choices if each.id == choice_id)


def test_a_dialog_is_what_its_file_says(script: Script) -> None:
    tired = script.dialogs["tired"]
    assert (tired.id, tired.kind, tired.title, tired.start) == (
        "tired",
        Kind.TOPIC,
        Text("Ik ben moe", "tired"),
        "hello",
    )
    assert (tired.sources, tired.related, tired.reviewed, tired.aside) == (("book",), ("about",), None, False)
    assert dict(tired.triggers) == {"nl": ("ik ben zo moe",), "en": ("I am so tired",)}
    assert list(tired.nodes) == ["hello", "person", "paper", "pause", "goodbye"]


def test_the_folder_says_what_kind_a_dialog_is(script: Script) -> None:
    """Everything but a topic is visited, and remembers where the parent was."""
    kinds = {each.id: (each.kind, each.aside) for each in script.dialogs.values()}
    assert kinds == {
        "menu": (Kind.MENU, True),
        "tired": (Kind.TOPIC, False),
        "about": (Kind.TOPIC, False),
        "safety_dark": (Kind.SAFETY, True),
        "help_now": (Kind.COMMAND, True),
        "region": (Kind.COMMAND, True),
        "language": (Kind.COMMAND, True),
        "forget": (Kind.COMMAND, True),
        "wipe": (Kind.COMMAND, True),
        "check_in": (Kind.COMMAND, True),
    }


def test_lines_keep_their_conditions_and_contexts(script: Script) -> None:
    node = script.dialogs["tired"].nodes["hello"]
    assert node.lines == (
        Line(Text("Dat is zwaar.", "tired/hello"), ALWAYS),
        Line(Text("Zeker 's nachts.", "tired/hello"), Condition(time="night")),
    )


def test_only_choices_that_a_condition_asks_for_are_remembered(script: Script) -> None:
    assert script.dialogs["tired"].remembered == {"talk"}
    assert script.dialogs["about"].remembered == frozenset()
    line = script.dialogs["tired"].nodes["person"].lines[0]
    assert line.when == Condition(chosen="talk")


@pytest.mark.parametrize(
    ("place", "choice_id", "target"),
    [
        (Place("tired", "hello"), "talk", Place("tired", "person")),  # a node of this dialog
        (Place("tired", "hello"), "dark", Place("safety_dark", "hello")),  # a dialog: its start
        (Place("about", "hello"), "person", Place("tired", "person")),  # dialog/node
        (Place("safety_dark", "hello"), "back", Way.RETURN),
        (Place("menu", "hello"), "about", Place("about", "hello")),
    ],
)
def test_a_go_is_resolved(script: Script, place: Place, choice_id: str, target: Place | Way) -> None:
    assert choice(script, place, choice_id).go == target


def test_the_other_ways_on(script: Script) -> None:
    nodes = script.dialogs["tired"].nodes
    person = Place("tired", "person")
    assert nodes["paper"].onward == Ask(person, Choice(SKIP, Text("Liever niet", "tired/paper"), person))
    assert nodes["pause"].onward == Go(Place("tired", "paper"))
    assert nodes["goodbye"].onward == End()
    assert nodes["person"].signpost == ("listening_line",)


def test_a_paced_bubble(script: Script) -> None:
    context = "tired/pause"
    frames = (Frame(Text("Adem in", context), 4.0), Frame(Text("Adem uit", context), 6.0))
    assert script.dialogs["tired"].nodes["pause"].lines == (Line(Paced(2, frames, Text("Dat was het.", context))),)


def test_what_a_choice_sets_and_does(script: Script) -> None:
    assert choice(script, Place("region", "hello"), "nl").sets_region == "nl"
    assert choice(script, Place("language", "hello"), "en").sets_language == "en"
    assert choice(script, Place("forget", "hello"), "forget").effect is Effect.FORGET
    assert choice(script, Place("forget", "hello"), "keep").effect is None


def test_phrases_with_and_without_a_note(script: Script) -> None:
    assert set(script.phrases) == {phrase.value for phrase in Phrase}
    assert script.phrases["fallback"] == Text("Dat verstond het script niet.", "phrases/fallback")
    assert script.phrases["back"] == Text("Zin back", "phrases/back")


def built(folder: Path, go: str, more: str = "") -> tuple[Script, list[Finding]]:
    """The base with a topic whose one choice goes to ``go``."""
    text = f"""\
dialog: example
title: "Een voorbeeld"
start: hello
nodes:
  hello:
    say: ["Dag"]
    choices:
      on: {{label: "Verder", go: {go}}}
{more}"""
    write(copy_base(folder), "dialogs/topics/example.yaml", text)
    return build_script(read_book(folder / "dialogs", "dialogs"))


@pytest.mark.parametrize(
    ("go", "message"),
    [
        ("helo", 'There is no node or dialog "helo". Did you mean "hello"?'),
        ("tird", 'There is no node or dialog "tird". Did you mean "tired"?'),
        ("dark", 'There is no node or dialog "dark". Did you mean "safety_dark"?'),
        ("retrun", 'There is no node or dialog "retrun". Did you mean "return"?'),
        ("privacy", 'There is no node or dialog "privacy". Did you mean "about/privacy"?'),
        ("zzz", 'There is no node or dialog "zzz".'),
        ("tird/person", 'There is no dialog "tird". Did you mean "tired"?'),
        ("tired/persn", 'The dialog "tired" has no node "persn". Did you mean "person"?'),
        ("about/zzz", 'The dialog "about" has no node "zzz". It has: hello, privacy.'),
        ("return/hello", 'There is no dialog "return".'),
        ("menu/nowhere", 'The dialog "menu" has no node "nowhere". It has: hello, welcome.'),
    ],
)
def test_a_go_to_nowhere_says_what_was_probably_meant(tmp_path: Path, go: str, message: str) -> None:
    """It leads to the menu then, so that the other rules can still look."""
    script, findings = built(tmp_path, go)
    assert [(each.file, each.line, each.code, each.message) for each in findings] == [
        ("dialogs/topics/example.yaml", 8, "unknown-target", message)
    ]
    assert choice(script, Place("example", "hello"), "on").go == script.menu


def test_a_node_comes_before_a_dialog_of_the_same_name_and_that_is_refused(tmp_path: Path) -> None:
    script, findings = built(tmp_path, "tired", "  tired:\n    say: [x]\n    end: true\n")
    assert choice(script, Place("example", "hello"), "on").go == Place("example", "tired")
    assert [(each.line, each.code) for each in findings] == [(9, "ambiguous-name")]


def test_a_node_cannot_be_called_return(tmp_path: Path) -> None:
    script, findings = built(tmp_path, "return", "  return:\n    say: [x]\n    end: true\n")
    assert choice(script, Place("example", "hello"), "on").go is Way.RETURN
    assert [(each.line, each.code) for each in findings] == [(9, "ambiguous-name")]


def test_a_dialog_cannot_have_a_name_that_means_something_else(tmp_path: Path) -> None:
    text = 'dialog: return\ntitle: "T"\nstart: hello\nnodes:\n  hello: {say: [x], end: true}\n'
    write(copy_base(tmp_path), "dialogs/topics/return.yaml", text)
    _, findings = build_script(read_book(tmp_path / "dialogs", "dialogs"))
    assert [(each.line, each.column, each.code) for each in findings] == [(1, 9, "ambiguous-name")]


def test_a_start_that_is_not_there(tmp_path: Path) -> None:
    """The first node stands in for it."""
    text = 'dialog: example\ntitle: "T"\nstart: helo\nnodes:\n  hello: {say: [x], end: true}\n'
    write(copy_base(tmp_path), "dialogs/topics/example.yaml", text)
    script, findings = build_script(read_book(tmp_path / "dialogs", "dialogs"))
    assert script.start_of("example") == Place("example", "hello")
    assert [each.message for each in findings] == ['There is no node "helo". Did you mean "hello"?']


def test_ways_on_that_are_none_or_too_many(tmp_path: Path) -> None:
    text = """\
dialog: example
title: "T"
start: a
nodes:
  a: {say: [x]}
  b: {say: [x], choices: {}}
  c: {say: [x], go: a, end: true}
  d: {say: [x], ask: {go: a, skip: {label: x, go: a}}, choices: {x: {label: x, go: a}}, go: b}
"""
    write(copy_base(tmp_path), "dialogs/topics/example.yaml", text)
    script, findings = build_script(read_book(tmp_path / "dialogs", "dialogs"))
    assert [(each.line, each.code) for each in findings] == [
        (5, "no-way-on"),
        (6, "no-way-on"),
        (7, "two-ways-on"),
        (8, "two-ways-on"),
    ]
    nodes = script.dialogs["example"].nodes
    assert nodes["a"].onward == nodes["b"].onward == End()


def test_a_reference_to_a_broken_dialog_is_no_mistake_of_its_own(tmp_path: Path) -> None:
    """The broken file is named, once; what refers to it is not."""
    write(copy_base(tmp_path), "dialogs/topics/tired.yaml", "a: [b\n")
    book = read_book(tmp_path / "dialogs", "dialogs")
    script, findings = build_script(book)
    assert findings == [] and [each.code for each in book.findings] == ["yaml-syntax"]
    assert book.broken == {"tired"} and "tired" not in script.dialogs
    assert choice(script, Place("menu", "hello"), "tired").go == script.menu
    assert Place("menu", "hello") in book.loose


def test_two_dialogs_of_one_name(tmp_path: Path) -> None:
    text = (BASE / "dialogs/topics/tired.yaml").read_text("utf-8")
    write(copy_base(tmp_path), "dialogs/safety/tired.yaml", text)
    (finding,) = read_book(tmp_path / "dialogs", "dialogs").findings
    assert (finding.file, finding.line, finding.code) == ("dialogs/safety/tired.yaml", 1, "wrong-name")
    assert "dialogs/topics/tired.yaml" in finding.message
