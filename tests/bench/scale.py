"""How many parents one process serves at what Telegram allows, and what then limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from tests.bench.lineup import BUILD
from tests.bench.processes import Broken
from tests.bench.stage import Scene, Seen, Stage

ALLOWED = (30, 1_000)
"""Messages a second: without payment, and with (https://core.telegram.org/bots/faq)."""
STORED = (1_000, 100_000, 1_000_000)
SHARE = 0.9
"""Of what is allowed, is offered; no real crowd comes as evenly as to need all of it."""
MOST_PARENTS = 20_000
"""Parents who come in turn; more than the store keeps in memory."""
BETWEEN_TAPS = 30.0
"""Seconds in which a parent reads, soothes a child and taps again; from it, how many can talk at once."""
BUSY = 0.9
SAYS = "/menu"
_SCALE_JSON = BUILD / "scale.json"


def simulate(seconds: float, say: Callable[[str], None]) -> str:
    """Play everything; gives the table, and writes build/bench/scale.json."""
    stage = Stage(seconds, 0, say)
    lines, found = [], []
    for stored in STORED:
        for allowed in ALLOWED:
            try:
                most = stage.play(Scene("keukentafel", stored=stored, pool=stored, says=SAYS))
                seen = stage.play(_offered(stored, allowed, most))
            except Broken as broken:
                lines.append((f"{stored:,}", f"{allowed:,}", *[""] * (len(_HEADS) - 3), f"not measured: {broken}"))
                continue
            lines.append(_line(stored, allowed, most, seen))
            found.append({"stored": stored, "allowed": allowed, "most": asdict(most), "seen": asdict(seen)})
    _SCALE_JSON.parent.mkdir(parents=True, exist_ok=True)
    _SCALE_JSON.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    return _table(lines)


def messages_a_turn(seen: Seen) -> float:
    """Messages that Telegram counts."""
    return (seen.calls.get("sendMessage", 0) + seen.calls.get("editMessageText", 0)) / seen.turns


def _offered(stored: int, allowed: int, most: Seen) -> Scene:
    """As many turns as Telegram allows messages for, or as this process can take."""
    rate = SHARE * min(allowed / messages_a_turn(most), most.per_second)
    return Scene(
        "keukentafel",
        parents=min(stored, MOST_PARENTS),
        rate=round(rate, 1),
        stored=stored,
        says=SAYS,
        allowed=allowed,
        length=2,
    )


def _limits(allowed: int, most: Seen, seen: Seen) -> str:
    if seen.refused:
        return "Telegram (429)"
    if most.per_second * messages_a_turn(most) < allowed:
        return "this process (CPU)" if most.cpu_share >= BUSY else "this process (waiting for the disk or the API)"
    return "Telegram"


_Line = tuple[str, ...]
_HEADS: _Line = (
    "chats stored",
    "allowed/s",
    "turns/s",
    "p50",
    "p99",
    "CPU",
    "most turns/s",
    "parents at once",
    "what limits",
)


def _line(stored: int, allowed: int, most: Seen, seen: Seen) -> _Line:
    return (
        f"{stored:,}",
        f"{allowed:,}",
        f"{seen.per_second:,.1f}",
        f"{seen.p50 * 1000:.1f} ms",
        f"{seen.p99 * 1000:.1f} ms",
        f"{seen.cpu_share:.0%}",
        f"{most.per_second:,.0f}",
        f"{seen.per_second * BETWEEN_TAPS:,.0f}",
        _limits(allowed, most, seen) + (f", {seen.unanswered} unanswered" if seen.unanswered else ""),
    )


def _table(lines: list[_Line]) -> str:
    whole = [_HEADS, *lines]
    widths = [max(len(line[column]) for line in whole) for column in range(len(_HEADS) - 1)]
    shown = [
        "  ".join([*(cell.rjust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]) for line in whole
    ]
    return "\n".join([*shown, f"Parents at once: each taps every {BETWEEN_TAPS:.0f} s. Each turn is {SAYS}."])
