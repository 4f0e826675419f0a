"""The example messages in ``dialogs/heard/<language>/<id>.txt``, one a line, and what the model knows of them."""

from __future__ import annotations

import hashlib
import json
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


class Example(NamedTuple):
    """One message and where it belongs; ``file`` and ``line`` (from 1) tell where it stands, if in a file."""

    text: str
    dialog: str
    language: str
    file: str = ""
    line: int = 0


def read_examples(folder: Path) -> list[Example]:
    """Every example below ``folder``, in the order of languages, ids and lines; blank lines are left out.

    Raises UnicodeDecodeError or OSError for a file that cannot be read.
    """
    found = []
    for path in sorted(folder.glob("*/*.txt")):
        language, dialog, file = path.parent.name, path.stem, path.relative_to(folder).as_posix()
        found += [
            Example(text, dialog, language, file, number)
            for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1)
            if (text := line.strip())
        ]
    return found


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
