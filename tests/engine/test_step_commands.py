"""Commands: /start in all its variants, /stop, the ones that open a dialog, and those that do not exist."""

from __future__ import annotations

import pytest

from bot.engine.commands import COMMANDS, command_named
from bot.engine.model import Effect, Place
from bot.engine.phrases import Phrase
from bot.engine.replies import Perform
from bot.engine.session import Session
from tests.engine.parent import NIGHT, Parent, at, phrase
from tests.engine.small_script import SCRIPT, edition


def test_start_of_a_new_parent() -> None:
    """A new parent is welcomed, and asked nothing."""
    parent = Parent()
    parent.commands("start")
    assert parent.place == "menu/welcome"
    assert parent.ids == ["soup", "help_now"]
    assert parent.session.greeted


@pytest.mark.parametrize("name", ["START", "Start", "start"])
def test_commands_in_any_case(name: str) -> None:
    """A phone that begins with a capital gives the same command."""
    parent = Parent()
    parent.commands(name)
    assert parent.place == "menu/welcome"


@pytest.mark.parametrize("place", ["soup/hot", "fire/hello", "pause/hello", "soup/enough"])
def test_start_in_the_middle(place: str) -> None:
    """Who was somewhere is welcomed back: going on there is one tap, the menu another."""
    parent = at(place)
    parent.waits(7 * 24 * 3600)
    parent.commands("start")
    assert parent.said == [phrase(Phrase.WELCOME_BACK)]
    assert parent.ids[:2] == ["here", "open/menu"]
    assert parent.place == place
    parent.taps("here")
    assert parent.place == place


@pytest.mark.parametrize("before", ["menu", "stop"])
def test_start_at_the_menu_or_after_stop(before: str) -> None:
    """Who was at the menu, or had stopped, is simply welcomed."""
    parent = at("soup/hot")
    parent.commands(before)
    parent.commands("start")
    assert parent.place == "menu/welcome"


def test_start_where_the_place_is_gone() -> None:
    """Who stood in a place that the new edition lacks is welcomed."""
    parent = at("soup/hot")
    parent.script = edition(SCRIPT, without=["soup/hot"])
    parent.commands("start")
    assert parent.place == "menu/welcome"


def test_a_link_to_a_topic() -> None:
    """A link opens its topic at once; a new parent hears in one line that this is a script."""
    parent = Parent()
    parent.commands("start", " soup ")
    assert parent.place == "soup/hello"
    assert parent.said == [phrase(Phrase.SCRIPT_LINE), "hello"]


def test_a_link_in_the_middle() -> None:
    """A link from the middle of another topic opens its own; Back leads to where we were."""
    parent = at("soup/hot")
    parent.commands("start", "song")
    assert parent.place == "song/hello"
    assert parent.said[0] == "day song"
    parent.goes_back()
    assert parent.place == "soup/hot"


@pytest.mark.parametrize("link", ["stew", "soup/hot", "soup song", "-1", "\u202esoup", "x" * 64])
def test_a_link_that_leads_nowhere(link: str) -> None:
    """A link to a topic that does not exist gets a kind answer and the menu."""
    parent = at("soup/hot")
    parent.commands("start", link)
    assert parent.said == [phrase(Phrase.UNKNOWN_LINK), "hello"]
    assert parent.place == "menu/hello"


def test_a_new_parent_with_a_link_that_leads_nowhere() -> None:
    """Who is new comes to the welcome, which says that this is a script."""
    parent = Parent()
    parent.commands("start", "stew")
    assert parent.said == [phrase(Phrase.UNKNOWN_LINK), "welcome"]
    assert parent.place == "menu/welcome"


def test_stop() -> None:
    """/stop says goodbye, forgets where we were and what was chosen, and leaves a door open."""
    parent = at("soup/hello")
    parent.taps("salt", "pause")
    parent.commands("stop")
    assert parent.said == [phrase(Phrase.STOPPED)]
    assert parent.ids == ["menu", "help_now"]
    assert parent.session.place is None
    assert (parent.session.returns, parent.session.trail, parent.session.chosen) == ((), (), frozenset())
    assert (parent.session.region, parent.session.greeted) == ("be", True)
    parent.taps("menu")
    assert parent.place == "menu/hello"


def test_stop_twice_and_at_first() -> None:
    """/stop where there is nothing to stop is answered all the same."""
    parent = Parent()
    for _ in range(2):
        parent.commands("stop")
        assert parent.said == [phrase(Phrase.STOPPED)]


@pytest.mark.parametrize("place", ["soup/hot", "fire/hello"])
@pytest.mark.parametrize("name", ["mijngegevens", "", "début", "x" * 4000, "start@other_bot"])
def test_an_unknown_command(name: str, place: str) -> None:
    """A command that does not exist gets a kind answer and the same ways on."""
    parent = at("soup/hot")
    if place == "fire/hello":
        parent.taps("fire")
    before = parent.ids
    parent.commands(name, "and more")
    assert parent.said == [phrase(Phrase.UNKNOWN_COMMAND)]
    assert parent.ids == before
    assert parent.place == place


OPENED = {spec.name: spec.opens for spec in COMMANDS if spec.opens}


@pytest.mark.parametrize(("name", "opens"), OPENED.items(), ids=OPENED)
def test_what_a_command_opens(name: str, opens: str) -> None:
    """Each of these commands, and each alias, opens its dialog from anywhere, for anybody, with whatever argument."""
    spec = command_named(name)
    assert spec is not None
    for alias in (name, *spec.aliases):
        for parent in (Parent(), at("soup/hot"), at("fire/hello", when=NIGHT)):
            parent.commands(alias, "whatever")
            assert parent.place == (opens if "/" in opens else f"{opens}/hello")


def test_a_command_whose_node_is_gone() -> None:
    """A command that opens one node leads to the menu in an edition without it."""
    parent = at("soup/hot")
    parent.script = edition(SCRIPT, without=["about/privacy"])
    parent.commands("privacy")
    assert parent.place == "menu/hello"


def test_forget_is_performed_after_it_was_said() -> None:
    """The choice to forget says so, and the reply that carries it out comes last."""
    parent = at("soup/hot")
    parent.commands("vergeet")
    turn = parent.taps("forget")
    assert turn.replies[-1] == Perform(Effect.FORGET)
    assert parent.said == ["done"]
    assert parent.ended


def test_forget_can_be_declined() -> None:
    """The other choice does nothing, and leads back."""
    parent = at("soup/hot")
    parent.commands("forget")
    turn = parent.taps("keep")
    assert not any(isinstance(reply, Perform) for reply in turn.replies)
    assert parent.place == "soup/hot"


def test_after_forgetting() -> None:
    """A button of the keyboard that stands there after everything was forgotten still works, for a new session."""
    parent = at("soup/hot")
    parent.commands("forget")
    parent.taps("forget")
    menu = parent.token("menu")
    parent.session = Session()
    parent.goes_back()
    assert parent.place == "menu/hello"
    parent.session = Session()
    parent.taps_token(menu)
    assert parent.session.place == Place("menu", "hello")
