"""Every combination of circumstances in which a node can be read: time, region, and what was chosen before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from bot.engine.model import REGIONS, TIMES, Choices, Condition, Dialog, Node
from bot.engine.moves import Circumstances


def conditions_of(node: Node) -> list[Condition]:
    """Every condition that stands in ``node``."""
    conditions = [line.when for line in node.lines]
    if isinstance(node.onward, Choices):
        conditions += [choice.when for choice in node.onward.choices]
    return [when for when in conditions if when]


def circumstances_of(dialog: Dialog, *nodes: Node) -> Iterator[Circumstances]:
    """Every combination that can make a difference to ``nodes`` of ``dialog``.

    Choices of one node exclude each other; having chosen none is always possible (a parent can come in sideways).
    """
    conditions = [when for node in nodes for when in conditions_of(node)]
    asked = {when.chosen for when in conditions if when.chosen is not None}
    times = TIMES if any(when.time for when in conditions) else TIMES[:1]
    regions = REGIONS if any(when.region for when in conditions) else REGIONS[:1]
    groups: list[list[str | None]] = []
    for source in dialog.nodes.values():
        if isinstance(source.onward, Choices):
            ids = [choice.id for choice in source.onward.choices if choice.id in asked]
            if ids:
                groups.append([None, *ids])
    for time, region, *chosen in product(times, regions, *groups):
        yield Circumstances(str(time), str(region), frozenset(each for each in chosen if each is not None))
