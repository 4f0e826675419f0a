"""Every sentence of a content, once as Babel extracts it and once as the script says it."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from bot.authoring.book import Book
from bot.authoring.build import build_script
from bot.directory import Region
from bot.engine.model import Ask, Choices, Node, Paced, Script, Text

ROOT = Path(__file__).parents[2]
METHOD = "bot.authoring.extract:extract_dialog"

Message = tuple[str, str]
"""(context, source)"""


def mapping() -> tuple[list[tuple[str, str]], dict[str, dict[str, str]]]:
    """The methods and options of the repository's babel.cfg."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's, without types
    return methods, options


def extracted(folder: Path) -> dict[Message, tuple[str, int, tuple[str, ...]]]:
    """What Babel takes out of ``folder`` with the repository's babel.cfg: file, line and notes of each message."""
    methods, options = mapping()
    found: dict[Message, tuple[str, int, tuple[str, ...]]] = {}
    for name, line, source, notes, context in extract_from_dir(folder, methods, options):
        assert isinstance(source, str) and context is not None
        place = (Path(name).as_posix(), line, tuple(notes))
        earlier = found.setdefault((context, source), place)
        assert earlier[0] == place[0] or context.startswith("directory/")
    return found


def texts_of_node(node: Node) -> set[Text]:
    texts: set[Text] = set()
    for line in node.lines:
        if isinstance(line.content, Paced):
            texts |= {line.content.last, *(frame.text for frame in line.content.frames)}
        else:
            texts.add(line.content)
    if isinstance(node.onward, Choices):
        texts |= {choice.label for choice in node.onward.choices}
    if isinstance(node.onward, Ask):
        texts.add(node.onward.skip.label)
    return texts


def said(script: Script, regions: tuple[Region, ...]) -> set[Message]:
    """Everything that a parent can read, collected from the values themselves."""
    texts = {*script.phrases.values()}
    for dialog in script.dialogs.values():
        texts.add(dialog.title)
        for node in dialog.nodes.values():
            texts |= texts_of_node(node)
    services = {(f"directory/{service}", text) for region in regions for service, text in region.texts()}
    return {(text.context, text.source) for text in texts} | services


def same_sentences(book: Book, folder: Path, least: int) -> None:
    """What Babel extracts from ``folder`` is what its script and directory say: more than ``least`` sentences."""
    regions = tuple(shape.to_region() for _, shape in book.regions.values())
    expected = said(build_script(book)[0], regions)
    assert len(expected) > least
    assert set(extracted(folder)) == expected
