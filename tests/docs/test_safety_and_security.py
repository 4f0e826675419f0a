"""SAFETY.md, SECURITY.md and PRIVACY.md: what they name exists, and no hazard or threat is left half told."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from bot.engine.commands import command_named
from tests.docs.markdown import ROOT, Page
from tests.docs.test_readme import COMMANDS

SAFETY, SECURITY, PRIVACY = Page.at("SAFETY.md"), Page.at("SECURITY.md"), Page.at("PRIVACY.md")
PAGES = {page.path.name: page for page in (SAFETY, SECURITY, PRIVACY)}

FIELDS = ("Cause", "Effect", "At first", "With controls", "Controls", "Held by", "Remains")
ATTACKERS = 6
FEWEST_HAZARDS, FEWEST_THREATS = 34, 30
UNACCEPTABLE = 4
"""From this rating on, a hazard waits for the signature of the safety officer."""

_TEST = re.compile(r"(tests/[\w/]+\.py)::([A-Za-z_]\w*)")
_PATH = re.compile(r"(?:bot|dialogs|locales|tests)/[\w./-]*|[\w-]+\.(?:md|txt|toml)")
_HAZARD = re.compile(r"^### (H\d\d) · (\S[^\n]*)\n(.*?)(?=^### |^## |\Z)", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(rf"\*\*({'|'.join(FIELDS)}):\*\*(.*?)(?=\s\*\*(?:{'|'.join(FIELDS)}):\*\*|\n- |\Z)", re.DOTALL)
_RATING = re.compile(r"(\w+), ([\w ]+): ([1-5])\.")

HAZARDS = {found[1]: found[3] for found in _HAZARD.finditer(SAFETY.text)}
THREATS = {row[0]: row[1:] for row in SECURITY.section("Threats").rows}


@cache
def defined(path: str) -> frozenset[str]:
    """The tests that a file defines, as functions or methods; none when there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    return frozenset(each.name for each in nodes if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


def fields(hazard: str) -> dict[str, str]:
    """What stands behind each bold word of one hazard."""
    return {name: text.strip(" .\n") for name, text in _FIELD.findall(HAZARDS[hazard])}


def rating(text: str) -> tuple[str, str, int]:
    """Severity, likelihood and the number of a rating."""
    found = _RATING.fullmatch(f"{text}.")
    assert found, text
    return found[1], found[2], int(found[3])


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_each_test_that_is_named_exists(page: Page) -> None:
    """The file is there and defines a test of that name; in backticks it is written in full."""
    named = _TEST.findall(page.text)
    assert len(named) >= 10
    assert [f"{path}::{name}" for path, name in named if name not in defined(path)] == []
    assert [name for _, name in named if not name.startswith("test_")] == []
    assert [span for span in page.spans if "::" in span and not _TEST.fullmatch(span)] == []


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_each_path_that_is_named_exists(page: Page) -> None:
    """Files and folders in backticks are in the repository."""
    named = [span for span in page.spans if _PATH.fullmatch(span)]
    assert [span for span in named if not (ROOT / span).exists()] == []


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_each_link_leads_somewhere_in_the_repository(page: Page) -> None:
    """They are relative, and lead to files that are there."""
    assert page.links
    for link in page.links:
        target = (page.path.parent / link.partition("#")[0]).resolve()
        assert target.is_file() and ROOT in target.parents, link


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_each_command_that_is_named_exists(page: Page) -> None:
    """What a parent can type (but for those of @BotFather), and what an operator can."""
    typed = set(re.findall(r"(?<![\w`/.~<])/([a-z]{2,})\b(?![/.\w])", page.text))
    typed |= {span[1:] for span in page.spans if re.fullmatch(r"/[a-z]+", span)} - {"revoke"}
    assert typed
    assert {name for name in typed if command_named(name) is None} == set()
    run = re.findall(r"python -m bot ([a-z-]+)([^`\n]*)", page.text)
    assert run and {name for name, _ in run} <= set(COMMANDS)
    for name, rest in run:
        COMMANDS[name].parse_args(rest.split())


def test_hazards_are_numbered_one_after_the_other() -> None:
    """Each id stands once; none is left out."""
    headings = re.findall(r"^### (.*)$", SAFETY.text, re.MULTILINE)
    assert len(headings) == len(HAZARDS) >= FEWEST_HAZARDS
    assert [*HAZARDS] == [f"H{number:02}" for number in range(1, len(HAZARDS) + 1)]
    titles = [heading.partition(" · ")[2] for heading in headings]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("hazard", HAZARDS)
def test_each_hazard_is_told_whole(hazard: str) -> None:
    """Every field is filled, and something holds it: a test, or a person by hand."""
    told = fields(hazard)
    assert tuple(told) == FIELDS
    assert all(len(text) > 3 for text in told.values()), told
    assert _TEST.search(told["Held by"]) or re.search(r"\bby hand: \w", told["Held by"])


@pytest.mark.parametrize("hazard", HAZARDS)
def test_each_rating_is_that_of_the_table(hazard: str) -> None:
    """The number follows from severity and likelihood; controls never make it worse; from 4 on somebody has to sign."""
    head = next(line for line in SAFETY.text.splitlines() if line.startswith("| likelihood |"))
    severities = [cell.strip() for cell in head.split("|")[2:-1]]
    table = {
        row[0]: dict(zip(severities, map(int, row[1:]), strict=True)) for row in SAFETY.section("How it is rated").rows
    }
    assert len(severities) == len(table) == 5
    told = fields(hazard)
    before, after = rating(told["At first"]), rating(told["With controls"])
    for severity, likelihood, number in (before, after):
        assert table[likelihood][severity] == number
    assert after[2] <= before[2]
    assert ("not acceptable" in told["Remains"].lower()) == (after[2] >= UNACCEPTABLE)


def test_hazards_that_are_referred_to_exist() -> None:
    """In each page."""
    for page in PAGES.values():
        assert set(re.findall(r"\bH\d\d\b", page.text)) <= set(HAZARDS), page.path.name


def test_there_are_enough_threats() -> None:
    """Of each kind of attacker; each threat is told once."""
    rows = SECURITY.section("Threats").rows
    assert len(THREATS) == len(rows) >= FEWEST_THREATS
    assert SECURITY.section("Threats").text.count("\n### ") == ATTACKERS


@pytest.mark.parametrize("threat", THREATS)
def test_each_threat_has_what_shows_its_control(threat: str) -> None:
    """A test, or what somebody does by hand."""
    control, shown, _ = THREATS[threat]
    assert len(control) > 3
    assert _TEST.search(shown) or re.match(r"by hand: \w", shown)


def test_what_is_not_reviewed_is_said() -> None:
    """As long as nobody signed a dialog, the hazard log says so at its beginning."""
    dialogs = [path.read_text("utf-8") for path in (ROOT / "dialogs").rglob("*.yaml")]
    if not any(re.search(r"^reviewed: \{", text, re.MULTILINE) for text in dialogs):
        assert "No professional has reviewed" in SAFETY.section("Where this stands").text
