"""The beliefs and risks in `sources.yaml`: every node they name is there, and none of them is read nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.check import Checked
from bot.authoring.shape import SourcesShape, keys_at
from tests.authoring.content import copy_base, findings_of, write

BOOK = 'sources:\n  book: {title: "Een boek over ouders", year: 2020}\n'


def found(folder: Path, text: str) -> list[tuple[str, int, str]]:
    """What is found in a `sources.yaml` with ``text`` behind its sources: code, line and message."""
    file = write(copy_base(folder), "dialogs/sources.yaml", BOOK + text)
    return [(each.code, each.line, each.message) for each in findings_of(folder) if each.file.endswith(file.name)]


@pytest.mark.parametrize("key", ["beliefs", "risks"])
def test_a_node_that_is_there(tmp_path: Path, key: str) -> None:
    assert found(tmp_path, f'{key}:\n  village:\n    says: "Samen."\n    nodes:\n      - menu/hello\n') == []


@pytest.mark.parametrize("key", ["beliefs", "risks"])
@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("menu/helo", 'There is no node "helo" in menu. Did you mean "hello"?'),
        ("mennu/hello", 'There is no dialog "mennu". Did you mean "menu"?'),
    ],
)
def test_a_node_that_is_not_there(tmp_path: Path, key: str, place: str, message: str) -> None:
    text = f'{key}:\n  village:\n    says: "Samen."\n    nodes:\n      - menu/hello\n      - {place}\n'
    assert found(tmp_path, text) == [("unknown-target", 8, message)]


def test_a_node_of_a_dialog_that_cannot_be_read_is_no_error_of_its_own(tmp_path: Path) -> None:
    write(copy_base(tmp_path), "dialogs/topics/broken.yaml", "dialog: [")
    text = 'beliefs:\n  village:\n    says: "Samen."\n    nodes: [broken/hello]\n'
    assert found(tmp_path, text) == []


@pytest.mark.parametrize("nodes", ["[]", "[menu]"])
def test_a_belief_without_a_node(tmp_path: Path, nodes: str) -> None:
    assert len(found(tmp_path, f'beliefs:\n  village: {{says: "Samen.", nodes: {nodes}}}\n')) == 1


def test_the_keys_of_a_belief() -> None:
    assert keys_at(SourcesShape, ("beliefs", "village")) == ["says", "nodes"]


def test_the_ten_beliefs_and_the_four_risks_are_all_read_somewhere(shipped: Checked) -> None:
    """Ten beliefs of three to ten nodes, each named once; and an answer to each risk for professionals too."""
    assert shipped.book.sources is not None
    shape = shipped.book.sources[1]
    assert len(shape.beliefs) == 10 and len(shape.risks) == 4
    for name, belief in (shape.beliefs | shape.risks).items():
        assert 3 <= len(set(belief.nodes)) == len(belief.nodes) <= 10, name
    for name, risk in shape.risks.items():
        assert any(each.startswith("for_professionals/risk_") for each in risk.nodes), name
