"""The script: all dialogs together, loaded, checked and immutable.

Everything here is a frozen value without behaviour that reaches outside: no files, no clock, no language.
A sentence is held as the Dutch source text; ``bot.texts`` turns it into the parent's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

NIGHT_FROM_HOUR = 22
"""Local hour at which the night begins (issue text of the night-right rule: 22:00 to 06:00)."""
NIGHT_UNTIL_HOUR = 6

MAX_BUBBLES = 3
MAX_CHARACTERS = 400
MAX_CHOICES = 6
MAX_LABEL = 36
MAX_SIGNPOST_KINDS = 3
MAX_HOPS = 16
"""Bound on the `go` steps of one turn; the checker proves that no dialog comes near it."""

REGIONS = ("be", "nl", "elsewhere")
TIMES = ("day", "night")

MENU = "menu"
HELP_NOW = "help_now"
REGION = "region"
LANGUAGE = "language"
CHECK_IN = "check_in"
"""The dialog that a check-in opens."""
MORNING_HOUR, EVENING_HOUR = 9, 19
"""Local hours at which a check-in comes; between them and the night a late one may still come."""
STILL_TONIGHT_HOUR = 5
"""Until this local hour "tomorrow" is the day that is about to begin: the parent has not slept yet."""
MAX_NOTES = 200

REVIEWS = "reviews"
"""The one placeholder in a sentence that is no kind of service: who reviewed which dialog."""
REVIEWS_ROOM = 260
"""How many characters of a bubble it takes at most."""


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence (or label) that a parent can read.

    ``source`` is the Dutch text (the gettext msgid), ``context`` its place, ``dialog/node`` (the msgctxt).
    """

    source: str
    context: str


@dataclass(frozen=True, slots=True)
class Condition:
    """When a line or a choice is shown: every part that is not None has to be equal. No expressions."""

    time: str | None = None
    region: str | None = None
    chosen: str | None = None

    def __bool__(self) -> bool:
        return self.time is not None or self.region is not None or self.chosen is not None


ALWAYS = Condition()


@dataclass(frozen=True, slots=True)
class Frame:
    """One stage of a paced bubble: what stands there, and for how many seconds."""

    text: Text
    seconds: float


@dataclass(frozen=True, slots=True)
class Paced:
    """A bubble that changes while it is looked at: all frames in order, ``rounds`` times, then ``last``."""

    rounds: int
    frames: tuple[Frame, ...]
    last: Text


@dataclass(frozen=True, slots=True)
class Line:
    """One bubble of a node, with its condition."""

    content: Text | Paced
    when: Condition = ALWAYS


class Place(NamedTuple):  # no dataclass: a session has up to a dozen, read and compared in each turn
    """A node of a dialog: where a conversation can stand."""

    dialog: str
    node: str

    def __str__(self) -> str:
        return f"{self.dialog}/{self.node}"


class Way(Enum):
    """A target that is no fixed place."""

    RETURN = "return"
    """Back to where the parent was before an aside; the menu when there is nowhere."""


Target = Place | Way


class Effect(Enum):
    """What a choice does beside going somewhere; carried out by the channel and the store."""

    FORGET = "forget"
    WIPE = "wipe"
    WIPE_AND_FORGET = "wipe_and_forget"
    CHECK_IN_MORNING = "check_in_morning"
    CHECK_IN_EVENING = "check_in_evening"
    NO_CHECK_IN = "no_check_in"

    @property
    def wipes(self) -> bool:
        """Whether the messages on the screen are taken away."""
        return self in (Effect.WIPE, Effect.WIPE_AND_FORGET)

    @property
    def forgets(self) -> bool:
        """Whether everything that is stored about the chat is deleted."""
        return self in (Effect.FORGET, Effect.WIPE_AND_FORGET)


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: a stable id, a label, where it goes, and what it sets on the way."""

    id: str
    label: Text
    go: Target
    when: Condition = ALWAYS
    sets_region: str | None = None
    sets_language: str | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """The node goes on by a tap."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """The node goes on by free text, or by skipping it. The words are read and let go, or kept as a note."""

    go: Target
    skip: Choice
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Go:
    """The node goes straight on."""

    target: Target


@dataclass(frozen=True, slots=True)
class End:
    """The dialog ends here, softly."""


Onward = Choices | Ask | Go | End


@dataclass(frozen=True, slots=True)
class Node:
    """One place in a dialog: what is said, where it points, and how it goes on."""

    name: str
    lines: tuple[Line, ...]
    signpost: tuple[str, ...]
    onward: Onward

    @property
    def buttons(self) -> tuple[Choice, ...]:
        """Everything that can be tapped here, whatever the conditions."""
        match self.onward:
            case Choices(choices):
                return choices
            case Ask(skip=skip):
                return (skip,)
            case Go() | End():
                return ()

    def button(self, choice_id: str) -> Choice | None:
        """The choice of that id, or None when this edition has no such button here."""
        return next((choice for choice in self.buttons if choice.id == choice_id), None)


class Kind(Enum):
    """What a dialog is for."""

    TOPIC = "topic"
    SAFETY = "safety"
    COMMAND = "command"
    MENU = "menu"


@dataclass(frozen=True, slots=True)
class Review:
    """Who reviewed a dialog, and when."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Dialog:
    """One YAML file: a topic, a safety dialog, the menu, or what a command opens."""

    id: str
    kind: Kind
    title: Text
    start: str
    nodes: Mapping[str, Node]
    aside: bool = False
    offers_check_in: bool = False
    """Whether a check-in is offered at its end. Where somebody at home may be the danger it is not."""
    sources: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    reviewed: Review | None = None
    triggers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    remembered: frozenset[str] = frozenset()
    """Ids of the choices that a condition of this dialog asks for: the only ones a session keeps."""


@dataclass(frozen=True, slots=True)
class Script:
    """All dialogs and fixed sentences together."""

    dialogs: Mapping[str, Dialog]
    phrases: Mapping[str, Text]

    def node(self, place: Place) -> Node | None:
        """The node at ``place``, or None when this edition of the dialogs has no such place."""
        dialog = self.dialogs.get(place.dialog)
        return None if dialog is None else dialog.nodes.get(place.node)

    def start_of(self, dialog_id: str) -> Place:
        """Where ``dialog_id`` begins. Raises KeyError for an id that is not in the script."""
        return Place(dialog_id, self.dialogs[dialog_id].start)

    @property
    def menu(self) -> Place:
        """The start of the menu: the place that is always there."""
        return self.start_of(MENU)
