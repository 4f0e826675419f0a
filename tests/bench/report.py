"""The figures as a table, as JSON, and in the README."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.lineup import BUILD, ROOT
from tests.bench.picture import picture
from tests.bench.rounds import Row

BEGIN = "<!-- figures of speed: begin -->"
END = "<!-- figures of speed: end -->"
FIGURES_JSON = BUILD / "figures.json"
PICTURE = BUILD / "bench.svg"
RECORDED = ROOT / "tests" / "bench" / "bench.svg"
README = ROOT / "README.md"
QUIET = 0.5
"""A higher load before anything was played means that the figures are not to be trusted."""
_LOAD = os.getloadavg()[0]
_HEADS = ("figure", "median", "min to max", "at least", "aim", "")


class CannotRecord(Exception):
    """The README has no place for the figures; the message says what to do."""


def cells(row: Row) -> tuple[str, ...]:
    """One line of the table."""
    figure, values = row.figure, row.values
    spread = f"{row.shown(min(values))} to {row.shown(max(values))}" if values else ""
    middle = row.shown(row.median) if values else "–"
    return figure.title, middle, spread, row.shown(figure.least), row.shown(figure.aim), row.verdict


def table(rows: Sequence[Row]) -> str:
    """For a terminal."""
    lines = [_HEADS, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    shown = [
        "  ".join(
            cell.ljust(width) if column in (0, 2, 5) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    problems = [f"{row.figure.name}: {row.problem}" for row in rows if row.problem]
    return "\n".join([*shown, *(["", *problems] if problems else [])])


def markdown(rows: Sequence[Row], conditions: str) -> str:
    """For the README."""
    lines = ["| " + " | ".join(_HEADS) + " |", "| --- | ---: | --- | ---: | ---: | --- |"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells(row)) + " |" for row in rows]
    return "\n".join([f"{conditions}", "", *lines])


def conditions(rounds: int, seconds: float) -> str:
    """How it was measured, in one line."""
    day, many = datetime.now(UTC).date().isoformat(), "round" if rounds == 1 else "rounds"
    return (
        f"Measured on {day}: {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{rounds} {many} of {seconds:g} seconds a bot; ratios within a round, the median of all rounds."
        + (f" Other work ran on the machine (load {_LOAD:.1f})." if _LOAD > QUIET else "")
    )


def write(rows: Sequence[Row], rounds: int, seconds: float) -> None:
    """Write figures.json and the picture into build/bench."""
    BUILD.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {
        "conditions": conditions(rounds, seconds),
        "figures": [
            {
                "name": row.figure.name,
                "title": row.figure.title,
                "unit": row.figure.unit,
                "median": row.median if row.values else None,
                "values": row.values,
                "least": row.figure.least,
                "aim": row.figure.aim,
                "more_is_better": row.figure.more,
                "verdict": row.verdict,
                "problem": row.problem,
            }
            for row in rows
        ],
    }
    FIGURES_JSON.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    PICTURE.write_text(picture(rows), "utf-8")


def check_recordable(readme: Path = README) -> str:
    """The README, which has a place for the figures. Raises CannotRecord."""
    text = readme.read_text("utf-8") if readme.exists() else ""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise CannotRecord(f"--record: {readme.name} has no lines {BEGIN!r} and {END!r}; add them where the table goes")
    return text


def record(rows: Sequence[Row], rounds: int, seconds: float, readme: Path = README) -> None:
    """Put the table into the README and the picture beside the benchmark. Raises CannotRecord."""
    text = check_recordable(readme)
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    image = f"![Interactions a second of each bot]({RECORDED.relative_to(ROOT).as_posix()})"
    body = f"{BEGIN}\n{image}\n\n{markdown(rows, conditions(rounds, seconds))}\n{END}"
    readme.write_text(before + body + after, "utf-8")
    shutil.copyfile(PICTURE, RECORDED)
