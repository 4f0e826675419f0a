"""The review packet: everything that is judged stands on it, nothing comes from elsewhere, and edits are noticed."""

from __future__ import annotations

from datetime import date
from html import escape
from html.parser import HTMLParser

import pytest

from bot.authoring.check import Checked
from bot.authoring.extract import dialog_sentences
from bot.authoring.review import fingerprint, review_packet
from bot.authoring.shape import DialogShape, LineShape

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


def test_every_sentence_stands_on_it(page: str, shipped: Checked) -> None:
    """Whoever signs has seen every sentence and every button."""
    sentences = [each for file in shipped.book.dialogs.values() for each in dialog_sentences(file.shape)]
    assert len(sentences) > 1000
    assert [each.source for each in sentences if escape(each.source) not in page] == []


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
