"""Findings on paper: for people, for programs (one JSON object a line), and for GitHub's annotations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TextIO

from bot.authoring.check import Checked
from bot.authoring.findings import CODES_FOLDER, Finding, Severity

Format = Literal["text", "json", "github"]


def write_report(checked: Checked, format: Format, out: TextIO) -> None:
    """Write every finding, and for people a line that sums up what was looked at."""
    write_findings(checked.findings, format, out)
    if format != "text":
        return
    if checked.findings:
        here = Path.cwd()
        folder = CODES_FOLDER.relative_to(here) if CODES_FOLDER.is_relative_to(here) else CODES_FOLDER
        out.write(f"What a [code] means, and how to mend it: {folder.as_posix()}/CODE.md\n")
    book = checked.book
    nodes = sum(len(file.shape.nodes) for file in book.dialogs.values())
    counts = Counter(finding.severity for finding in checked.findings)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    out.write(
        f"{len(book.dialogs)} dialogs, {nodes} nodes, {len(book.regions)} regions: "
        f"{errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}\n"
    )


def write_findings(findings: Iterable[Finding], format: Format, out: TextIO) -> None:
    """Write every finding, one a line."""
    for finding in findings:
        out.write(_line(finding, format) + "\n")


def _line(finding: Finding, format: Format) -> str:
    match format:
        case "json":
            return json.dumps(finding.as_row(), ensure_ascii=False)
        case "github":
            place = f"file={_property(finding.file)},line={finding.line},col={finding.column}"
            return f"::{finding.severity} {place},title={finding.code}::{_data(finding.message)}"
        case "text":
            place = f"{finding.file}:{finding.line}:{finding.column}"
            return _one_line(f"{place}: {finding.severity} [{finding.code}] {finding.message}")


def _one_line(text: str) -> str:
    """``text`` with every sign that would break or disguise its line written out."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def _data(text: str) -> str:
    """GitHub's escapes for a message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """GitHub's escapes for a property such as the file."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
