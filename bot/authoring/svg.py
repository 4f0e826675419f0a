"""A picture as one self-contained SVG, drawn without any script.

A choice that goes on comes out on the right of its box, one that goes back on the left, dashed. All arrows to one box
have its colour. What lies in another dialog is only named.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from bot.authoring.graph import Look, Picture
from bot.authoring.layout import LINE, PAD, WIDTH, Layout, Placed, Row, left_of

_FILLS = {Look.START: "#fde8c8", Look.NODE: "#fffdf8", Look.ASK: "#e4f0ff", Look.END: "#e3f4e1"}
_COLOURS = ("#1f6fb2", "#b3541e", "#2b7a3d", "#8a3ea6", "#a8323e", "#0f7c86", "#6b5d00", "#4b4fc4", "#b0307c")
_STYLE = (
    "text{font:12px 'DejaVu Sans',Verdana,sans-serif;fill:#222}.t{font-weight:bold;font-size:13px}.k{fill:#555}"
    ".a{fill:none;stroke-width:1.6}.back{stroke-dasharray:6 3}.many{stroke-width:1;opacity:.35}"
    ".to{text-anchor:end;font-size:11px}"
)


class _Drawing:
    """A layout with a colour for each box."""

    def __init__(self, picture: Picture) -> None:
        self.layout = Layout(picture)
        self.colours = {box: _COLOURS[index % len(_COLOURS)] for index, box in enumerate(self.layout.placed)}


def to_svg(picture: Picture) -> str:
    """The picture as SVG text (UTF-8)."""
    drawing = _Drawing(picture)
    size = f"{drawing.layout.width:.0f}", f"{drawing.layout.height:.0f}"
    tips = "".join(
        f'<marker id="tip{colour[1:]}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0 0 8 4 0 8z" fill="{colour}"/></marker>'
        for colour in _COLOURS
    )
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
            f'viewBox="0 0 {size[0]} {size[1]}" role="img" aria-label={quoteattr(_clean(picture.title))}>',
            f"<title>{escape(_clean(picture.title))}</title><style>{_STYLE}</style><defs>{tips}</defs>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            *(_arrow(drawing, start, row, end) for start, row, end in drawing.layout.arrows()),
            *(_box(drawing, each) for each in drawing.layout.placed.values()),
            "</svg>",
        )
    )


def _box(drawing: _Drawing, placed: Placed) -> str:
    box, x, y = placed.box, placed.x, placed.y
    round_ = 18 if box.look in (Look.START, Look.END) else 4
    parts = [
        f'<g><rect class="box" x="{x:.0f}" y="{y:.0f}" width="{WIDTH}" height="{placed.height:.0f}" rx="{round_}" '
        f'fill="{_FILLS[box.look]}" stroke="{drawing.colours[box.id]}" stroke-width="1.5"/>',
        _text("t", x + PAD, y + PAD + 11, box.title),
    ]
    parts += [_text("", x + PAD, y + PAD + 12 + (at + 1) * LINE, line) for at, line in enumerate(placed.lines)]
    for row in placed.rows:
        top = y + row.top
        parts.append(f'<path d="M{x:.0f} {top - 5:.0f}h{WIDTH}" stroke="#ddd"/>')
        parts += [_text("k", x + PAD, top + 11 + at * LINE, line) for at, line in enumerate(row.lines) if line]
        if row.target:
            sign = "→" if row.ends[0] in drawing.layout.placed else "↗"
            colour = drawing.colours.get(row.ends[0], "#777")
            at = top + row.height - LINE + 11
            parts.append(_text("to", x + WIDTH - PAD, at, f"{sign} {row.target}", f' style="fill:{colour}"'))
    return "".join((*parts, "</g>"))


def _text(kind: str, x: float, y: float, text: str, style: str = "") -> str:
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}"{style}>{escape(_clean(text))}</text>'


def _clean(text: str) -> str:
    """``text`` without the signs that no XML may hold."""
    return "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff")


def _arrow(drawing: _Drawing, start: Placed, row: Row, end: Placed) -> str:
    """One arrow: onward from the right flank, back from the left one through its lanes."""
    y, goal = start.y + row.top + row.height - 6, end.heading
    kind = "a many" if len(row.ends) > 1 else "a"
    x = start.x + WIDTH
    path = f"M{x:.0f} {y:.0f}"
    if start.column < end.column:
        path += _curve(x, y, end.x, goal)
    elif start.column == end.column:
        path += f"C{x + 80:.0f} {y:.0f} {x + 80:.0f} {goal:.0f} {x:.0f} {goal:.0f}"
    else:
        x = start.x
        path = f"M{x:.0f} {y:.0f}"
        for column in range(start.column - 1, end.column, -1):
            lane = drawing.layout.lanes[end.box.id, column]
            path += f"{_curve(x, y, left_of(column) + WIDTH, lane)}H{left_of(column):.0f}"
            x, y = left_of(column), lane
        path += _curve(x, y, end.x + WIDTH, goal)
    kind += "" if start.column < end.column else " back"
    colour = drawing.colours[end.box.id]
    return f'<path class="{kind}" d="{path}" stroke="{colour}" marker-end="url(#tip{colour[1:]})"/>'


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (x + to_x) / 2
    return f"C{middle:.0f} {y:.0f} {middle:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}"
