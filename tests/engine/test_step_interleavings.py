"""Anything, in any order, over changing editions: nothing is raised, everything is answered, sessions stay small."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.authoring.rules.paths import REQUIRED, entrances
from bot.conversation.companion import Companion
from bot.engine.buttons import MAX_BYTES
from bot.engine.commands import COMMANDS
from bot.engine.events import Command, Due, Event, Hearing, Said, Sent, Tap
from bot.engine.model import MAX_BUBBLES, MAX_CHOICES, Kind, Script
from bot.engine.replies import Offer, Pace, Say, Signpost, Turn
from bot.engine.session import Session
from bot.engine.step import step
from tests.engine.parent import NIGHT, keyboard_problem, stored
from tests.engine.small_script import SCRIPT, edition

MAX_SESSION_BYTES = 1500
EDITIONS = 6

picks = st.floats(0, 1, exclude_max=True)
"""Picks one of whatever there is at that moment."""
NAMES = st.sampled_from([name for spec in COMMANDS for name in (spec.name, *spec.aliases)])


def editions(script: Script) -> list[Script]:
    """The script itself, and others that lack nodes, choices and whole topics; never what the checker requires."""
    chance = random.Random(26)
    kept = {str(each) for each in entrances()} | {str(script.start_of(each)) for each in script.dialogs}
    opened = {(spec.opens or "").partition("/")[0] for spec in COMMANDS}
    topics = [each for each in script.dialogs if each not in {*REQUIRED, *opened}]
    nodes = [f"{each.id}/{name}" for each in script.dialogs.values() for name in each.nodes]
    others = []
    for share in (0.1, 0.3, 0.5, 0.8, 1.0):
        gone = {each for each in nodes if chance.random() < share and each not in kept}
        gone |= {each for each in topics if chance.random() < share / 3}
        others.append(edition(script, without=gone))
    return [script, *others]


class Conversation(RuleBasedStateMachine):
    """One parent, who does anything, while the dialogs change."""

    among: ClassVar[list[Script]] = []

    def __init__(self) -> None:
        super().__init__()
        self.script = self.among[0]
        self.session = Session()
        self.at = NIGHT
        self.turn = Turn((), self.session)
        self.offered: list[str] = []
        self.edition_changed = False

    def does(self, event: Event) -> None:
        before = stored(self.session)
        self.turn = step(self.script, before, event)
        self.session = stored(self.turn.session)
        self.at += timedelta(seconds=1)
        if not self.turn.replies:
            assert isinstance(event, Tap) and event.token == before.tapped, "no answer, and it was no double tap"
            return
        assert keyboard_problem(self.turn) is None
        bubbles = sum(isinstance(reply, Say | Pace | Signpost) for reply in self.turn.replies)
        assert bubbles >= 1
        assert bubbles <= MAX_BUBBLES or self.edition_changed
        buttons = next(reply for reply in self.turn.replies if isinstance(reply, Offer)).buttons
        assert len(buttons) <= MAX_CHOICES + 1
        assert all(len(button.token.encode()) <= MAX_BYTES for button in buttons)
        self.offered = [*self.offered, *(button.token for button in buttons)][-60:]

    def dialog(self, pick: float) -> str:
        """Some dialog, of the full edition."""
        return sorted(self.among[0].dialogs)[int(pick * len(self.among[0].dialogs))]

    @initialize(region=st.sampled_from([None, "be", "nl", "elsewhere"]))
    def begins(self, region: str | None) -> None:
        self.session = Session(region=region)

    @rule(pick=picks)
    def taps_what_is_offered(self, pick: float) -> None:
        buttons = [button for reply in self.turn.replies if isinstance(reply, Offer) for button in reply.buttons]
        if buttons:
            self.does(Tap(self.at, buttons[int(pick * len(buttons))].token))

    @rule(pick=picks)
    def taps_an_old_button(self, pick: float) -> None:
        if self.offered:
            self.does(Tap(self.at, self.offered[int(pick * len(self.offered))]))

    @rule()
    def taps_again(self) -> None:
        self.does(Tap(self.at, self.session.tapped))

    @rule(token=st.text(max_size=80))
    def taps_something_forged(self, token: str) -> None:
        self.does(Tap(self.at, token))

    @rule(pick=picks, other=picks, sure=st.booleans())
    def types_about_safety(self, pick: float, other: float, sure: bool) -> None:
        safety = [each.id for each in self.among[0].dialogs.values() if each.kind is Kind.SAFETY]
        topics = [each.id for each in self.among[0].dialogs.values() if each.kind is Kind.TOPIC]
        heard = topics[int(other * len(topics)) :]
        self.does(Said(self.at, Hearing(safety[int(pick * len(safety))], sure, tuple(heard))))

    @rule(pick=picks, other=picks, edited=st.booleans())
    def types_a_topic(self, pick: float, other: float, edited: bool) -> None:
        self.does(Said(self.at, Hearing(topics=(self.dialog(pick), self.dialog(other))), edited=edited))

    @rule(near=st.lists(picks, max_size=5))
    def is_not_understood(self, near: list[float]) -> None:
        self.does(Said(self.at, Hearing(near=tuple(dict.fromkeys(map(self.dialog, near))))))

    @rule(pick=picks)
    def types_a_label(self, pick: float) -> None:
        if self.offered:
            self.does(Said(self.at, Hearing(), self.offered[int(pick * len(self.offered))]))

    @rule(name=NAMES | st.text(max_size=10), argument=st.just("") | st.text(max_size=10))
    def commands(self, name: str, argument: str) -> None:
        self.does(Command(self.at, name, argument))

    @rule(pick=picks)
    def follows_a_link(self, pick: float) -> None:
        self.does(Command(self.at, "start", self.dialog(pick)))

    @rule()
    def sends_a_photo(self) -> None:
        self.does(Sent(self.at))

    @rule()
    def is_due(self) -> None:
        self.does(Due(self.at))

    @rule(minutes=st.integers(-90, 60 * 24 * 90))
    def is_away(self, minutes: int) -> None:
        self.at = max(datetime(2001, 1, 1, tzinfo=self.at.tzinfo), self.at + timedelta(minutes=minutes))

    @rule(number=st.integers(0, EDITIONS - 1))
    def gets_another_edition(self, number: int) -> None:
        self.script = self.among[number]
        self.edition_changed = True

    @invariant()
    def stays_small(self) -> None:
        assert len(self.session.to_json().encode()) < MAX_SESSION_BYTES

    @invariant()
    def stands_somewhere(self) -> None:
        assert self.session.place is None or any(each.node(self.session.place) for each in self.among)


def _run(script: Script, examples: int) -> None:
    class InThisScript(Conversation):
        among = editions(script)

    assert len(InThisScript.among) == EDITIONS
    bounds = settings(max_examples=examples, stateful_step_count=60, deadline=None)
    run_state_machine_as_test(InThisScript, settings=bounds)


def test_anything_in_any_order() -> None:
    """The small script, with everything in it that the engine knows."""
    _run(SCRIPT, 80)


def test_anything_in_any_order_as_shipped(companion: Companion) -> None:
    """The dialogs that parents talk with."""
    _run(companion.script, 80)
