"""The catalogs: every sentence translated, none fuzzy, none stale, the placeholders kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from bot.authoring.book import Book
from bot.authoring.extract import Sentence, dialog_sentences, phrase_sentences, service_sentences
from bot.authoring.findings import Finding, Severity
from bot.texts import CatalogError, placeholders, read_catalog
from bot.texts.catalogs import catalog_paths

NOT_BLOCKING = frozenset({"untranslated", "fuzzy-translation", "translation-placeholder"})
"""Errors that a release must not have, but with which a running bot is safe: parents read the Dutch sentence."""

Known = dict[tuple[str, str], Sentence]


def all_sentences(book: Book) -> Known:
    """Every sentence that is translated, by (context, source)."""
    found: list[Sentence] = []
    for file in book.dialogs.values():
        found.extend(dialog_sentences(file.shape))
    if book.phrases is not None:
        found.extend(phrase_sentences(book.phrases[1]))
    for _, region in book.regions.values():
        found.extend(service_sentences(region))
    known: Known = {}
    for sentence in found:
        known.setdefault((sentence.context, sentence.source), sentence)
    return known


def check_translations(book: Book, locales: Path, name: str) -> Iterator[Finding]:
    """Every rule about catalogs below ``locales``, which findings call ``name``."""
    known = all_sentences(book)
    for language, path in catalog_paths(locales).items():
        file = f"{name}/{path.relative_to(locales).as_posix()}"
        try:
            catalog = read_catalog(path)
        except CatalogError as error:
            yield Finding(file, 1, 1, "broken-catalog", Severity.ERROR, str(error).replace(str(path), file))
            continue
        yield from _check_catalog(catalog, known, language, file)


def _check_catalog(catalog: Catalog, known: Known, language: str, file: str) -> Iterator[Finding]:
    translated: set[tuple[str, str]] = set()
    for message in catalog:
        if not isinstance(message.id, str) or not message.id:
            continue
        key = (message.context or "", message.id)
        translated.add(key)
        yield from _check_message(message, known.get(key), language, file)
    for context, source in known.keys() - translated:
        text = f'"{_short(source)}" ({context}) is not in this catalog; run `make messages` and translate it.'
        yield Finding(file, 1, 1, "untranslated", Severity.ERROR, text)


def _check_message(message: Message, sentence: Sentence | None, language: str, file: str) -> Iterator[Finding]:
    line = message.lineno or 1
    source, said = str(message.id), str(message.string or "")
    if sentence is None:
        text = f'"{_short(source)}" ({message.context}) is said nowhere any more; run `make messages`.'
        yield Finding(file, line, 1, "stale-translation", Severity.WARNING, text)
    elif not said.strip():
        text = f'"{_short(source)}" ({message.context}) has no translation; parents read Dutch here.'
        yield Finding(file, line, 1, "untranslated", Severity.ERROR, text)
    elif message.fuzzy:
        text = f'"{_short(source)}" ({message.context}) is marked fuzzy; look at it and take the mark off.'
        yield Finding(file, line, 1, "fuzzy-translation", Severity.ERROR, text)
    elif placeholders(source) != placeholders(said):
        wanted = ", ".join(f"{{{each}}}" for each in placeholders(source)) or "none"
        text = f'The placeholders of "{_short(source)}" ({message.context}) are {wanted}; the translation differs.'
        yield Finding(file, line, 1, "translation-placeholder", Severity.ERROR, text)


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49]}…"
