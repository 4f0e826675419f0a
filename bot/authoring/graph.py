"""A dialog as boxes and arrows, without a drawing yet: what Mermaid and SVG are made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bot.authoring.rules.paths import targets_of
from bot.engine.model import Ask, Choices, Condition, Dialog, End, Go, Node, Paced, Place, Script, Target, Way


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
    outside = dict.fromkeys(arrow.end for arrow in arrows if arrow.end not in dialog.nodes)
    boxes += [Box(each, each, (_title(script, each),), Look.ELSEWHERE) for each in outside]
    return Picture(dialog.title.source, tuple(boxes), tuple(arrows))


def script_graph(script: Script) -> Picture:
    """All dialogs: one box each, an arrow where one leads to another."""
    boxes, arrows = [], []
    for dialog in script.dialogs.values():
        look = Look.START if dialog.id == script.menu.dialog else Look.NODE
        boxes.append(Box(dialog.id, dialog.id, (dialog.title.source,), look))
        leads_to = {
            target.dialog: None
            for node in dialog.nodes.values()
            for target in targets_of(node)
            if isinstance(target, Place) and target.dialog != dialog.id
        }
        arrows += [Arrow(dialog.id, each, "") for each in leads_to]
    return Picture("Keukentafel", tuple(boxes), tuple(arrows))


def _box(dialog: Dialog, node: Node) -> Box:
    lines = []
    for line in node.lines:
        said = line.content.last if isinstance(line.content, Paced) else line.content
        lines.append(f"{_shown(line.when)}{said.source}")
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
                yield Arrow(node.name, _name(dialog, choice.go), _shown(choice.when) + choice.label.source)
        case Ask(go, skip):
            yield Arrow(node.name, _name(dialog, go), "✎")
            yield Arrow(node.name, _name(dialog, skip.go), skip.label.source)
        case Go(target):
            yield Arrow(node.name, _name(dialog, target), "")
        case End():
            return


def _name(dialog: Dialog, target: Target) -> str:
    if isinstance(target, Way):
        return target.value
    return target.node if target.dialog == dialog.id else str(target)


def _title(script: Script, name: str) -> str:
    dialog = script.dialogs.get(name.partition("/")[0])
    return dialog.title.source if dialog is not None else ""
