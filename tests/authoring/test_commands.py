"""The commands of who writes dialogs: what they print, and their exit codes: 0 fine, 1 findings, 2 wrong usage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.authoring.shape import dialog_schema
from bot.cli import main
from tests.authoring.content import BASE, copy_base, write

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def at_the_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands speak the base content, whatever the environment of the tests says."""
    for name in ("DEFAULT_LANGUAGE", "DEFAULT_REGION", "PACE", "BOT_TOKEN", "BOT_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DIALOGS", str(BASE / "dialogs"))
    monkeypatch.setenv("LOCALES", str(BASE / "locales"))
    monkeypatch.setattr("sys.stdin", StringIO(""))


def run(*arguments: str) -> int:
    """The exit code of one command."""
    try:
        return main(arguments)
    except SystemExit as end:
        assert isinstance(end.code, int)
        return end.code


def broken(folder: Path) -> str:
    """A copy of the base with one error and one warning; gives its dialogs folder."""
    copy_base(folder)
    path = folder / "dialogs/directory/nl.yaml"
    path.write_text(path.read_text("utf-8").replace("confidence: A", "confidence: U"), "utf-8")
    write(folder, "dialogs/topics/example.yml", "")
    return str(folder / "dialogs")


# Wrong usage


WRONG_USAGE: list[tuple[tuple[str, ...], str]] = [
    ((), "COMMAND"),
    (("nonsense",), "nonsense"),
    (("check", "--format", "xml"), "--format"),
    (("check", "nowhere"), "DIALOGS_DIR: there is no folder nowhere"),
    (("check", "pyproject.toml"), "DIALOGS_DIR"),
    (("check", "one", "two"), "two"),
    (("check", "no\nwhere"), "no where"),
    (("graph", "tird"), 'there is no dialog "tird". Did you mean "tired"?'),
    (("graph", "tired", "--format", "png"), "--format"),
    (("schema", "tired"), "tired"),
    (("schema", "a\nb"), "a b"),
    (("hear", "--language", "xx"), "--language is one of nl, en"),
    (("hear", "--language"), "--language"),
    (("chat", "--language", "xx"), "--language is one of nl, en"),
    (("chat", "--region", "vl"), "--region"),
    (("chat", "--now", "gisteren"), "'gisteren' is not a moment such as 2026-11-24T03:10"),
    (("chat", "--now", "9999-12-31T23:59"), "between the years 1970 and 2199"),
    (("chat", "--now", "0001-01-01"), "between the years 1970 and 2199"),
    (("chat", "--loud"), "--loud"),
]


@pytest.mark.parametrize(
    ("arguments", "named"), WRONG_USAGE, ids=[" ".join(row[0]) or "nothing" for row in WRONG_USAGE]
)
def test_wrong_usage_is_one_line(
    arguments: tuple[str, ...], named: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, nothing on stdout, and one line on stderr that names what is wrong."""
    monkeypatch.chdir(ROOT)
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("keukentafel") and err.count("\n") == 1 and err.endswith("\n")
    assert named in err


@pytest.mark.parametrize("command", ["check", "graph", "hear", "chat"])
@pytest.mark.parametrize(
    ("variable", "value"),
    [("DIALOGS", "/nowhere"), ("LOCALES", "/nowhere"), ("DEFAULT_REGION", "vl"), ("PACE", "snel")],
)
def test_a_wrong_setting_is_named(
    command: str, variable: str, value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert run(command) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(f"keukentafel: {variable}") and err.count("\n") == 1


@pytest.mark.parametrize("command", ["hear", "chat"])
def test_broken_dialogs_are_not_spoken(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every error with its place, and one line that says what to do; what does not stop the bot is not mixed in."""
    monkeypatch.setenv("DIALOGS", broken(tmp_path))
    assert run(command) == 2
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == "" and len(lines) == 2
    assert "example.yml:1:1: error [stray-file]" in lines[0]
    assert lines[1].startswith("keukentafel: DIALOGS")


# check


def test_check_of_good_content(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 0
    assert capsys.readouterr().out == "10 dialogs, 20 nodes, 3 regions: 0 errors, 0 warnings\n"


def test_check_of_broken_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 and every finding, with the file as it is reached from here."""
    folder = broken(tmp_path)
    assert run("check", folder) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[0] for line in lines[:2]] == [
        f"{folder}/directory/nl.yaml:38:17",
        f"{folder}/topics/example.yml:1:1",
    ]
    assert lines[-1].endswith("1 error, 1 warning")


def test_check_names_files_as_they_are_reached_from_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run("check", "dialogs", "--format", "json") == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["file"], row["line"], row["code"], row["severity"]) for row in rows] == [
        ("dialogs/directory/nl.yaml", 38, "unsure-service", "warning"),
        ("dialogs/topics/example.yml", 1, "stray-file", "error"),
    ]


def test_warnings_alone_are_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = broken(tmp_path)
    (tmp_path / "dialogs/topics/example.yml").unlink()
    assert run("check", folder, "--format", "github") == 0
    assert capsys.readouterr().out.startswith("::warning file=")


def test_check_reads_the_catalogs_beside_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another folder brings its own translations; without any beside it, those of LOCALES are checked."""
    copy_base(tmp_path)
    write(tmp_path, "locales/fr/LC_MESSAGES/dialogs.po", "")
    assert run("check", str(tmp_path / "dialogs")) == 1
    assert "fr/LC_MESSAGES/dialogs.po:1:1: error [missing-translation]" in capsys.readouterr().out


# graph, schema


@pytest.mark.parametrize("dialog", [(), ("tired",)])
def test_graph(dialog: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("graph", *dialog) == 0
    assert "\nflowchart TD\n" in capsys.readouterr().out
    assert run("graph", *dialog, "--format", "svg") == 0
    assert ElementTree.fromstring(capsys.readouterr().out).tag == "{http://www.w3.org/2000/svg}svg"


def test_graph_of_a_dialog_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not say that there is no such dialog; the others can still be looked at."""
    write(copy_base(tmp_path), "dialogs/topics/tired.yaml", "a: [b\n")
    monkeypatch.setenv("DIALOGS", str(tmp_path / "dialogs"))
    assert run("graph", "tired") == 2
    assert capsys.readouterr().err == 'keukentafel: the dialog "tired" has errors; `keukentafel check` names them\n'
    assert run("graph", "about") == 0
    assert run("graph") == 0


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert json.loads(capsys.readouterr().out) == dialog_schema()


# hear, chat


def test_hear_prints_one_object_a_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("ik ben zo moe\nik wil niet meer\n\nbloemkool\n"))
    assert run("hear") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["text"], row["safety"], row["topics"]) for row in rows] == [
        ("ik ben zo moe", None, ["tired"]),
        ("ik wil niet meer", "safety_dark", []),
        ("", None, []),
        ("bloemkool", None, []),
    ]
    assert set(rows[0]) == {"text", "safety", "sure", "topics", "why"}


def test_chat_prints_one_object_a_turn(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("/start tired\n2\n"))
    assert run("chat", "--json", "--region", "be", "--now", "2026-11-24T03:10") == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["dialog"], first["node"]) == ("tired", "hello")
    assert first["say"][-1] == "Zeker 's nachts."
    assert [choice["id"] for choice in first["choices"][:4]] == ["talk", "dark", "write", "rest"]
    assert (second["dialog"], second["end"]) == ("safety_dark", False)


# As a program


def program(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "DIALOGS": str(BASE / "dialogs"), "LOCALES": str(BASE / "locales"), **env}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, input=stdin, env=settings, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def test_the_program_has_the_same_exit_codes(tmp_path: Path) -> None:
    assert program("check").returncode == 0
    assert program("check", broken(tmp_path)).returncode == 1
    wrong = program("check", "--format", "xml")
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)
    assert "Traceback" not in wrong.stderr


def test_the_program_can_be_read_in_part(tmp_path: Path) -> None:
    """Whoever closes the pipe after a line gets no traceback."""
    shell = f"{sys.executable} -m bot graph tired | head -1"
    env = {**os.environ, "DIALOGS": str(BASE / "dialogs"), "LOCALES": str(BASE / "locales")}
    done = subprocess.run(
        shell, shell=True, env=env, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("---\n", "")


def test_the_program_works_without_any_locale() -> None:
    """Accents come out whole on a machine that only knows POSIX."""
    done = program("graph", "tired", LC_ALL="POSIX", LANG="", PYTHONIOENCODING="")
    assert done.returncode == 0 and "✎" in done.stdout
