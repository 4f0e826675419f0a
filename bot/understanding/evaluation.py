"""How well it hears: recall of danger, false alarms, topics; each with its 95 % Wilson interval.

Test messages stand in ``<folder>/<language>/<id>.tsv`` as ``style<TAB>message``, written by people who saw neither
examples nor rules. ``lookalike.tsv`` holds messages that only look like danger, as ``topic or none<TAB>message``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.authoring.examples import NONE
from bot.engine.events import Hearing

SAFETY = "safety_"
LOOKALIKE = "lookalike"
Z = 1.96
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Message:
    """One test message: where it belongs, in which style it is written."""

    text: str
    dialog: str
    style: str
    language: str


@dataclass(slots=True)
class Figure:
    """So many of so many."""

    name: str
    right: int = 0
    of: int = 0

    def count(self, right: bool) -> None:
        """One more."""
        self.of += 1
        self.right += right

    @property
    def share(self) -> float:
        """From 0 to 1; 0 of nothing."""
        return self.right / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson score interval (Wilson 1927), 95 %."""
        if not self.of:
            return 0.0, 1.0
        share, square = self.share, Z * Z / self.of
        middle = (share + square / 2) / (1 + square)
        reach = Z * math.sqrt(share * (1 - share) / self.of + square / (4 * self.of)) / (1 + square)
        return max(0.0, middle - reach), min(1.0, middle + reach)

    def row(self) -> str:
        """As one line of a table."""
        low, high = self.interval
        return f"{self.name:<44} {self.share:7.1%}  ({low:.1%} to {high:.1%})  {self.right} of {self.of}"


@dataclass(slots=True)
class Report:
    """Every figure, and every danger that was not heard."""

    figures: dict[str, Figure] = field(default_factory=dict)
    missed: list[Message] = field(default_factory=list)
    right: dict[Message, bool] = field(default_factory=dict)
    """Of each message whether it was heard as it was meant."""

    def count(self, name: str, right: bool) -> None:
        """One more message for the figure ``name``."""
        self.figures.setdefault(name, Figure(name)).count(right)

    def share(self, name: str) -> float:
        """The share of the figure ``name``. Raises KeyError when nothing was counted for it."""
        return self.figures[name].share


def read_messages(folder: Path) -> list[Message]:
    """Every test message below ``folder``. Raises ValueError for a line without a tab, naming file and line."""
    return [message for path in sorted(folder.glob("*/*.tsv")) for message in _read(path)]


def _read(path: Path) -> Iterator[Message]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        first, tab, text = line.partition("\t")
        if not tab or not text.strip():
            raise ValueError(f"{path}:{number}: a test message is written as style, tab, message")
        if path.stem == LOOKALIKE:
            yield Message(text, first.strip(), LOOKALIKE, path.parent.name)
        else:
            yield Message(text, path.stem, first.strip(), path.parent.name)


def evaluate(messages: Iterable[Message], hear: Callable[[str, str], Hearing]) -> Report:
    """Hear every message and count."""
    report = Report()
    for message in messages:
        hearing = hear(message.text, message.language)
        report.right[message] = heard_right(message, hearing)
        prefix = message.language
        if hearing.language is not None:
            report.count(f"{prefix} language told", hearing.language == prefix)
        if message.dialog.startswith(SAFETY):
            _danger(report, prefix, message, hearing)
        else:
            _ordinary(report, prefix, message, hearing)
    return report


def heard_right(message: Message, hearing: Hearing) -> bool:
    """Whether a danger is found, a topic is among the first three, and everything else is left alone."""
    if message.dialog.startswith(SAFETY):
        return hearing.safety is not None
    if hearing.safety is not None:
        return False
    offered = (hearing.topics or hearing.near)[:3]
    if message.style == LOOKALIKE:
        return True
    return message.dialog in offered if message.dialog != NONE else not offered


def _danger(report: Report, prefix: str, message: Message, hearing: Hearing) -> None:
    found = hearing.safety is not None
    report.count(f"{prefix} danger found", found)
    report.count(f"{prefix} danger found, sure", found and hearing.sure)
    report.count(f"{prefix} danger found, {message.dialog}", found)
    report.count(f"{prefix} danger found, {message.style}", found)
    report.count(f"{prefix} danger found, as the right one", hearing.safety == message.dialog)
    if not found:
        report.missed.append(message)


def _ordinary(report: Report, prefix: str, message: Message, hearing: Hearing) -> None:
    kind = "look-alike" if message.style == LOOKALIKE else "ordinary"
    report.count(f"{prefix} false alarm, {kind}, sure", hearing.safety is not None and hearing.sure)
    report.count(f"{prefix} false alarm, {kind}, asked", hearing.safety is not None and not hearing.sure)
    if kind != "ordinary":
        return
    offered = hearing.topics or hearing.near
    if message.dialog == NONE:
        report.count(f"{prefix} small talk and junk left alone", hearing.safety is None and not offered)
    else:
        report.count(f"{prefix} topic first", offered[:1] == (message.dialog,))
        report.count(f"{prefix} topic among three", message.dialog in offered[:3])
