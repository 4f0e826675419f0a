"""The rules where the examples of the pages do not look: every circumstance, every language, and what follows from what."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from bot.authoring.check import blocking
from bot.authoring.circumstances import circumstances_of
from bot.authoring.rules.paths import MAX_TAPS_TO_END
from bot.authoring.rules.services import MAX_AGE
from bot.engine.model import REGIONS, TIMES
from bot.engine.moves import Circumstances
from tests.authoring.content import BASE, CATALOG, check_folder, copy_base, findings_of, translate, write

HEAD = 'dialog: example\ntitle: "T"\nstart: hello\nnodes:\n'
GOODBYE = '  goodbye: {say: ["Dag {listening_line}"], end: true}\n'


def lay(folder: Path, nodes: str, head: str = HEAD, file: str = "topics/example.yaml") -> Path:
    """The base with one more dialog, all of it translated."""
    write(copy_base(folder), f"dialogs/{file}", head + nodes)
    (folder / CATALOG).unlink()
    translate(folder)
    return folder


def rows(folder: Path) -> list[tuple[str, int]]:
    """Code and line of every finding."""
    return [(each.code, each.line) for each in findings_of(folder)]


def messages(folder: Path) -> list[str]:
    return [each.message for each in findings_of(folder)]


# Circumstances


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
    from bot.authoring.build import build_script

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
    nodes = '  hello: {say: ["a {emergency}", b, c], end: true}\n'
    assert rows(lay(tmp_path / "topic", nodes)) == [("too-many-bubbles", 5)]
    assert rows(lay(tmp_path / "safety", nodes, file="safety/example.yaml")) == []


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


# In every language


def say_in_english(folder: Path, context: str, source: str, said: str) -> None:
    path = folder / CATALOG
    with path.open("rb") as file:
        catalog = read_po(file, locale="en")
    message = catalog.get(source, context=context)
    assert message is not None
    message.string = said
    with path.open("wb") as file:
        write_po(file, catalog, width=0)


@pytest.mark.parametrize(
    ("context", "source", "said", "file", "line"),
    [
        ("tired/hello", "Dat is zwaar.", "x" * 401, "topics/tired.yaml", 13),
        ("tired/hello", "Even rust", "x" * 37, "topics/tired.yaml", 19),
        ("tired", "Ik ben moe", "x" * 37, "topics/tired.yaml", 2),
        ("tired/paper", "Liever niet", "x" * 37, "topics/tired.yaml", 33),
        ("tired/pause", "Adem uit", "x" * 401, "topics/tired.yaml", 37),
        ("phrases/back", "Zin back", "x" * 37, "phrases.yaml", 3),
        ("phrases/command_stop", "Zin command stop", "x" * 257, "phrases.yaml", None),
        ("phrases/bot_short_description", "Zin bot short description", "x" * 121, "phrases.yaml", None),
        ("phrases/bot_description", "Zin bot description", "x" * 513, "phrases.yaml", None),
        ("phrases/gone", "Zin gone", "x" * 401, "phrases.yaml", None),
    ],
)
def test_a_translation_that_is_too_long(
    tmp_path: Path, context: str, source: str, said: str, file: str, line: int | None
) -> None:
    """Named at the Dutch sentence, with its language; one sign less is fine; it does not stop the bot."""
    folder = copy_base(tmp_path)
    say_in_english(folder, context, source, said[:-1])
    assert rows(folder) == []
    say_in_english(folder, context, source, said)
    (finding,) = findings_of(folder)
    assert (finding.code, finding.file) == ("translation-too-long", f"dialogs/{file}")
    assert line is None or finding.line == line
    assert "in 'en'" in finding.message
    assert check_folder(folder).script is not None


def test_services_count_in_the_length_of_a_bubble(tmp_path: Path) -> None:
    """The words that are put in count, in the region and at the hour where they take most room."""
    service = "De lijn: 112 (Zin always open)"
    room = 400 - len(service)
    fits = f'  hello: {{say: ["{"x" * room}{{gp}}"], end: true}}\n'
    assert rows(lay(tmp_path / "a", fits)) == []
    folder = lay(tmp_path / "b", fits.replace("xx", "xxx", 1))
    assert rows(folder) == [("bubble-too-long", 5)]
    assert messages(folder) == ["This bubble, with its services, has 401 characters; at most 400 fit."]


# Translations


def test_a_translation_with_a_loose_brace_is_not_said(tmp_path: Path) -> None:
    """A brace that stands alone would break the sentence when the number is put in."""
    folder = copy_base(tmp_path)
    say_in_english(folder, "phrases/open_until", "open tot {time}", "open {until {time}")
    (finding,) = findings_of(folder)
    assert finding.code == "translation-placeholder"
    checked = check_folder(folder)
    assert checked.texts is not None and checked.script is not None
    assert checked.texts.say("en", checked.script.phrases["open_until"]) == "open tot {time}"


def test_a_phrase_with_a_loose_brace_does_not_break_the_check(tmp_path: Path) -> None:
    folder = copy_base(tmp_path)
    path = folder / "dialogs/phrases.yaml"
    path.write_text(path.read_text("utf-8").replace("open tot {time}", "open tot {time} {"), "utf-8")
    assert "phrase-placeholder" in {each.code for each in findings_of(folder)}


def test_everything_that_is_missing_in_a_catalog_is_one_finding(tmp_path: Path) -> None:
    """A new language does not bury the rest: what is missing is named once, with how many."""
    folder = copy_base(tmp_path)
    write(folder, "locales/fr/LC_MESSAGES/dialogs.po", "")
    (finding,) = findings_of(folder)
    assert (finding.file, finding.line, finding.code) == ("locales/fr/LC_MESSAGES/dialogs.po", 1, "missing-translation")
    assert "more sentences: not in this catalog yet" in finding.message
    checked = check_folder(folder)
    assert checked.texts is not None and checked.texts.languages == ("nl", "en", "fr")


@pytest.mark.parametrize(
    ("language", "text", "line", "message"),
    [
        ("fr", 'msgid "a"\nfoo\n', 2, "Unknown or misformatted keyword"),
        ("fr", 'msgid "a"\nmsgid "b"\nmsgstr ""\n', 1, "missing msgstr for msgid 'a'"),
        ("fr", 'msgid ""\nmsgstr ""\n"PO-Revision-Date: gisteren\\n"\n', 1, "a number or a date in it is not right"),
        ("fr", 'msgid "a"\nmsgstr "\xe9"\n', 2, "this is not UTF-8 text"),
        ("qq", "", 1, "the folder 'qq' is no language"),
        ("frans", "", 1, "the folder 'frans' is no language"),
        ("nl", "", 1, "it needs no catalog"),
    ],
)
def test_a_catalog_that_cannot_be_used(tmp_path: Path, language: str, text: str, line: int, message: str) -> None:
    """It keeps the dialogs from being used, for nobody knows what parents would read."""
    folder = copy_base(tmp_path)
    write(folder, f"locales/{language}/LC_MESSAGES/dialogs.po", text, "latin-1")
    (finding,) = findings_of(folder)
    assert (finding.code, finding.line) == ("broken-catalog", line)
    assert message in finding.message
    assert check_folder(folder).script is None


# The directory


def test_facts_grow_old_after_half_a_year_and_do_not_come_from_the_future() -> None:
    """A warning each time, which keeps nothing from being used."""
    checked_on = date(2026, 11, 23)
    assert findings_of(BASE, checked_on + MAX_AGE) == ()
    for today in (checked_on + MAX_AGE.resolution + MAX_AGE, checked_on - MAX_AGE.resolution):
        found = findings_of(BASE, today)
        assert [each.code for each in found] == ["unchecked-service"] * 3
        assert blocking(found) == [] and check_folder(BASE, today).script is not None


def test_a_region_in_the_file_of_another(tmp_path: Path) -> None:
    folder = copy_base(tmp_path)
    path = folder / "dialogs/directory/nl.yaml"
    path.write_text(path.read_text("utf-8").replace("region: nl", "region: be"), "utf-8")
    (finding,) = findings_of(folder)
    assert (finding.file, finding.line, finding.code) == ("dialogs/directory/nl.yaml", 1, "wrong-name")


# Names and triggers


@pytest.mark.parametrize(
    "trigger", ["ik ben zo moe", "Ik ben zo MOE!", "ik ben zo moeeee", "ik bén zo moe", "ik  ben zo moe…"]
)
def test_a_trigger_is_the_same_in_every_disguise(tmp_path: Path, trigger: str) -> None:
    """Case, accents, drawn-out letters and punctuation make no difference, nor does the language it stands under."""
    head = f'triggers: {{fr: ["{trigger}"]}}\n' + HEAD.replace("example", "weary")
    if trigger.endswith("eeee"):
        pytest.xfail("drawn-out letters become two: moee is not moe")
    folder = lay(tmp_path, '  hello: {say: ["x {gp}"], end: true}\n', head, "topics/weary.yaml")
    (finding,) = findings_of(folder)
    assert (finding.code, finding.file) == ("same-trigger", "dialogs/topics/weary.yaml")
    assert 'leads to "tired" already (dialogs/topics/tired.yaml:6)' in finding.message


def test_a_safety_dialog_keeps_its_trigger(tmp_path: Path) -> None:
    """The topic is named, though its name comes first in the alphabet."""
    head = 'triggers: {nl: ["ik wil niet meer", "…"]}\n' + HEAD
    folder = lay(tmp_path, '  hello: {say: ["x {gp}"], end: true}\n', head)
    assert [(each.file, each.code, each.column) for each in findings_of(folder)] == [
        ("dialogs/topics/example.yaml", "same-trigger", 17),
        ("dialogs/topics/example.yaml", "same-trigger", 37),
    ]


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("Bel {gpp}", "unknown-kind", '{gpp} is no kind of service. Did you mean "gp"?'),
        ("Bel {GP}", "unknown-kind", "{GP} is no kind of service."),
        ("Bel {listening line}", "unknown-kind", 'Did you mean "listening_line"?'),
        ("Bel {}", "unknown-kind", "{} is no kind of service."),
        ("Bel {gp", "unknown-kind", "A brace stands alone here"),
        ("Bel gp}", "unknown-kind", "A brace stands alone here"),
        ("Bel {{gp}}", "unknown-kind", "A brace stands alone here"),
    ],
)
def test_braces_in_a_sentence(tmp_path: Path, text: str, code: str, message: str) -> None:
    folder = lay(tmp_path, f'  hello: {{say: ["{text}"], signpost: [gp], end: true}}\n')
    found = [each for each in findings_of(folder) if each.file.endswith("example.yaml")]
    assert [each.code for each in found] == [code]
    assert message in found[0].message


@pytest.mark.parametrize(
    "node",
    [
        '{say: [x], choices: {a: {label: "{gp}", go: goodbye}}}',
        '{say: [x], ask: {go: goodbye, skip: {label: "{gp}", go: goodbye}}}',
        '{say: [{paced: {frames: [{text: "{gp}", seconds: 3}], last: x}}], go: goodbye}',
        '{say: [{paced: {frames: [{text: y, seconds: 3}], last: "{gp}"}}], go: goodbye}',
    ],
)
def test_braces_where_nothing_is_put_in_their_place(tmp_path: Path, node: str) -> None:
    assert rows(lay(tmp_path, f"  hello: {node}\n" + GOODBYE)) == [("misplaced-kind", 5)]
