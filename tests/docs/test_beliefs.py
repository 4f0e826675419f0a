"""What `dialogs/README.md` tells about the beliefs is what stands in `dialogs/sources.yaml`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.authoring.book import read_book

DIALOGS = Path(__file__).parents[2] / "dialogs"
HEADING = "## What it believes, and where"


def told(head: str) -> dict[str, list[str]]:
    """The rows of the table in that section whose second column is called ``head``: the nodes of each id."""
    section = (DIALOGS / "README.md").read_text("utf-8").split(f"\n{HEADING}\n")[1].split("\n## ")[0]
    rows = section.split(f"| id | {head} | nodes |\n")[1].split("\n\n")[0].splitlines()[1:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert all(len(row) == 3 and row[1] for row in cells)
    return {row[0].strip("`"): re.findall(r"`([^`]+)`", row[2]) for row in cells}


@pytest.mark.parametrize(("head", "key"), [("belief", "beliefs"), ("risk", "risks")])
def test_the_readme_names_the_same_nodes(head: str, key: str) -> None:
    book = read_book(DIALOGS, "dialogs")
    assert book.sources is not None
    held = getattr(book.sources[1], key)
    assert told(head) == {name: belief.nodes for name, belief in held.items()}
