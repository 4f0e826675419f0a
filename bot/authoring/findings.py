"""What the checker has to say: where, how bad, by which rule, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rapidfuzz import fuzz, process

CODES_FOLDER = Path(__file__).parent / "codes"
"""One Markdown page a code; the bad example on it is its test."""

_CLOSE_ENOUGH = 60.0


class Severity(StrEnum):
    """An error keeps the script from being used; a warning asks for a look."""

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
    """Whether any finding keeps the script from being used."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def meant(wrong: str, known: Iterable[str]) -> str:
    """`` Did you mean "…"?`` for the known word closest to ``wrong``, or nothing when none is close."""
    best = process.extractOne(wrong, sorted(known), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return f' Did you mean "{best[0]}"?' if best else ""
