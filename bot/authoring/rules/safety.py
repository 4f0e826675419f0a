"""What holds for safety dialogs: a number in the first bubble, one question, and a person always near."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.book import Book, DialogFile
from bot.authoring.circumstances import circumstances_of
from bot.authoring.findings import Finding
from bot.authoring.rules.paths import points_to_people, targets_of
from bot.engine.model import Dialog, End, Kind, Node, Place, Script, Text
from bot.texts import PLACEHOLDER, SOURCE_LANGUAGE, Texts


def check_safety(book: Book, script: Script, texts: Texts) -> Iterator[Finding]:
    """Every rule about safety dialogs."""
    for file in book.dialogs.values():
        dialog = script.dialogs[file.id]
        if dialog.kind is not Kind.SAFETY:
            continue
        yield from _first_bubble(file, dialog)
        yield from _question(file, dialog, texts)
        for name, node in dialog.nodes.items():
            if isinstance(node.onward, End):
                if not points_to_people(node):
                    message = f'"{name}" ends without a person; give it a signpost, or a {{kind}} of service.'
                    yield file.located.finding("safety-end", ("nodes", name), message, key=True)
            elif not _near_people(book, script, Place(dialog.id, name), node):
                message = (
                    f'"{name}" names no person, and neither does any place that it leads to; '
                    "give it a signpost, a {kind} of service, or a choice that leads to one."
                )
                yield file.located.finding("safety-person", ("nodes", name), message, key=True)


def _first_bubble(file: DialogFile, dialog: Dialog) -> Iterator[Finding]:
    start = dialog.nodes[dialog.start]
    first = start.lines[0] if start.lines else None
    text = first.content.source if first is not None and isinstance(first.content, Text) else ""
    if first is None or first.when or not PLACEHOLDER.search(text):
        message = (
            "The first bubble of a safety dialog says whom to call now, whatever the hour: "
            "give it a kind of service, such as {emergency}, and no condition."
        )
        yield file.located.finding("safety-first-bubble", ("nodes", dialog.start, "say", 0), message)


def _question(file: DialogFile, dialog: Dialog, texts: Texts) -> Iterator[Finding]:
    """Exactly one direct question, in each language and all circumstances: the last sentence of the last bubble.

    A question mark within a bubble that goes on ("Does it look fine? Call all the same.") is a condition.
    """
    start = dialog.nodes[dialog.start]
    for language in texts.languages:
        for now in circumstances_of(dialog, start):
            shown = [line.content for line in start.lines if now.allow(line.when) and isinstance(line.content, Text)]
            asking = [said.rstrip().endswith("?") for said in (texts.say(language, each) for each in shown)]
            if asking and asking == [False] * (len(asking) - 1) + [True]:
                continue
            found = "none does" if not any(asking) else f"{sum(asking)} do" if sum(asking) > 1 else "another one does"
            where = "" if language == SOURCE_LANGUAGE else f"In {language!r}: "
            message = (
                f"{where}A safety dialog begins with one direct question: "
                f"the last bubble ends in it, and no other bubble does. Here {found}."
            )
            yield file.located.finding("safety-question", ("nodes", dialog.start, "say"), message, key=True)
            return


def _near_people(book: Book, script: Script, place: Place, node: Node) -> bool:
    """Whether a person is named here, or at one step from here. A way that could not be followed may lead there."""
    if points_to_people(node) or place in book.loose:
        return True
    following = [script.node(target) for target in targets_of(node) if isinstance(target, Place)]
    return any(each is not None and points_to_people(each) for each in following)
