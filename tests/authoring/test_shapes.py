"""What a file gets that is YAML but no dialog: the place of the mistake, and what was probably meant."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from bot.authoring.located import locate
from bot.authoring.shape import DialogShape, PhrasesShape, SourcesShape
from bot.authoring.validate import validate
from bot.directory.shape import RegionFile

NODE = """\
dialog: x
title: T
start: hello
nodes:
  hello:
    {}
"""
SAY = NODE.format("end: true\n    say:\n      - {}")
TOP = NODE.format("end: true") + "{}\n"
REGION = """\
region: be
timezone: Europe/Brussels
country: BE
services:
  line:
    name: "De lijn"
    kinds: [gp]
    ways:
      - {phone: "112", hours: "24/7"}
    source: made up
    checked: 2026-11-23
    confidence: C
"""
WRONG_ID = "an id has small letters, digits and _ only, and begins with a letter."
BLOCK = "A block of `key: value` lines is expected here."
KEYS = "The keys here are: say, signpost, choices, ask, go, end, "

DIALOGS = [
    # where, what is written, line, column, code, message
    (NODE, "choises: {a: {label: x, go: y}}", 6, 5, "unknown-key", '"choises" is no key here. Did you mean "choices"?'),
    (NODE, "buttons: x", 6, 5, "unknown-key", f'"buttons" is no key here. {KEYS}'),
    (NODE, "text: x", 6, 5, "unknown-key", f'"text" is no key here. {KEYS}'),
    (NODE, "end: yes", 6, 10, "wrong-value", '"yes": this is true, or the whole line is left out.'),
    (NODE, "end: false", 6, 10, "wrong-value", '"false": this is true, or the whole line is left out.'),
    (NODE, "go: Hello", 6, 9, "wrong-value", '"Hello": go names a node, a dialog, dialog/node, menu or return.'),
    (
        NODE,
        "go: https://x",
        6,
        9,
        "wrong-value",
        '"https://x": go names a node, a dialog, dialog/node, menu or return.',
    ),
    (NODE, "choices: {A: {label: x, go: y}}", 6, 15, "wrong-value", f'"A": {WRONG_ID}'),
    (NODE, "choices: {1: {label: x, go: y}}", 6, 15, "wrong-value", f'"1": {WRONG_ID}'),
    (NODE, f"choices: {{{'a' * 25}: {{label: x, go: y}}}}", 6, 15, "wrong-value", "too long; at most 24 signs fit."),
    (NODE, "choices: [a]", 6, 14, "wrong-value", BLOCK),
    (NODE, "choices:", 6, 13, "wrong-value", BLOCK),
    (NODE, "choices: {a: x}", 6, 18, "wrong-value", f'"x": {BLOCK}'),
    (NODE, "choices: {a: {lable: x, go: y}}", 6, 19, "unknown-key", 'Did you mean "label"?'),
    (NODE, "choices: {a: {go: y}}", 6, 15, "missing-key", 'The key "label" is missing here.'),
    (NODE, "choices: {a: {label: Ja, graag, go: y}}", 6, 30, "unknown-key", "One with a comma in it"),
    (NODE, "choices: {a: {label: x, go: y, when: {tijd: x}}}", 6, 43, "unknown-key", 'Did you mean "time"?'),
    (NODE, "choices: {a: {label: x, go: y, when: {time: nacht}}}", 6, 49, "wrong-value", 'Did you mean "night"?'),
    (NODE, "choices: {a: {label: x, go: y, when: {region: vl}}}", 6, 51, "wrong-value", "one of: be, nl or elsewhere."),
    (NODE, "choices: {a: {label: x, go: y, when: {hour: 3}}}", 6, 43, "unknown-key", "are: time, region, chosen."),
    (
        NODE,
        "choices: {a: {label: x, go: y, set: {language: nl-BE}}}",
        6,
        52,
        "wrong-value",
        "small letters, such as nl.",
    ),
    (
        NODE,
        "choices: {a: {label: x, go: y, do: sweep}}",
        6,
        40,
        "wrong-value",
        '"sweep": this is one of: forget, wipe, wipe_and_forget, check_in_morning, check_in_evening or no_check_in.',
    ),
    (NODE, "ask: {go: y}", 6, 5, "missing-key", 'The key "skip" is missing here.'),
    (NODE, "signpost: gp", 6, 15, "wrong-value", '"gp": A list is expected here'),
    (NODE, "signpost: []", 6, 15, "wrong-value", "At least one is needed here."),
    (NODE, "signpost: [a, b, c, d]", 6, 15, "wrong-value", "At most 3 fit here; 4 stand here."),
    (NODE, "say: Dag", 6, 10, "wrong-value", '"Dag": A list is expected here'),
    (NODE, "say: {a: b}", 6, 10, "wrong-value", "A list is expected here"),
    (NODE, "note:", 6, 10, "wrong-value", "This is empty."),
    (SAY, "{tekst: x}", 8, 10, "unknown-key", '"tekst" is no key here. Did you mean "text"?'),
    (SAY, "{note: x}", 8, 9, "missing-key", 'The key "text" is missing here.'),
    (SAY, '""', 8, 9, "wrong-value", "This is empty."),
    (SAY, "[a]", 8, 9, "wrong-value", BLOCK),
    (SAY, "{text: x, when: night}", 8, 25, "wrong-value", f'"night": {BLOCK}'),
    (SAY, "{text: x, when: {chosen: Ja}}", 8, 34, "wrong-value", f'"Ja": {WRONG_ID}'),
    (SAY, "{paced: x}", 8, 17, "wrong-value", f'"x": {BLOCK}'),
    (SAY, "{paced: {frames: [{text: a, seconds: 5}], last: b}, text: c}", 8, 61, "unknown-key", "does not go together"),
    (
        SAY,
        "{paced: {frames: [{text: a, seconds: 99}], last: b}}",
        8,
        46,
        "wrong-value",
        '"99": This is too much; at most 30.',
    ),
    (SAY, "{paced: {frames: [{text: a, seconds: lang}], last: b}}", 8, 46, "wrong-value", "A number is expected here."),
    (SAY, "{paced: {frames: [], last: b}}", 8, 26, "wrong-value", "At least one is needed here."),
    (SAY, "{paced: {frames: [{text: a, seconds: 5}]}}", 8, 10, "missing-key", 'The key "last" is missing here.'),
    (SAY, "{paced: {rounds: 0, frames: [{text: a, seconds: 5}], last: b}}", 8, 26, "wrong-value", "at least 1."),
    (
        SAY,
        "{paced: {frames: [{text: a, seconds: 5}], last: b}, when: {time: x}}",
        8,
        74,
        "wrong-value",
        "day or night.",
    ),
    (TOP, "reviewed: ja", 7, 11, "wrong-value", f'"ja": {BLOCK}'),
    (TOP, "reviewed: {by: An}", 7, 1, "missing-key", 'The key "on" is missing here.'),
    (TOP, "reviewed: {by: An, on: gisteren}", 7, 24, "wrong-value", "A day is expected here, such as 2026-11-23."),
    (TOP, "reviewed: {by: An, on: 2026-13-45}", 7, 24, "wrong-value", "A day is expected here, such as 2026-11-23."),
    (TOP, "triggers: {NL: [a]}", 7, 12, "wrong-value", '"NL": a language is two or three small letters, such as nl.'),
    (TOP, "triggers: [a]", 7, 11, "wrong-value", BLOCK),
    (TOP, "triggers: {nl: a}", 7, 16, "wrong-value", '"a": A list is expected here'),
    (TOP, "aside: false", 7, 8, "wrong-value", "this is true, or the whole line is left out."),
    (TOP, "sources: [A b]", 7, 11, "wrong-value", '"A b": '),
    (TOP, "startt: hello", 7, 1, "unknown-key", 'Did you mean "start"?'),
]
DIRECTORY = [
    ('"112", hours', '"112x", hours', 9, 17, "wrong-value", '"112x": a number is written with digits'),
    ("24/7", "Ma-Vr 9-17", 9, 31, "wrong-value", "try 'Mo-Fr 09:00-17:00; PH off'."),
    ('phone: "112"', 'site: "https://x.be"', 9, 16, "wrong-value", "an address is written without https://"),
    ("[gp]", "[gpp]", 7, 13, "wrong-value", '"gpp": this is no word from the list. Did you mean "gp"?'),
    ("[gp]", "[]", 7, 12, "wrong-value", "At least one is needed here."),
    ("[gp]", "gp", 7, 12, "wrong-value", '"gp": A list is expected here'),
    ("Europe/Brussels", "Europe/Gent", 2, 11, "wrong-value", "is not a time zone; write one such as Europe/Brussels."),
    ("country: BE", "country: XX", 3, 10, "wrong-value", "write BE, or leave it out."),
    ("country: BE\n", "", 1, 1, "wrong-value", "but the region has no country."),
    ("confidence: C", "confidence: E", 12, 17, "wrong-value", '"E": this is one of: A, B, C, D or U.'),
    ("2026-11-23", "vandaag", 11, 14, "wrong-value", '"vandaag": A day is expected here, such as 2026-11-23.'),
    ('phone: "112", ', "", 9, 9, "wrong-value", "a way is one of phone, chat, whatsapp, site, how; found none."),
    ('"24/7"', '"24/7", office_hours: true', 9, 9, "wrong-value", "a way has hours or office_hours, not both."),
    ('"24/7"', '"24/7", office_hours: soms', 9, 53, "wrong-value", '"soms": true or false is expected here.'),
    ("    source: made up\n", "", 5, 3, "missing-key", 'The key "source" is missing here.'),
    ("source: made up", "langauges: [nl]\n    source: x", 10, 5, "unknown-key", 'Did you mean "languages"?'),
    ("source: made up", "languages: [nld]\n    source: x", 10, 17, "wrong-value", "two small letters, such as nl."),
    ("region: be", "region: vl", 1, 9, "wrong-value", '"vl": this is one of: be, nl or elsewhere.'),
    ("  line:", "  Line:", 5, 3, "wrong-value", f'"Line": {WRONG_ID}'),
]
OTHERS: list[tuple[type[BaseModel], str, int, int, str, str]] = [
    (PhrasesShape, "phrases: {a: {text: x}}", 1, 11, "missing-key", 'The key "note" is missing here.'),
    (PhrasesShape, "phrases: {a: ''}", 1, 14, "wrong-value", "This is empty."),
    (PhrasesShape, "phrases: {a: [x]}", 1, 14, "wrong-value", BLOCK),
    (PhrasesShape, "phrases: {a: {tekst: x, note: y}}", 1, 15, "unknown-key", 'Did you mean "text"?'),
    (PhrasesShape, "frases: {a: x}", 1, 1, "unknown-key", 'Did you mean "phrases"?'),
    (SourcesShape, "sources: {a: {titel: x}}", 1, 15, "unknown-key", 'Did you mean "title"?'),
    (
        SourcesShape,
        "sources: {a: {title: x, year: nu}}",
        1,
        31,
        "wrong-value",
        '"nu": A whole number is expected here.',
    ),
    (SourcesShape, "[a]", 1, 1, "wrong-value", BLOCK),
    (DialogShape, "a", 1, 1, "wrong-value", f'"a": {BLOCK}'),
]


def found(text: str, shape: type[BaseModel]) -> list[tuple[int, int, str, str]]:
    file, findings = locate(text.encode(), "x.yaml")
    assert file is not None and findings == []
    read, findings = validate(file, shape)
    assert (read is None) == bool(findings)
    return [(each.line, each.column, each.code, each.message) for each in findings]


def one(rows: list[tuple[int, int, str, str]], line: int, column: int, code: str, message: str) -> None:
    """One mistake, one finding: nothing of what follows from it is named as well."""
    assert [row[:3] for row in rows] == [(line, column, code)], rows
    assert message in rows[0][3]


@pytest.mark.parametrize(
    ("where", "written", "line", "column", "code", "message"), DIALOGS, ids=[row[1] for row in DIALOGS]
)
def test_a_wrong_dialog(where: str, written: str, line: int, column: int, code: str, message: str) -> None:
    one(found(where.replace("{}", written), DialogShape), line, column, code, message)


@pytest.mark.parametrize(("right", "wrong", "line", "column", "code", "message"), DIRECTORY)
def test_a_wrong_region(right: str, wrong: str, line: int, column: int, code: str, message: str) -> None:
    text = REGION.replace('"24/7"', '"PH off; Mo 09:00-10:00"') if not wrong and right.startswith("country") else REGION
    assert right in text
    one(found(text.replace(right, wrong), RegionFile), line, column, code, message)


@pytest.mark.parametrize(("shape", "text", "line", "column", "code", "message"), OTHERS)
def test_other_wrong_files(shape: type[BaseModel], text: str, line: int, column: int, code: str, message: str) -> None:
    one(found(text, shape), line, column, code, message)


def test_what_they_are_compared_with_is_right() -> None:
    assert found(NODE.replace("{}", "end: true"), DialogShape) == []
    assert found(SAY.replace("{}", "dag"), DialogShape) == []
    assert found(TOP.replace("{}", "reviewed: null"), DialogShape) == []
    assert found(REGION, RegionFile) == []


@pytest.mark.parametrize("nothing", ["null", "~", ""])
def test_not_reviewed_can_be_written_in_every_way_yaml_has(nothing: str) -> None:
    assert found(TOP.replace("{}", f"reviewed: {nothing}"), DialogShape) == []


def test_every_mistake_is_named_not_the_first_only() -> None:
    text = NODE.replace("{}", "sai: [a]\n    end: no\n  more: {go: A}")
    assert [(row[0], row[2]) for row in found(text.replace("title: T\n", ""), DialogShape)] == [
        (5, "unknown-key"),
        (1, "missing-key"),
        (6, "wrong-value"),
        (7, "wrong-value"),
    ]
