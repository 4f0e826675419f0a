"""What holds for safety dialogs: a number in the first bubble, and no end without a person."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.book import Book
from bot.authoring.findings import Finding
from bot.authoring.rules.paths import points_to_people
from bot.engine.model import End, Kind, Script, Text
from bot.texts import PLACEHOLDER


def check_safety(book: Book, script: Script) -> Iterator[Finding]:
    """Every rule about safety dialogs."""
    for file in book.dialogs.values():
        dialog = script.dialogs[file.id]
        if dialog.kind is not Kind.SAFETY:
            continue
        start = dialog.nodes[dialog.start]
        first = start.lines[0] if start.lines else None
        text = first.content.source if first is not None and isinstance(first.content, Text) else ""
        if first is None or first.when or not PLACEHOLDER.search(text):
            message = (
                "The first bubble of a safety dialog says whom to call now, whatever the hour: "
                "give it a kind of service, such as {emergency}, and no condition."
            )
            yield file.located.finding("safety-first-bubble", ("nodes", dialog.start, "say", 0), message)
        for name, node in dialog.nodes.items():
            if isinstance(node.onward, End) and not points_to_people(node):
                message = f'"{name}" ends without a person; give it a signpost, or a {{kind}} of service.'
                yield file.located.finding("safety-end", ("nodes", name), message, key=True)
