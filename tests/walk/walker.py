"""Walks every reachable session of a script with every kind of event, breadth first.

Two sessions count as the same when nothing that the engine looks at differs: the place, what was chosen, whether the
region is known (which one only where a dialog asks for it), the misses, and what `return` leads to: on the first node
of an aside the exact place, deeper inside only that there is one. Serials, the trail and what was chosen in another
dialog change nothing that is said here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.authoring.circumstances import conditions_of
from bot.engine.buttons import choice_token, open_token, speak_token, token
from bot.engine.commands import COMMANDS
from bot.engine.events import NOTHING_HEARD, Command, Due, Event, Hearing, Said, Sent, Tap
from bot.engine.model import Condition, Dialog, Kind, Place, Script
from bot.engine.replies import Offer, Turn
from bot.engine.session import Session
from bot.engine.step import step

ZONE = ZoneInfo("Europe/Brussels")
DAY = datetime(2026, 11, 24, 14, 0, tzinfo=ZONE)
NIGHT = datetime(2026, 11, 24, 3, 10, tzinfo=ZONE)
LATER = datetime(2026, 12, 1, 14, 0, tzinfo=ZONE)

Key = tuple[object, ...]


class Keys:
    """Tells which sessions are the same for the engine."""

    def __init__(self, script: Script) -> None:
        self._starts = {script.start_of(dialog) for dialog in script.dialogs}
        self._regional = {dialog.id for dialog in script.dialogs.values() if any(map(_asks_region, _whens(dialog)))}

    def of(self, session: Session) -> Key:
        """What the engine looks at."""
        place = session.place
        back: object = bool(session.returns)
        if session.returns and place in self._starts:
            back = session.returns[-1]
        regional = place is not None and place.dialog in self._regional
        return (
            place,
            back,
            frozenset(each for each in session.chosen if place is not None and each.startswith(f"{place.dialog}/")),
            session.region if regional else session.region is not None,
            session.region_asked,
            session.greeted,
            0 if session.returns else min(session.misses, 2),
            bool(session.trail),
        )


def _whens(dialog: Dialog) -> list[Condition]:
    return [when for node in dialog.nodes.values() for when in conditions_of(node)]


def _asks_region(when: Condition) -> bool:
    return when.region is not None


@dataclass(slots=True)
class Walk:
    """What a walk came by."""

    sessions: dict[Key, Session] = field(default_factory=dict)
    steps: int = 0
    kinds: set[str] = field(default_factory=set)
    leads_to: dict[Key, set[Key]] = field(default_factory=dict)

    @property
    def places(self) -> set[Place]:
        """Every place that was reached."""
        return {session.place for session in self.sessions.values() if session.place is not None}


def walk(script: Script) -> Iterator[tuple[Session, Event, Turn, Walk]]:
    """Every (session, event, turn), and the walk so far."""
    record = Walk()
    keys = Keys(script)
    queue: deque[tuple[Key, Session, Turn | None]] = deque()

    def meet(session: Session, turn: Turn | None) -> Key:
        key = keys.of(session)
        if key not in record.sessions:
            record.sessions[key] = session
            queue.append((key, session, turn))
        return key

    meet(Session(), None)
    while queue:
        key, session, last = queue.popleft()
        onward = record.leads_to.setdefault(key, set())
        for event in events_for(script, session, last):
            turn = step(script, session, event)
            record.steps += 1
            record.kinds.add(type(event).__name__)
            onward.add(meet(turn.session, turn))
            yield session, event, turn, record


def events_for(script: Script, session: Session, last: Turn | None) -> Iterator[Event]:
    """Every kind of event that can come in here."""
    offered = [reply for reply in last.replies if isinstance(reply, Offer)] if last is not None else []
    for button in offered[0].buttons if offered else ():
        yield Tap(DAY, button.token)
        if not (session.returns or session.misses):
            yield Tap(NIGHT, button.token)
    deep = session.returns or session.misses
    if offered and session.tapped and not deep:
        yield Tap(DAY, session.tapped)
        yield Tap(LATER, session.tapped)
    yield Said(NIGHT, NOTHING_HEARD)
    yield Sent(DAY)
    yield Due(DAY)
    if deep:
        return
    yield Tap(DAY, token(0, "nonsense"))
    yield Tap(DAY, choice_token(0, Place("menu", "hello"), "gone"))
    yield Tap(DAY, choice_token(0, Place("nowhere", "hello"), "x"))
    yield Tap(DAY, open_token(0, "nowhere"))
    yield Said(DAY, NOTHING_HEARD, edited=True)
    topics = [dialog.id for dialog in script.dialogs.values() if dialog.kind is Kind.TOPIC]
    yield Said(DAY, Hearing(near=tuple(topics[:3])))
    for safety in (dialog.id for dialog in script.dialogs.values() if dialog.kind is Kind.SAFETY):
        yield Said(NIGHT, Hearing(safety=safety))
    yield Said(NIGHT, Hearing(safety="safety_suicide", sure=False, topics=tuple(topics[:2])))
    yield Said(DAY, NOTHING_HEARD, speaks="fr")
    yield Said(NIGHT, Hearing(safety="safety_medical", sure=False), speaks="en")
    yield Tap(DAY, speak_token(0, "en", "safety_medical"))
    yield Tap(DAY, speak_token(0, "xx", None))
    here = session.place.dialog if session.place is not None else topics[0]
    yield Said(DAY, Hearing(topics=(here if here in topics else topics[0],)))
    for spec in COMMANDS:
        yield Command(DAY, spec.name)
    yield Command(NIGHT, "start", topics[-1])
    for dialog in () if session.greeted else script.dialogs:
        yield Command(DAY, "start", dialog)
    yield Command(DAY, "start", "no_such_topic")
    yield Command(DAY, "no_such_command")


def after_restart(session: Session) -> Session:
    """The session as it comes back from storage."""
    return Session.from_json(session.to_json())


def anew(session: Session) -> Session:
    """The session without what only numbers keyboards."""
    return session._replace(serial=0, tapped="", seen=0)
