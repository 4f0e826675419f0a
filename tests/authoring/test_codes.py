"""Every code has its page, and the bad example on the page is its test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import bot.authoring
from bot.authoring.findings import Finding
from bot.authoring.rules.translations import NOT_BLOCKING
from tests.authoring.content import BASE, CATALOG, check_folder, copy_base, findings_of, translate
from tests.authoring.pages import HERE, Block, Page, pages

PAGES = pages()
SOURCES = sorted(Path(bot.authoring.__file__).parent.rglob("*.py"))
KEBAB = re.compile(r"[a-z]+(-[a-z]+)+")
NOT_CODES = {"utf-8", "utf-8-sig"}
"""Words of the same make that are no code of a finding."""


def codes_in_source() -> set[str]:
    """Every word in the source of the checker that is made like a code: small words with hyphens, alone in a string."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEBAB.fullmatch(node.value):
                found.add(node.value)
    return found - NOT_CODES


def lay(folder: Path, blocks: list[Block]) -> list[tuple[str, int]]:
    """A copy of the base with ``blocks`` laid over it and every other sentence translated; gives the marked places."""
    copy_base(folder)
    if not any("absent" in block.options for block in blocks if block.file == CATALOG):
        (folder / CATALOG).unlink()
    marked = [(block.file, line) for block in blocks for line in block.lay_over(folder)]
    translate(folder)
    return marked


def also(page: Page) -> set[str]:
    """Other codes that the page says its example comes with."""
    return {code for line in re.findall(r"^Comes with: (.*)$", page.text, re.MULTILINE) for code in line.split(", ")}


def test_the_base_gives_no_findings() -> None:
    """What the examples are laid over is fine by itself, as it stands in its files; and it is not nothing."""
    checked = check_folder(BASE)
    assert [*checked.findings] == [], "is something new said? python -m tests.authoring.content adds it"
    assert checked.script is not None
    assert len(checked.script.dialogs) == 10
    assert checked.texts is not None and checked.texts.languages == ("nl", "en")


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    found = codes_in_source()
    assert len(found) > 40
    assert found == {page.code for page in PAGES}
    assert found >= NOT_BLOCKING


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_bad_example_gives_its_code_at_the_marked_lines(page: Page, tmp_path: Path) -> None:
    marked = lay(tmp_path, page.bad)
    assert marked, f"no line is marked with {HERE}"
    found = findings_of(tmp_path)
    own = [finding for finding in found if finding.code == page.code]
    assert [(finding.file, finding.line) for finding in own] == marked
    assert {finding.code for finding in found} == {page.code} | also(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_mended_example_gives_nothing(page: Page, tmp_path: Path) -> None:
    lay(tmp_path, page.good)
    assert findings_of(tmp_path) == ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_page_is_complete(page: Page) -> None:
    """A heading with the code, what it means, how to mend it, a bad example and a mended one that differs."""
    lines = page.text.splitlines()
    assert lines[0] == f"# {page.code}"
    words = page.text.partition("```")[0].split("\n\n")
    assert len(words) >= 3 and all(len(part.strip()) > 40 for part in words[1:3])
    assert page.bad and page.good
    assert [block.text for block in page.bad] != [block.text for block in page.good]
    assert not any(HERE in block.text for block in page.good)
    assert page.text.count("```") == 2 * len(page.blocks), "a block does not name its file"
    assert all(len(line) <= 120 for line in lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_message_is_one_sentence_or_more_for_a_person(page: Page, tmp_path: Path) -> None:
    """It ends as a sentence does, and speaks no Python."""
    lay(tmp_path, page.bad)
    for finding in findings_of(tmp_path):
        _is_for_people(finding)


def _is_for_people(finding: Finding) -> None:
    assert finding.message[-1] in ".?", finding.message
    assert len(finding.message) < 300
    for jargon in ("None", "dict", "list_", "pydantic", "Input should", "Value error", "tuple", "Errno", "<class"):
        assert jargon not in finding.message, finding.message
