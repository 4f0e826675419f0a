"""The rules about words, where the pages do not look: every language, the directory, names, triggers and braces."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from bot.authoring.check import blocking
from bot.authoring.rules.services import MAX_AGE
from bot.engine.model import MAX_LABEL
from bot.engine.phrases import LABELS
from tests.authoring.content import (
    BASE,
    CATALOG,
    GOODBYE,
    HEAD,
    check_folder,
    copy_base,
    findings_of,
    lay,
    messages,
    rows,
    translate,
    write,
)


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


def test_a_phrase_on_a_button_that_is_too_long(tmp_path: Path) -> None:
    """Each fixed sentence that stands on a button has the room of a button."""
    folder = copy_base(tmp_path)
    written = (folder / "dialogs/phrases.yaml").read_text("utf-8")
    words = {label: f"Zin {label.replace('_', ' ')}" for label in LABELS}
    for label, source in words.items():
        written = re.sub(rf'(?m)^  {label}: "?{source}"?$', f"  {label}: {source.ljust(MAX_LABEL + 1, 'x')}", written)
    write(folder, "dialogs/phrases.yaml", written)
    (folder / CATALOG).unlink()
    translate(folder)
    assert [code for code, _ in rows(folder)] == ["label-too-long"] * len(LABELS)


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
    day = timedelta(days=1)
    for today in (checked_on + MAX_AGE + day, checked_on - day):
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


@pytest.mark.parametrize("trigger", ["ik ben zo moe", "Ik ben zo MOE!", "ik bén zo moe", "ik  ben zo moe…"])
def test_a_trigger_is_the_same_in_every_disguise(tmp_path: Path, trigger: str) -> None:
    """Case, accents, drawn-out letters and punctuation make no difference, nor does the language it stands under."""
    head = f'triggers: {{fr: ["{trigger}"]}}\n' + HEAD.replace("example", "weary")
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
