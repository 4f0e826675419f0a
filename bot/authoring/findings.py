"""What the checker has to say: where, how bad, by which rule, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

CODES_FOLDER = Path(__file__).parent / "codes"
"""One Markdown page a code; the bad example on it is its test."""

_SIGNS_A_SLIP = 3
"""One slip of the finger is forgiven for every so many signs of a word."""
_MIN_WORD = 3
_MIN_PART = 4


class Severity(StrEnum):
    """An error has to be mended, and fails `check`; most keep the dialogs from being used (``check.blocking`` tells
    which). A warning asks for a look.
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; lines and columns count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that was found. ``file`` is relative to where the check was started, with forward slashes."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str

    def as_row(self) -> dict[str, str | int]:
        """This finding as a JSON-ready row."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
        }


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error, be it one that keeps the dialogs from being used or not."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def meant(wrong: str, known: Iterable[str]) -> str:
    """`` Did you mean "…"?`` for the known word that ``wrong`` is a slip or a part of, or nothing without one."""
    from rapidfuzz.distance import OSA  # here: what has no mistakes needs no hints

    small = wrong.casefold()
    slips = {word: OSA.distance(small, word.casefold()) for word in sorted(known)}
    forgiven = -(-len(small) // _SIGNS_A_SLIP) if len(small) >= _MIN_WORD else 0
    near = [word for word, count in slips.items() if count <= forgiven]
    if not near and len(small) >= _MIN_PART:
        near = [word for word in slips if small in word or (len(word) >= _MIN_PART and word in small)]
    best = min(near, key=lambda word: slips[word], default=None)
    return f' Did you mean "{best}"?' if best else ""
