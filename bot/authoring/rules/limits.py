"""What fits on a phone: bubbles, characters, choices, labels, bytes of a button; in every language and region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.authoring.book import Book
from bot.authoring.circumstances import circumstances_of
from bot.authoring.findings import Finding
from bot.authoring.located import KeyPath, LocatedFile
from bot.authoring.shape import NodeShape
from bot.directory.spoken import ServiceSpeaker
from bot.engine.buttons import MAX_BYTES, choice_token
from bot.engine.model import (
    MAX_BUBBLES,
    MAX_CHARACTERS,
    MAX_CHOICES,
    MAX_HOPS,
    MAX_LABEL,
    REGIONS,
    Ask,
    Choices,
    Dialog,
    Go,
    Kind,
    Node,
    Paced,
    Place,
    Script,
    Text,
)
from bot.engine.phrases import Phrase
from bot.texts import PLACEHOLDER, Texts

MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
MAX_COMMAND_DESCRIPTION = 256

_BRUSSELS = ZoneInfo("Europe/Brussels")
MOMENTS = (
    datetime(2026, 11, 24, 3, 10, tzinfo=_BRUSSELS),
    datetime(2026, 11, 25, 10, 0, tzinfo=_BRUSSELS),
    datetime(2026, 11, 28, 23, 30, tzinfo=_BRUSSELS),
    datetime(2026, 12, 25, 14, 0, tzinfo=_BRUSSELS),
)
"""A weeknight, a weekday, a weekend night and a public holiday: what services say differs most between these."""


def check_limits(book: Book, script: Script, texts: Texts, speaker: ServiceSpeaker | None) -> Iterator[Finding]:
    """Every rule about size. Without a directory (``speaker`` None) sentences with services are not measured."""
    for file in book.dialogs.values():
        dialog = script.dialogs[file.id]
        yield from _label(file.located, ("title",), dialog.title, texts)
        for name, node in dialog.nodes.items():
            shape = file.shape.nodes[name]
            yield from _bubble_lengths(file.located, name, shape, node, texts, speaker)
            yield from _buttons(file.located, dialog, name, node, texts)
            yield from _bubble_counts(file.located, script, dialog, node)
    yield from _phrases(book, script, texts)


def _bubble_lengths(
    located: LocatedFile,
    name: str,
    shape: NodeShape,
    node: Node,
    texts: Texts,
    speaker: ServiceSpeaker | None,
) -> Iterator[Finding]:
    for index, line in enumerate(node.lines):
        path: KeyPath = ("nodes", name, "say", index)
        said = (
            [*(frame.text for frame in line.content.frames), line.content.last]
            if isinstance(line.content, Paced)
            else [line.content]
        )
        for text in said:
            for language in texts.languages:
                length = _longest(text, language, texts, speaker)
                if length > MAX_CHARACTERS:
                    message = (
                        f"This bubble has {length} characters in {language!r}; at most {MAX_CHARACTERS}. "
                        "Split it over two bubbles or nodes."
                    )
                    yield located.finding("bubble-too-long", path, message)


def _longest(text: Text, language: str, texts: Texts, speaker: ServiceSpeaker | None) -> int:
    said = texts.say(language, text)
    kinds = PLACEHOLDER.findall(said)
    if not kinds or speaker is None:
        return len(said)
    bare = len(PLACEHOLDER.sub("", said))
    try:
        return bare + max(
            sum(len(speaker.inline(kind, region, language, at).text) for kind in kinds)
            for region in (None, *REGIONS)
            for at in MOMENTS
        )
    except (IndexError, LookupError):
        return bare  # the kind is unknown or unserved: another rule says so


def _label(located: LocatedFile, path: KeyPath, text: Text, texts: Texts) -> Iterator[Finding]:
    for language in texts.languages:
        said = texts.say(language, text)
        if len(said) > MAX_LABEL:
            message = f'"{said}" has {len(said)} characters in {language!r}; a button shows at most {MAX_LABEL}.'
            yield located.finding("label-too-long", path, message)


def _buttons(located: LocatedFile, dialog: Dialog, name: str, node: Node, texts: Texts) -> Iterator[Finding]:
    place = Place(dialog.id, name)
    match node.onward:
        case Choices(choices):
            labelled = [(("nodes", name, "choices", choice.id), choice) for choice in choices]
            for now in circumstances_of(dialog, node):
                shown = sum(now.allow(choice.when) for choice in choices)
                if shown > MAX_CHOICES:
                    message = (
                        f"{shown} choices; a parent sees at most {MAX_CHOICES} at once. Split them over two nodes."
                    )
                    yield located.finding("too-many-choices", ("nodes", name, "choices"), message, key=True)
                    break
                if not shown and choices:
                    message = f"By {now.time}, in region {now.region}, no choice is left here."
                    yield located.finding("no-way-on", ("nodes", name, "choices"), message, key=True)
                    break
        case Ask(skip=skip):
            labelled = [(("nodes", name, "ask", "skip"), skip)]
        case _:
            return
    for path, choice in labelled:
        yield from _label(located, (*path, "label"), choice.label, texts)
        size = len(choice_token(0, place, choice.id).encode())
        if size > MAX_BYTES:
            message = (
                f'The ids of this button take {size} bytes; at most {MAX_BYTES}. Shorten "{choice.id}" or "{name}".'
            )
            yield located.finding("button-too-big", path, message, key=True)


def _bubble_counts(located: LocatedFile, script: Script, dialog: Dialog, node: Node) -> Iterator[Finding]:
    """Bubbles in a row, along `go`, in every combination of circumstances."""
    chain = _chain(script, dialog, node)
    path: KeyPath = ("nodes", node.name)
    starts_topic = dialog.kind is Kind.TOPIC and node.name == dialog.start
    most = MAX_BUBBLES - 1 if starts_topic else MAX_BUBBLES
    for now in circumstances_of(dialog, *(each for each in chain)):
        count = sum(sum(now.allow(line.when) for line in each.lines) + bool(each.signpost) for each in chain)
        if count > most:
            why = " before which one line about the script may come" if starts_topic else ""
            message = f"{count} bubbles in a row; at most {most}{why} (a signpost is one, `go` adds the next node's)."
            yield located.finding("too-many-bubbles", path, message, key=True)
            return
        if count == 0:
            message = f'By {now.time}, in region {now.region}, "{node.name}" says nothing.'
            yield located.finding("nothing-said", path, message, key=True)
            return


def _chain(script: Script, dialog: Dialog, node: Node) -> list[Node]:
    """The nodes that are said in one turn. A chain that leaves the dialog is followed too."""
    chain = [node]
    while isinstance(chain[-1].onward, Go) and len(chain) <= MAX_HOPS:
        target = chain[-1].onward.target
        following = script.node(target) if isinstance(target, Place) else None
        if following is None or following in chain:
            break
        chain.append(following)
    return chain


def _phrases(book: Book, script: Script, texts: Texts) -> Iterator[Finding]:
    if book.phrases is None:
        return
    located = book.phrases[0]
    labels = {Phrase.HELP_NOW, Phrase.BACK, Phrase.TO_MENU, Phrase.GO_ON_HERE}
    for key, text in script.phrases.items():
        if key not in {phrase.value for phrase in Phrase}:
            continue
        most, code = MAX_CHARACTERS, "bubble-too-long"
        if key in labels:
            most, code = MAX_LABEL, "label-too-long"
        elif key == Phrase.BOT_DESCRIPTION:
            most = MAX_DESCRIPTION
        elif key == Phrase.BOT_SHORT_DESCRIPTION:
            most = MAX_SHORT_DESCRIPTION
        elif key.startswith("command_"):
            most = MAX_COMMAND_DESCRIPTION
        for language in texts.languages:
            length = len(texts.say(language, text))
            if length > most:
                message = f'"{key}" has {length} characters in {language!r}; at most {most}.'
                yield located.finding(code, ("phrases", key), message)
