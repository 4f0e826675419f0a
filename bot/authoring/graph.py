"""A dialog as boxes and arrows, without a drawing yet: what Mermaid and SVG are made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bot.authoring.rules.paths import targets_of
from bot.engine.model import (
    MENU,
    Ask,
    Choices,
    Condition,
    Dialog,
    End,
    Go,
    Node,
    Paced,
    Place,
    Script,
    Target,
    Text,
    Way,
)


class Look(Enum):
    """What a box stands for."""

    START = "start"
    NODE = "node"
    ASK = "ask"
    END = "end"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its id, its heading, what is said there, and which services it points to."""

    id: str
    title: str
    lines: tuple[str, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow, with the label of the choice that follows it."""

    start: str
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes and arrows."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def dialog_graph(script: Script, dialog_id: str) -> Picture:
    """One dialog: every node with its sentences, every choice as an arrow. Raises KeyError for an unknown id."""
    dialog = script.dialogs[dialog_id]
    boxes = [_box(dialog, node) for node in dialog.nodes.values()]
    arrows = [arrow for node in dialog.nodes.values() for arrow in _arrows(dialog, node)]
    outside = {_id(dialog, each): each for node in dialog.nodes.values() for each in targets_of(node)}
    boxes += [_elsewhere(script, name, each) for name, each in outside.items() if name not in dialog.nodes]
    return Picture(dialog.title.source, tuple(boxes), tuple(arrows))


def script_graph(script: Script) -> Picture:
    """All dialogs: one box each, an arrow where one leads to another."""
    boxes, arrows = [], []
    for dialog in script.dialogs.values():
        look = Look.START if dialog.id == MENU else Look.NODE
        boxes.append(Box(dialog.id, dialog.id, (dialog.title.source,), look))
        leads_to = {
            target.dialog: None
            for node in dialog.nodes.values()
            for target in targets_of(node)
            if isinstance(target, Place) and target.dialog != dialog.id and target.dialog in script.dialogs
        }
        arrows += [Arrow(dialog.id, each, "") for each in leads_to]
    return Picture("Keukentafel", tuple(boxes), tuple(arrows))


def _box(dialog: Dialog, node: Node) -> Box:
    lines = []
    for line in node.lines:
        lines.append(_shown(line.when) + _said(line.content))
    lines += [f"→ {kind}" for kind in node.signpost]
    look = Look.NODE
    if isinstance(node.onward, End):
        look = Look.END
    elif isinstance(node.onward, Ask):
        look = Look.ASK
    elif node.name == dialog.start:
        look = Look.START
    return Box(node.name, node.name, tuple(lines), look)


def _shown(when: Condition) -> str:
    parts = [part for part in (when.time, when.region, when.chosen) if part is not None]
    return f"[{', '.join(parts)}] " if parts else ""


def _arrows(dialog: Dialog, node: Node) -> Iterator[Arrow]:
    match node.onward:
        case Choices(choices):
            for choice in choices:
                yield Arrow(node.name, _id(dialog, choice.go), _shown(choice.when) + choice.label.source)
        case Ask(go, skip):
            yield Arrow(node.name, _id(dialog, go), "✎")
            yield Arrow(node.name, _id(dialog, skip.go), skip.label.source)
        case Go(target):
            yield Arrow(node.name, _id(dialog, target), "")
        case End():
            return


def _said(content: Text | Paced) -> str:
    if isinstance(content, Text):
        return content.source
    return f"{content.rounds} × ({' – '.join(frame.text.source for frame in content.frames)}) {content.last.source}"


def _id(dialog: Dialog, target: Target) -> str:
    """What the box of a target is called: the bare name of a node of this dialog, else a name with a slash."""
    if isinstance(target, Way):
        return f"/{target.value}"
    return target.node if target.dialog == dialog.id else str(target)


def _elsewhere(script: Script, name: str, target: Target) -> Box:
    if isinstance(target, Way):
        return Box(name, target.value, (), Look.ELSEWHERE)
    dialog = script.dialogs.get(target.dialog)
    if dialog is None:
        return Box(name, name, (), Look.ELSEWHERE)
    return Box(name, dialog.id if target.node == dialog.start else name, (dialog.title.source,), Look.ELSEWHERE)
