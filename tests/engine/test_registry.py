"""Nothing is left out: each kind of event, reply, button and incoming thing is met, and each phrase has its use."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from bot.conversation.companion import Companion
from bot.conversation.incoming import CheckInDue, Commanded, Incoming, SentOther, Tapped, Typed
from bot.engine import buttons
from bot.engine.events import NOTHING_HEARD, Command, Due, Event, Said, Sent, Tap
from bot.engine.model import Place
from bot.engine.phrases import PLACEHOLDERS, Phrase
from bot.engine.replies import Reply
from bot.engine.session import Session
from tests.engine.parent import NOON, at

BOT = Path(__file__).parents[2] / "bot"

EVENTS: list[Event] = [
    Tap(NOON, "00:soup/hello/hot"),
    Said(NOON, NOTHING_HEARD),
    Command(NOON, "menu"),
    Sent(NOON),
    Due(NOON),
]
MEANINGS = {
    buttons.Chosen: "00:soup/hot/fire",
    buttons.Open: "zz:!open/soup",
    buttons.Back: "a0:!back",
    buttons.Here: "0a:!here",
    buttons.Else: "0a:!else",
    buttons.Speak: "00:!speak/en/safety_suicide",
    buttons.ShowNote: "00:!note/7",
    buttons.DropNotes: "00:!dropped/all",
    buttons.Strange: "00:!hier",
}
INCOMING: list[Incoming] = [Tapped("00:!back"), Typed("hallo"), Commanded("menu"), SentOther(), CheckInDue()]


def test_each_kind_of_event_is_answered() -> None:
    """The engine takes every kind of event there is."""
    assert {type(event) for event in EVENTS} == set(get_args(Event))
    for event in EVENTS:
        assert at("soup/hello").does(event).replies


def test_each_kind_of_reply_is_given() -> None:
    """Some turn gives each kind of reply there is."""
    given: set[type[Reply]] = set()
    for place, choices in {
        "soup/hello": ["who"],
        "soup/write": [],
        "pause/hello": ["deeper"],
        "forget/hello": ["forget"],
    }.items():
        parent = at(place)
        given |= {type(reply) for reply in (*parent.turn.replies, *parent.taps(*choices).replies)}
    keeps = at("good_moment/keep")
    keeps.says()
    given |= {type(reply) for command in ("gegevens", "terugblik") for reply in keeps.commands(command).replies}
    assert given == set(get_args(Reply))


@pytest.mark.parametrize(("meaning", "token"), MEANINGS.items(), ids=[each.__name__ for each in MEANINGS])
def test_each_meaning_of_a_button(meaning: type[buttons.Meaning], token: str) -> None:
    """Each meaning that a button can have is read from some token."""
    assert set(MEANINGS) == set(get_args(buttons.Meaning))
    assert type(buttons.read_token(token)) is meaning


def test_each_incoming_thing_is_answered(companion: Companion) -> None:
    """The companion answers everything that a channel can hand over, in the shipped dialogs, in every language."""
    assert {type(incoming) for incoming in INCOMING} == set(get_args(Incoming))
    for language in companion.texts.languages:
        for place in (None, Place("exhausted", "hello"), Place("safety_suicide", "hello")):
            for incoming in INCOMING:
                answer = companion.answer(Session(place=place, language=language), incoming, NOON)
                assert answer.bubbles and answer.keyboard


def test_each_phrase_has_its_use() -> None:
    """A phrase that no code speaks of is one that parents never read and translators translate in vain."""
    used = {
        node.attr
        for path in BOT.rglob("*.py")
        if path.name != "phrases.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Phrase"
    }
    assert used == {phrase.name for phrase in Phrase}


def test_each_phrase_with_placeholders_is_said_with_them(companion: Companion) -> None:
    """The phrases as they are written hold the placeholders that the code fills, in every language."""
    for phrase in Phrase:
        for language in companion.texts.languages:
            said = companion.phrase(phrase, language)
            for name in PLACEHOLDERS.get(phrase, ()):
                assert f"{{{name}}}" in said
