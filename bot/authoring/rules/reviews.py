"""A review holds for the text that was reviewed: an edit after it makes it outdated, and that is said."""

from __future__ import annotations

from collections.abc import Iterator

from bot.authoring.book import Book
from bot.authoring.findings import Finding, Severity
from bot.authoring.review import fingerprint


def check_reviews(book: Book) -> Iterator[Finding]:
    """Every rule about reviews."""
    for file in book.dialogs.values():
        reviewed = file.shape.reviewed
        if reviewed is None:
            continue
        present = fingerprint(file.shape)
        if reviewed.text is None:
            message = f"Which text did {reviewed.by} review? If it is the present one, add `text: {present}`."
            yield file.located.finding("review-without-text", ("reviewed",), message)
        elif reviewed.text != present:
            message = (
                f"The dialog was changed after {reviewed.by} reviewed it on {reviewed.on}. Ask for a new review "
                f"(the present text is {present}), or write `reviewed: null`."
            )
            yield file.located.finding("outdated-review", ("reviewed",), message, severity=Severity.WARNING)
