"""One chat that sends too much is slowed down; what is about danger, or about ending it, is answered all the same."""

from __future__ import annotations

from itertools import count
from typing import cast

import pytest

from bot.conversation.companion import Companion
from bot.conversation.incoming import Commanded, SentOther, Tapped, Typed
from bot.conversation.ports import SessionStore
from bot.conversation.turns import Turns
from bot.telegram.flood import MOST_WAITING, Flood, Haste, matters_to
from bot.telegram.received import Blocked, Received, What

NUMBERS = count(1)
MATTERS = {
    "danger": Typed("ik wil niet meer leven"),
    "danger in another language": Typed("je veux mourir"),
    "danger in a changed message": Typed("ik heb mijn baby geschud", edited=True),
    "Hulp nu": Tapped("01:!open/help_now"),
    "/hulp": Commanded("hulp"),
    "/help": Commanded("help"),
    "danger behind a command": Commanded("menu", "ik wil niet meer leven"),
    "danger behind a slash": Commanded("ik", "wil dood"),
    "/stop": Commanded("stop"),
    "/vergeet": Commanded("vergeet"),
    "/wis": Commanded("wis"),
    "blocked": Blocked(),
}
MAY_WAIT = {
    "small talk": Typed("lekker weertje vandaag"),
    "a picture": SentOther(),
    "a button": Tapped("01:menu/hello/child"),
    "/menu": Commanded("menu"),
    "small talk behind a command": Commanded("menu", "lekker weertje vandaag"),
}


def received(what: What, chat: int = 1) -> Received:
    """One more update of this chat."""
    return Received(next(NUMBERS), chat, what, "nl")


@pytest.fixture
async def flood(companion: Companion) -> Flood:
    """A chat of which as much waits as may wait."""
    filled = Flood(matters_to(Turns(companion, cast(SessionStore, None))))
    assert [await filled.haste(received(SentOther())) for _ in range(MOST_WAITING)] == [Haste.NONE] * MOST_WAITING
    return filled


@pytest.mark.parametrize("what", MATTERS.values(), ids=MATTERS)
async def test_danger_is_not_let_go(flood: Flood, what: What) -> None:
    """Before and after the chat was told to slow down."""
    assert await flood.haste(received(what)) is Haste.NONE
    await flood.haste(received(SentOther()))
    assert await flood.haste(received(what)) is Haste.NONE


@pytest.mark.parametrize("what", MAY_WAIT.values(), ids=MAY_WAIT)
async def test_the_rest_is_told_once(flood: Flood, what: What) -> None:
    """One kind sentence, and then what comes on top is let go; another chat feels nothing."""
    assert [await flood.haste(received(what)) for _ in range(3)] == [Haste.TOLD, Haste.QUIET, Haste.QUIET]
    assert await flood.haste(received(what, chat=2)) is Haste.NONE


async def test_who_caught_up_is_answered_again(flood: Flood) -> None:
    """Once little waits, everything is answered, and a second flood is told again."""
    assert await flood.haste(received(SentOther())) is Haste.TOLD
    for _ in range(MOST_WAITING + 1):
        flood.done(received(SentOther()))
    assert [await flood.haste(received(SentOther())) for _ in range(MOST_WAITING)] == [Haste.NONE] * MOST_WAITING
    assert await flood.haste(received(SentOther())) is Haste.TOLD
