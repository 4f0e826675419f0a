"""Rounds: every scene once in turn, the figures of each round from that round alone."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.bench.figures import Figure
from tests.bench.processes import Broken
from tests.bench.stage import Scene, Stage


@dataclass
class Row:
    """One figure over all rounds. ``problem`` says why a round has no value."""

    figure: Figure
    values: list[float] = field(default_factory=list)
    problem: str = ""

    @property
    def median(self) -> float:
        """The value in the middle."""
        return statistics.median(self.values)

    @property
    def verdict(self) -> str:
        """How the median stands to what is to be reached."""
        figure = self.figure
        if not self.values:
            return "not measured"
        if figure.least is None or figure.aim is None:
            return ""
        sign = 1 if figure.more else -1
        if sign * self.median >= sign * figure.aim:
            return "aim reached"
        return "reached" if sign * self.median >= sign * figure.least else "not reached"

    def shown(self, value: float | None) -> str:
        """A value with its unit."""
        if value is None:
            return ""
        unit = self.figure.unit
        return f"{value:,.{self.figure.digits}f}{'' if unit in ('×', '%', '/s', '') else ' '}{unit}"


def play(
    figures: Sequence[Figure], rounds: int, seconds: float, say: Callable[[str], None], seed: int = 0
) -> list[Row]:
    """Measure; every value stands in the rows."""
    rows = [Row(figure) for figure in figures]
    scenes = list(dict.fromkeys(scene for figure in figures for scene in figure.scenes))
    for number in range(rounds):
        name = f"round {number + 1} of {rounds}"
        stage = Stage(seconds, seed + number, lambda what, name=name: say(f"{name}: {what}"))  # type: ignore[misc]
        _scenes(stage, _turned(scenes, number), name, say)
        for row in rows:
            if not row.figure.scenes:
                say(f"{name}: {row.figure.title}")
            try:
                row.values.append(row.figure.value(stage))
            except Broken as broken:
                row.problem = str(broken)
    return rows


def _scenes(stage: Stage, scenes: Sequence[Scene], name: str, say: Callable[[str], None]) -> None:
    for index, scene in enumerate(scenes, start=1):
        stage.say = lambda what, index=index: say(f"{name}, {index} of {len(scenes)}: {what}")  # type: ignore[misc]
        try:
            seen = stage.play(scene)
        except Broken as broken:
            say(f"  {broken}")
        else:
            say(
                f"  {seen.per_second:,.0f}/s, p50 {seen.p50 * 1000:.1f} ms, p99 {seen.p99 * 1000:.1f} ms, "
                f"{seen.unanswered} unanswered, {seen.calls_a_turn:.1f} calls, {seen.cpu_share:.0%} CPU "
                f"(server {seen.server_share:.0%})"
            )
    stage.say = lambda what: say(f"{name}: {what}")


def _turned(scenes: Sequence[Scene], number: int) -> list[Scene]:
    """Another one begins each round, so that none always runs on a cold or a tired machine."""
    at = number % len(scenes) if scenes else 0
    return [*scenes[at:], *scenes[:at]]
