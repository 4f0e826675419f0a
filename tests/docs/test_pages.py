"""The pages of this repository: their links lead somewhere, and their examples are true."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from bot.authoring.findings import CODES_FOLDER
from bot.authoring.shape import AskShape, DialogShape, PacedBodyShape, dialog_schema
from tests.docs.markdown import ROOT, Page, pages

WRITING = Page.at("dialogs/README.md")
PAGES = {str(page.path.relative_to(ROOT)): page for page in pages()}
SCHEMA = ROOT / "dialogs" / "dialog.schema.json"


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_each_link_leads_somewhere(page: Page) -> None:
    """A link within the repository leads to a file or a folder that is there, and an anchor to a heading."""
    for link in page.links:
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), link
        assert ROOT in (target, *target.parents), link
        if anchor:
            assert anchor in Page(target, target.read_text("utf-8")).anchors, link


def test_the_codes_are_linked_to() -> None:
    """Who writes dialogs is led to the pages about codes, and there are many, each about the code in its name."""
    assert CODES_FOLDER in {(WRITING.path.parent / link).resolve() for link in WRITING.links}
    named = list(CODES_FOLDER.glob("*.md"))
    assert len(named) > 40
    for path in named:
        assert path.read_text("utf-8").startswith(f"# {path.stem}\n"), path.name


def test_the_example_dialog_is_valid() -> None:
    """The example in the page about writing dialogs has the shape of a dialog, and its parts fit together."""
    (example,) = WRITING.blocks("yaml")
    shape = DialogShape.model_validate(yaml.load(example, yaml.BaseLoader))  # all scalars as text
    assert shape.start in shape.nodes
    ways = [choice.go for node in shape.nodes.values() for choice in (node.choices or {}).values()]
    for way in ways:
        known = way in shape.nodes or any((ROOT / "dialogs").glob(f"*/{way.partition('/')[0]}.yaml"))
        assert known, way


def test_the_small_examples_are_valid() -> None:
    """What is shown of `ask` and of a paced bubble has their shape."""
    shown = {word: span for span in WRITING.spans for word in ("ask", "rounds") if re.match(rf"{{?{word}: ", span)}
    assert set(shown) == {"ask", "rounds"}
    AskShape.model_validate(yaml.load(shown["ask"], yaml.BaseLoader)["ask"])
    PacedBodyShape.model_validate(yaml.load(shown["rounds"], yaml.BaseLoader))


def test_the_files_that_are_named_exist() -> None:
    """The table of the dialogs folder names what is in it, and everything that is in it."""
    told = [row[0].strip("`") for row in WRITING.section("Writing dialogs").rows if row[0].endswith(".yaml`")]
    found = {path for name in told for path in (ROOT / "dialogs").glob(name)}
    assert all(any((ROOT / "dialogs").glob(name)) for name in told)
    assert found == set((ROOT / "dialogs").rglob("*.yaml"))


def test_the_schema_is_the_one_that_editors_get() -> None:
    """The schema beside the dialogs is what `python -m bot schema` prints; write it anew when this fails."""
    assert SCHEMA.read_text("utf-8") == json.dumps(dialog_schema(), ensure_ascii=False, indent=2) + "\n"


def test_each_dialog_points_to_the_schema() -> None:
    """The first line of each dialog tells the editor where the schema is."""
    files = [path for path in (ROOT / "dialogs").rglob("*.yaml") if "\ndialog: " in path.read_text("utf-8")]
    assert len(files) > 30
    for path in files:
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema="), path.name
        assert (path.parent / first.partition("=")[2]).resolve() == SCHEMA, path.name
