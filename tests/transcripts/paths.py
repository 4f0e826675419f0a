"""Which ways through a dialog are written down: the quickest, one by its farthest node, and "it is more than that"."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from bot.engine.model import Ask, Choice, Choices, Dialog, End, Kind, Node, Place, Script, Way

Step = str
"""A choice's id, or ``~`` for typing something where free text is invited."""

TYPED = "~"


def ways_of(script: Script, dialog: Dialog) -> dict[str, list[Step]]:
    """The ways that are written down, by name."""
    inner = _distances(dialog)
    ways: dict[str, list[Step]] = {}
    ends = [name for name in inner if _comes_to_rest(dialog.nodes[name])]
    if ends:
        ways["quickest"] = inner[min(ends, key=lambda name: len(inner[name]))]
        farthest = max(inner, key=lambda name: len(inner[name]))
        ways["longest"] = inner[farthest] + _onward(dialog, farthest)
    more = _more(script, dialog, inner)
    if more is not None:
        ways["more"] = more
    return ways


def _comes_to_rest(node: Node) -> bool:
    if isinstance(node.onward, End):
        return True
    return isinstance(node.onward, Choices) and any(choice.go is Way.RETURN for choice in node.onward.choices)


def _onward(dialog: Dialog, start: str) -> list[Step]:
    """From ``start`` to the nearest end, through other nodes than the first where that is possible."""
    found = _distances(dialog, start)
    ends = [name for name in found if _comes_to_rest(dialog.nodes[name])]
    return found[min(ends, key=lambda name: len(found[name]))] if ends else []


def _more(script: Script, dialog: Dialog, inner: dict[str, list[Step]]) -> list[Step] | None:
    """The quickest way to a safety dialog, else to a human service."""

    def is_serious(choice: Choice) -> bool:
        return isinstance(choice.go, Place) and choice.go.dialog != dialog.id and _safe(script, choice.go.dialog)

    return _nearest(dialog, inner, is_serious) or _nearest_signpost(dialog, inner)


def _safe(script: Script, dialog_id: str) -> bool:
    return script.dialogs[dialog_id].kind is Kind.SAFETY


def _nearest(dialog: Dialog, inner: dict[str, list[Step]], wanted: Callable[[Choice], bool]) -> list[Step] | None:
    """The quickest way to a choice that is wanted, through a node called ``more`` where there is one."""
    order = sorted(inner, key=lambda name: (name != "more", len(inner[name])))
    for name in order:
        for choice in _choices(dialog.nodes[name]):
            if wanted(choice):
                return [*inner[name], choice.id]
    return None


def _nearest_signpost(dialog: Dialog, inner: dict[str, list[Step]]) -> list[Step] | None:
    pointing = [name for name in inner if dialog.nodes[name].signpost]
    return inner[min(pointing, key=lambda name: len(inner[name]))] if pointing else None


def _distances(dialog: Dialog, start: str | None = None) -> dict[str, list[Step]]:
    """The steps to every node that can be reached within the dialog, fewest first."""
    first = start or dialog.start
    reached: dict[str, list[Step]] = {first: []}
    queue = deque([first])
    while queue:
        name = queue.popleft()
        for step, target in _steps(dialog.nodes[name]):
            if target.dialog == dialog.id and target.node not in reached:
                reached[target.node] = [*reached[name], step]
                queue.append(target.node)
    return reached


def _steps(node: Node) -> Iterator[tuple[Step, Place]]:
    for choice in _choices(node):
        if isinstance(choice.go, Place) and not choice.when:
            yield choice.id, choice.go
    if isinstance(node.onward, Ask) and isinstance(node.onward.go, Place):
        yield TYPED, node.onward.go


def _choices(node: Node) -> tuple[Choice, ...]:
    return node.onward.choices if isinstance(node.onward, Choices) else ()
