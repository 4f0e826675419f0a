"""Anything in any order, over a process that dies at any moment: each update is answered, no session is wrong, what
comes twice is known, and nothing of a forgotten chat stays.

The inbox, the order of chats, the turns and the store (a file) are those of the bot; Telegram and the parents are
played here. A model takes the same turns without ever dying, with the dialogs as they were at that moment.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.conversation.answers import Answer
from bot.conversation.incoming import Commanded, SentOther, Tapped, Typed
from bot.engine.commands import COMMANDS
from bot.engine.session import Session
from bot.telegram.received import Blocked, Crowd, Received, What
from tests.conversation.mortal import COMMITTED, KEYS, MOMENTS, STORED, UNCONFIRMED, House, Screens
from tests.conversation.small_companion import HEARD, small_companion
from tests.engine.parent import NOON
from tests.engine.small_script import SCRIPT, edition

T = TypeVar("T")

CHATS = (4711, 4712, 4713)
EDITIONS = [
    small_companion(SCRIPT),
    small_companion(edition(SCRIPT, without={"soup/hot", "song/hello/chain", "good_moment/stored/again"})),
    small_companion(edition(SCRIPT, without={"song", "soup/hello/salt", "soup/taste/more", "soup/read"})),
]

picks = st.floats(0, 1, exclude_max=True)
"""Picks one of whatever there is at that moment."""
chats = st.sampled_from(CHATS)
typed = st.builds(Typed, st.sampled_from([*HEARD, "qwxz", "wat ik wil bewaren"]))
names = st.sampled_from([spec.name for spec in COMMANDS])
commanded = st.builds(Commanded, names, st.sampled_from(["", "soup", "song", "good_moment"]))
old = [
    "zz:forget/hello/forget",
    "zz:wipe/hello/wipe",
    "zz:wipe/hello/both",
    "zz:check_in/offer/morning",
    "zz:check_in/offer/never",
    "zz:soup/hello/hot",
    "zz:!dropped/all",
    "nonsense",
]
tapped = st.builds(Tapped, st.sampled_from(old))
"""Buttons of long ago."""
deeds = st.one_of(typed, commanded, tapped, st.just(SentOther()), st.just(Blocked()), picks, picks)
deaths = st.none() | st.tuples(st.sampled_from(MOMENTS), picks)


@dataclass
class Chat:
    """What the model knows of one chat: the session and notes without any death, and what is not answered yet."""

    session: Session = field(default_factory=Session)
    notes: dict[int, str] = field(default_factory=dict)
    open: list[Received] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    forgotten: bool = True


class Interleavings(RuleBasedStateMachine):
    """Three parents, a process that dies, a Telegram that gives again what was not confirmed."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "keukentafel.db"
        self.loop = asyncio.Runner()
        self.companion = EDITIONS[0]
        self.screens = Screens(self.stands_somewhere)
        self.house: House | None = None
        self.now = NOON
        self.number = 0
        self.chats = {number: Chat() for number in CHATS}
        self.at_telegram: list[Received] = []
        self.handled: list[Received] = []
        self.times_said: Counter[int] = Counter()
        self.may_repeat: Counter[int] = Counter()

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.loop.run(work)

    def teardown(self) -> None:
        if self.house is not None:
            self.run(self.house.close())
        self.loop.close()
        self.folder.cleanup()

    def stands_somewhere(self, answer: Answer) -> None:
        place = answer.session.place
        assert place is None or self.companion.script.node(place) is not None

    @initialize()
    def greets(self) -> None:
        self.comes([(number, Commanded("start", "soup")) for number in CHATS], None)

    @rule(doings=st.lists(st.tuples(chats, deeds), min_size=1, max_size=5), death=deaths)
    def comes(self, doings: list[tuple[int, What | float]], death: tuple[str, float] | None) -> None:
        """One poll brings what one or more parents did; the process may die over one of these."""
        for chat_id, deed in doings:
            self.number += 1
            what = self.tap(chat_id, deed) if isinstance(deed, float) else deed
            if isinstance(what, Blocked):
                self.screens.blocked.add(chat_id)
            else:
                self.screens.blocked.discard(chat_id)
            received = Received(self.number, chat_id, what, "nl")
            self.chats[chat_id].open.append(received)
            self.at_telegram.append(received)
        self.lives(death, [])

    @rule(pick=picks, death=deaths)
    def is_delivered_again(self, pick: float, death: tuple[str, float] | None) -> None:
        """Telegram gives an update again that was answered long ago."""
        if self.handled:
            self.lives(death, [self.handled[int(pick * len(self.handled))]])

    @rule(chat=chats, keep=st.booleans(), death=deaths)
    def keeps_a_note(self, chat: int, keep: bool, death: tuple[str, float] | None) -> None:
        """The parent asks to keep words and types them, or goes away, in one poll."""
        self.comes([(chat, Commanded("start", "good_moment"))], None)
        last = Typed("wat ik wil bewaren") if keep else Commanded("menu")
        self.comes([(chat, Tapped("zy:good_moment/hello/keep")), (chat, last)], death)

    @rule(number=st.integers(0, len(EDITIONS) - 1))
    def gets_another_edition(self, number: int) -> None:
        self.companion = EDITIONS[number]
        if self.house is not None:
            self.house.turns.companion = self.companion

    @rule(hours=st.integers(1, 60))
    def goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def tap(self, chat_id: int, pick: float) -> What:
        offered = self.chats[chat_id].offered[-12:]
        return Tapped(offered[int(pick * len(offered))]) if offered else SentOther()

    def lives(self, death: tuple[str, float] | None, again: list[Received]) -> None:
        """One poll, taken in and answered, or died over; then the model takes the same turns."""
        self.now += timedelta(minutes=1)
        arriving = [*again, *self.at_telegram]
        first = self.house is None
        house = self.house = self.house or self.run(House.open(self.path, self.companion, self.screens, self.clock))
        if death is not None and arriving:
            house.fate.dies = death[0], arriving[int(death[1] * len(arriving))].update_id
        before = len(self.screens.said)
        self.run(house.lives(arriving, self.at_telegram.clear, first=first))
        died = house.fate.dead.is_set()
        if died:
            self.run(house.close())
            self.house = None
        self.follows(self.screens.said[before:], house.fate.dies if died else None)
        house.fate.dies = None

    def clock(self) -> datetime:
        return self.now

    def follows(self, said: list[tuple[int, Answer]], death: tuple[str, int] | None) -> None:
        """Let the model take the turns that are stored, and compare."""
        once = Counter(update_id for update_id, _ in said)
        assert max(once.values(), default=1) == 1, "said twice in one life"
        assert not set(once) & {each.update_id for each in self.handled}, "said again after it was stored"
        self.times_said.update(once)
        answers = dict(said)
        for chat_id, chat in self.chats.items():
            stored = [each for each in chat.open if self.is_handled(each.update_id)]
            assert stored == chat.open[: len(stored)], "not in order"
            assert death is not None or stored == chat.open, "not answered"
            self.check_death(death, chat.open, stored)
            left = chat.open[len(stored) :]
            half_way = [each.update_id for each in left if each.update_id in once]
            assert half_way in ([], [each.update_id for each in left[:1]]), (
                "a turn began before the one before it ended"
            )
            self.may_repeat.update(half_way)
            for received in stored:
                self.takes(chat, received)
                assert received.update_id in self.times_said or chat_id in self.screens.blocked or chat.forgotten
            chat.open = left
            self.handled += stored
            chat.offered += [key.token for each in stored if (a := answers.get(each.update_id)) for key in a.keyboard]
        for update_id, times in self.times_said.items():
            assert times <= 1 + self.may_repeat[update_id]

    def check_death(self, death: tuple[str, int] | None, open_: list[Received], stored: list[Received]) -> None:
        """Of the update over which it died: whether its turn is stored is known, not guessed."""
        if death is None or death[1] not in [each.update_id for each in open_]:
            return
        is_stored = death[1] in [each.update_id for each in stored]
        assert is_stored == (death[0] == COMMITTED) or death[0] in (STORED, UNCONFIRMED)

    def takes(self, chat: Chat, received: Received) -> None:
        """The model takes one turn, as a process that never dies."""
        answer = None
        said = received.what
        if not isinstance(said, Blocked | Crowd) and received.chat_id not in self.screens.blocked:
            answer = self.companion.answer(chat.session, said, self.now, received.language)
        if answer is None or any(effect.forgets for effect in answer.effects):
            chat.session, chat.notes, chat.forgotten = Session(), {}, True
            return
        new = [number for number in answer.session.notes if number not in chat.session.notes]
        words = {number: said.text for number in new if isinstance(said, Typed)}
        assert len(words) == len(new)
        kept = {number: text for number, text in chat.notes.items() if number in answer.session.notes}
        chat.session, chat.notes, chat.forgotten = answer.session, kept | words, False

    def is_handled(self, update_id: int) -> bool:
        where = "block = ? >> 6 AND bits & (1 << (? & 63))"
        return bool(self.rows(f"SELECT 1 FROM handled WHERE {where}", update_id, update_id))

    def rows(self, select: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path)) as raw:
            return raw.execute(select, values).fetchall()

    @invariant()
    def every_session_is_that_of_the_model(self) -> None:
        """Also the notes and the check-in that go with it, read as a process would."""
        if self.house is None:
            return
        for chat_id, chat in self.chats.items():
            key = KEYS.chat_key(chat_id)
            self.house.store._cache.drop([key])
            text = self.run(self.house.store.session(key))
            assert (Session.from_json(text) if text else Session()) == chat.session
            assert (text is None) == chat.forgotten
            notes = {number: self.run(self.house.store.note(key, number)) for number in chat.session.notes}
            assert {number: note and note.text for number, note in notes.items()} == chat.notes
        due = self.run(self.house.store.due_check_ins(self.now + timedelta(days=400)))
        expected = {KEYS.chat_key(each): chat.session.check_in for each, chat in self.chats.items()}
        assert {key: int(each.due.timestamp()) for key, each in due} == {k: v for k, v in expected.items() if v}

    @invariant()
    def nothing_of_a_forgotten_chat_stays(self) -> None:
        """No row in any table, and no byte of its key in any file."""
        for chat_id, chat in self.chats.items():
            if not chat.forgotten or chat.open or not self.path.exists():
                continue
            key = KEYS.chat_key(chat_id)
            for table in ("session", "inbox", "note", "check_in", "shown"):
                assert self.rows(f"SELECT 1 FROM {table} WHERE chat = ?", key) == [], table
            assert [each.name for each in self.path.parent.iterdir() if key in each.read_bytes()] == []


def test_anything_in_any_order() -> None:
    """Whatever parents do, however often the process dies over it."""
    bounds = settings(max_examples=60, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(Interleavings, settings=bounds)
