"""The review packet: everything that is judged stands on it, nothing comes from elsewhere, and edits are noticed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.authoring.book import read_book
from bot.authoring.build import build_script
from bot.authoring.check import Checked
from bot.authoring.extract import dialog_sentences
from bot.authoring.review import fingerprint, review_packet
from bot.authoring.rules.translations import all_sentences
from bot.authoring.shape import DialogShape, LineShape
from tests.authoring.content import lay

TODAY = date(2026, 11, 23)
VOID = {"meta", "br", "img", "input", "link"}


class Reader(HTMLParser):
    """Notes open tags and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


@pytest.fixture(scope="module")
def page(shipped: Checked) -> str:
    """The packet of all dialogs."""
    assert shipped.script is not None
    return review_packet(shipped.book, shipped.script, shipped.book.dialogs, TODAY)


@pytest.fixture(scope="module")
def one(shipped: Checked) -> str:
    """The packet of one dialog."""
    assert shipped.script is not None
    return review_packet(shipped.book, shipped.script, ["crying"], TODAY)


def test_every_sentence_stands_on_it(page: str, shipped: Checked) -> None:
    """Whoever signs has seen every sentence and every button."""
    sentences = [each for file in shipped.book.dialogs.values() for each in dialog_sentences(file.shape)]
    assert len(sentences) > 1000
    assert [each.source for each in sentences if escape(each.source) not in page] == []


def test_all_that_is_translated_stands_on_it(page: str, shipped: Checked) -> None:
    """The fixed sentences, and what the directory says of a service, are read by parents as much as the dialogs are."""
    sentences = all_sentences(shipped.book)
    assert any(context.startswith("directory/") for context, _ in sentences)
    assert [(context, source) for context, source in sentences if escape(source) not in page] == []


def test_the_fixed_sentences_stand_on_the_page_of_one_dialog(one: str, shipped: Checked) -> None:
    """They come up in every dialog, so every page that is signed has them, with the services that they name."""
    assert one.count('class="dialog"') == one.count('class="fixed"') == 1
    fixed = one.partition('class="fixed"')[2]
    assert shipped.script is not None and len(shipped.script.phrases) > 50
    for key, text in shipped.script.phrases.items():
        assert f"<td><code>{key}</code></td><td>{escape(text.source)}</td>" in fixed
    assert "{listening_line}" in fixed and "<td>listening_line</td><td>be</td>" in fixed


def test_it_promises_no_more_than_it_holds(page: str, one: str) -> None:
    """A page of one dialog says that others are not on it; the page of all has nothing to say of that."""
    assert "alleen zinnen die hieronder staan" not in page + one
    assert "dat staat hier niet bij" in one and "dat staat hier niet bij" not in page


def test_a_service_is_printed_with_all_that_parents_read(page: str, shipped: Checked) -> None:
    """Its own note, and whether it is free and anonymous, in the words that parents read."""
    rows: dict[tuple[str, str], list[list[str]]] = {}
    for row in re.findall(r"<tr><td>(.*?)</td></tr>", page, re.DOTALL):
        cells = row.split("</td><td>")
        if len(cells) == 5:
            rows.setdefault((cells[1], cells[2]), []).append(cells[3].split("\n"))
    regions = [region.to_region() for _, region in shipped.book.regions.values()]
    services = [(region.id, each) for region in regions for each in region.services]
    assert {True, False} == {bool(each.note) for _, each in services} == {each.cost == "free" for _, each in services}
    for region, service in services:
        for told in rows[region, escape(service.name)]:
            costs = [line for line in told if line in ("gratis", "anoniem", "gratis, anoniem")]
            wanted = [
                word for word, holds in (("gratis", service.cost == "free"), ("anoniem", service.anonymous)) if holds
            ]
            assert costs == ([", ".join(wanted)] if wanted else [])
            assert service.note is None or told[-1] == escape(service.note)
            for way in service.ways:
                sign = {"whatsapp": f"WhatsApp {way.value}", "chat": f"chat op {way.value}"}.get(way.medium, way.value)
                assert any(line.startswith(escape(sign)) for line in told)


PACED = """\
  hello:
    say:
      - {paced: {frames: [{text: "Adem in", seconds: 4}], last: "Klaar"}, when: {time: night}}
      - {paced: {frames: [{text: "Adem uit", seconds: 4}], last: "Gedaan"}}
    signpost: [gp]
    go: goodbye
  goodbye: {say: ["Dag"], end: true}
"""


def test_a_paced_bubble_has_its_condition(tmp_path: Path) -> None:
    """What is breathed at night only is printed so; what has no condition gets none from its neighbour."""
    book = read_book(lay(tmp_path, PACED) / "dialogs", "dialogs")
    page = review_packet(book, build_script(book)[0], ["example"], TODAY)
    night = '<span class="when">&#x27;s nachts (22 tot 6 uur): </span>'
    assert f'{night}<p class="say">[1 keer] Adem in (4 s) → Klaar</p>' in page
    assert page.count(night) == 1 and "[1 keer] Adem uit (4 s) → Gedaan" in page


def test_an_end_has_the_buttons_that_parents_see(one: str, shipped: Checked) -> None:
    """The nearest topics, the message tomorrow and the menu stand under an end, as the bot puts them there."""
    assert shipped.script is not None
    dialogs = shipped.script.dialogs
    first, second, third = dialogs["crying"].related[:3]
    end = one.partition("[einde]")[2].partition("</article>")[0]
    for each in (first, second, "check_in"):
        assert f"{escape(dialogs[each].title.source)} <code>→ {each}</code>" in end
    assert "Naar het menu <code>→ menu</code>" in end and f"→ {third}" not in end


def test_a_dialog_that_comes_between_says_so(shipped: Checked) -> None:
    """Whoever signs `breathe` knows that a parent goes back from it; of another topic that is not said."""
    assert shipped.script is not None
    between = "terug naar waar die was"
    assert between in review_packet(shipped.book, shipped.script, ["breathe"], TODAY)
    assert between not in review_packet(shipped.book, shipped.script, ["crying"], TODAY)


def test_without_fixed_sentences_it_says_that_they_are_missing(shipped: Checked) -> None:
    """A page of a folder whose phrases cannot be read leaves them out aloud, and is whole."""
    assert shipped.script is not None
    book = replace(shipped.book, phrases=None)
    page = review_packet(book, replace(shipped.script, phrases={}), ["crying"], TODAY)
    assert "waren niet te lezen" in page
    reader = Reader()
    reader.feed(page)
    assert reader.open == []


def test_it_is_whole_and_self_contained(page: str) -> None:
    """Every tag is closed, and nothing is fetched from anywhere: it can be mailed, printed and kept."""
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert reader.addresses == []
    assert "url(" not in page.replace("url(#", "") and "@import" not in page and "<script" not in page


def test_each_dialog_has_its_state_its_services_and_a_place_to_sign(page: str, shipped: Checked) -> None:
    """Who reviewed it or that nobody did, the text it is about, and room for a name."""
    assert page.count('class="sign"') == len(shipped.book.dialogs)
    for file in shipped.book.dialogs.values():
        assert f"tekst <code>{fingerprint(file.shape)}</code>" in page
    assert "Zelfmoordlijn 1813" in page and "0800-0113" in page


def _changed(shape: DialogShape, **changes: object) -> DialogShape:
    return shape.model_copy(update=changes)


def test_the_fingerprint_changes_with_what_a_parent_reads(shipped: Checked) -> None:
    """A changed sentence, label or way makes a review outdated; a trigger or a note does not."""
    shape = shipped.book.dialogs["crying"].shape
    same = _changed(shape, triggers={"nl": ["iets anders"]}, sources=[], reviewed=None)
    assert fingerprint(same) == fingerprint(shape)
    hello = shape.nodes["hello"]
    assert fingerprint(_changed(shape, title="Anders")) != fingerprint(shape)
    other = hello.model_copy(update={"say": ["Iets anders."]})
    assert fingerprint(_changed(shape, nodes={**shape.nodes, "hello": other})) != fingerprint(shape)
    assert hello.choices is not None
    first, choice = next(iter(hello.choices.items()))
    relabelled = hello.model_copy(
        update={"choices": {**hello.choices, first: choice.model_copy(update={"label": "Iets anders"})}}
    )
    assert fingerprint(_changed(shape, nodes={**shape.nodes, "hello": relabelled})) != fingerprint(shape)
    noted = hello.model_copy(update={"note": "for translators"})
    assert fingerprint(_changed(shape, nodes={**shape.nodes, "hello": noted})) == fingerprint(shape)


@pytest.mark.parametrize(
    "changes", [{"related": ["sleep"]}, {"related": []}, {"aside": True}, {"check_in": True}], ids=str
)
def test_the_fingerprint_changes_with_what_an_end_offers(shipped: Checked, changes: dict[str, object]) -> None:
    """The buttons of other topics at the end, the message tomorrow, and where `return` leads are noticed too."""
    shape = shipped.book.dialogs["crying"].shape
    assert len(shape.related) > 1 and not shape.aside and not shape.check_in
    assert fingerprint(_changed(shape, **changes)) != fingerprint(shape)
    assert fingerprint(_changed(shape, related=shape.related[::-1])) != fingerprint(shape)


def test_the_fingerprint_changes_with_the_order_of_buttons_alone(shipped: Checked) -> None:
    """Buttons that change places are another screen; nodes that change places in the file are not."""
    shape = shipped.book.dialogs["crying"].shape
    hello = shape.nodes["hello"]
    assert hello.choices is not None and len(hello.choices) > 1
    turned = hello.model_copy(update={"choices": dict(reversed(hello.choices.items()))})
    assert fingerprint(_changed(shape, nodes={**shape.nodes, "hello": turned})) != fingerprint(shape)
    assert fingerprint(_changed(shape, nodes=dict(reversed(shape.nodes.items())))) == fingerprint(shape)


def test_a_note_for_translators_leaves_the_fingerprint(shipped: Checked) -> None:
    """Nobody has to sign again because a translator was told something about a sentence or a button."""
    shape = shipped.book.dialogs["crying"].shape
    hello = shape.nodes["hello"]
    assert isinstance(hello.say[0], str) and hello.choices
    lines = [LineShape.model_validate({"text": hello.say[0], "note": "said kindly"}), *hello.say[1:]]
    choices = {key: each.model_copy(update={"note": "short"}) for key, each in hello.choices.items()}
    noted = hello.model_copy(update={"say": lines, "choices": choices})
    assert fingerprint(_changed(shape, nodes={**shape.nodes, "hello": noted})) == fingerprint(shape)
    at_night = [LineShape.model_validate({"text": hello.say[0], "when": {"time": "night"}}), *hello.say[1:]]
    other = hello.model_copy(update={"say": at_night})
    assert fingerprint(_changed(shape, nodes={**shape.nodes, "hello": other})) != fingerprint(shape)
