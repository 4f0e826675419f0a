"""A picture as Mermaid text, for GitHub, editors and documents."""

from __future__ import annotations

import json

from bot.authoring.graph import Box, Look, Picture

_SHAPES = {
    Look.START: ('(["', '"])'),
    Look.NODE: ('["', '"]'),
    Look.ASK: ('[/"', '"/]'),
    Look.END: ('(["', '"])'),
    Look.ELSEWHERE: ('[["', '"]]'),
}
_ENTITIES = {sign: f"#{ord(sign)};" for sign in '#&"<>`'}


def to_mermaid(picture: Picture) -> str:
    """The picture as a Mermaid flowchart."""
    names = {box.id: f"n{number}" for number, box in enumerate(picture.boxes)}
    title = json.dumps(picture.title, ensure_ascii=False)  # a YAML string, as it happens
    lines = ["---", f"title: {title}", "---", "flowchart TD"]
    lines += [f"  {names[box.id]}{_box(box)}" for box in picture.boxes]
    for arrow in picture.arrows:
        label = f'|"{_escaped(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {names[arrow.start]} -->{label} {names[arrow.end]}")
    return "\n".join(lines)


def _box(box: Box) -> str:
    before, after = _SHAPES[box.look]
    text = "<br>".join((f"<b>{_escaped(box.title)}</b>", *(_escaped(line) for line in box.lines if line)))
    return f"{before}{text}{after}"


def _escaped(text: str) -> str:
    """Mermaid's own entities for every sign that means something to it, to Markdown or to HTML."""
    return "<br>".join("".join(_ENTITIES.get(sign, sign) for sign in line) for line in text.splitlines())
