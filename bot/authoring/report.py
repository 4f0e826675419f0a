"""Findings on paper: for people, for programs (one JSON object a line), and for GitHub's annotations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Literal, TextIO

from bot.authoring.check import Checked
from bot.authoring.findings import Finding, Severity

Format = Literal["text", "json", "github"]


def write_report(checked: Checked, format: Format, out: TextIO) -> None:
    """Write every finding, and for people a line that sums up what was looked at."""
    write_findings(checked.findings, format, out)
    if format != "text":
        return
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
            place = f"file={finding.file},line={finding.line},col={finding.column}"
            message = finding.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
            return f"::{finding.severity} {place},title={finding.code}::{message}"
        case "text":
            place = f"{finding.file}:{finding.line}:{finding.column}"
            return f"{place}: {finding.severity} [{finding.code}] {finding.message}"
