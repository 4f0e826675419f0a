"""What a dialog names must exist: choices, sources, neighbours, kinds of service, phrases; and what a belief names."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.book import Book, DialogFile
from bot.authoring.extract import Sentence, dialog_sentences
from bot.authoring.findings import Finding, meant
from bot.authoring.located import KeyPath, LocatedFile
from bot.authoring.shape import LineShape, NodeShape, PacedShape, WhenShape
from bot.directory import KINDS
from bot.engine.model import REVIEWS, Kind, Script
from bot.engine.phrases import PLACEHOLDERS, Phrase
from bot.texts import PLACEHOLDER, has_loose_brace, placeholders
from bot.texts.normalise import normalise


def check_references(book: Book, script: Script) -> Iterator[Finding]:
    """Every rule about names."""
    for file in book.dialogs.values():
        yield from _sources(book, file)
        yield from _related(book, file)
        yield from _conditions(file)
        yield from _kinds(file)
    yield from _beliefs(book)
    yield from _phrases(book)
    yield from _same_triggers(book, script)


def _sources(book: Book, file: DialogFile) -> Iterator[Finding]:
    if book.sources is None:
        return
    known = book.sources[1].sources
    for index, source in enumerate(file.shape.sources):
        if source not in known:
            message = f'There is no source "{source}" in sources.yaml.{meant(source, known)}'
            yield file.located.finding("unknown-source", ("sources", index), message)


def _beliefs(book: Book) -> Iterator[Finding]:
    """Where a belief is said to be read, there is a node."""
    if book.sources is None:
        return
    located, shape = book.sources
    for key, held in (("beliefs", shape.beliefs), ("risks", shape.risks)):
        for name, belief in held.items():
            for index, place in enumerate(belief.nodes):
                dialog, _, node = place.partition("/")
                path: KeyPath = (key, name, "nodes", index)
                if dialog not in book.known_ids:
                    message = f'There is no dialog "{dialog}".{meant(dialog, book.known_ids)}'
                    yield located.finding("unknown-target", path, message)
                elif dialog in book.dialogs and node not in book.dialogs[dialog].shape.nodes:
                    known = book.dialogs[dialog].shape.nodes
                    message = f'There is no node "{node}" in {dialog}.{meant(node, known)}'
                    yield located.finding("unknown-target", path, message)


def _related(book: Book, file: DialogFile) -> Iterator[Finding]:
    for index, related in enumerate(file.shape.related):
        if related not in book.known_ids:
            message = f'There is no dialog "{related}".{meant(related, book.known_ids)}'
            yield file.located.finding("unknown-target", ("related", index), message)


def _conditions(file: DialogFile) -> Iterator[Finding]:
    known = {choice for node in file.shape.nodes.values() for choice in node.choices or {}}
    for path, when in _whens(file):
        if when.chosen is not None and when.chosen not in known:
            message = f'No choice of this dialog has the id "{when.chosen}".{meant(when.chosen, known)}'
            yield file.located.finding("unknown-choice", (*path, "chosen"), message)


def _whens(file: DialogFile) -> Iterator[tuple[KeyPath, WhenShape]]:
    for name, node in file.shape.nodes.items():
        for index, say in enumerate(node.say):
            if isinstance(say, LineShape | PacedShape) and say.when is not None:
                yield ("nodes", name, "say", index, "when"), say.when
        for choice_id, choice in (node.choices or {}).items():
            if choice.when is not None:
                yield ("nodes", name, "choices", choice_id, "when"), choice.when


def _kinds(file: DialogFile) -> Iterator[Finding]:
    for name, node in file.shape.nodes.items():
        for index, kind in enumerate(node.signpost or ()):
            if kind not in KINDS:
                message = f'There is no kind of service "{kind}".{meant(kind, KINDS)}'
                yield file.located.finding("unknown-kind", ("nodes", name, "signpost", index), message)
        for path, text in _sentences_of(name, node):
            yield from _placeholders(file.located, path, text)
    for sentence in dialog_sentences(file.shape):
        if "say" not in sentence.path or "paced" in sentence.path:
            yield from _no_placeholders(file.located, sentence)


def _sentences_of(name: str, node: NodeShape) -> Iterator[tuple[KeyPath, str]]:
    """Every sentence of a node into which services are put, with its place."""
    for index, say in enumerate(node.say):
        path: KeyPath = ("nodes", name, "say", index)
        if isinstance(say, LineShape):
            yield (*path, "text"), say.text
        elif isinstance(say, str):
            yield path, say


def _placeholders(located: LocatedFile, path: KeyPath, text: str) -> Iterator[Finding]:
    for kind in PLACEHOLDER.findall(text):
        if kind not in KINDS and kind != REVIEWS:
            message = f"{{{kind}}} is no kind of service.{meant(kind, KINDS)}"
            yield located.finding("unknown-kind", path, message)
    if has_loose_brace(text):
        message = "A brace stands alone here; braces are only for a kind of service, such as {listening_line}."
        yield located.finding("unknown-kind", path, message)


def _no_placeholders(located: LocatedFile, sentence: Sentence) -> Iterator[Finding]:
    if "{" in sentence.source or "}" in sentence.source:
        where = "a paced bubble" if "paced" in sentence.path else "a button or a title"
        message = f"Nothing is put in the place of braces in {where}: parents would read them. Use a plain sentence."
        yield located.finding("misplaced-kind", sentence.path, message)


def _phrases(book: Book) -> Iterator[Finding]:
    if book.phrases is None:
        return
    located, shape = book.phrases
    known = {phrase.value for phrase in Phrase}
    for key in sorted(known - set(shape.phrases)):
        yield located.finding(
            "missing-phrase", ("phrases",), f'The phrase "{key}" is missing; the bot says it. Write it here.', key=True
        )
    for key, phrase in shape.phrases.items():
        if key not in known:
            message = f'Nothing says the phrase "{key}".{meant(key, known)}'
            yield located.finding("unknown-phrase", ("phrases", key), message, key=True)
            continue
        text = phrase if isinstance(phrase, str) else phrase.text
        wanted = PLACEHOLDERS.get(Phrase(key), frozenset())
        if placeholders(text) != sorted(wanted) or has_loose_brace(text):
            shown = " and ".join(f"{{{name}}}" for name in sorted(wanted))
            holds = f"needs {shown}, once, and no other brace" if wanted else "has nothing to put between braces"
            message = f'The phrase "{key}" {holds}.'
            yield located.finding("phrase-placeholder", ("phrases", key), message)


def _same_triggers(book: Book, script: Script) -> Iterator[Finding]:
    """Two dialogs cannot claim the same words; within one dialog a repeated trigger only makes noise."""
    claimed: dict[str, tuple[str, LocatedFile, KeyPath]] = {}
    for file in sorted(book.dialogs.values(), key=lambda each: (each.kind is not Kind.SAFETY, each.id)):
        for language, triggers in file.shape.triggers.items():
            for index, trigger in enumerate(triggers):
                path: KeyPath = ("triggers", language, index)
                words = normalise(trigger)
                if not words:
                    yield file.located.finding("same-trigger", path, "This trigger has no words; nobody can type it.")
                    continue
                first = claimed.setdefault(words, (file.id, file.located, path))
                if first[0] != file.id:
                    line = first[1].at(first[2]).line
                    message = (
                        f'"{trigger}" leads to "{first[0]}" already ({first[1].name}:{line}); keep it in one of them.'
                    )
                    yield file.located.finding("same-trigger", path, message)
