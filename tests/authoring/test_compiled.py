"""What is kept of checked dialogs for the next start: used while nothing changed, believed only when it is ours."""

from __future__ import annotations

import gc
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from weakref import ref

import pytest

from bot.app import compiled
from bot.app.content import ContentBroken, check_content, compile_beside, load_companion
from bot.authoring.examples import Example
from bot.cli import FINDINGS, main
from bot.conversation.incoming import Commanded, Typed
from bot.engine.session import Session
from bot.settings import Content
from bot.understanding.training import train
from tests.authoring.content import copy_base, write
from tests.conftest import CHECKED_ON

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OF_TWO = [Example("ik slaap niet", "sleep", "nl"), Example("dag", "none", "nl")]


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Content:
    """A copy of the base content, with a cache of its own."""
    copy_base(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Content(tmp_path / "dialogs", tmp_path / "locales", pace=0)


def kept(content: Content) -> compiled.Compiled | None:
    """What the next start would find."""
    edition = compiled.edition(content.dialogs, content.locales)
    return compiled.read(compiled.cache_folder(os.environ), content.dialogs, edition)


def the_file(content: Content) -> Path:
    """Where it is kept."""
    (file,) = compiled.cache_folder(os.environ).iterdir()
    return file


def test_what_was_checked_is_kept(content: Content) -> None:
    """The kept one says the same as the one that was read from the files."""
    assert kept(content) is None
    first = load_companion(content, CHECKED_ON)
    assert kept(content) is not None
    again = load_companion(content, CHECKED_ON)
    for said in ("hallo", "menu"):
        assert again.answer(Session(), Typed(said), NOON) == first.answer(Session(), Typed(said), NOON)


@pytest.mark.parametrize(
    "file",
    ["dialogs/menu.yaml", "locales/en/LC_MESSAGES/dialogs.po", "dialogs/heard/nl/none.txt", "dialogs/heard/ear.npz"],
)
def test_a_change_is_seen(content: Content, file: str) -> None:
    """Whatever file is written, new or anew, the dialogs are read again."""
    load_companion(content, CHECKED_ON)
    path = content.dialogs.parent / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")
    assert kept(content) is None


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("dialogs/topics/.#crying.yaml", "someone@kitchen.123:456"),
        ("dialogs/heard/nl/.#none.txt", "someone@kitchen.123:456"),
        ("dialogs/heard/ar", "ar"),
        ("locales/fr.po", "fr.po"),
    ],
)
def test_a_link_to_nowhere(content: Content, link: str, target: str) -> None:
    """The lock file of an editor, or a link to itself, ends nothing; it is seen to come and to go."""
    before = compiled.edition(content.dialogs, content.locales)
    path = content.dialogs.parent / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    assert compiled.edition(content.dialogs, content.locales) != before
    path.unlink()
    assert compiled.edition(content.dialogs, content.locales) == before


def test_a_link_to_nowhere_is_told(content: Content, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` shows what is wrong with the link, and `serve` is given the same finding."""
    (content.dialogs / "topics" / ".#crying.yaml").symlink_to("someone@kitchen.123:456")
    assert main(["check", str(content.dialogs)]) == FINDINGS
    shown = capsys.readouterr().out
    assert "topics/.#crying.yaml:1:1: error [unreadable-file] This link leads to a file that is not there." in shown
    with pytest.raises(ContentBroken) as caught:
        load_companion(content, CHECKED_ON)
    assert [each.code for each in caught.value.findings] == ["unreadable-file"]


@pytest.mark.parametrize("loose", ["file", "folder"])
def test_what_others_could_write_is_not_believed(content: Content, loose: str) -> None:
    """Whoever may write there could have the bot run anything."""
    load_companion(content, CHECKED_ON)
    file = the_file(content)
    (file if loose == "file" else file.parent).chmod(0o777)
    assert kept(content) is None


@pytest.mark.parametrize("broken", [b"", b"no pickle", b"\x80\x05."])
def test_a_broken_one_is_read_anew(content: Content, broken: bytes) -> None:
    """A file that a full disk cut short costs a slower start, no more."""
    load_companion(content, CHECKED_ON)
    file = the_file(content)
    first = file.read_bytes().split(b"\n", 1)[0]
    file.write_bytes(first + b"\n" + broken)
    assert kept(content) is None
    load_companion(content, CHECKED_ON)
    assert kept(content) is not None


def test_errors_are_never_kept(content: Content) -> None:
    """Dialogs with errors are told of, each time."""
    write(content.dialogs.parent, "dialogs/menu.yaml", "menu: [")
    for _ in range(2):
        with pytest.raises(ContentBroken):
            load_companion(content, CHECKED_ON)


def test_a_stale_model_is_remembered(content: Content) -> None:
    """The start that reads nothing anew still warns of a model that was made of other examples."""
    write(content.dialogs.parent, "dialogs/heard/nl/none.txt", "dag\n")
    train(OF_TWO).save(content.dialogs / "heard" / "ear.npz")
    for _ in range(2):
        ailment = load_companion(content, CHECKED_ON).ailment
        assert ailment is not None
        assert "was not made of the examples" in ailment


# In another process


def test_it_is_made_beside(content: Content) -> None:
    """Another process checks and keeps it; what is started next has only to read."""
    compile_beside(content)
    assert kept(content) is not None


def test_broken_dialogs_are_left_to_who_asks(content: Content) -> None:
    """It says nothing and keeps nothing: the errors are told by who loads them."""
    write(content.dialogs.parent, "dialogs/menu.yaml", "menu: [")
    compile_beside(content)
    assert kept(content) is None


def teller(folder: Path) -> Path:
    """A program that stands in for Python, and writes down how it was called."""
    program = folder / "python"
    program.write_text(f'#!/bin/sh\nenv > "{folder}/env"\necho "$@" > "{folder}/arguments"\n', "utf-8")
    program.chmod(0o755)
    return program


def test_no_secret_is_handed_on(content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process is told which folders, and neither the token nor the secret."""
    monkeypatch.setenv("BOT_TOKEN", "123:a-token")
    monkeypatch.setenv("BOT_SECRET", "a-secret")
    monkeypatch.setenv("WEBHOOK_SECRET", "another-secret")
    monkeypatch.setattr(sys, "executable", str(teller(tmp_path)))
    compile_beside(content)
    env = (tmp_path / "env").read_text("utf-8")
    assert "a-token" not in env
    assert "a-secret" not in env
    assert "another-secret" not in env
    assert f"DIALOGS={content.dialogs}\n" in env
    assert f"LOCALES={content.locales}\n" in env
    assert (tmp_path / "arguments").read_text("utf-8") == "-m bot check\n"


def test_it_is_not_made_twice(content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is there already, and where nothing can be kept, no other process is started."""
    check_content(content.dialogs, content.locales, CHECKED_ON)
    monkeypatch.setattr(sys, "executable", str(teller(tmp_path)))
    compile_beside(content)
    (tmp_path / "no-folder").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no-folder"))
    compile_beside(content)
    assert not (tmp_path / "arguments").exists()


def test_where_python_is_not_found(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made in this process then."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    compile_beside(content)
    assert load_companion(content, CHECKED_ON).script.dialogs


def test_old_dialogs_go_at_a_reload(content: Content) -> None:
    """Nothing looks for garbage in what is kept, so no loaded companion may hold itself."""
    gc.collect()
    gc.disable()
    try:
        companion = load_companion(content, CHECKED_ON)
        asked = companion.answer(Session(), Commanded("hulp"), NOON)
        assert asked.bubbles
        held = [ref(each) for each in (companion, companion.renderer, companion.texts)]
        del companion, asked
        assert [each() for each in held] == [None, None, None]
    finally:
        gc.enable()
