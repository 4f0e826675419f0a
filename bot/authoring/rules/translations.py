"""The catalogs: every sentence translated, none fuzzy, none stale, the placeholders kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from bot.authoring.book import Book
from bot.authoring.extract import Sentence, dialog_sentences, phrase_sentences, service_sentences
from bot.authoring.findings import Finding, Severity
from bot.texts import SOURCE_LANGUAGE, CatalogError, Entry, keeps_placeholders, placeholders, read_catalog
from bot.texts.catalogs import catalog_paths

NOT_BLOCKING = frozenset(
    {"missing-translation", "fuzzy-translation", "translation-placeholder", "translation-too-long", "unknown-language"}
)
"""Errors that a release must not have, but with which a running bot is safe: parents read Dutch, or a long bubble."""

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


def check_translations(
    book: Book, locales: Path, name: str, read: Callable[[Path], list[Entry]] = read_catalog
) -> Iterator[Finding]:
    """Every rule about catalogs below ``locales``, which findings call ``name``; each is read by ``read``."""
    known = all_sentences(book)
    paths = catalog_paths(locales)
    yield from _languages(book, {SOURCE_LANGUAGE, *paths})
    for path in paths.values():
        file = f"{name}/{path.relative_to(locales).as_posix()}"
        try:
            entries = read(path)
        except CatalogError as error:
            message = f"This catalog cannot be used: {error.problem}. A gettext editor such as Poedit shows more."
            yield Finding(file, error.line, 1, "broken-catalog", Severity.ERROR, message)
            continue
        findings = _check_entries(entries, known, file)
        # While a file cannot be read, nobody knows what it says, and so what is said no more.
        yield from (each for each in findings if book.whole or each.code != "stale-translation")


def _languages(book: Book, known: set[str]) -> Iterator[Finding]:
    """A choice of a language that has no catalog would change nothing."""
    for file in book.dialogs.values():
        for name, node in file.shape.nodes.items():
            for choice_id, choice in (node.choices or {}).items():
                language = choice.set.language if choice.set else None
                if language is not None and language not in known:
                    message = f'There is no catalog for "{language}" in locales; parents would read Dutch.'
                    path = ("nodes", name, "choices", choice_id, "set", "language")
                    yield file.located.finding("unknown-language", path, message)


def _check_entries(entries: list[Entry], known: Known, file: str) -> Iterator[Finding]:
    translated: set[tuple[str, str]] = set()
    for entry in entries:
        if not isinstance(entry.id, str):
            if entry.id[0]:
                text = f'"{_short(entry.id[0])}" has plural forms, and no dialog has; run `make messages`.'
                yield Finding(file, entry.line, 1, "stale-translation", Severity.WARNING, text)
            continue
        key = (entry.context or "", entry.id)
        translated.add(key)
        yield from _check_entry(entry, known.get(key), file)
    missing = [key for key in known if key not in translated]
    if missing:
        context, source = missing[0]
        others = f" and {len(missing) - 1} more sentences" if len(missing) > 1 else ""
        text = f'"{_short(source)}" ({context}){others}: not in this catalog yet; run `make messages`, then translate.'
        yield Finding(file, 1, 1, "missing-translation", Severity.ERROR, text)


def _check_entry(entry: Entry, sentence: Sentence | None, file: str) -> Iterator[Finding]:
    line, source, said = entry.line, str(entry.id), str(entry.string or "")
    if sentence is None:
        text = f'"{_short(source)}" ({entry.context}) is said nowhere any more; run `make messages`.'
        yield Finding(file, line, 1, "stale-translation", Severity.WARNING, text)
    elif not said.strip():
        text = f'"{_short(source)}" ({entry.context}) has no translation; parents read Dutch here.'
        yield Finding(file, line, 1, "missing-translation", Severity.ERROR, text)
    elif entry.fuzzy:
        text = f'"{_short(source)}" ({entry.context}) is marked fuzzy; look at it and take the mark off.'
        yield Finding(file, line, 1, "fuzzy-translation", Severity.ERROR, text)
    elif not keeps_placeholders(source, said):
        wanted = ", ".join(f"{{{each}}}" for each in placeholders(source)) or "no words between braces"
        text = f'"{_short(source)}" ({entry.context}) has {wanted}; its translation has to have exactly the same.'
        yield Finding(file, line, 1, "translation-placeholder", Severity.ERROR, text)


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49]}…"
