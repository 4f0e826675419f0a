"""Loading with places: every scalar a string, every value and key at its line and column, whatever is thrown at it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.authoring import located
from bot.authoring.findings import Position
from bot.authoring.located import LINE_BREAK, LocatedFile, Value, load_located, locate

TEXT = """\
dialog: x          # a comment
title: 'Één keer'
no: [yes, 17:30, 0x10, ~, null, 2026-11-24, 1e3]
nodes:
  "hello": {say: ["é😀", b], end: true}
  more:
    say:
      - text: >
          Lang,
          en door.
      -
        "onder"
"""


def read(raw: bytes | str) -> LocatedFile:
    """A file that reads without any finding."""
    file, findings = locate(raw.encode() if isinstance(raw, str) else raw, "x.yaml")
    assert findings == [] and file is not None
    return file


def test_every_scalar_is_the_text_that_stands_there() -> None:
    """No `no` that is false, no 17:30 that is a number, no date, no null."""
    assert read(TEXT).data == {
        "dialog": "x",
        "title": "Één keer",
        "no": ["yes", "17:30", "0x10", "~", "null", "2026-11-24", "1e3"],
        "nodes": {
            "hello": {"say": ["é😀", "b"], "end": "true"},
            "more": {"say": [{"text": "Lang, en door.\n"}, "onder"]},
        },
    }


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_value_and_key_knows_its_place(ending: str, mark: str) -> None:
    """Counted from 1, in characters, whatever ends a line and whether or not a byte order mark comes first."""
    file = read(mark + TEXT.replace("\n", ending))
    values = {path: (place.line, place.column) for path, place in file.values.items()}
    assert values == {
        (): (1, 1),
        ("dialog",): (1, 9),
        ("title",): (2, 8),
        ("no",): (3, 5),
        ("no", 0): (3, 6),
        ("no", 1): (3, 11),
        ("no", 2): (3, 18),
        ("no", 3): (3, 24),
        ("no", 4): (3, 27),
        ("no", 5): (3, 33),
        ("no", 6): (3, 45),
        ("nodes",): (5, 3),
        ("nodes", "hello"): (5, 12),
        ("nodes", "hello", "say"): (5, 18),
        ("nodes", "hello", "say", 0): (5, 19),
        ("nodes", "hello", "say", 1): (5, 25),
        ("nodes", "hello", "end"): (5, 34),
        ("nodes", "more"): (7, 5),
        ("nodes", "more", "say"): (8, 7),
        ("nodes", "more", "say", 0): (8, 9),
        ("nodes", "more", "say", 0, "text"): (8, 15),
        ("nodes", "more", "say", 1): (12, 9),
    }
    keys = {path[-1]: (place.line, place.column) for path, place in file.keys.items() if path[:-1] == ("nodes",)}
    assert keys == {"hello": (5, 3), "more": (6, 3)}


def test_what_is_not_there_is_looked_for_nearby() -> None:
    file = read(TEXT)
    assert file.at(("nodes", "more", "choices", "a", "go")) == Position(7, 5)
    assert file.key_at(("nodes", "more", "say", 0)) == Position(8, 9)
    assert LocatedFile("x").at(("a",)) == Position(1, 1)


plain = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), exclude_characters="\ufeff")
)
data = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain, inner, max_size=4),
    max_leaves=12,
)


def depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((depth(each) for each in inner), default=0)


def paths(value: Value, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """The path of everything in ``value``."""
    found = {path}
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found |= paths(inner, (*path, key))
    return found


@given(data.filter(lambda value: depth(value) <= 12), st.sampled_from([True, False, None]), st.booleans())
def test_plain_data_comes_back_as_it_was_written(value: Value, flow: bool | None, wide: bool) -> None:
    """Texts, lists and blocks in any style: the same strings come back, and each has a place."""
    width = 999 if wide else 80
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow, default_style='"', width=width)
    text = text.replace("!!str ", "")  # a needless tag that the writer of PyYAML puts before some keys
    file = read(text)
    assert file.data == value
    assert set(file.values) == paths(value)


def within(text: str, line: int, column: int) -> bool:
    lines = LINE_BREAK.split(text)
    return 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1


yamlish = st.text(st.sampled_from("ab:-[]{}\"'#&*!|>%@`,? \n\r\t\\é😀\u2028\x85\ufeff\x00"), max_size=60)


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@given(raw=st.binary(max_size=80) | st.text(max_size=60).map(str.encode) | yamlish.map(str.encode))
def test_nothing_raises_and_every_place_lies_in_the_file(loader: str, raw: bytes) -> None:
    """Any bytes give data or findings, never an error; every place is counted from 1 and stands in the file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(located, "_Loader", getattr(yaml, loader))
        file, findings = locate(raw, "x.yaml")
    text = raw.decode("utf-8-sig", "replace")
    assert file is not None or findings
    for finding in findings:
        assert within(text, finding.line, finding.column)
        assert finding.message.endswith((".", "?"))
    for place in (*file.values.values(), *file.keys.values()) if file is not None else ():
        assert within(text, place.line, place.column)


@given(st.binary(max_size=60))
def test_reading_a_file_is_the_same_as_reading_its_bytes(raw: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.yaml"
        file.write_bytes(raw)
        assert load_located(file, "x.yaml") == locate(raw, "x.yaml")
