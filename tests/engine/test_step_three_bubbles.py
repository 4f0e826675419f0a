"""Never more than three bubbles in a row, whatever the bot has to say before what stands at a place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.engine.bubbles import count
from bot.engine.model import Ask, Effect, Kind, Line, Node, Place, Script
from bot.engine.phrases import Phrase
from bot.engine.replies import Say
from bot.engine.session import Session
from tests.engine.parent import Parent, phrase
from tests.engine.small_script import (
    PACED,
    SCRIPT,
    choice,
    choices,
    dialog,
    edition,
    line,
    node,
    to,
)  # fmt: skip

WAYS = choices(
    choice("write", "full/write"),
    choice("back", "return"),
    choice("morning", "full/hello", effect=Effect.CHECK_IN_MORNING),
)
FULL = node("hello", WAYS, line("a"), line("b"), signpost=("emergency",))
OWN = ["a", "b", "-> emergency"]


def script(kind: Kind = Kind.SAFETY, opening: Line | None = None) -> Script:
    """The small script, with one more dialog that says all that fits in a turn."""
    first = FULL if opening is None else replace(FULL, lines=(opening, line("b")))
    write = node("write", Ask(to("full/hello"), choice("skip", "full/hello"), keep=True))
    return edition(SCRIPT, instead=[dialog("full", kind, first, write, node("end", WAYS))])


def with_menu(instead: Node) -> Script:
    """The small script with another node in its menu."""
    menu = SCRIPT.dialogs["menu"]
    return edition(SCRIPT, instead=[replace(menu, nodes={**menu.nodes, instead.name: instead})])


def above(parent: Parent) -> list[str | None]:
    """What stands above each sentence of the last turn, in its bubble."""
    sentences = [reply for reply in parent.turn.replies if isinstance(reply, Say)]
    return [each.above.source if each.above is not None else None for each in sentences]


@pytest.mark.parametrize("kind", [Kind.SAFETY, Kind.COMMAND])
def test_a_link_in_a_new_chat(kind: Kind) -> None:
    """Nothing of the dialog is left out: the line about the script stands in its first bubble."""
    parent = Parent(script(kind))
    parent.commands("start", "full")
    assert (parent.said, above(parent)) == (OWN, [phrase(Phrase.SCRIPT_LINE), None])
    assert count(parent.turn.replies) == 3


def test_where_there_is_room() -> None:
    """With fewer bubbles the line is one of its own."""
    parent = Parent()
    parent.commands("start", "fire")
    assert (parent.said, above(parent)) == ([phrase(Phrase.SCRIPT_LINE), "hello"], [None, None])


def test_a_first_bubble_that_moves() -> None:
    """Nothing can stand above that; the dialog goes before the line."""
    parent = Parent(script(opening=Line(PACED)))
    parent.commands("start", "full")
    assert (parent.said, above(parent)) == (["paced", "b", "-> emergency"], [None])


def test_a_note_that_was_kept() -> None:
    """That it was kept stands in the first bubble of what follows."""
    parent = Parent(script(), session=Session(greeted=True, region="be"))
    parent.commands("start", "full")
    parent.taps("write")
    parent.says()
    assert parent.session.notes == (1,)
    assert (parent.said, above(parent)) == (OWN, [phrase(Phrase.NOTE_KEPT), None])


def test_a_place_that_is_gone() -> None:
    """That it was rewritten stands in the first bubble of the menu, where that is full."""
    full = replace(SCRIPT.dialogs["menu"].nodes["hello"], lines=(line("a"), line("b"), line("c")))
    parent = Parent(with_menu(full), session=Session(place=Place("soup", "gone"), greeted=True))
    parent.goes_back()
    assert (parent.said, above(parent)) == (["a", "b", "c"], [phrase(Phrase.MOVED), None, None])


def test_a_link_to_nowhere() -> None:
    """Also before a full welcome."""
    full = replace(SCRIPT.dialogs["menu"].nodes["welcome"], lines=(line("a"), line("b"), line("c")))
    parent = Parent(with_menu(full))
    parent.commands("start", "nowhere")
    assert (parent.said, above(parent)) == (["a", "b", "c"], [phrase(Phrase.UNKNOWN_LINK), None, None])


def test_a_check_in_that_was_set() -> None:
    """It is said in full, and the oldest of what was read just before gives way."""
    parent = Parent(script(), session=Session(greeted=True, region="be"))
    parent.commands("start", "full")
    parent.taps("morning")
    assert parent.said == [phrase(Phrase.CHECK_IN_SET), *OWN[1:]]
    assert above(parent) == [None, None]
