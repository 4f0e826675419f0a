"""Everything at once: read the dialogs, build the script, apply every rule. Collects all findings, raises nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from bot.authoring.book import Book, read_book
from bot.authoring.build import build_script
from bot.authoring.findings import Finding, Severity
from bot.authoring.remembering import RememberingDirectory, RememberingSpeaker
from bot.authoring.rules.heard import OF_HEARING, check_heard
from bot.authoring.rules.limits import check_limits
from bot.authoring.rules.paths import check_paths
from bot.authoring.rules.references import check_references
from bot.authoring.rules.reviews import check_reviews
from bot.authoring.rules.safety import check_safety
from bot.authoring.rules.services import check_services
from bot.authoring.rules.translations import NOT_BLOCKING, check_translations
from bot.authoring.rules.wording import MATTERS_OF_STYLE, check_wording
from bot.authoring.safety_rules import SafetyRules
from bot.directory import Directory
from bot.engine.model import REGIONS, Script
from bot.engine.phrases import Phrase
from bot.texts import CatalogError, Entry, Texts, load_texts, read_catalog


@dataclass(frozen=True, slots=True)
class Checked:
    """What came out of a check.

    ``script`` and what goes with it are None while an error keeps the dialogs from being used. A missing
    translation does not: parents read the Dutch sentence then.
    """

    book: Book
    findings: tuple[Finding, ...]
    script: Script | None
    directory: Directory | None
    texts: Texts | None
    rules: SafetyRules


def check(
    dialogs: Path, locales: Path, today: date, *, dialogs_name: str = "dialogs", locales_name: str = "locales"
) -> Checked:
    """Check a dialogs folder with its catalogs. ``today`` tells how old the directory's facts are.

    The names are what findings call the two folders.
    """
    book = read_book(dialogs, dialogs_name)
    script, findings = build_script(book)
    read = cache(read_catalog)  # once for the texts, once for the rules about them
    texts = _texts(locales, read)
    directory = _directory(book)
    findings.extend(check_paths(book, script))
    findings.extend(check_references(book, script))
    findings.extend(check_safety(book, script, texts))
    findings.extend(check_services(book, today))
    findings.extend(check_wording(book, texts))
    findings.extend(check_reviews(book))
    findings.extend(check_heard(book, script))
    findings.extend(check_translations(book, locales, locales_name, read))
    complete = all(phrase.value in script.phrases for phrase in Phrase) and not any(
        finding.code == "phrase-placeholder" for finding in findings
    )
    speaker = (
        RememberingSpeaker(RememberingDirectory(directory.regions), texts, script.phrases)
        if directory is not None and complete
        else None
    )
    findings.extend(check_limits(book, script, texts, speaker))
    found = tuple(sorted(dict.fromkeys([*book.findings, *findings])))
    rules = SafetyRules.of({language: shape.rules for language, (_, shape) in book.rules.items()})
    if blocking(found):
        return Checked(book, found, None, None, None, rules)
    return Checked(book, found, script, directory, texts, rules)


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that keep the dialogs from being used."""
    harmless = NOT_BLOCKING | MATTERS_OF_STYLE | OF_HEARING
    return [each for each in findings if each.severity is Severity.ERROR and each.code not in harmless]


def _texts(locales: Path, read: Callable[[Path], list[Entry]]) -> Texts:
    try:
        return load_texts(locales, read)
    except CatalogError:
        return Texts({})  # check_translations says which catalog is broken, and where


def _directory(book: Book) -> Directory | None:
    if {shape.region for _, shape in book.regions.values()} != set(REGIONS):
        return None
    return Directory(tuple(book.regions[region][1].to_region() for region in REGIONS))
