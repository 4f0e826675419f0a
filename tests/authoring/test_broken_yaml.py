"""What broken files get: each its place, its code, and a word on what to do. Nothing raises, whatever the bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from bot.authoring import located
from bot.authoring.book import read_book
from bot.authoring.findings import Finding
from bot.authoring.located import load_located, locate
from tests.authoring.content import copy_base, write

BOMB = b"a: &a [x, x]\n" + b"".join(b"b%d: &b%d [*a, *a, *a, *a, *a, *a, *a, *a]\n" % (at, at) for at in range(50))

BROKEN = [
    # what is broken, the bytes, line, column, code, a part of the message
    ("nothing", b"", 1, 1, "yaml-syntax", "The file is empty"),
    ("only a comment", b"# soon\n", 1, 1, "yaml-syntax", "The file is empty"),
    ("only blank lines", b"\n\n\n", 1, 1, "yaml-syntax", "The file is empty"),
    ("a colon in a text", b"a: b\nsay: Kijk: hier\n", 2, 10, "yaml-syntax", "quote a text that holds a colon"),
    ("one space too many", b"a: b\n c: d\n", 2, 3, "yaml-syntax", "a wrong indent"),
    ("a key without a colon", b"a: b\nnodes\nc: d\n", 2, 1, "yaml-syntax", "This line has no colon"),
    ("a quote never closed", b'a: b\nc: "d\ne: f\n', 2, 4, "yaml-syntax", 'This " is never closed'),
    ("an apostrophe never closed", b"a: 's nachts\n", 1, 4, "yaml-syntax", "This ' is never closed"),
    ("an apostrophe inside", b"a: 'foto's'\n", 1, 10, "yaml-syntax", "other kind of quotes"),
    ("words behind a quote", b'a: "b" c\n', 1, 8, "yaml-syntax", "is every quote closed"),
    ("a list never closed", b"a: b\nc: [d, e\n", 2, 4, "yaml-syntax", "This bracket is not closed"),
    ("a block never closed", b"a: {b: c\nd: e\n", 1, 4, "yaml-syntax", "This bracket is not closed"),
    ("a bracket at the very end", b"a: {b: c, d: [", 1, 15, "yaml-syntax", "a bracket is still open"),
    ("a bracket too many", b"a: }\n", 1, 4, "yaml-syntax", "a bracket or comma is too many"),
    ("a missing comma", b'a: {b: "c" d: e}\n', 1, 4, "yaml-syntax", "a comma is missing"),
    ("a tab to indent", b"a:\n\tb: c\n", 2, 1, "yaml-syntax", "indent with spaces"),
    ("a tab at the start", b"\ta: b\n", 1, 1, "yaml-syntax", "A tab stands here"),
    ("an at sign", b"a: @huis\n", 1, 4, "yaml-syntax", "cannot begin with @; put the text between quotes"),
    ("a backtick", b"a: `x`\n", 1, 4, "yaml-syntax", "cannot begin with `"),
    ("a percent sign", b"a: %x\n", 1, 4, "yaml-syntax", "cannot begin with %"),
    ("a directive", b"%YAML 9.9\n---\na: b\n", 1, 1, "yaml-syntax", "dialogs have none"),
    ("a backslash", b'a: "b\\q"\n', 1, 6, "yaml-syntax", "a backslash has a meaning of its own"),
    ("a list beside a key", b"a: - b\n", 1, 4, "yaml-syntax", "first dash on a line of its own"),
    ("a dash among keys", b"a: b\n- c\n", 2, 1, "yaml-syntax", "does not fit what stands above"),
    ("a key among dashes", b"- a\nb: c\n", 2, 1, "yaml-syntax", "does not fit what stands above"),
    ("words behind |", b"a: |x\n  y\n", 1, 5, "yaml-syntax", "begins on the next line"),
    ("two documents", b"a: b\n---\nc: d\n", 2, 1, "yaml-syntax", "one file holds one dialog"),
    ("something after the end", b"a: b\n...\nc: d\n", 3, 1, "yaml-syntax", "nothing can follow it"),
    ("a list as a key", b"? [a]\n: b\n", 1, 3, "yaml-syntax", "A key is one word"),
    ("very deep lists", b"a: " + b"[" * 50 + b"]" * 50 + b"\n", 1, 16, "yaml-syntax", "Nested deeper than 12"),
    ("deep enough to crash", b"[" * 100_000, 1, 14, "yaml-syntax", "Nested deeper than 12"),
    ("a NUL", b"a: b\nc: \x00d\n", 2, 4, "yaml-syntax", "An invisible sign (U+0000)"),
    ("a bell", b"a: \x07b\n", 1, 4, "yaml-syntax", "An invisible sign (U+0007)"),
    ("a line separator", "a: é\u2028b\n".encode(), 1, 5, "yaml-syntax", "An invisible sign (U+2028)"),
    ("a second byte order mark", b"\xef\xbb\xbf\xef\xbb\xbfa: b\n", 1, 1, "yaml-syntax", "(U+FEFF)"),
    ("a next-line sign", b"a: b\xc2\x85\n", 1, 5, "yaml-syntax", "(U+0085)"),
    ("an anchor", b"a: b\nc: &x d\n", 2, 4, "yaml-alias", "&x names this place"),
    ("an alias", b"a: *x\n", 1, 4, "yaml-alias", "*x repeats another place"),
    ("an anchor on a key", b"&x a: b\n", 1, 1, "yaml-alias", "&x names this place"),
    ("an alias as a key", b"*x : b\n", 1, 1, "yaml-alias", "*x repeats another place"),
    ("a merge", b"a: b\n<<: *x\n", 2, 5, "yaml-alias", "write it out"),
    ("a lonely star", b"a: * b\n", 1, 4, "yaml-alias", "put the text between quotes"),
    ("a billion laughs", BOMB, 1, 4, "yaml-alias", "&a names this place"),
    ("a tag", b"a: !!python/object:os.system x\n", 1, 4, "yaml-tag", "The tag !!python/object:os.system"),
    ("a tag on a key", b"!!str a: b\n", 1, 1, "yaml-tag", "The tag !!str is not used"),
    ("a bare tag", b"a: ! b\n", 1, 4, "yaml-tag", "quote the text"),
    ("an unknown tag handle", b"a: !x!y b\n", 1, 4, "yaml-tag", "put the text between quotes"),
    ("a shout", b"a: !Let! op\n", 1, 4, "yaml-tag", "begins with ! is read as a tag"),
    ("a key twice", b"a: b\nc: d\na: e\n", 3, 1, "yaml-duplicate-key", '"a" stands here twice (first in line 1)'),
    ("a key twice, inside", b"a:\n  b:\n    - {c: d, c: e}\n", 3, 14, "yaml-duplicate-key", "first in line 3"),
    ("a key twice, quoted", b"no: 1\n'no': 2\n", 2, 1, "yaml-duplicate-key", '"no" stands here twice'),
    ("Latin-1", "a: b\nc: één\n".encode("latin-1"), 2, 1, "unreadable-file", "not UTF-8 text"),
    ("UTF-16", "a: b\n".encode("utf-16"), 1, 1, "unreadable-file", "choose UTF-8"),
    ("half a sign", b"a: b\r\nc: \xf0\x9f\x98\n", 2, 1, "unreadable-file", "not UTF-8 text"),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00", 1, 1, "unreadable-file", "not UTF-8 text"),
    ("five megabytes", b"a: b\n" * 1_000_000, 1, 1, "unreadable-file", "larger than 512 KB"),
]


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Either of PyYAML's parsers: the fast one that wheels bring, and the one in Python that is always there."""
    name = str(request.param)
    monkeypatch.setattr(located, "_Loader", getattr(yaml, name))
    return name


@pytest.mark.parametrize(("what", "raw", "line", "column", "code", "hint"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_file_gets_a_clear_answer(
    parser: str, tmp_path: Path, what: str, raw: bytes, line: int, column: int, code: str, hint: str
) -> None:
    """One finding, at its place, with its code and what to do. Both parsers see it in the same line."""
    if parser == "SafeLoader" and len(raw) > 50_000:
        pytest.skip("the parser in Python is too slow for this one")
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    _, findings = load_located(path, "dialogs/topics/x.yaml")
    (finding,) = findings
    assert (finding.file, finding.line, finding.code) == ("dialogs/topics/x.yaml", line, code)
    assert hint in finding.message
    if parser == "CSafeLoader":
        assert finding.column == column


def test_there_are_enough_broken_files() -> None:
    assert len(BROKEN) >= 40
    assert len({row[1] for row in BROKEN}) == len(BROKEN)


def test_a_broken_yaml_is_read_on_where_it_can_be() -> None:
    """After a key that stands twice the rest is still looked at, and every one is named."""
    file, findings = locate(b"a: b\na: {x: [1, 2]}\nc: d\nc: e\nf: g\n", "x")
    assert file is not None and file.data == {"a": "b", "c": "d", "f": "g"}
    assert [(each.line, each.code) for each in findings] == [(2, "yaml-duplicate-key"), (4, "yaml-duplicate-key")]


def loaded(folder: Path, file: str) -> list[Finding]:
    """What reading a dialogs folder says about one of its files."""
    return [each for each in read_book(folder / "dialogs", "dialogs").findings if each.file == f"dialogs/{file}"]


def only(findings: list[Finding], code: str, hint: str) -> None:
    (finding,) = findings
    assert (finding.line, finding.column, finding.code) == (1, 1, code)
    assert hint in finding.message


def test_a_folder_named_like_a_dialog(tmp_path: Path) -> None:
    (copy_base(tmp_path) / "dialogs/topics/x.yaml").mkdir()
    only(loaded(tmp_path, "topics/x.yaml"), "unreadable-file", "This is a folder")


def test_a_pipe_named_like_a_dialog_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(copy_base(tmp_path) / "dialogs/topics/x.yaml")
    only(loaded(tmp_path, "topics/x.yaml"), "unreadable-file", "no ordinary file")


def test_a_link_that_leads_out(tmp_path: Path) -> None:
    """What lies outside of the folder is not read, not even to say what is wrong with it."""
    outside = write(tmp_path / "outside", "secret.yaml", "password: hunter2\n")
    (copy_base(tmp_path / "inside") / "dialogs/topics/x.yaml").symlink_to(outside)
    found = loaded(tmp_path / "inside", "topics/x.yaml")
    only(found, "unreadable-file", "leads out of the dialogs folder")
    assert "password" not in found[0].message


def test_a_folder_that_leads_out(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", "x.yaml", "a: b\n").parent
    topics = copy_base(tmp_path / "inside") / "dialogs/safety"
    for path in topics.iterdir():
        path.unlink()
    topics.rmdir()
    topics.symlink_to(outside)
    only(loaded(tmp_path / "inside", "safety/x.yaml"), "unreadable-file", "leads out of the dialogs folder")


@pytest.mark.parametrize(("target", "hint"), [("nowhere.yaml", "not there"), ("x.yaml", "cannot be read")])
def test_a_link_to_nowhere(tmp_path: Path, target: str, hint: str) -> None:
    """Nowhere, or round in a circle."""
    (copy_base(tmp_path) / "dialogs/topics/x.yaml").symlink_to(target)
    only(loaded(tmp_path, "topics/x.yaml"), "unreadable-file", hint)


def test_a_link_that_stays_inside_is_read(tmp_path: Path) -> None:
    folder = copy_base(tmp_path) / "dialogs/topics"
    (folder / "tired.yaml").rename(folder / "tired.txt")
    (folder / "tired.yaml").symlink_to("tired.txt")
    assert loaded(tmp_path, "topics/tired.yaml") == []


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated, for tests may run as root, who may read everything."""
    path = write(tmp_path, "x.yaml", "a: b\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    file, findings = load_located(path, "x.yaml")
    assert file is None
    only(findings, "unreadable-file", "Permission denied")


def test_a_file_in_a_wrong_place_or_with_a_wrong_name(tmp_path: Path) -> None:
    """Each stray is named, with where it belongs; what is no YAML does not matter."""
    folder = copy_base(tmp_path) / "dialogs"
    for file in ("topics/x.yml", "topics/X.YAML", "topics/deep/x.yaml", "topic/x.yaml", "x.yaml", "phrase.yaml"):
        write(folder, file, "a: b\n")
    for file in ("directory/fr.yaml", "topics/notes.txt", "README.md", "phrases.yml"):
        write(folder, file, "a: b\n")
    found = {each.file: each for each in read_book(folder, "dialogs").findings}
    assert {each.code for each in found.values()} == {"stray-file"}
    assert {file: each.message.partition("file. ")[2] for file, each in found.items()} == {
        "dialogs/topics/x.yml": "Call it x.yaml.",
        "dialogs/topics/X.YAML": "Call it X.yaml.",
        "dialogs/topics/deep/x.yaml": "Dialogs stand in topics, safety, commands, each as ID.yaml, and not deeper. "
        'Did you mean "topics"?',
        "dialogs/topic/x.yaml": "Dialogs stand in topics, safety, commands, each as ID.yaml, and not deeper. "
        'Did you mean "topics"?',
        "dialogs/x.yaml": "Dialogs stand in topics, safety, commands, each as ID.yaml, and not deeper.",
        "dialogs/phrase.yaml": 'Did you mean "phrases"?',
        "dialogs/phrases.yml": "Call it phrases.yaml.",
        "dialogs/directory/fr.yaml": "A region is be.yaml or nl.yaml or elsewhere.yaml.",
    }


def test_no_folder_at_all(tmp_path: Path) -> None:
    (finding,) = read_book(tmp_path / "nowhere", "dialogs").findings
    assert (finding.file, finding.code) == ("dialogs", "missing-file")
