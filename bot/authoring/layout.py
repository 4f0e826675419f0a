"""Where everything stands in a picture that is read from left to right.

A box stands as many columns from the start as it takes taps to get there, and lists its choices. Arrows back to one
box share one lane through every column that they pass. igraph finds the order with few crossings (Sugiyama's method).
"""

from __future__ import annotations

import textwrap
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import igraph

from bot.authoring.graph import Arrow, Box, Look, Picture

WIDTH, PAD, LINE = 370, 10, 16
_SIGNS = 54
"""How many signs of the font fit beside each other in a box."""
GAP_X, _GAP_Y, _LANE = 130, 26, 12

Lane = tuple[str, int]
"""In a column that is only passed, where the arrows back to a box run."""


@dataclass(frozen=True, slots=True)
class Row:
    """One choice in its box, or all ways without a label: how far below the top of the box it stands."""

    ends: tuple[str, ...]
    lines: tuple[str, ...]
    target: str
    top: float

    @property
    def height(self) -> float:
        """How much room its lines take."""
        return LINE * len(self.lines)


class Placed:
    """A box with its words broken into lines, and its place in the picture."""

    def __init__(self, box: Box, arrows: Sequence[Arrow], titles: dict[str, str], column: int) -> None:
        self.box = box
        self.column = column
        self.x = left_of(column)
        self.y = 0.0
        self.lines = tuple(line for text in box.lines for line in textwrap.wrap(text, _SIGNS))
        self.rows: list[Row] = []
        self.height = float(PAD + LINE * (len(self.lines) + 1) + PAD)
        bare = [arrow for arrow in arrows if not arrow.label]
        if len(bare) > 1:
            self._add(tuple(arrow.end for arrow in bare), "→ " + ", ".join(titles[arrow.end] for arrow in bare), "")
        for arrow in arrows:
            if arrow.label or len(bare) == 1:
                self._add((arrow.end,), arrow.label, titles[arrow.end])

    def _add(self, ends: tuple[str, ...], label: str, target: str) -> None:
        lines = tuple(textwrap.wrap(label, _SIGNS)) or ("",)
        if len(lines[-1]) + len(target) + 3 > _SIGNS and target:
            lines += ("",)  # the target stands on a line of its own
        self.rows.append(Row(ends, lines, target, self.height))
        self.height += self.rows[-1].height + 6

    @property
    def heading(self) -> float:
        """The height at which arrows arrive."""
        return self.y + PAD + 7


class Layout:
    """One picture, laid out."""

    def __init__(self, picture: Picture) -> None:
        inside = [box for box in picture.boxes if box.look is not Look.ELSEWHERE]
        titles = {box.id: box.title for box in picture.boxes}
        columns = _columns(inside, picture.arrows)
        self.placed: dict[str, Placed] = {}
        for box in inside:
            arrows = [each for each in picture.arrows if each.start == box.id]
            self.placed[box.id] = Placed(box, arrows, titles, columns[box.id])
        self.lanes: dict[Lane, float] = {}
        self.width = (max(columns.values(), default=0) + 1) * (WIDTH + GAP_X)
        self.height = self._stack()

    def arrows(self) -> Iterator[tuple[Placed, Row, Placed]]:
        """Every arrow between two boxes."""
        for start in self.placed.values():
            for row in start.rows:
                yield from ((start, row, self.placed[end]) for end in row.ends if end in self.placed)

    def _stack(self) -> float:
        """Put boxes and lanes below each other in their columns, with few crossings; gives how deep it all is."""
        columns: dict[str | Lane, int] = {each.box.id: each.column for each in self.placed.values()}
        edges: set[tuple[str | Lane, str | Lane]] = set()
        for start, _, end in self.arrows():
            if start.column > end.column:
                lanes = [(end.box.id, column) for column in range(end.column + 1, start.column)]
                columns.update({lane: lane[1] for lane in lanes})
                edges.update(pairwise([end.box.id, *lanes, start.box.id]))
            elif start.column < end.column:
                edges.add((start.box.id, end.box.id))
        if not columns:
            return 2.0 * _GAP_Y
        number = {name: index for index, name in enumerate(columns)}
        graph = igraph.Graph(len(number), sorted((number[one], number[two]) for one, two in edges), directed=True)
        layout = graph.layout_sugiyama(layers=list(columns.values()), maxiter=500)
        order = sorted(columns, key=lambda name: (layout[number[name]][0], number[name]))
        tops = dict.fromkeys(columns.values(), float(_GAP_Y))
        spots: dict[str | Lane, float] = {}
        for name in order:
            spots[name] = tops[columns[name]]
            tops[columns[name]] += (self.placed[name].height if isinstance(name, str) else _LANE) + _GAP_Y
        for name, top in spots.items():  # short columns stand halfway up the tall ones
            top += (max(tops.values()) - tops[columns[name]]) / 2
            if isinstance(name, str):
                self.placed[name].y = top
            else:
                self.lanes[name] = top + _LANE / 2
        return max(tops.values())


def left_of(column: int) -> float:
    """Where the boxes of ``column`` begin."""
    return GAP_X / 2 + column * (WIDTH + GAP_X)


def _columns(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> dict[str, int]:
    """For each box how many steps it is away from the nearest beginning."""
    following: dict[str, list[str]] = {box.id: [] for box in boxes}
    for arrow in arrows:
        if arrow.end in following:
            following[arrow.start].append(arrow.end)
    columns: dict[str, int] = {}
    first = [box.id for box in boxes if box.look is Look.START]
    for start in (*first, *following):  # a box that no way leads to begins a row of its own
        queue = deque([start] if start not in columns else [])
        columns.setdefault(start, 0)
        while queue:
            here = queue.popleft()
            for there in following[here]:
                if there not in columns:
                    columns[there] = columns[here] + 1
                    queue.append(there)
    return columns
