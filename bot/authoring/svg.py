"""A picture as one self-contained SVG: laid out in layers by igraph (Sugiyama), drawn without any script."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import igraph

from bot.authoring.graph import Arrow, Box, Look, Picture

_WRAP = 38
_LINE = 15
_WIDTH = 270
_PAD = 10
_GAP_X = 40
_GAP_Y = 90
_FILLS = {
    Look.START: "#fde8c8",
    Look.NODE: "#fffdf8",
    Look.ASK: "#e4f0ff",
    Look.END: "#e3f4e1",
    Look.ELSEWHERE: "#eeeeee",
}


@dataclass(frozen=True, slots=True)
class _Placed:
    box: Box
    lines: tuple[str, ...]
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + _WIDTH / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def to_svg(picture: Picture) -> str:
    """The picture as SVG text (UTF-8)."""
    placed = _place(picture)
    width = max((each.x for each in placed.values()), default=0) + _WIDTH + _GAP_X
    height = max((each.bottom for each in placed.values()), default=0) + _GAP_X
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label={quoteattr(picture.title)}>',
        f"<title>{escape(picture.title)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#777"/></marker></defs>',
        "<style>text{font:12px system-ui,sans-serif;fill:#222}.t{font-weight:600}"
        ".a{fill:none;stroke:#777}.l{font-size:11px;fill:#0a5a8a;paint-order:stroke;stroke:#fff;stroke-width:4px}"
        "</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    parts += [_arrow(arrow, placed, index) for index, arrow in enumerate(picture.arrows)]
    parts += [_box(each) for each in placed.values()]
    return "\n".join([*parts, "</svg>"])


def _place(picture: Picture) -> dict[str, _Placed]:
    """Each box in its layer, below what leads to it."""
    if not picture.boxes:
        return {}
    index = {box.id: number for number, box in enumerate(picture.boxes)}
    graph = igraph.Graph(
        n=len(index), edges=[(index[arrow.start], index[arrow.end]) for arrow in picture.arrows], directed=True
    )
    layout = graph.layout_sugiyama(hgap=1, vgap=1, maxiter=200)
    spots = list(layout)[: len(index)]
    layers: dict[float, list[tuple[float, Box]]] = {}
    for box, (x, y) in zip(picture.boxes, spots, strict=True):
        layers.setdefault(round(y, 3), []).append((x, box))
    placed: dict[str, _Placed] = {}
    top = float(_GAP_X)
    for _, row in sorted(layers.items()):
        tallest = 0.0
        for column, (_, box) in enumerate(sorted(row, key=lambda each: each[0])):
            lines = tuple(line for text in box.lines for line in textwrap.wrap(text, _WRAP))
            height = (len(lines) + 1) * _LINE + 2 * _PAD
            placed[box.id] = _Placed(box, lines, _GAP_X + column * (_WIDTH + _GAP_X), top, height)
            tallest = max(tallest, height)
        top += tallest + _GAP_Y
    return placed


def _box(placed: _Placed) -> str:
    x, y = placed.x, placed.y
    round_ = 16 if placed.box.look in (Look.START, Look.END) else 4
    dashes = ' stroke-dasharray="5 3"' if placed.box.look is Look.ELSEWHERE else ""
    rows = [
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{_WIDTH}" height="{placed.height:.0f}" rx="{round_}" '
        f'fill="{_FILLS[placed.box.look]}" stroke="#999"{dashes}/>',
        f'<text class="t" x="{x + _PAD:.0f}" y="{y + _PAD + 11:.0f}">{escape(placed.box.title)}</text>',
    ]
    for number, line in enumerate(placed.lines, start=1):
        at = y + _PAD + 11 + number * _LINE
        rows.append(f'<text x="{x + _PAD:.0f}" y="{at:.0f}">{escape(line)}</text>')
    return "".join(rows)


def _arrow(arrow: Arrow, placed: dict[str, _Placed], index: int) -> str:
    start, end = placed[arrow.start], placed[arrow.end]
    shift = (index % 5 - 2) * 18
    x1, y1, x2 = start.middle + shift, start.bottom, end.middle + shift
    if end.y > start.bottom:
        y2 = end.y
        path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + 45:.0f} {x2:.0f} {y2 - 45:.0f} {x2:.0f} {y2:.0f}"
        label_x, label_y = x1 * 0.75 + x2 * 0.25, y1 + 14 + (index % 5) * 13
    else:  # back up, or beside: out of the right flank and in again
        side = max(start.x, end.x) + _WIDTH + 24 + (index % 4) * 5
        y1, y2 = start.y + start.height / 2, end.y + end.height / 2
        path = f"M{start.x + _WIDTH:.0f} {y1:.0f}C{side:.0f} {y1:.0f} {side:.0f} {y2:.0f} {end.x + _WIDTH:.0f} {y2:.0f}"
        label_x, label_y = start.x + _WIDTH, y1 - 4 - (index % 5) * 13
    label = (
        f'<text class="l" text-anchor="middle" x="{label_x:.0f}" y="{label_y:.0f}">{escape(arrow.label)}</text>'
        if arrow.label
        else ""
    )
    return f'<path class="a" d="{path}" marker-end="url(#tip)"/>{label}'
