"""What dialogs share, on the review packet: the services they point to, and the fixed sentences around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from bot.authoring.book import Book
from bot.authoring.extract import phrase_sentences
from bot.directory.model import Region, Service, Way
from bot.engine.model import Script, Text
from bot.engine.phrases import Phrase
from bot.texts import PLACEHOLDER


def service_table(book: Book, phrases: Mapping[str, Text], kinds: Iterable[str]) -> Iterator[str]:
    """Every service of these kinds in every region, with all that a parent can read of it; nothing where there is none.

    ``kinds`` may name other things too, such as ``moment``. ``phrases`` are the fixed sentences of the script: parents
    read in them that a service is free.
    """
    regions = [region_file.to_region() for _, region_file in book.regions.values()]
    rows = [
        _service(phrases, kind, region, service)
        for kind in dict.fromkeys(kinds)
        for region in regions
        for service in region.services
        if kind in service.kinds
    ]
    if not rows:
        return
    yield "<h3>Diensten waar dit naar wijst</h3><table><tr><th>soort</th><th>waar</th><th>dienst</th>"
    yield "<th>hoe en wanneer, en wat erbij staat</th><th>nagekeken, zekerheid</th></tr>"
    yield from rows
    yield "</table>"


def _service(phrases: Mapping[str, Text], kind: str, region: Region, service: Service) -> str:
    told = [_way(phrases, way) for way in service.ways]
    extras = [_phrase(phrases, Phrase.FREE)] if service.cost == "free" else []
    extras += [_phrase(phrases, Phrase.ANONYMOUS)] if service.anonymous else []
    told += [part for part in (", ".join(extras), service.note) if part]
    cells = (kind, region.id, service.name, "\n".join(told), f"{service.checked}, {service.confidence}")
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _way(phrases: Mapping[str, Text], way: Way) -> str:
    value = way.value
    if way.medium == "whatsapp":
        value = f"WhatsApp {value}"
    elif way.medium == "chat":
        value = _phrase(phrases, Phrase.CHAT).replace("{address}", value)
    hours = _phrase(phrases, Phrase.OFFICE_HOURS) if way.office_hours else way.hours
    return " · ".join(part for part in (value, hours, way.note) if part)


def _phrase(phrases: Mapping[str, Text], phrase: Phrase) -> str:
    """The words of ``phrase``; its name while there are none."""
    return phrases[phrase].source if phrase in phrases else phrase.value


def fixed_sentences(book: Book, script: Script) -> Iterator[str]:
    """The section of everything that is said around the dialogs, with the services that it points to."""
    yield '<section class="fixed"><h2>Vaste zinnen en knoppen</h2>'
    if book.phrases is None:
        yield '<p class="state">Deze zinnen waren niet te lezen, en staan hier dus niet.</p></section>'
        return
    yield "<p>Deze zinnen en knoppen horen bij geen enkel gesprek en kunnen bij elk gesprek komen. Een accolade staat "
    yield "voor wat op dat moment geldt: een dienst, een dag, een titel. De toelichting is voor vertalers, en in het "
    yield "Engels.</p><table><tr><th>naam</th><th>zin of knop</th><th>toelichting</th></tr>"
    sentences = list(phrase_sentences(book.phrases[1]))
    for each in sentences:
        yield f"<tr><td><code>{escape(str(each.path[1]))}</code></td><td>{escape(each.source)}</td>"
        yield f'<td lang="en">{escape(each.note or "")}</td></tr>'
    yield "</table>"
    named = (kind for each in sentences for kind in PLACEHOLDER.findall(each.source))
    yield from service_table(book, script.phrases, named)
    yield "</section>"
