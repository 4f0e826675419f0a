"""Plays a scene: one bot, one server with parents, both new; and remembers it for the rest of the round."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.filling import template
from tests.bench.lineup import BOTS, DATABASE, PEERS, ROOT
from tests.bench.parents import Plan
from tests.bench.processes import Broken, Lines, child, cpu_seconds, peak_memory
from tests.bench.transactions import transactions

START_SECONDS = 60.0


@dataclass(frozen=True)
class Scene:
    """What is played. ``length`` is in units of `--seconds`; ``stored`` chats are in the database beforehand."""

    bot: str
    parents: int = 50
    rate: float = 0.0
    late: float = 0.0
    stored: int = 0
    pool: int = 0
    says: str = ""
    allowed: float = 0.0
    length: float = 1.0

    def __str__(self) -> str:
        parts = [self.bot, f"{self.parents} parents"]
        parts += [f"{self.rate:g} a second"] if self.rate else []
        parts += [f"API {self.late * 1000:g} ms late"] if self.late else []
        parts += [f"{self.stored:,} chats stored"] if self.stored else []
        parts += [f"{self.allowed:g} messages a second allowed"] if self.allowed else []
        return ", ".join(parts)


@dataclass(frozen=True)
class Seen:
    """What was measured in a scene. Seconds and bytes; ``transactions`` is None for a bot without a database."""

    per_second: float
    p50: float
    p99: float
    unanswered: int
    turns: int
    calls_a_turn: float
    calls: dict[str, int]
    cpu_a_turn: float
    cpu_share: float
    first_reply: float
    peak: int
    server_share: float
    """Processor time of the neutral server; near 1 it was the brake, and not the bot."""
    transactions: int | None
    refused: int
    behind: int
    stuck: list[str] = field(default_factory=list)


@dataclass
class Stage:
    """One round. ``say`` shows what is played now."""

    seconds: float
    seed: int
    say: Callable[[str], None]
    seen: dict[Scene, Seen | Broken] = field(default_factory=dict)
    measured: dict[str, dict[str, float]] = field(default_factory=dict)
    """What is measured without a scene, by its name; see ``once``."""

    def play(self, scene: Scene) -> Seen:
        """What is seen in this scene; played once in a round. Raises Broken."""
        if scene not in self.seen:
            self.say(str(scene))
            try:
                self.seen[scene] = self._play(scene)
            except Broken as broken:
                self.seen[scene] = broken
        found = self.seen[scene]
        if isinstance(found, Broken):
            raise found
        return found

    def once(self, name: str, measure: Callable[[], dict[str, float]]) -> dict[str, float]:
        """What ``measure`` gives, called once in a round. Raises Broken."""
        if name not in self.measured:
            self.measured[name] = measure()
        return self.measured[name]

    def _play(self, scene: Scene) -> Seen:
        bot = BOTS[scene.bot]
        if bot.why_not:
            raise Broken(f"{bot.name}: {bot.why_not}")
        seconds = self.seconds * scene.length
        plan = Plan(
            parents=scene.parents,
            seconds=seconds,
            warm=max(1.0, 0.4 * self.seconds) + min(scene.parents, 1000) / 500,
            ends=bot.ends,
            rate=scene.rate,
            pool=scene.pool,
            says=scene.says,
            late=scene.late,
            allowed=scene.allowed,
            seed=self.seed,
        )
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            folder = Path(name)
            if scene.stored:
                _copy(template(scene.stored, self.say), folder / DATABASE)
            try:
                return _watched(scene, plan, folder)
            except Broken as broken:
                raise Broken(f"{scene}: {broken}{_last_words(folder / 'log')}") from None


def _copy(source: Path, to: Path) -> None:
    """Copy, down to the disk: what is still to be written would make the bot wait for its own few pages."""
    shutil.copyfile(source, to)
    with to.open("rb") as file:
        os.fsync(file.fileno())


def _watched(scene: Scene, plan: Plan, folder: Path) -> Seen:
    bot, database = BOTS[scene.bot], folder / DATABASE
    interpreter = str(PEERS) if PEERS.exists() else sys.executable
    server_command = [interpreter, "-m", "tests.bench.server", json.dumps(asdict(plan))]
    with child(server_command, env=os.environ, cwd=ROOT) as server:
        lines = Lines(server)
        port = int(lines.wait_for("ready", START_SECONDS)["port"])
        env = bot.environment(folder, port)
        began = time.monotonic()
        with child(bot.command, env=env, cwd=ROOT if bot.ours else folder, log=folder / "log") as process:
            first = float(lines.wait_for("first", START_SECONDS, process)["moment"]) - began
            lines.wait_for("measuring", plan.warm + 60, process)
            before = _Moment.now(process.pid, server.pid, database)
            lines.wait_for("measured", plan.seconds + 30, process)
            after = _Moment.now(process.pid, server.pid, database)
            told = lines.wait_for("over", 60, process)
            peak = peak_memory(process.pid)
    return _seen(told, first, peak, before, after)


@dataclass(frozen=True)
class _Moment:
    """What the kernel and the database tell at one moment."""

    bot: float
    server: float
    transactions: int | None

    @classmethod
    def now(cls, bot: int, server: int, database: Path) -> _Moment:
        return cls(cpu_seconds(bot), cpu_seconds(server), transactions(database))


def _seen(told: dict[str, Any], first: float, peak: int, before: _Moment, after: _Moment) -> Seen:
    turns, cpu = int(told["turns"]), after.bot - before.bot
    counted = before.transactions is not None and after.transactions is not None
    if not turns:
        raise Broken(f"not one turn was answered; the parents last read {told['stuck']}")
    return Seen(
        per_second=told["per_second"],
        p50=told["p50"],
        p99=told["p99"],
        unanswered=told["unanswered"],
        turns=turns,
        calls_a_turn=told["calls_a_turn"],
        calls=told["calls"],
        cpu_a_turn=cpu / turns,
        cpu_share=cpu / told["seconds"],
        first_reply=first,
        peak=peak,
        server_share=(after.server - before.server) / told["seconds"],
        transactions=(after.transactions or 0) - (before.transactions or 0) if counted else None,
        refused=told["refused"],
        behind=told["behind"],
        stuck=told["stuck"],
    )


def _last_words(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines() if log.exists() else []
    return f" ({lines[-1][:200]})" if lines else ""
