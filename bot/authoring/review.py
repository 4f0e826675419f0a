"""The review packet: one self-contained, printable HTML page with everything a professional needs to judge a dialog.

Every sentence with its conditions, where every button leads, the picture, the sources, the services with their
numbers, who reviewed it and when, and space to sign; at the end the fixed sentences around the dialogs. Written in
Dutch, for it is read by Dutch-speaking professionals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

from bot.authoring.book import Book, DialogFile
from bot.authoring.review_shared import fixed_sentences, service_table
from bot.authoring.shape import ChoiceShape, DialogShape, LineShape, NodeShape, PacedShape, SayShape, WhenShape
from bot.engine.model import CHECK_IN, Script
from bot.engine.phrases import Phrase
from bot.texts import PLACEHOLDER

if TYPE_CHECKING:
    from bot.authoring.graph import Picture

FINGERPRINT_SIGNS = 12

_KINDS = {"topic": "onderwerp", "safety": "veiligheid", "menu": "menu", "command": "vaste knop"}
_CIRCUMSTANCES = {
    "day": "overdag",
    "night": "'s nachts (22 tot 6 uur)",
    "be": "in België",
    "nl": "in Nederland",
    "elsewhere": "elders",
}
_STYLE = """
@page { margin: 16mm 14mm }
body { font: 11pt/1.45 Georgia, serif; color: #1c1c1c; max-width: 46rem; margin: 2rem auto }
h1, h2, h3 { font-family: system-ui, sans-serif; line-height: 1.2 }
h1 { font-size: 1.6rem } h2 { font-size: 1.25rem } h3 { font-size: 1rem; margin: 1.4rem 0 .3rem }
section { break-before: page } article, tr { break-inside: avoid }
.say { margin: .2rem 0; padding: .35rem .7rem; background: #f6f2ea; border-radius: .7rem; white-space: pre-line }
.when { font: italic 9.5pt system-ui, sans-serif; color: #6a4a00 }
ul { margin: .2rem 0; padding-left: 1.2rem } .choices li { list-style: "▸ " }
code { font: 9.5pt ui-monospace, monospace; color: #444 }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt }
td, th { border: 1px solid #bbb; padding: .25rem .4rem; text-align: left; vertical-align: top; white-space: pre-line }
.sign td { height: 3rem } .state { padding: .4rem .7rem; border: 1px solid #b55 }
figure { margin: 1rem 0 } figure svg { width: 100%; height: auto }
.note { border-bottom: 1px dotted #999; height: 1.3rem }
"""


def fingerprint(shape: DialogShape) -> str:
    """Twelve signs that change with everything of the dialog's own that a parent could notice.

    Those are its sentences, buttons and their order, ways, waits and services, what its end offers, and where it leads
    back to. Fixed sentences, the titles of other dialogs and the services' numbers stand in files of their own.
    """
    seen = {
        "title": shape.title,
        "start": shape.start,
        "related": shape.related,
        "aside": bool(shape.aside),
        "check_in": bool(shape.check_in),
        "nodes": {name: _noticed(node) for name, node in shape.nodes.items()},
    }
    text = json.dumps(seen, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:FINGERPRINT_SIGNS]


def _noticed(node: NodeShape) -> dict[str, Any]:
    """A node without what only translators read. Its buttons keep their order, which nodes themselves need not.

    What is not set is left out, so that a key that dialogs learn later does not make every review outdated.
    """
    seen = node.model_dump(mode="json", exclude={"note"}, exclude_none=True)
    lines = [{"text": each} if isinstance(each, str) else each for each in seen["say"]]
    for part in (*lines, *seen.get("choices", {}).values()):
        part.pop("note", None)
    return seen | {"say": lines, "order": list(node.choices or ())}


def review_packet(book: Book, script: Script, dialog_ids: Iterable[str], today: date) -> str:
    """The HTML page for these dialogs. Raises KeyError for an id that is not in the book."""
    files = [book.dialogs[dialog_id] for dialog_id in dialog_ids]
    return "\n".join(
        (
            '<!doctype html>\n<html lang="nl">\n<head><meta charset="utf-8">',
            f"<title>Keukentafel, nalezen {today}</title>",
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>',
            "<body>",
            *_introduction(book, files, today),
            *(part for file in files for part in _dialog(book, script, file)),
            *fixed_sentences(book, script),
            "</body></html>",
        )
    )


def _introduction(book: Book, files: list[DialogFile], today: date) -> Iterator[str]:
    these = "dit gesprek" if len(files) == 1 else "deze gesprekken"
    yield f"<h1>Keukentafel: teksten om na te lezen</h1><p>Afgedrukt op {today}. Dit is een script: een ouder leest "
    yield "alleen zinnen die vooraf vastliggen, en soms een eigen notitie terug. De knoppen bepalen de volgorde. "
    yield f"Hieronder staan alle zinnen van {these}, de diensten waar ze naar wijzen, en achteraan de vaste zinnen die "
    yield "bij elk gesprek kunnen komen. "
    if len(files) < len(book.dialogs):
        yield "Een knop of getypte woorden kunnen ook naar een ander gesprek leiden; dat staat hier niet bij. "
    yield "Op elk scherm staat ook ‘Hulp nu’.</p><p>Een accolade, zoals <code>{suicide_line}</code>, wordt vervangen "
    yield "door de dienst die dan het best te bereiken is, met wanneer die open is; <code>{reviews}</code> door wie er "
    yield "al nagelezen heeft. De code achter ‘tekst’ verandert met het gesprek zelf, niet met de diensten of de vaste "
    yield "zinnen. Schrijf gerust in de kantlijn; wat niet klopt, wordt aangepast.</p>"
    if len(files) > 1:
        rows = (f"<li>{escape(file.shape.title)} <code>{file.id}</code>: {_state(file)}</li>" for file in files)
        yield f"<ul>{''.join(rows)}</ul>"


def _state(file: DialogFile) -> str:
    reviewed = file.shape.reviewed
    if reviewed is None:
        return "nog niet nagelezen"
    changed = "" if reviewed.text == fingerprint(file.shape) else "; sindsdien veranderd"
    return f"nagelezen door {escape(reviewed.by)} op {reviewed.on}{changed}"


def _dialog(book: Book, script: Script, file: DialogFile) -> Iterator[str]:
    from bot.authoring.graph import dialog_graph  # here: `check` needs the fingerprints, and nothing that draws
    from bot.authoring.svg import to_svg

    shape = file.shape
    yield f'<section class="dialog"><h2>{escape(shape.title)}</h2>'
    yield f"<p><code>{file.id}</code> · {_KINDS[file.kind.value]} · tekst <code>{fingerprint(shape)}</code></p>"
    if shape.aside:
        yield "<p>Komt dit tussen een ander gesprek, dan kan de ouder daarna terug naar waar die was.</p>"
    yield f'<p class="state">{_state(file)}</p>'
    yield from _sources(book, shape)
    yield f"<figure>{to_svg(_outline(dialog_graph(script, file.id)))}</figure>"
    for name, node in shape.nodes.items():
        yield from _node(script, file, name, node)
    yield from service_table(book, script.phrases, (kind for node in shape.nodes.values() for kind in _kinds(node)))
    yield from _signing()
    yield "</section>"


def _outline(picture: Picture) -> Picture:
    """The picture without its sentences: they stand below, and the ways stay readable on paper."""
    return replace(picture, boxes=tuple(replace(box, lines=()) for box in picture.boxes))


def _sources(book: Book, shape: DialogShape) -> Iterator[str]:
    if not shape.sources or book.sources is None:
        return
    yield "<h3>Bronnen</h3><ul>"
    for source_id in shape.sources:
        source = book.sources[1].sources.get(source_id)
        if source is not None:
            parts = (source.author, source.title, source.publisher, source.year, source.note)
            yield f"<li>{escape('. '.join(str(part) for part in parts if part))}</li>"
    yield "</ul>"


def _node(script: Script, file: DialogFile, name: str, node: NodeShape) -> Iterator[str]:
    shape = file.shape
    yield f"<article><h3>{escape(name)}</h3>"
    for say in node.say:
        yield from _say(shape, say)
    if node.signpost:
        yield f'<p class="say">[wegwijzer: {escape(", ".join(node.signpost))}]</p>'
    if node.choices:
        rows = "".join(_choice(shape, choice) for choice in node.choices.values())
        yield f'<ul class="choices">{rows}</ul>'
    elif node.ask is not None:
        yield f"<p>[de ouder kan hier iets schrijven, en gaat dan naar <code>{escape(node.ask.go)}</code>] "
        yield f"▸ {escape(node.ask.skip.label)} <code>{escape(node.ask.skip.go)}</code></p>"
    elif node.go is not None:
        yield f"<p>meteen door naar <code>{escape(node.go)}</code></p>"
    else:
        yield f'<p>[einde]</p><ul class="choices">{"".join(_ending(script, file.id))}</ul>'
    yield '<p class="note"></p></article>'


def _ending(script: Script, dialog_id: str) -> Iterator[str]:
    """The buttons that the bot itself puts under an end."""
    from bot.engine.moves import NEIGHBOURS  # here, as above: `check` needs no moves

    dialog = script.dialogs[dialog_id]
    near = [each for each in dialog.related if each in script.dialogs][:NEIGHBOURS]
    for each in near:
        yield f"<li>{escape(script.dialogs[each].title.source)} <code>→ {escape(each)}</code></li>"
    if dialog.offers_check_in and CHECK_IN in script.dialogs:
        yield '<li><span class="when">als er nog geen berichtje gevraagd is: </span>'
        yield f"{escape(script.dialogs[CHECK_IN].title.source)} <code>→ {CHECK_IN}</code></li>"
    if Phrase.TO_MENU in script.phrases:
        yield f"<li>{escape(script.phrases[Phrase.TO_MENU].source)} <code>→ menu</code></li>"


def _say(shape: DialogShape, say: SayShape) -> Iterator[str]:
    when = "" if isinstance(say, str) else _when(shape, say.when)
    if isinstance(say, PacedShape):
        frames = " → ".join(f"{frame.text} ({frame.seconds:g} s)" for frame in say.paced.frames)
        text = f"[{say.paced.rounds} keer] {frames} → {say.paced.last}"
    else:
        text = say.text if isinstance(say, LineShape) else say
    yield f'{when}<p class="say">{escape(text)}</p>'


def _choice(shape: DialogShape, choice: ChoiceShape) -> str:
    return f"<li>{_when(shape, choice.when)}{escape(choice.label)} <code>→ {escape(choice.go)}</code></li>"


def _when(shape: DialogShape, when: WhenShape | None) -> str:
    if when is None:
        return ""
    parts = [_CIRCUMSTANCES[part] for part in (when.time, when.region) if part is not None]
    if when.chosen is not None:
        labels = {key: choice.label for node in shape.nodes.values() for key, choice in (node.choices or {}).items()}
        parts.append(f"na ‘{labels.get(when.chosen, when.chosen)}’")
    return f'<span class="when">{escape(", ".join(parts))}: </span>'


def _kinds(node: NodeShape) -> Iterator[str]:
    yield from node.signpost or ()
    for say in node.say:
        text = say if isinstance(say, str) else say.text if isinstance(say, LineShape) else ""
        yield from PLACEHOLDER.findall(text)


def _signing() -> Iterator[str]:
    yield '<h3>Nagelezen</h3><table class="sign"><tr><th>naam en functie</th><th>datum</th><th>akkoord, of met '
    yield "deze opmerkingen</th><th>handtekening</th></tr><tr><td></td><td></td><td></td><td></td></tr></table>"
