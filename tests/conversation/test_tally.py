"""What is counted, and what is not: visits by dialog, node, language and region; nothing of who."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from bot.conversation.answers import Answer
from bot.conversation.incoming import Commanded, SentOther, Tapped, Typed
from bot.conversation.tally import MOST_NAMES, OTHER, WHAT, Tally
from bot.conversation.turns import ParentGone
from bot.engine.model import Place
from bot.engine.session import Session
from tests.conversation.talking import CHAT_ID, DAY, Conversation
from tests.engine.parent import NOON
from tests.engine.small_script import SCRIPT


def counted(talk: Conversation, day: int = DAY) -> dict[tuple[str, str], int]:
    return dict(talk.turns.tally.take().get(day, {}))


async def test_a_visit(talk: Conversation) -> None:
    """The dialog that is entered counts once, with language and region; each node that a turn ends at counts."""
    await talk.does(Commanded("start"))
    menu = counted(talk)
    place = talk.read[-1].place
    assert place is not None
    assert menu == {
        ("node", str(place)): 1,
        ("dialog", place.dialog): 1,
        ("language", "nl"): 1,
        ("region", "unknown"): 1,
    }
    await talk.does(Typed("lied"))
    song = talk.read[-1].place
    assert song is not None and song.dialog == "song"
    assert counted(talk)["dialog", "song"] == 1
    await talk.does(SentOther())
    assert counted(talk) == {}, "a turn that goes nowhere is no visit"
    assert counted(talk) == {}, "what was taken is not counted again"


async def test_danger_that_was_heard_and_danger_that_was_tapped(talk: Conversation) -> None:
    await talk.does(Commanded("start"))
    counted(talk)
    await talk.does(Typed("brand"))
    heard = counted(talk)
    assert heard["dialog", "fire"] == heard["safety", "hearing"] == 1
    assert talk.turns.figures.dangers_heard == 1
    await talk.does(Commanded("menu"))
    counted(talk)
    await talk.does(Tapped("09:!open/fire"), at=NOON + timedelta(minutes=5))
    tapped = counted(talk)
    assert tapped["dialog", "fire"] == tapped["safety", "button"] == 1
    assert talk.turns.figures.dangers_heard == 1


async def test_who_is_gone_is_not_counted(talk: Conversation) -> None:
    """Nor is a turn that nobody read."""
    talk.fails = ParentGone()
    await talk.does(Commanded("start"))
    assert counted(talk) == {}


async def test_days_are_kept_apart(talk: Conversation) -> None:
    await talk.does(Commanded("start"))
    await talk.does(Typed("lied"), at=NOON + timedelta(days=1))
    days = talk.turns.tally.take()
    assert set(days) == {DAY, DAY + 1}
    assert ("dialog", "song") in days[DAY + 1] and ("dialog", "song") not in days[DAY]


async def test_nothing_of_a_person_is_in_it(talk: Conversation) -> None:
    """Names are ids of the script, languages and regions; never words, nor a chat."""
    for incoming in (Commanded("start", "Annelies"), Typed("Ik heb geroepen"), Typed("brand"), Tapped("zz:!open/me")):
        await talk.does(incoming)
    names = {name for counts in talk.turns.tally.take().values() for _, name in counts}
    places = {f"{dialog}/{node}" for dialog, each in SCRIPT.dialogs.items() for node in each.nodes}
    known = {*SCRIPT.dialogs, *places, "nl", "en", "be", "elsewhere", "unknown", "hearing", "button", "kept"}
    assert names and names <= known
    assert str(CHAT_ID) not in names


def answer(place: Place) -> Answer:
    from bot.conversation.answers import Bubble

    return Answer((Bubble("…"),), (), False, False, (), place, Session(place=place), "nl")


def test_names_are_bounded() -> None:
    """However many there are, memory stays bounded, and the sums stay right."""
    tally = Tally(most=10)
    for number in range(1000):
        tally.turn(1, SCRIPT, Session(), answer(Place(f"dialog{number}", "hello")))
    ((day, counts),) = tally.take().items()
    assert day == 1 and len(counts) <= 10 + len(WHAT)
    assert sum(number for (what, _), number in counts.items() if what == "dialog") == 1000
    assert counts["dialog", OTHER] > 900
    nodes = sum(len(each.nodes) for each in SCRIPT.dialogs.values())
    assert nodes < MOST_NAMES / 10


def test_what_could_not_be_stored_goes_with_the_next() -> None:
    tally, counts = Tally(), Counter({("dialog", "song"): 3})
    tally.put_back(7, counts)
    tally.put_back(7, counts)
    assert tally.take() == {7: {("dialog", "song"): 6}}
    assert tally.take() == {}


def test_notes_and_check_ins() -> None:
    tally, here = Tally(), Place("song", "hello")
    tally.turn(1, SCRIPT, Session(place=here), answer(here), notes_kept=2)
    tally.check_in(1)
    assert tally.take() == {1: {("note", "kept"): 2, ("check_in", "sent"): 1}}


def test_the_region_is_that_of_the_parent() -> None:
    tally, shown = Tally(), answer(Place("song", "hello"))
    tally.turn(1, SCRIPT, Session(), replace(shown, session=shown.session._replace(region="nl"), language="fr"))
    counts = tally.take()[1]
    assert counts["region", "nl"] == counts["language", "fr"] == 1
