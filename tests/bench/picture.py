"""The picture: how many interactions a second each bot does, as bars. Plain SVG, for light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.bench.lineup import BOTS
from tests.bench.rounds import Row

WIDTH, LEFT, RIGHT = 880, 350, 130
ROW, BAR, TOP = 34, 18, 56
_STYLE = """
text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f }
.head { font-weight: 600; font-size: 16px }
.quiet { fill: #57606a; font-size: 12px }
.card { fill: #ffffff; stroke: #d0d7de }
.bar { fill: #8c959f }
.ours { fill: #bc4c00 }
.spread { stroke: #24292f; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .quiet { fill: #9198a1 }
  .card { fill: #0d1117; stroke: #3d444d }
  .bar { fill: #656c76 }
  .ours { fill: #f0883e }
  .spread { stroke: #e6edf3 }
}
"""


def picture(rows: Sequence[Row]) -> str:
    """The bars of all speeds that were measured, the fastest first."""
    speeds = [(row, row.figure.name.removeprefix("speed_")) for row in rows if row.figure.name.startswith("speed_")]
    bars = sorted(((row, bot) for row, bot in speeds if row.values), key=lambda each: -each[0].median)
    longest = max((max(row.values) for row, _ in bars), default=1.0)
    height = TOP + ROW * max(1, len(bars)) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title">',
        '<title id="title">Interactions a second with 50 parents</title>',
        f"<style>{_STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>',
        '<text class="head" x="20" y="28">Interactions a second, 50 parents</text>',
        f'<text class="quiet" x="{WIDTH - 20}" y="28" '
        'text-anchor="end">median of the rounds; line: least to most</text>',
    ]
    for index, (row, bot) in enumerate(bars):
        parts += _bar(row, bot, TOP + ROW * index, (WIDTH - LEFT - RIGHT) / longest)
    if not bars:
        parts.append(f'<text class="quiet" x="20" y="{TOP + 16}">no speed was measured</text>')
    return "\n".join([*parts, "</svg>", ""])


def _bar(row: Row, bot: str, top: float, scale: float) -> list[str]:
    middle = top + BAR / 2
    text = middle + 5
    low, high = LEFT + min(row.values) * scale, LEFT + max(row.values) * scale
    return [
        f'<text x="{LEFT - 12}" y="{text:.1f}" text-anchor="end">{escape(BOTS[bot].title)}</text>',
        f'<rect class="{"ours" if BOTS[bot].ours else "bar"}" x="{LEFT}" y="{top:.1f}" '
        f'width="{max(1.0, row.median * scale):.1f}" height="{BAR}" rx="3"/>',
        f'<line class="spread" x1="{low:.1f}" y1="{middle:.1f}" x2="{high:.1f}" y2="{middle:.1f}"/>',
        f'<text x="{high + 10:.1f}" y="{text:.1f}">{row.median:,.0f}</text>',
    ]
