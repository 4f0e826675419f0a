"""A parent who talks with the engine: one clock, one session, and storage between every two turns."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.engine import buttons
from bot.engine.events import Command, Event, Hearing, Said, Sent, Tap
from bot.engine.model import Script, Text
from bot.engine.phrases import Phrase
from bot.engine.replies import Ended, Offer, Pace, Reply, Role, Say, Signpost, Turn
from bot.engine.session import Session
from bot.engine.step import step
from tests.engine.small_script import SCRIPT

ZONE = ZoneInfo("Europe/Brussels")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)
NIGHT = datetime(2026, 11, 24, 3, 10, tzinfo=ZONE)


def stored(session: Session) -> Session:
    """The session as it comes back from storage, which is the session itself."""
    back = Session.from_json(session.to_json())
    assert back == session
    return back


class Parent:
    """Does one thing after another, a second apart unless told to wait; remembers the newest keyboard."""

    def __init__(self, script: Script = SCRIPT, at: datetime = NOON, session: Session | None = None) -> None:
        self.script = script
        self.at = at
        self.session = session or Session()
        self.turn = Turn((), self.session)
        self.offer = Offer(())

    def does(self, event: Event) -> Turn:
        """Take one turn."""
        self.turn = step(self.script, stored(self.session), event)
        self.session = stored(self.turn.session)
        self.offer = next((reply for reply in self.turn.replies if isinstance(reply, Offer)), self.offer)
        self.at += timedelta(seconds=1)
        return self.turn

    def waits(self, seconds: float) -> None:
        """Let time go by."""
        self.at += timedelta(seconds=seconds)

    def token(self, id_: str) -> str:
        """What the button ``id_`` of the newest keyboard carries."""
        return next(button.token for button in self.offer.buttons if button.id == id_)

    def taps(self, *ids: str) -> Turn:
        """Tap one button of the newest keyboard after the other."""
        for id_ in ids:
            self.taps_token(self.token(id_))
        return self.turn

    def taps_token(self, token: str) -> Turn:
        """Tap a button of any age."""
        return self.does(Tap(self.at, token))

    def goes_back(self) -> Turn:
        """Tap Terug; of the newest keyboard, whether it is offered there or not."""
        return self.taps_token(buttons.token(self.session.serial, buttons.BACK))

    def says(
        self, *topics: str, safety: str | None = None, near: tuple[str, ...] = (), token: str | None = None,
        edited: bool = False, sure: bool = True, speaks: str | None = None,
    ) -> Turn:  # fmt: skip
        """Type something in which this is heard; by itself, nothing."""
        return self.does(Said(self.at, Hearing(safety, sure, topics, near), token, edited, speaks))

    def commands(self, name: str, argument: str = "") -> Turn:
        """Give a command."""
        return self.does(Command(self.at, name, argument))

    def sends_a_photo(self) -> Turn:
        """Send something that is no text."""
        return self.does(Sent(self.at))

    @property
    def place(self) -> str:
        """Where the conversation stands."""
        return str(self.session.place)

    @property
    def said(self) -> list[str]:
        """The bubbles of the last turn: sentences, ``paced``, or ``-> kinds``."""
        return [said for reply in self.turn.replies for said in _said(reply)]

    @property
    def ids(self) -> list[str]:
        """The newest keyboard."""
        return [button.id for button in self.offer.buttons]

    @property
    def ended(self) -> bool:
        """Whether the last turn ended a dialog."""
        return any(isinstance(reply, Ended) for reply in self.turn.replies)


_WAYS = {"soup/enough": ("hot", "enough"), "soup/taste": ("plain",), "fire/end": ("out", "end")}


def at(place: str, script: Script = SCRIPT, when: datetime = NOON, region: str | None = "be") -> Parent:
    """A parent who came to ``dialog/node`` by a link and then by taps that lead there, and whose region is known."""
    parent = Parent(script, when, Session(region=region, greeted=True))
    dialog, _, node = place.partition("/")
    parent.commands("start", dialog)
    parent.taps(*_WAYS.get(place, () if node == "hello" else (node,)))
    assert parent.place == place
    return parent


def keyboard_problem(turn: Turn) -> str | None:
    """What is wrong with the keyboard of a turn that says something: exactly one, last, with Hulp nu at its end."""
    offers = [reply for reply in turn.replies if isinstance(reply, Offer)]
    if len(offers) != 1:
        return f"{len(offers)} keyboards"
    roles = [button.role for button in offers[0].buttons]
    tokens = {button.token for button in offers[0].buttons}
    if roles.count(Role.HELP) != 1 or roles[-1] is not Role.HELP:
        return "Hulp nu is not at the end"
    return "two buttons carry the same" if len(tokens) != len(roles) else None


def phrase(name: Phrase) -> str:
    """What a small script says for a phrase."""
    return name.value


def _said(reply: Reply) -> list[str]:
    match reply:
        case Say(Text(source)):
            return [source]
        case Pace():
            return ["paced"]
        case Signpost(kinds):
            return [f"-> {' '.join(kinds)}"]
        case _:
            return []
