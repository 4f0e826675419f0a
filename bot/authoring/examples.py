"""The example messages in ``dialogs/heard/<language>/<id>.txt``, one a line, and what the model knows of them."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.engine.model import Script

HEARD = "heard"
"""The folder below ``dialogs`` that holds example messages, safety rules and the model."""
MODEL_FILE = "ear.npz"
NONE = "none"
"""Messages that belong to no dialog: small talk, thanks, junk, and what only looks like danger."""
MAX_BYTES = 1024 * 1024
"""Of one file of examples; more is a mistake."""


class UnreadableExamples(ValueError):
    """A file below ``heard`` that is not read: which one (below that folder), in which line, and what to do."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class Example(NamedTuple):
    """One message and where it belongs; ``file`` and ``line`` (from 1) tell where it stands, if in a file."""

    text: str
    dialog: str
    language: str
    file: str = ""
    line: int = 0


def read_examples(folder: Path) -> list[Example]:
    """Every example below ``folder``, in the order of languages, ids and lines; blank lines are left out.

    Raises UnreadableExamples.
    """
    found = []
    for path in sorted(folder.glob("*/*.txt")):
        language, dialog, file = path.parent.name, path.stem, path.relative_to(folder).as_posix()
        found += [
            Example(text, dialog, language, file, number)
            for number, line in enumerate(_text_of(path, folder).split("\n"), start=1)
            if (text := line.strip())
        ]
    return found


def must_be_here(path: Path, folder: Path) -> None:
    """Raises UnreadableExamples for what is no ordinary file, or lies outside of the dialogs around ``folder``."""
    file = path.relative_to(folder).as_posix()
    try:
        ordinary = stat.S_ISREG(path.stat().st_mode)
        inside = path.resolve().is_relative_to(folder.parent.resolve())
    except OSError as error:
        raise UnreadableExamples(file, 1, _refused(error)) from None
    if not inside:
        raise UnreadableExamples(file, 1, "This link leads out of the dialogs folder; put the file itself here.")
    if not ordinary:
        raise UnreadableExamples(file, 1, "This is no ordinary file.")


def _text_of(path: Path, folder: Path) -> str:
    must_be_here(path, folder)
    file = path.relative_to(folder).as_posix()
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableExamples(file, 1, _refused(error)) from None
    if len(raw) > MAX_BYTES:
        raise UnreadableExamples(file, 1, f"The file is larger than {MAX_BYTES // 1024} KB; are these examples?")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        reason = "The file is not UTF-8 text; choose UTF-8 as the encoding when saving it."
        raise UnreadableExamples(file, line, reason) from None


def _refused(error: OSError) -> str:
    return f"This file cannot be read: {error.strerror or error}. May it be read by this user?"


def all_examples(folder: Path, script: Script) -> list[Example]:
    """The examples and the triggers of the dialogs: what the model is trained on."""
    return [*read_examples(folder), *_triggers(script)]


def fingerprint(examples: list[Example]) -> str:
    """Sixteen signs that change with any example."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(f"\n{example.language}\t{example.dialog}\t{example.text}".encode())
    return digest.hexdigest()[:16]


def trained_on(model: Path) -> str:
    """The fingerprint of the examples that a model file was trained on; nothing when the file says none."""
    try:
        with zipfile.ZipFile(model) as file, file.open("meta.npy") as part:
            written = part.read()
        return str(json.loads(written[written.index(b"{", written.index(b"\n")) :])["examples"])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError):
        return ""


def _triggers(script: Script) -> Iterator[Example]:
    for dialog in sorted(script.dialogs.values(), key=lambda each: each.id):
        for language in sorted(dialog.triggers):
            for phrase in dialog.triggers[language]:
                yield Example(phrase, dialog.id, language)
