"""Broken inputs of two kinds, each with its exact answer: files of a maintainer, as `check` prints it, and settings of
an operator, as `serve` does. The other two kinds stand beside this file; all four together are forty and more."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import SettingsError, read_settings
from tests.authoring.content import copy_base
from tests.botapi import TOKEN

BOMB = b"a: &a [x, x]\n" + b"".join(b"b%d: &b%d [*a, *a, *a, *a, *a, *a, *a, *a]\n" % (at, at) for at in range(50))
TIRED, PO, RULES = "dialogs/topics/tired.yaml", "locales/en/LC_MESSAGES/dialogs.po", "dialogs/heard/nl/rules.yaml"
SECRETS = "outside.yaml"

Break = Callable[[Path], None]


def bytes_in(file: str, content: bytes) -> Break:
    """The file holds this, and nothing else."""

    def done(folder: Path) -> None:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return done


def instead(file: str, old: str, new: str) -> Break:
    """In the file, these words take the place of those."""

    def done(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    return done


def link(file: str, target: str) -> Break:
    """The file is a link to something else."""

    def done(folder: Path) -> None:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return done


def pipe(file: str) -> Break:
    """The file is a pipe; whoever reads it waits for ever."""

    def done(folder: Path) -> None:
        (folder / file).unlink(missing_ok=True)
        os.mkfifo(folder / file)

    return done


UNUSABLE = "This catalog cannot be used: {}. A gettext editor such as Poedit shows more."
LEADS_OUT = "[unreadable-file] This link leads out of the dialogs folder; put the file itself here."
FILES: dict[str, tuple[Break, str]] = {
    "a YAML bomb": (
        bytes_in("dialogs/topics/x.yaml", BOMB),
        "dialogs/topics/x.yaml:1:4: error [yaml-alias] &a names this place, and dialogs do not use that; "
        "take it away, or quote the text.",
    ),
    "an alias": (
        instead(TIRED, "sources: [book]", "sources: *all"),
        f"{TIRED}:3:10: error [yaml-alias] *all repeats another place, and dialogs do not; "
        "write it out, or quote the text.",
    ),
    "a tag that would run a program": (
        instead(TIRED, 'title: "Ik ben moe"', "title: !!python/object/apply:os.system [id]"),
        f"{TIRED}:2:8: error [yaml-tag] The tag !!python/object/apply:os.system is not used in dialogs; "
        "take it away, or quote the text if it is one.",
    ),
    "brackets without end": (
        bytes_in("dialogs/topics/x.yaml", b"a: " + b"[" * 5000),
        "dialogs/topics/x.yaml:1:16: error [yaml-syntax] Nested deeper than 12 levels; is a bracket too many here?",
    ),
    "an invisible sign": (
        instead(TIRED, "Dat is zwaar", "Dat is\0zwaar"),
        f"{TIRED}:13:16: error [yaml-syntax] An invisible sign (U+0000) stands here; delete it and type the text anew.",
    ),
    "a file of megabytes": (
        bytes_in("dialogs/topics/x.yaml", b"a: b\n" * 200_000),
        "dialogs/topics/x.yaml:1:1: error [unreadable-file] The file is larger than 512 KB; no dialog is. "
        "Is this another kind of file?",
    ),
    "a link out of the folder": (
        link("dialogs/topics/x.yaml", f"../../../{SECRETS}"),
        f"dialogs/topics/x.yaml:1:1: error {LEADS_OUT}",
    ),
    "a pipe": (
        pipe("dialogs/topics/x.yaml"),
        "dialogs/topics/x.yaml:1:1: error [unreadable-file] This is no ordinary file; a dialog is a text file.",
    ),
    "a way out of the folder": (
        instead(TIRED, "go: person}", "go: ../../etc/passwd}"),
        f'{TIRED}:16:50: error [wrong-value] "../../etc/passwd": go names a node, a dialog, dialog/node, '
        "menu or return.",
    ),
    "a node that is not there": (
        instead(TIRED, "go: person}", "go: persoon}"),
        f'{TIRED}:16:50: error [unknown-target] There is no node or dialog "persoon". Did you mean "person"?',
    ),
    "a telephone number in a sentence": (
        instead(TIRED, "Deze mensen luisteren.", "Bel 0800 12345."),
        f'{TIRED}:24:9: error [number-in-text] "0800 12345" belongs in the directory; name the kind of service, '
        "and the bot puts it in.",
    ),
    "a catalog with an open quote": (
        instead(PO, 'msgstr "Menu"', 'msgstr "Menu'),
        f"{PO}:3:1: error [broken-catalog] {UNUSABLE.format('this quote is never closed')}",
    ),
    "a catalog with an open brace": (
        instead(PO, 'msgstr "Menu"', 'msgstr "Menu {"'),
        f'{PO}:2:1: error [translation-placeholder] "Menu" (menu) has no words between braces; '
        "its translation has to have exactly the same.",
    ),
    "a catalog that is no text": (
        bytes_in(PO, b"\xff\xfe\x00"),
        f"{PO}:1:1: error [broken-catalog] {UNUSABLE.format('this is not UTF-8 text; choose UTF-8 when saving it')}",
    ),
    "a catalog that lies elsewhere": (
        link(PO, f"../../../../{SECRETS}"),
        f"{PO}:1:1: error [broken-catalog] "
        f"{UNUSABLE.format('this link leads out of the folder; put the file itself here')}",
    ),
    "a catalog that is a pipe": (
        pipe(PO),
        f"{PO}:1:1: error [broken-catalog] {UNUSABLE.format('this is no ordinary file')}",
    ),
    "rules of danger with a tag": (
        bytes_in(RULES, b"rules: !!set {a, b}\n"),
        f"{RULES}:1:8: error [yaml-tag] The tag !!set is not used in dialogs; "
        "take it away, or quote the text if it is one.",
    ),
    "rules of danger that are a list": (
        bytes_in(RULES, b"rules:\n  - opens: safety_dark\n"),
        f"{RULES}:2:3: error [wrong-value] A block of `key: value` lines is expected here.",
    ),
    "examples that are no text": (
        bytes_in("dialogs/heard/nl/tired.txt", "zo moe\nik kán niet meer\n".encode("latin-1")),
        "dialogs/heard/nl/tired.txt:2:1: error [unreadable-file] The file is not UTF-8 text; "
        "choose UTF-8 as the encoding when saving it.",
    ),
    "examples that lie elsewhere": (
        link("dialogs/heard/nl/tired.txt", f"../../../../{SECRETS}"),
        f"dialogs/heard/nl/tired.txt:1:1: error {LEADS_OUT}",
    ),
    "a model that lies elsewhere": (
        link("dialogs/heard/ear.npz", "/dev/zero"),
        f"dialogs/heard/ear.npz:1:1: error {LEADS_OUT}",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_a_maintainer(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check` ends with 1, the first line says where and what to do, and nothing of a file outside is shown."""
    (tmp_path / SECRETS).write_text("password: hunter2\n")
    folder = copy_base(tmp_path / "content")
    breaks, answer = FILES[name]
    breaks(folder)
    monkeypatch.setenv("LOCALES", str(folder / "locales"))
    assert main(["check", str(folder / "dialogs")]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == f"{folder}/{answer}"
    assert err == "" and "hunter2" not in out and "Traceback" not in out


WEBHOOK = {"WEBHOOK_URL": "https://example.org/keukentafel-x7", "WEBHOOK_SECRET": "x" * 32}
SETTINGS: dict[str, tuple[dict[str, str], str]] = {
    "no token": (
        {"BOT_TOKEN": ""},
        "BOT_TOKEN is not set; get a token from @BotFather in Telegram (or set BOT_TOKEN_FILE)",
    ),
    "no such token": (
        {"BOT_TOKEN": "not-a-token"},
        "BOT_TOKEN does not look like a token; one reads like 123456:ABC-DEF… as @BotFather gave it",
    ),
    "a token file that is not there": (
        {"BOT_TOKEN": "", "BOT_TOKEN_FILE": "/nowhere/token"},
        "BOT_TOKEN_FILE points to a file that is not there",
    ),
    "a token file that is a folder": (
        {"BOT_TOKEN": "", "BOT_TOKEN_FILE": "/"},
        "BOT_TOKEN_FILE cannot be read: IsADirectoryError",
    ),
    "a short secret": ({"BOT_SECRET": "short"}, "BOT_SECRET has 5 signs; at least 32 are needed"),
    "an address without a path": (
        WEBHOOK | {"WEBHOOK_URL": "https://example.org/"},
        "WEBHOOK_URL needs a path that is hard to guess, such as https://example.org/keukentafel-x7",
    ),
    "an address of another kind": (
        WEBHOOK | {"WEBHOOK_URL": "ftp://example.org/x7"},
        "WEBHOOK_URL is not a web address such as https://example.org/path",
    ),
    "a port that does not exist": (
        WEBHOOK | {"WEBHOOK_LISTEN": "localhost:70000"},
        "WEBHOOK_LISTEN is host:port, such as 127.0.0.1:8080",
    ),
    "a webhook without secret": (
        WEBHOOK | {"WEBHOOK_SECRET": ""},
        "WEBHOOK_SECRET is needed with WEBHOOK_URL: 16 to 256 letters, digits, _ or -",
    ),
    "no pace": ({"PACE": "nan"}, "PACE is a number from 0 to 10"),
    "no retention": ({"RETENTION_DAYS": "0"}, "RETENTION_DAYS is a number from 1 to 3650"),
    "a region that is none": ({"DEFAULT_REGION": "xx"}, "DEFAULT_REGION is one of be, nl, elsewhere"),
    "dialogs nowhere": ({"DIALOGS": "/nowhere"}, "DIALOGS: there is no folder /nowhere"),
}


@pytest.mark.parametrize(("given", "answer"), SETTINGS.values(), ids=SETTINGS)
def test_a_setting_of_an_operator(given: dict[str, str], answer: str, tmp_path: Path) -> None:
    """One line that begins with the variable, and shows no secret."""
    home = copy_base(tmp_path)
    with pytest.raises(SettingsError) as caught:
        read_settings({"BOT_TOKEN": TOKEN, **given}, home)
    assert str(caught.value) == answer
