"""The directory: every kind served in every region, facts checked lately and sure enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.authoring.book import Book
from bot.authoring.findings import Finding, Severity

MAX_AGE = timedelta(days=180)
"""A number or an opening hour that nobody looked at for longer is asked for again."""
UNSURE = "U"


def check_services(book: Book, today: date) -> Iterator[Finding]:
    """Every rule about services. ``today`` is compared with the day they were checked."""
    for region, (located, shape) in book.regions.items():
        if shape.region != region:
            message = f'This is the file of region "{region}", but it says "{shape.region}".'
            yield located.finding("wrong-name", ("region",), message)
        for kind in shape.to_region().unserved_kinds():
            message = f'No service here serves "{kind}"; dialogs may point to it in every region.'
            yield located.finding("kind-missing", ("services",), message, key=True)
        for service_id, service in shape.services.items():
            path = ("services", service_id)
            days = (today - service.checked).days
            if days < 0:
                message = f"{service.name} was checked on a day that is still to come; is the date right?"
                yield located.finding("unchecked-service", (*path, "checked"), message, severity=Severity.WARNING)
            if days > MAX_AGE.days:
                message = f"{service.name} was last checked {days} days ago; look it up again and renew the date."
                yield located.finding("unchecked-service", (*path, "checked"), message, severity=Severity.WARNING)
            if service.confidence == UNSURE:
                message = f"{service.name} is marked as unsure; confirm it or leave it out."
                yield located.finding("unsure-service", (*path, "confidence"), message, severity=Severity.WARNING)
