"""Wrong usage: one line that says what is wrong, exit code 2, and never a traceback."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.terminal.running import ROOT, environment, lines, run

WRONG = {
    "no command": ([], "COMMAND"),
    "an unknown command": (["talk"], "talk"),
    "no moment": (["chat", "--now", "yesterday"], "yesterday"),
    "a moment before all": (["chat", "--now", "0001-01-01T00:00"], "--now"),
    "a moment after all": (["chat", "--now", "9999-12-31T23:59"], "--now"),
    "a zone that is none": (["chat", "--now", "2026-11-24T03:10+99:00"], "--now"),
    "an empty moment": (["chat", "--now", ""], "--now"),
    "an unknown region": (["chat", "--region", "de"], "--region"),
    "an unknown option": (["chat", "--jsn"], "--jsn"),
    "an argument too many": (["hear", "me"], "me"),
    "an unknown language": (["chat", "--language", "xx"], "--language"),
    "an unknown language to hear": (["hear", "--language", "xx"], "--language"),
    "a line break in it": (["chat", "--now", "to\nday"], "--now"),
}


@pytest.mark.parametrize(("arguments", "named"), WRONG.values(), ids=WRONG)
def test_wrong_usage(arguments: list[str], named: str) -> None:
    """One line on stderr names what is wrong; nothing is said to a parent."""
    ran = run(*arguments, stdin=b"/start\n")
    assert ran.code == 2
    assert ran.out == []
    assert ran.err.startswith("keukentafel") and ran.err.count("\n") == 1
    assert named in ran.err


SETTINGS = {
    "DIALOGS": "/nowhere",
    "LOCALES": "/nowhere",
    "DEFAULT_REGION": "xx",
    "PACE": "slow",
}


@pytest.mark.parametrize(("name", "value"), SETTINGS.items())
def test_a_wrong_setting(name: str, value: str) -> None:
    """A setting that cannot be used is named, for the chat as for the bot."""
    ran = run("chat", stdin=b"/start\n", **{name: value})
    assert (ran.code, ran.out) == (2, [])
    assert ran.err.count("\n") == 1 and name in ran.err


def test_who_has_read_enough() -> None:
    """A reader that goes away, such as `head`, ends the conversation without complaint."""
    chat = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--json"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment(),
    )  # fmt: skip
    assert chat.stdin and chat.stdout and chat.stderr
    with chat.stdin, chat.stdout, chat.stderr:
        chat.stdin.write(lines(["/start"]))
        chat.stdin.flush()
        assert chat.stdout.readline()
        chat.stdout.close()
        chat.stdin.write(lines(["/menu"] * 20))
        chat.stdin.close()
        assert chat.wait(20) == 0
        assert chat.stderr.read() == b""
