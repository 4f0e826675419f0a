"""How the dialogs speak: turns of phrase to avoid, long sentences, numbers and names; and exceptions beside a line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from bot.authoring.book import Book
from bot.authoring.findings import Finding, meant
from bot.authoring.hits import EXCUSABLE, Reading
from bot.authoring.located import KeyPath
from bot.authoring.rules.contacts import contacts
from bot.authoring.rules.reading import hard_dialogs, long_sentences
from bot.authoring.rules.tone import against_tone, examples_that_fail
from bot.authoring.said import TONE, Said, everything_said
from bot.texts import SOURCE_LANGUAGE, Texts

MATTERS_OF_STYLE = frozenset(
    {
        "wrong-tone",
        "tone-example",
        "unknown-rule",
        "unused-exception",
        "long-sentence",
        "hard-to-read",
        "number-in-text",
        "service-name-in-text",
    }
)
"""Errors that a release must not have, but no reason to keep a running bot from its new dialogs."""


def check_wording(book: Book, texts: Texts) -> Iterator[Finding]:
    """Every rule about words. What they look for stands in tone.yaml; without it nothing can be said."""
    if book.tone is None:
        return
    located, tone = book.tone
    reading = Reading(tuple(everything_said(book, texts)))
    yield from examples_that_fail(located, tone)
    yield from hard_dialogs(reading, tone)
    hits = chain(against_tone(reading, tone), long_sentences(reading, tone), contacts(book, reading, tone))
    known = {*tone.rules, *EXCUSABLE}
    used: set[tuple[str, KeyPath, str]] = set()
    broken_in_dutch: set[tuple[Said, str]] = set()
    for hit in hits:
        said = hit.said
        if hit.rule in said.exceptions:
            used.add((said.located.name, said.holder, hit.rule))
        elif (said, hit.rule) not in broken_in_dutch:  # the translations come after the mended Dutch
            if hit.language == SOURCE_LANGUAGE:
                broken_in_dutch.add((said, hit.rule))
            yield hit.finding()
    yield from _exceptions(reading, known, used)


def _exceptions(reading: Reading, known: set[str], used: set[tuple[str, KeyPath, str]]) -> Iterator[Finding]:
    """Exceptions that nothing needs, or that name no rule."""
    for said in reading.everything:
        for rule in said.exceptions:
            path = (*said.holder, TONE, rule)
            if rule not in known:
                message = f'There is no rule "{rule}" in tone.yaml.{meant(rule, known)}'
                yield said.located.finding("unknown-rule", path, message, key=True)
            elif (said.located.name, said.holder, rule) not in used:
                message = f'Nothing here goes against "{rule}" any more, in no language; take the exception away.'
                yield said.located.finding("unused-exception", path, message, key=True)
