"""A script of a few nodes, with everything the engine knows in it; and ways to make another edition of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.engine.model import (
    ALWAYS,
    Ask,
    Choice,
    Choices,
    Condition,
    Dialog,
    Effect,
    End,
    Frame,
    Go,
    Kind,
    Line,
    Node,
    Onward,
    Paced,
    Place,
    Script,
    Target,
    Text,
    Way,
)
from bot.engine.phrases import Phrase


def to(place: str) -> Target:
    """``dialog/node``, or ``return``."""
    if place == Way.RETURN.value:
        return Way.RETURN
    dialog, _, node = place.partition("/")
    return Place(dialog, node)


def choice(id_: str, go: str, when: Condition = ALWAYS, *, region: str | None = None, language: str | None = None,
           effect: Effect | None = None) -> Choice:  # fmt: skip
    """A button that says its own id."""
    return Choice(id_, Text(f"[{id_}]", "label"), to(go), when, region, language, effect)


def node(name: str, onward: Onward, *lines: Line, signpost: tuple[str, ...] = ()) -> Node:
    """A node that says its own name, or ``lines``."""
    return Node(name, lines or (line(name),), signpost, onward)


def line(text: str, when: Condition = ALWAYS) -> Line:
    """One bubble."""
    return Line(Text(text, "line"), when)


def choices(*buttons: Choice) -> Choices:
    """The way on by a tap."""
    return Choices(buttons)


def dialog(id_: str, kind: Kind, *nodes: Node, aside: bool = False, remembered: Iterable[str] = (),
           related: tuple[str, ...] = (), check_in: bool = False) -> Dialog:  # fmt: skip
    """A dialog that starts at its first node."""
    by_name = MappingProxyType({each.name: each for each in nodes})
    title = Text(id_.capitalize(), id_)
    return Dialog(id_, kind, title, nodes[0].name, by_name, aside or kind is not Kind.TOPIC,
                  check_in or kind is Kind.TOPIC, remembered=frozenset(remembered), related=related)  # fmt: skip


NIGHT, DAY = Condition(time="night"), Condition(time="day")
PACED = Paced(2, (Frame(Text("in", "line"), 4.0),), Text("out", "line"))

MENU = dialog(
    "menu", Kind.MENU,
    node("hello", choices(choice("soup", "soup/hello"), choice("pause", "pause/hello"))),
    node("welcome", choices(choice("soup", "soup/hello"))),
)  # fmt: skip
HELP = dialog(
    "help_now", Kind.COMMAND,
    node("hello", choices(choice("fire", "fire/hello"), choice("back", "return")), signpost=("listening_line",)),
)  # fmt: skip
LANGUAGE = dialog(
    "language", Kind.COMMAND,
    node("hello", choices(*(choice(each, "return", language=each) for each in ("nl", "en")))),
)  # fmt: skip
REGION = dialog(
    "region", Kind.COMMAND,
    node("hello", choices(*(choice(each, "return", region=each) for each in ("be", "nl", "elsewhere")))),
)  # fmt: skip
FORGET = dialog(
    "forget", Kind.COMMAND,
    node("hello", choices(choice("forget", "forget/done", effect=Effect.FORGET), choice("keep", "return"))),
    node("done", End()),
)  # fmt: skip
WIPE = dialog(
    "wipe", Kind.COMMAND,
    node("hello", choices(choice("wipe", "wipe/done", effect=Effect.WIPE), choice("keep", "return"),
                          choice("both", "wipe/done", effect=Effect.WIPE_AND_FORGET))),
    node("done", End()),
)  # fmt: skip
CHECK_IN = dialog(
    "check_in", Kind.COMMAND,
    node("offer", choices(choice("morning", "return", effect=Effect.CHECK_IN_MORNING),
                          choice("evening", "return", effect=Effect.CHECK_IN_EVENING),
                          choice("never", "return", effect=Effect.NO_CHECK_IN))),
    node("due", choices(choice("again", "check_in/offer"), choice("back", "return"))),
)  # fmt: skip
GOOD = dialog(
    "good_moment", Kind.TOPIC,
    node("hello", choices(choice("keep", "good_moment/keep"))),
    node("keep", Ask(to("good_moment/stored"), choice("skip", "good_moment/hello"), keep=True)),
    node("stored", choices(choice("again", "good_moment/keep"), choice("end", "good_moment/end"))),
    node("end", End()),
    aside=True,
)  # fmt: skip
ABOUT = dialog("about", Kind.TOPIC, node("hello", End()), node("privacy", End()), related=("soup", "song", "pause"))
SOUP = dialog(
    "soup", Kind.TOPIC,
    node("hello", choices(
        choice("hot", "soup/hot"), choice("salt", "soup/taste"), choice("sweet", "soup/taste"),
        choice("plain", "soup/taste"), choice("who", "soup/who"), choice("write", "soup/write"),
    )),
    node("hot", choices(
        choice("fire", "fire/hello"), choice("pause", "pause/hello"), choice("sing", "song/hello"),
        choice("again", "soup/hello"), choice("enough", "soup/enough"),
    )),
    node("taste", choices(
        choice("more", "soup/hot", Condition(chosen="salt")), choice("water", "soup/hot", Condition(chosen="sweet")),
        choice("other", "soup/hello"), choice("song", "song/hello"), choice("pause", "pause/hello"),
    ), line("salty", Condition(chosen="salt")), line("sweet", Condition(chosen="sweet")), line("taste")),
    node("who", choices(choice("again", "soup/hello"), choice("fire", "fire/hello")), signpost=("gp", "midwife")),
    node("write", Ask(to("soup/read"), choice("skip", "soup/hello"))),
    node("read", choices(choice("again", "soup/hello"))),
    node("enough", End()),
    remembered=("salt", "sweet"),
)  # fmt: skip
SONG = dialog(
    "song", Kind.TOPIC,
    node("hello", choices(
        choice("by_night", "song/hello", NIGHT), choice("by_day", "song/hello", DAY),
        choice("chain", "song/one"), choice("home", "song/home"), choice("who", "song/who"), choice("end", "song/end"),
    ), line("night song", NIGHT), line("day song", DAY), line("a song of the south", Condition(region="be")),
       line("a song of the north", Condition(region="nl"))),
    node("one", Go(to("song/two"))),
    node("two", Go(to("song/three"))),
    node("three", choices(choice("again", "song/hello"))),
    node("home", Go(to("song/hello"))),
    node("who", choices(choice("again", "song/hello")), signpost=("gp",)),
    node("end", End()),
)  # fmt: skip
PAUSE = dialog(
    "pause", Kind.TOPIC,
    node("hello", choices(choice("back", "return"), choice("deeper", "pause/breathe"), choice("fire", "fire/hello"),
                          choice("bye", "pause/bye"), choice("who", "pause/who"))),
    node("breathe", choices(choice("back", "return"), choice("again", "pause/hello")), Line(PACED)),
    node("bye", Go(to("return"))),
    node("who", choices(choice("back", "return")), signpost=("gp",)),
    aside=True,
)  # fmt: skip
FIRE = dialog(
    "fire", Kind.SAFETY,
    node("hello", choices(choice("out", "fire/out"), choice("pause", "pause/hello"), choice("back", "return"))),
    node("out", choices(choice("back", "return"), choice("end", "fire/end")), signpost=("emergency",)),
    node("end", End(), signpost=("emergency",)),
    check_in=True,
)  # fmt: skip

PHRASES: Mapping[str, Text] = MappingProxyType({phrase.value: Text(phrase.value, "phrases") for phrase in Phrase})


def script_of(*dialogs: Dialog) -> Script:
    """All ``dialogs``, and the phrases that say their own name."""
    return Script(MappingProxyType({each.id: each for each in dialogs}), PHRASES)


SCRIPT = script_of(MENU, HELP, LANGUAGE, REGION, FORGET, WIPE, CHECK_IN, GOOD, ABOUT, SOUP, SONG, PAUSE, FIRE)


def edition(script: Script, *, without: Iterable[str] = (), instead: Iterable[Dialog] = ()) -> Script:
    """The script without some dialogs (``soup``), nodes (``soup/hot``) or choices (``soup/hot/fire``), or with others
    instead."""
    gone = set(without)
    dialogs = {
        each.id: replace(each, nodes=MappingProxyType(_nodes(each, gone)))
        for each in {**script.dialogs, **{each.id: each for each in instead}}.values()
        if each.id not in gone
    }
    return Script(MappingProxyType(dialogs), script.phrases)


def _nodes(whole: Dialog, gone: set[str]) -> dict[str, Node]:
    kept: dict[str, Node] = {}
    for name, each in whole.nodes.items():
        if f"{whole.id}/{name}" in gone:
            continue
        if isinstance(each.onward, Choices):
            left = tuple(one for one in each.onward.choices if f"{whole.id}/{name}/{one.id}" not in gone)
            each = replace(each, onward=Choices(left))
        kept[name] = each
    return kept
