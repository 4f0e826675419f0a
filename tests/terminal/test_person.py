"""The chat for a person: in a terminal with colours and a prompt, in a pipe as plain text."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest

from bot.conversation.answers import Answer, Bubble, Key, PacedBubble
from bot.engine.replies import Role
from bot.engine.session import Session
from bot.terminal.screens import PersonScreen
from tests.terminal.running import AT_NIGHT, ROOT, environment, lines, run


def test_a_pipe_gets_plain_text() -> None:
    """Without a terminal: greeted first, choices numbered, no colours, no prompt, no waiting, every line answered."""
    began = time.monotonic()
    ran = run("chat", "--now", AT_NIGHT, stdin=lines(["/start breathe", "1", "qwxz", ""]) + b"\xff", PACE="10")
    assert (ran.code, ran.err) == (0, "")
    text = "\n".join(ran.out)
    assert "\x1b" not in text and ">" not in text
    assert ran.out[1].startswith("  Dag, ")
    assert text.count("🆘 Hulp nu") == 6
    numbers = [int(found[1]) for found in re.finditer(r"^  (\d)  ", text, re.MULTILINE)]
    assert numbers[:4] == [1, 2, 3, 4]
    assert all(len(line) <= 76 for line in ran.out)
    assert time.monotonic() - began < 30


def _typed_at_a_terminal(typed: bytes, **settings: str) -> str:
    """What a terminal shows while this is typed, and then Ctrl-D."""
    ours, theirs = pty.openpty()
    chat = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--now", AT_NIGHT],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment(PACE="0", TERM="dumb", **settings),
    )  # fmt: skip
    os.close(theirs)
    try:
        shown = _read_until(ours, "\n> ")
        os.write(ours, typed)
        shown += _read_until(ours, "\n> ")
        os.write(ours, b"\x04")
        assert chat.wait(20) == 0
    finally:
        chat.kill()
        chat.wait()
        os.close(ours)
    return shown


def _read_until(terminal: int, wanted: str) -> str:
    shown, end = b"", time.monotonic() + 30
    while wanted not in shown.decode("utf-8", "replace").replace("\r", ""):
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 0.5)[0]:
            shown += os.read(terminal, 65536)
    return shown.decode("utf-8", "replace").replace("\r", "")


def test_a_terminal_gets_colours_and_a_prompt() -> None:
    """At a terminal Hulp nu has a colour of its own, a prompt waits, and Ctrl-D ends it all; odd bytes do no harm."""
    shown = _typed_at_a_terminal(b"/start \xff\xfe\n")
    assert "\x1b[1;31m" in shown and "\x1b[36m" in shown
    assert "Traceback" not in shown


def test_no_colours_for_who_wants_none() -> None:
    """NO_COLOR is respected."""
    assert "\x1b" not in _typed_at_a_terminal(b"/start crying\n", NO_COLOR="1")


def _answer(*bubbles: Bubble | PacedBubble) -> Answer:
    keyboard = (Key("a", "00:!back", "Terug", Role.BACK, "x"), Key("h", "00:!open/help_now", "Hulp", Role.HELP, "x"))
    return Answer(bubbles, keyboard, False, False, (), None, Session(), "nl")


PACED = PacedBubble((("in", 4.0), ("uit", 6.0)), 3, "klaar")


def _shown(pace: float, *bubbles: Bubble | PacedBubble) -> list[str]:
    out = io.StringIO()
    PersonScreen(out, pace, colours=False).show(_answer(*bubbles))
    return [line.strip() for line in out.getvalue().splitlines() if line.strip()]


def test_the_pace_of_talking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two bubbles there is a pause, and a breath takes as long as it says, as often as it says."""
    slept: list[float] = []
    monkeypatch.setattr("bot.terminal.screens.time.sleep", slept.append)
    assert _shown(0.6, Bubble("een"), Bubble("twee"), PACED)[:9] == ["een", "twee", *["in", "uit"] * 3, "klaar"]
    assert slept == [0.6, 0.6, *[4.0, 6.0] * 3]


def test_without_pace_each_breath_is_shown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody waits, a paced bubble is shown once through."""
    monkeypatch.setattr("bot.terminal.screens.time.sleep", lambda _: pytest.fail("it waits"))
    assert _shown(0, Bubble("een"), PACED) == ["een", "in", "uit", "klaar", "1  Terug", "2  Hulp"]


def test_a_breath_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C stops the minute, not the conversation: its last words come, and the choices."""

    def stopped(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.terminal.screens.time.sleep", stopped)
    assert _shown(0.6, PACED) == ["in", "klaar", "1  Terug", "2  Hulp"]


def test_long_lines_are_folded() -> None:
    """A bubble is folded at words, and its own lines are kept."""
    shown = _shown(0, Bubble("woord " * 30 + "\nmet een regel eronder"))
    assert shown[-3] == "met een regel eronder"
    assert all(len(line) <= 72 for line in shown) and len(shown) == 6
