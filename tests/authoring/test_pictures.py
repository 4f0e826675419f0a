"""The pictures: Mermaid that is well-formed, an SVG with every word in it and no box upon another."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.authoring.book import read_book
from bot.authoring.build import build_script
from bot.authoring.check import Checked
from bot.authoring.graph import Arrow, Box, Look, Picture, dialog_graph, script_graph
from bot.authoring.mermaid import to_mermaid
from bot.authoring.svg import to_svg
from bot.engine.model import Choices, Script
from tests.authoring.content import BASE, copy_base, write

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '"a" & <b> #1; `c` [x](y) {z} |p| ]] --> 😀\nend'


@pytest.fixture(scope="module")
def script() -> Script:
    """The script of the base content."""
    return build_script(read_book(BASE / "dialogs", "dialogs"))[0]


def test_every_node_and_every_way_on_is_in_the_picture(script: Script) -> None:
    picture = dialog_graph(script, "tired")
    assert picture.title == "Ik ben moe"
    assert [(box.id, box.look) for box in picture.boxes] == [
        ("hello", Look.START),
        ("person", Look.NODE),
        ("paper", Look.ASK),
        ("pause", Look.NODE),
        ("goodbye", Look.END),
        ("safety_dark/hello", Look.ELSEWHERE),
    ]
    assert picture.arrows == (
        Arrow("hello", "person", "Ik wil een stem horen"),
        Arrow("hello", "safety_dark/hello", "Ik zie het niet meer zitten"),
        Arrow("hello", "paper", "Ik schrijf het op"),
        Arrow("hello", "pause", "Even rust"),
        Arrow("person", "goodbye", "Genoeg voor nu"),
        Arrow("paper", "person", "✎"),
        Arrow("paper", "person", "Liever niet"),
        Arrow("pause", "paper", ""),
    )
    lines = {box.id: box.lines for box in picture.boxes}
    assert lines["hello"] == ("Dat is zwaar.", "[night] Zeker 's nachts.")
    assert lines["person"] == ("[talk] Een stem helpt.", "Deze mensen luisteren.", "→ listening_line")
    assert lines["pause"] == ("2 × (Adem in – Adem uit) Dat was het.",)
    assert lines["safety_dark/hello"] == ("Ik wil niet meer",)


def test_the_picture_of_all_dialogs(script: Script) -> None:
    picture = script_graph(script)
    assert [box.id for box in picture.boxes] == [*script.dialogs]
    assert {(arrow.start, arrow.end) for arrow in picture.arrows} == {
        ("menu", "tired"),
        ("menu", "about"),
        ("about", "tired"),
        ("tired", "safety_dark"),
    }


def test_a_picture_can_be_made_of_a_script_with_errors(tmp_path: Path) -> None:
    """Whoever looks for the mistake wants to see the picture: without a menu, with ways to nowhere, with nothing."""
    folder = copy_base(tmp_path) / "dialogs"
    (folder / "menu.yaml").unlink()
    write(folder, "topics/about.yaml", "dialog: about\ntitle: x\nstart: a\nnodes: {a: {go: nowhere}, b: {go: b}}\n")
    broken, _ = build_script(read_book(folder, "dialogs"))
    for picture in (script_graph(broken), *(dialog_graph(broken, each) for each in broken.dialogs)):
        ElementTree.fromstring(to_svg(picture))
        to_mermaid(picture)
    ElementTree.fromstring(to_svg(Picture("", (), ())))


# Mermaid


BOX = re.compile(r'  (n\d+)(\(\["|\["|\[/"|\[\[")([^"]*)("\]\)|"\]|"/\]|"\]\])')
ARROW = re.compile(r'  (n\d+) -->(?:\|"([^"]*)"\|)? (n\d+)')


def unescaped(text: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)


def mermaid_of(picture: Picture) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Boxes by id and arrows, read back; fails on any line that is neither."""
    first, title, second, kind, *lines = to_mermaid(picture).split("\n")
    assert (first, second, kind) == ("---", "---", "flowchart TD") and title.startswith('title: "')
    boxes: dict[str, str] = {}
    arrows = []
    for line in lines:
        if box := BOX.fullmatch(line):
            assert box[1] not in boxes
            boxes[box[1]] = box[3]
        else:
            arrow = ARROW.fullmatch(line)
            assert arrow, line
            arrows.append((arrow[1], arrow[3], arrow[2] or ""))
    return boxes, arrows


def assert_well_formed(picture: Picture) -> None:
    boxes, arrows = mermaid_of(picture)
    assert len(boxes) == len(picture.boxes) and len(arrows) == len(picture.arrows)
    assert {end for start, end, _ in arrows} | {start for start, _, _ in arrows} <= set(boxes)
    for drawn, box in zip(boxes.values(), picture.boxes, strict=True):
        words = [unescaped(line) for line in drawn.split("<br>")]
        assert words == [f"<b>{box.title}</b>", *(part for line in box.lines for part in line.splitlines())]
    for drawn_arrow, arrow in zip(arrows, picture.arrows, strict=True):
        assert unescaped(drawn_arrow[2].replace("<br>", "\n")) == arrow.label


def nasty_picture() -> Picture:
    boxes = (Box("a", "a", (NASTY,), Look.START), Box("b", NASTY.replace("\n", ""), (), Look.END))
    return Picture(NASTY, boxes, (Arrow("a", "b", NASTY), Arrow("a", "a", "")))


def test_mermaid_is_well_formed(script: Script) -> None:
    """Each id is declared once, before use; quotes and all that means something are escaped; no word is lost."""
    for dialog in script.dialogs:
        assert_well_formed(dialog_graph(script, dialog))
    assert_well_formed(script_graph(script))


def test_mermaid_of_nasty_words() -> None:
    picture = nasty_picture()
    assert_well_formed(picture)
    drawn = to_mermaid(picture).split("\n", 3)[3]
    assert not re.search(r"<(?!br>|/?b>)|&|`", drawn)
    assert to_mermaid(picture).split("\n")[1] == ('title: "\\"a\\" & <b> #1; `c` [x](y) {z} |p| ]] --> 😀\\nend"'), (
        "a quoted YAML text on one line"
    )


# SVG


def rectangles(svg: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every box."""
    found = []
    for box in svg.iter(f"{SVG}rect"):
        if box.get("class") == "box":
            x, y, width, height = (float(box.get(name, "nan")) for name in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


def words_of(svg: ElementTree.Element) -> str:
    return " ".join(" ".join(each.text or "" for each in svg.iter(f"{SVG}text")).split())


def assert_readable(picture: Picture) -> None:
    """Every box and word is there, inside the picture, and no box lies upon another."""
    svg = ElementTree.fromstring(to_svg(picture))
    width, height = float(svg.get("width", "nan")), float(svg.get("height", "nan"))
    inside = [box for box in picture.boxes if box.look is not Look.ELSEWHERE]
    boxes = rectangles(svg)
    assert len(boxes) == len(inside)
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width and 0 <= top < bottom <= height
    for one, other in combinations(boxes, 2):
        apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
        assert apart, (one, other)
    words = words_of(svg)
    for said in (*(box.title for box in picture.boxes), *(line for box in inside for line in box.lines)):
        assert " ".join(said.split()) in words
    for arrow in picture.arrows:
        assert " ".join(arrow.label.split()) in words
    names = {box.id for box in inside}
    drawn = [path for path in svg.iter(f"{SVG}path") if path.get("marker-end")]
    assert len(drawn) == sum(arrow.end in names for arrow in picture.arrows)
    tips = {f"url(#{tip.get('id')})" for tip in svg.iter(f"{SVG}marker")}
    assert {path.get("marker-end") for path in drawn} <= tips
    assert not [path for path in drawn if "nan" in path.get("d", "nan")]


def test_svg_is_readable(script: Script) -> None:
    for dialog in script.dialogs:
        assert_readable(dialog_graph(script, dialog))
    assert_readable(script_graph(script))


def test_svg_of_nasty_words() -> None:
    """Markup is shown, not obeyed; what no XML may hold is left out."""
    assert_readable(nasty_picture())
    hidden = Picture("a\x00", (Box("a", "a\x0bb", ("c\ufffe\ud7ff",), Look.START),), ())
    assert words_of(ElementTree.fromstring(to_svg(hidden))) == "ab c\ud7ff"


def test_svg_of_very_long_words() -> None:
    """They are broken, so that they stay within their box."""
    long = "x" * 300
    svg = ElementTree.fromstring(to_svg(Picture("", (Box("a", "a", (long,), Look.START),), (Arrow("a", "a", long),))))
    assert max(len(each.text or "") for each in svg.iter(f"{SVG}text")) < 60


def test_svg_is_the_same_every_time(script: Script) -> None:
    assert to_svg(dialog_graph(script, "tired")) == to_svg(dialog_graph(script, "tired"))


def test_the_pictures_of_the_shipped_dialogs(shipped: Checked) -> None:
    """Each shipped dialog, the long ones too, in both formats."""
    script, _ = build_script(shipped.book)
    assert max(len(dialog.nodes) for dialog in script.dialogs.values()) >= 16
    for picture in (script_graph(script), *(dialog_graph(script, each) for each in script.dialogs)):
        assert_well_formed(picture)
        assert_readable(picture)


def test_every_choice_of_a_dialog_is_an_arrow(script: Script) -> None:
    for dialog in script.dialogs.values():
        labels = [arrow.label for arrow in dialog_graph(script, dialog.id).arrows]
        for node in dialog.nodes.values():
            if isinstance(node.onward, Choices):
                assert {choice.label.source for choice in node.onward.choices} <= set(labels)
