"""The rules about ways, where the pages do not look: every circumstance, and what follows from what."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from bot.authoring.build import build_script
from bot.authoring.circumstances import circumstances_of
from bot.authoring.rules.paths import MAX_TAPS_TO_END
from bot.engine.model import REGIONS, TIMES
from bot.engine.moves import Circumstances
from tests.authoring.content import GOODBYE, HEAD, check_folder, copy_base, findings_of, lay, messages, rows, write


def test_every_combination_that_can_matter_is_looked_at(tmp_path: Path) -> None:
    """Time, region and what was chosen; choices of one node exclude each other, and none is possible too."""
    nodes = """\
  hello:
    say: ["Dag {listening_line}"]
    choices:
      a: {label: "A", go: more}
      b: {label: "B", go: more}
  more:
    say:
      - {when: {time: night, region: nl}, text: "x"}
      - {when: {chosen: a}, text: "y"}
      - {when: {chosen: b}, text: "z"}
      - {when: {chosen: c}, text: "w"}
      - "v"
    choices:
      c: {label: "C", go: more}
      d: {label: "D", go: goodbye}
"""
    script = check_folder(lay(tmp_path, nodes + GOODBYE)).script
    assert script is None, "four bubbles in a row"
    book = check_folder(tmp_path).book
    assert book.findings == []
    dialog = build_script(book)[0].dialogs["example"]
    chosen = [frozenset(), {"a"}, {"b"}, {"c"}, {"a", "c"}, {"b", "c"}]
    expected = {Circumstances(*each[:2], frozenset(each[2])) for each in product(TIMES, REGIONS, chosen)}
    found = [*circumstances_of(dialog, dialog.nodes["more"])]
    assert set(found) == expected and len(found) == len(expected)
    assert [*circumstances_of(dialog, dialog.nodes["goodbye"])] == [Circumstances("day", "be", frozenset())]


@pytest.mark.parametrize(
    ("say", "message"),
    [
        ('{when: {time: night}, text: "a"}', '"more" says nothing by day; a parent would see buttons without words.'),
        ('{when: {time: day}, text: "a"}', '"more" says nothing by night; '),
        ('{when: {region: nl}, text: "a"}', '"more" says nothing in region be; '),
        ('{when: {chosen: on}, text: "a"}', '"more" says nothing when none of those was chosen; '),
        ('{when: {time: night, region: be}, text: "a"}', '"more" says nothing by day, in region be; '),
    ],
)
def test_a_node_that_is_sometimes_silent(tmp_path: Path, say: str, message: str) -> None:
    nodes = f"""\
  hello: {{say: [x], choices: {{on: {{label: A, go: more}}}}}}
  more: {{say: [{say}], choices: {{out: {{label: B, go: goodbye}}}}}}
"""
    (found,) = messages(lay(tmp_path, nodes + GOODBYE))
    assert found.startswith(message)


def test_conditions_that_leave_something_in_every_case_are_fine(tmp_path: Path) -> None:
    nodes = """\
  hello:
    say:
      - {when: {time: night}, text: "nacht {listening_line}"}
      - {when: {time: day, region: be}, text: "dag"}
      - {when: {time: day, region: nl}, text: "dag"}
      - {when: {time: day, region: elsewhere}, text: "dag"}
    end: true
"""
    assert rows(lay(tmp_path, nodes)) == []


def test_conditions_may_leave_a_node_without_choices(tmp_path: Path) -> None:
    nodes = """\
  hello:
    say: [x]
    choices:
      a: {label: A, go: goodbye, when: {time: night}}
      b: {label: B, go: goodbye, when: {region: nl}}
"""
    folder = lay(tmp_path, nodes + GOODBYE)
    assert rows(folder) == [("no-way-on", 7)]
    assert messages(folder)[0].startswith("No choice is left here by day, in region be; ")


def test_seven_choices_of_which_six_are_ever_seen(tmp_path: Path) -> None:
    """Only what a parent sees at once is counted."""
    choices = "".join(f"      c{n}: {{label: L{n}, go: goodbye}}\n" for n in range(5))
    choices += "      day: {label: D, go: goodbye, when: {time: day}}\n"
    choices += "      night: {label: N, go: goodbye, when: {time: night}}\n"
    assert rows(lay(tmp_path, f"  hello:\n    say: [x]\n    choices:\n{choices}" + GOODBYE)) == []


def test_bubbles_are_counted_along_go_even_into_another_dialog(tmp_path: Path) -> None:
    """Two of its own and two of the next node, of which one is a signpost."""
    nodes = "  hello: {say: [x], choices: {on: {label: A, go: more}}}\n  more: {say: [a, b], go: tired/person}\n"
    folder = lay(tmp_path, nodes)
    assert rows(folder) == [("too-many-bubbles", 6)]
    assert messages(folder)[0].startswith("4 bubbles in a row; at most 3 (")


def test_the_first_node_of_a_topic_leaves_room_for_the_line_about_the_script(tmp_path: Path) -> None:
    """A safety dialog does not: there nothing comes before the number."""
    nodes = '  hello: {say: ["a {emergency}", b, "c?"], end: true}\n'
    assert rows(lay(tmp_path / "topic", nodes)) == [("too-many-bubbles", 5)]
    assert rows(lay(tmp_path / "safety", nodes, file="safety/example.yaml")) == []


def test_the_node_behind_a_note_leaves_room_for_the_line_that_it_was_kept(tmp_path: Path) -> None:
    """Where the words are let go, no such line comes."""
    nodes = (
        "  hello: {say: [x], ask: {KEEP go: read, skip: {label: A, go: goodbye}}}\n"
        "  read: {say: [a, b, c], choices: {on: {label: B, go: goodbye}}}\n" + GOODBYE
    )
    kept = lay(tmp_path / "kept", nodes.replace("KEEP", "keep: true,"))
    assert rows(kept) == [("too-many-bubbles", 6)]
    assert "before which one line about the note that was kept may come" in messages(kept)[0]
    assert rows(lay(tmp_path / "let_go", nodes.replace("KEEP ", ""))) == []


# What follows from what


def test_nothing_follows_from_a_go_to_nowhere(tmp_path: Path) -> None:
    """Where it was to lead may well have been an end, a person, or a node that nothing else leads to."""
    nodes = "  hello: {say: [x], choices: {on: {label: A, go: mor}}}\n  more: {say: [y], end: true}\n"
    assert rows(lay(tmp_path, nodes)) == [("unknown-target", 5)]


def test_nothing_follows_from_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """One finding for a broken topic, however many dialogs lead to it, and none about its translations."""
    folder = copy_base(tmp_path)
    write(folder, "dialogs/topics/tired.yaml", "a: [b\n")
    assert rows(folder) == [("yaml-syntax", 1)]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("menu.yaml", "missing-file"),
        ("phrases.yaml", "missing-file"),
        ("sources.yaml", "missing-file"),
        ("directory/nl.yaml", "missing-file"),
        ("commands/help_now.yaml", "missing-file"),
        ("topics/about.yaml", "missing-file"),
    ],
)
def test_a_file_that_has_to_be_there(tmp_path: Path, file: str, code: str) -> None:
    """Its absence is named first of all; nothing crashes, and it keeps the dialogs from being used."""
    folder = copy_base(tmp_path)
    (folder / "dialogs" / file).unlink()
    checked = check_folder(folder)
    missing = [each for each in checked.findings if each.code == code]
    assert len(missing) == 1 and Path(missing[0].file).name == Path(file).name
    assert checked.script is None


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "dialogs").mkdir()
    found = findings_of(tmp_path)
    assert {each.code for each in found} == {"missing-file"} and len(found) > 8


def test_a_circle_of_go_is_named_once(tmp_path: Path) -> None:
    nodes = """\
  hello: {say: [a], choices: {on: {label: A, go: in}}}
  in: {say: [b], go: two}
  two: {say: [c], go: one}
  one: {say: [d], go: two}
"""
    folder = lay(tmp_path, nodes)
    assert rows(folder) == [("endless-go", 8)]
    assert "example/one → example/two → example/one" in messages(folder)[0]


def test_places_without_an_end_are_named_together(tmp_path: Path) -> None:
    nodes = """\
  hello: {say: ["x {gp}"], choices: {a: {label: A, go: goodbye}, b: {label: B, go: round}}}
  round: {say: ["y {gp}"], choices: {a: {label: A, go: trip}}}
  trip: {say: ["z {gp}"], choices: {a: {label: A, go: round}, b: {label: B, go: menu}, c: {label: C, go: return}}}
"""
    folder = lay(tmp_path, nodes + GOODBYE)
    assert rows(folder) == [("no-end", 6)]
    assert messages(folder)[0].startswith('From "round", "trip" no end can be reached')


def test_return_is_an_end_for_what_is_only_visited(tmp_path: Path) -> None:
    nodes = '  hello: {say: ["x {gp}"], choices: {back: {label: A, go: return}}}\n'
    assert rows(lay(tmp_path / "a", nodes)) == [("no-end", 5)]
    assert rows(lay(tmp_path / "b", nodes, head="aside: true\n" + HEAD)) == []


def test_an_end_that_is_too_many_taps_away(tmp_path: Path) -> None:
    steps = MAX_TAPS_TO_END + 1
    chain = "".join(
        f'  n{n}: {{say: ["x {{gp}}"], choices: {{a: {{label: A, go: {f"n{n + 1}" if n < steps else "goodbye"}}}}}}}\n'
        for n in range(1, steps + 1)
    )
    folder = lay(tmp_path, chain + GOODBYE, head=HEAD.replace("hello", "n1"))
    assert rows(folder) == [("no-end", 5)]
    assert "9 taps away; a topic ends within 8" in messages(folder)[0]
