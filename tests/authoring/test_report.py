"""Findings on paper: one a line for people, one JSON object a line for programs, escaped annotations for GitHub."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest

from bot.authoring.findings import CODES_FOLDER, Finding, Severity, meant
from bot.authoring.report import Format, write_findings, write_report
from tests.authoring.content import BASE, check_folder, copy_base, write

NASTY = Finding("a,b:c%/x.yaml", 3, 5, "some-code", Severity.WARNING, '100% "één"\nregel\r::error::x\x1b[0m\u202e.')


def written(format: Format, *findings: Finding) -> str:
    out = StringIO()
    write_findings(findings, format, out)
    return out.getvalue()


def test_for_people_it_is_one_line_each() -> None:
    """Whatever stands in a message cannot break the line, colour the terminal or turn the text round."""
    assert written("text", NASTY) == (
        'a,b:c%/x.yaml:3:5: warning [some-code] 100% "één"\\nregel\\r::error::x\\x1b[0m\\u202e.\n'
    )


def test_for_programs_it_is_json() -> None:
    lines = written("json", NASTY, NASTY).splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0]) == {
        "file": "a,b:c%/x.yaml",
        "line": 3,
        "column": 5,
        "code": "some-code",
        "severity": "warning",
        "message": NASTY.message,
    }


def test_for_github_it_is_escaped_as_github_asks() -> None:
    line = written("github", NASTY)
    assert line.startswith("::warning file=a%2Cb%3Ac%25/x.yaml,line=3,col=5,title=some-code::100%25 ")
    assert line.count("\n") == 1 and "%0Aregel%0D::error::x" in line


def test_people_get_a_line_that_sums_up() -> None:
    out = StringIO()
    write_report(check_folder(BASE), "text", out)
    assert out.getvalue() == "10 dialogs, 20 nodes, 3 regions: 0 errors, 0 warnings\n"


def test_people_are_told_where_codes_are_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(copy_base(tmp_path), "dialogs/topics/example.yml", "")
    monkeypatch.chdir(Path(__file__).parents[2])
    out = StringIO()
    write_report(check_folder(tmp_path), "text", out)
    finding, codes, total = out.getvalue().splitlines()
    assert "error [stray-file]" in finding
    assert codes.endswith("bot/authoring/codes/CODE.md") and CODES_FOLDER.is_dir()
    assert total.endswith("1 error, 0 warnings")


@pytest.mark.parametrize("format", ["json", "github"])
def test_programs_get_only_the_findings(format: Format) -> None:
    out = StringIO()
    write_report(check_folder(BASE), format, out)
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("wrong", "known", "right"),
    [
        ("helo", ["hello", "help"], "hello"),
        ("Hello", ["hello"], "hello"),
        ("hte", ["the", "hat"], "the"),
        ("lost_patients", ["lost_patience", "low_mood"], "lost_patience"),
        ("listening", ["listening_line", "line"], "listening_line"),
        ("harm_child", ["safety_harm_child", "safety_child_hurt"], "safety_harm_child"),
        ("stay_longer", ["stay", "go"], "stay"),
        ("BE", ["be", "nl"], "be"),
    ],
)
def test_a_slip_or_a_part_of_a_word_is_understood(wrong: str, known: list[str], right: str) -> None:
    assert meant(wrong, known) == f' Did you mean "{right}"?'


@pytest.mark.parametrize(
    ("wrong", "known"),
    [
        ("safety_medical", ["safety_harm_child", "safety_suicide"]),
        ("zzz", ["hello"]),
        ("vl", ["be", "nl"]),
        ("", ["a", "hello"]),
        ("hello", []),
    ],
)
def test_a_wild_guess_is_not_made(wrong: str, known: list[str]) -> None:
    """A wrong hint costs more than none."""
    assert meant(wrong, known) == ""
