"""Every sentence that is translated, with its context and the note for translators; also Babel's extractor.

One list for both: what Babel extracts is exactly what the script says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from bot.authoring.located import KeyPath, LocatedFile, locate
from bot.authoring.shape import DialogShape, LineShape, NodeShape, PacedShape, PhrasesShape
from bot.authoring.validate import validate
from bot.directory.shape import RegionFile

SERVICES = "directory"
PHRASES = "phrases"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One text for translators: the Dutch source, its context, where it stands, and what helps to translate it."""

    source: str
    context: str
    path: KeyPath
    note: str | None = None


def dialog_sentences(shape: DialogShape) -> Iterator[Sentence]:
    """Every text of a dialog, in reading order."""
    yield Sentence(shape.title, shape.dialog, ("title",), "Title of the dialog, also a button label.")
    for name, node in shape.nodes.items():
        yield from _node_sentences(f"{shape.dialog}/{name}", name, node)


def _node_sentences(context: str, name: str, node: NodeShape) -> Iterator[Sentence]:
    for index, say in enumerate(node.say):
        path: KeyPath = ("nodes", name, "say", index)
        if isinstance(say, LineShape):
            yield Sentence(say.text, context, (*path, "text"), _notes(node.note, say.note))
        elif isinstance(say, PacedShape):
            note = _notes(node.note, say.note)
            for number, frame in enumerate(say.paced.frames):
                yield Sentence(frame.text, context, (*path, "paced", "frames", number, "text"), note)
            yield Sentence(say.paced.last, context, (*path, "paced", "last"), note)
        else:
            yield Sentence(say, context, path, node.note)
    label = "Button label, at most 36 characters."
    for choice_id, choice in (node.choices or {}).items():
        path = ("nodes", name, "choices", choice_id, "label")
        yield Sentence(choice.label, context, path, _notes(label, choice.note))
    if node.ask is not None:
        yield Sentence(node.ask.skip.label, context, ("nodes", name, "ask", "skip", "label"), label)


def phrase_sentences(shape: PhrasesShape) -> Iterator[Sentence]:
    """Every fixed sentence."""
    for key, phrase in shape.phrases.items():
        context = f"{PHRASES}/{key}"
        if isinstance(phrase, str):
            yield Sentence(phrase, context, ("phrases", key))
        else:
            yield Sentence(phrase.text, context, ("phrases", key, "text"), phrase.note)


def service_sentences(shape: RegionFile) -> Iterator[Sentence]:
    """Every text of a region's services; proper names stay as they are."""
    seen: set[tuple[str, str]] = set()
    for service_id, text in shape.to_region().texts():
        if (service_id, text) not in seen:
            seen.add((service_id, text))
            yield Sentence(text, f"{SERVICES}/{service_id}", ("services", service_id))


def sentences_of_file(located: LocatedFile) -> list[Sentence]:
    """Every text of a dialog, phrases or directory file, told apart by its first key; nothing of other files."""
    data = located.data
    if not isinstance(data, dict):
        return []
    if "dialog" in data:
        dialog, _ = validate(located, DialogShape)
        return list(dialog_sentences(dialog)) if dialog else []
    if "phrases" in data:
        phrases, _ = validate(located, PhrasesShape)
        return list(phrase_sentences(phrases)) if phrases else []
    if "services" in data:
        region, _ = validate(located, RegionFile)
        return list(service_sentences(region)) if region else []
    return []


def _notes(*notes: str | None) -> str | None:
    return " ".join(note for note in notes if note) or None


def extract_dialog(
    fileobj: IO[bytes], keywords: Iterable[str], comment_tags: Iterable[str], options: dict[str, Any]
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Babel's extraction method for one YAML file: (line, ``pgettext``, (context, source), notes)."""
    located, _ = locate(fileobj.read(), "")
    if located is None:
        return
    for sentence in sentences_of_file(located):
        notes = [sentence.note] if sentence.note else []
        yield located.at(sentence.path).line, "pgettext", (sentence.context, sentence.source), notes
