"""Catalogs and how texts are compared: what a parent reads in each language, and when two texts are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.model import Text
from bot.texts import CatalogError, Texts, has_loose_brace, keeps_placeholders, load_texts
from bot.texts.normalise import normalise
from tests.authoring.content import BASE, write

CATALOG = """\
msgctxt "a/b"
msgid "Dag"
msgstr "Hello"

msgctxt "a/c"
msgid "Dag"
msgstr "Good day"

#, fuzzy
msgctxt "a/b"
msgid "Tot later"
msgstr "Until latter"

msgctxt "a/b"
msgid "Leeg"
msgstr ""

msgctxt "a/b"
msgid "Bel {gp}"
msgstr "Call {doctor}"

msgctxt "a/b"
msgid "Bel nu {gp}"
msgstr "{gp}: call now"

#~ msgctxt "a/b"
#~ msgid "Oud"
#~ msgstr "Old"
"""


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    write(tmp_path, "en/LC_MESSAGES/dialogs.po", CATALOG)
    write(tmp_path, "fr/LC_MESSAGES/dialogs.po", "")
    return load_texts(tmp_path)


@pytest.mark.parametrize(
    ("language", "source", "context", "said"),
    [
        ("en", "Dag", "a/b", "Hello"),
        ("en", "Dag", "a/c", "Good day"),  # the same words elsewhere may be another sentence
        ("en", "Dag", "a/d", "Dag"),  # not translated there
        ("en", "Tot later", "a/b", "Tot later"),  # fuzzy counts as missing
        ("en", "Leeg", "a/b", "Leeg"),
        ("en", "Bel {gp}", "a/b", "Bel {gp}"),  # a number would be lost
        ("en", "Bel nu {gp}", "a/b", "{gp}: call now"),
        ("en", "Oud", "a/b", "Oud"),  # put aside
        ("fr", "Dag", "a/b", "Dag"),
        ("nl", "Dag", "a/b", "Dag"),
        ("tr", "Dag", "a/b", "Dag"),  # not offered at all
    ],
)
def test_what_is_said(texts: Texts, language: str, source: str, context: str, said: str) -> None:
    """The translation of that sentence at that place; Dutch where there is none that can be trusted."""
    assert texts.say(language, Text(source, context)) == said


def test_dutch_is_always_offered_and_comes_first(texts: Texts, tmp_path: Path) -> None:
    assert texts.languages == ("nl", "en", "fr")
    assert load_texts(tmp_path / "nowhere").languages == ("nl",)
    assert str(texts.locale("fr")) == "fr"
    with pytest.raises(KeyError):
        texts.locale("tr")


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("nl-BE", "nl"),
        ("tr", "nl"),
        ("", "nl"),
        (None, "nl"),
        ("-", "nl"),
    ],
)
def test_the_language_of_a_phone(texts: Texts, code: str | None, language: str) -> None:
    assert texts.language_for(code, "nl") == language


def test_a_catalog_that_cannot_be_read_names_its_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, "en/LC_MESSAGES/dialogs.po", 'msgid "a"\nmsgstr "b"\nfoo\n')
    with pytest.raises(CatalogError) as caught:
        load_texts(tmp_path)
    assert caught.value.line == 3
    assert str(caught.value).startswith(f"{path}:3: ")


def test_a_catalog_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    write(tmp_path, "en/LC_MESSAGES/dialogs.po", "\ufeff" + CATALOG)
    assert load_texts(tmp_path).say("en", Text("Dag", "a/b")) == "Hello"


def test_the_base_is_translated() -> None:
    assert load_texts(BASE / "locales").languages == ("nl", "en")


@pytest.mark.parametrize(
    ("source", "said", "kept"),
    [
        ("a", "b", True),
        ("{x} {y}", "{y} {x}", True),
        ("{x}", "{x} {x}", False),
        ("{x}", "{X}", False),
        ("{x}", "{{x}}", False),
        ("{x}", "{x} {", False),
        ("a", "a }", False),
        ("a", "{x}", False),
    ],
)
def test_placeholders_are_kept(source: str, said: str, kept: bool) -> None:
    assert keeps_placeholders(source, said) is kept


@given(st.text("{}ab", max_size=12))
def test_what_has_no_loose_brace_can_be_filled_in(text: str) -> None:
    """Python's own formatting takes every text that the rule lets through."""
    if not has_loose_brace(text):
        names = {name: "x" for name in ("a", "b", "")}
        plain = text.replace("{}", "")  # an empty name is refused by another rule
        if all(part in names for part in _names(plain)):
            assert "{" not in plain.format(**{"a": "x", "b": "x"})


def _names(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ik ben MOE!", "ik ben moe"),
        ("  één   keer…\n", "een keer"),
        ("neeeeee", "nee"),
        ("zo'n baby", "zo'n baby"),
        ("zo’n baby", "zo'n baby"),
        ("'s nachts", "s nachts"),
        ("a\u200fb\u202e c", "ab c"),
        ("ﬁets Ⅳ", "fiets iv"),
        ("snake_case", "snake case"),
        ("İstanbul ß", "istanbul ss"),
        ("مرحبا", "مرحبا"),
        ("😀 !?", ""),
        ("", ""),
    ],
)
def test_texts_are_compared_without_what_does_not_matter(text: str, words: str) -> None:
    assert normalise(text) == words


@given(st.text(max_size=60))
def test_comparing_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_a_huge_text_is_cut_off() -> None:
    assert len(normalise("ab " * 1_000_000)) <= 4096
