"""A picture as Mermaid text, for GitHub, editors and documents."""

from __future__ import annotations

from bot.authoring.graph import Box, Look, Picture

_SHAPES = {
    Look.START: ('(["', '"])'),
    Look.NODE: ('["', '"]'),
    Look.ASK: ('[/"', '"/]'),
    Look.END: ('(["', '"])'),
    Look.ELSEWHERE: ('[["', '"]]'),
}


def to_mermaid(picture: Picture) -> str:
    """The picture as a Mermaid flowchart."""
    names = {box.id: f"n{number}" for number, box in enumerate(picture.boxes)}
    lines = [f"---\ntitle: {_quoted(picture.title)}\n---", "flowchart TD"]
    lines += [f"  {names[box.id]}{_box(box)}" for box in picture.boxes]
    for arrow in picture.arrows:
        label = f"|{_quoted(arrow.label)}|" if arrow.label else ""
        lines.append(f"  {names[arrow.start]} -->{label} {names[arrow.end]}")
    return "\n".join(lines)


def _box(box: Box) -> str:
    before, after = _SHAPES[box.look]
    text = "<br>".join(_escaped(line) for line in (f"<b>{_escaped(box.title)}</b>", *box.lines) if line)
    text = text.replace("&lt;b&gt;", "<b>").replace("&lt;/b&gt;", "</b>")
    return f"{before}{text}{after}"


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Mermaid reads entities inside quotes; the quote itself and its markup signs become entities."""
    for sign, entity in (("&", "&amp;"), ('"', "&quot;"), ("<", "&lt;"), (">", "&gt;"), ("\n", "<br>")):
        text = text.replace(sign, entity)
    return text
