"""The example messages in ``dialogs/heard/<language>/<id>.txt``, one a line, and their fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.engine.model import Script
from bot.understanding import features

NONE = "none"
"""Messages that belong to no dialog: small talk, thanks, junk, and what only looks like danger."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message and where it belongs."""

    text: str
    dialog: str
    language: str


def read_examples(folder: Path) -> list[Example]:
    """Every example below ``folder``, in the order of languages, ids and lines; blank lines are left out."""
    return [
        Example(line.strip(), path.stem, path.parent.name)
        for path in sorted(folder.glob("*/*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]


def all_examples(folder: Path, script: Script) -> list[Example]:
    """The examples and the triggers of the dialogs: what the model is trained on."""
    return [*read_examples(folder), *_triggers(script)]


def fingerprint(examples: list[Example]) -> str:
    """Sixteen signs that change with any example, and with how texts are read."""
    digest = hashlib.sha256(f"{features.BUCKETS} {features.WORD_WEIGHT}".encode())
    for example in examples:
        digest.update(f"\n{example.dialog}\t{example.text}".encode())
    return digest.hexdigest()[:16]


def _triggers(script: Script) -> Iterator[Example]:
    for dialog in sorted(script.dialogs.values(), key=lambda each: each.id):
        for language in sorted(dialog.triggers):
            for phrase in dialog.triggers[language]:
                yield Example(phrase, dialog.id, language)
