"""What is there to hear by: safety rules that do what their examples say, examples in their place, a fresh model."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.book import Book
from bot.authoring.examples import (
    HEARD,
    MODEL_FILE,
    NONE,
    Example,
    UnreadableExamples,
    all_examples,
    fingerprint,
    must_be_here,
    trained_on,
)
from bot.authoring.findings import Finding, Severity, meant
from bot.authoring.heard_shape import SafetyRuleShape
from bot.authoring.located import KeyPath, LocatedFile
from bot.authoring.safety_rules import SafetyRule, SafetyRules
from bot.engine.model import Kind, Script
from bot.texts.normalise import normalise

OF_HEARING = frozenset({"rule-example", "same-example", "stale-model"})
"""Errors that a release must not have, but no reason to keep a running bot from its new dialogs."""


def check_heard(book: Book, script: Script) -> Iterator[Finding]:
    """Every rule about hearing."""
    for language, (located, shape) in book.rules.items():
        for rule_id, rule in shape.rules.items():
            yield from _target(book, located, ("rules", rule_id, "opens"), rule.opens)
            yield from _examples_of(located, language, rule_id, rule)
    yield from _examples(book, script)


def _target(book: Book, located: LocatedFile, path: KeyPath, opens: str) -> Iterator[Finding]:
    dangers = [each.id for each in book.dialogs.values() if each.kind is Kind.SAFETY]
    if opens not in dangers and opens not in book.broken:
        message = f'There is no safety dialog "{opens}".{meant(opens, dangers)}'
        yield located.finding("unknown-target", path, message)


def _examples_of(located: LocatedFile, language: str, rule_id: str, shape: SafetyRuleShape) -> Iterator[Finding]:
    ear = SafetyRules([SafetyRule.of(rule_id, language, shape)])
    for key, examples, expected in (("for", shape.for_, True), ("against", shape.against, False)):
        for index, text in enumerate(examples):
            heard = ear.hear(normalise(text).split())
            if bool(heard) is not expected:
                got = f'"{heard[0].words}" is heard' if heard else "it is not"
                wanted = "should be heard" if expected else "should not be heard"
                message = f'In this example the rule "{rule_id}" {wanted}, but {got}.'
                yield located.finding("rule-example", ("rules", rule_id, key, index), message)


def _examples(book: Book, script: Script) -> Iterator[Finding]:
    folder = book.folder / HEARD
    model = folder / MODEL_FILE
    try:
        if model.exists():
            must_be_here(model, folder)
        examples = all_examples(folder, script)
    except UnreadableExamples as error:
        name = f"{book.name}/{HEARD}/{error.file}"
        yield Finding(name, error.line, 1, "unreadable-file", Severity.ERROR, error.reason)
        return
    written = [each for each in examples if each.file]
    yield from _strays(book, written)
    yield from _same(book, written)
    if not written:
        return
    if not model.exists():
        message = "No model was made of these examples yet; `python -m bot train` makes it."
        yield Finding(f"{book.name}/{HEARD}/{written[0].file}", 1, 1, "stale-model", Severity.ERROR, message)
    elif not book.broken and trained_on(model) != fingerprint(examples):
        message = "Examples or triggers have changed since this model was made; `python -m bot train` makes it anew."
        yield Finding(f"{book.name}/{HEARD}/{MODEL_FILE}", 1, 1, "stale-model", Severity.ERROR, message)


def _strays(book: Book, examples: list[Example]) -> Iterator[Finding]:
    for file, dialog in dict.fromkeys((each.file, each.dialog) for each in examples):
        if dialog != NONE and dialog not in book.known_ids:
            hint = meant(dialog, [*book.known_ids, NONE])
            message = f'Examples stand in a file named after their dialog; there is no dialog "{dialog}".{hint}'
            yield Finding(f"{book.name}/{HEARD}/{file}", 1, 1, "stray-file", Severity.ERROR, message)


def _same(book: Book, examples: list[Example]) -> Iterator[Finding]:
    """The same message cannot belong to two dialogs, and says nothing more when it stands there twice."""
    claimed: dict[tuple[str, str], Example] = {}
    for each in examples:
        words = normalise(each.text) or each.text
        first = claimed.setdefault((each.language, words), each)
        if first is not each:
            message = f"This message stands at {first.file}:{first.line} already; keep it in one place."
            name = f"{book.name}/{HEARD}/{each.file}"
            yield Finding(name, each.line, 1, "same-example", Severity.ERROR, message)
