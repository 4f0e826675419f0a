"""Anything in any order, with restarts in between: the store and a few dictionaries always say the same."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.store import Counts, Keys, Store, Waiting

T = TypeVar("T")

KEYS = Keys.from_secret("a secret for tests, long enough to be one")
chat_ids = st.integers(1, 5)
update_ids = st.integers(0, 200)
days = st.integers(100, 110)
texts = st.text(max_size=200)


class Stored(RuleBasedStateMachine):
    """The model: sessions with their day by chat, waiting updates, and what was handled in blocks of 64."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "keukentafel.db"
        self.loop = asyncio.Runner()
        self.store = self.run(Store.open(self.path, KEYS, cached_sessions=2))
        self.sessions: dict[int, tuple[str, int]] = {}
        self.inbox: dict[int, tuple[int, bytes]] = {}
        self.handled: dict[int, tuple[set[int], int]] = {}

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.loop.run(work)

    def teardown(self) -> None:
        self.run(self.store.close())
        self.loop.close()
        self.folder.cleanup()

    def mark_handled(self, update_id: int, day: int) -> None:
        self.inbox.pop(update_id, None)
        known, newest = self.handled.get(update_id // 64, (set(), 0))
        self.handled[update_id // 64] = (known | {update_id}, max(day, newest))

    def is_handled(self, update_id: int) -> bool:
        return update_id in self.handled.get(update_id // 64, (set(), 0))[0]

    @rule(update_id=update_ids, chat_id=chat_ids, body=st.binary(max_size=300))
    def put(self, update_id: int, chat_id: int, body: bytes) -> None:
        async def put() -> bool:
            return await self.store.put_update(update_id, KEYS.chat_key(chat_id), body)

        new = self.run(put())
        assert new == (update_id not in self.inbox and not self.is_handled(update_id))
        if new:
            self.inbox[update_id] = (chat_id, body)

    @rule(chat_id=chat_ids, text=texts, day=days)
    def commit_without_update(self, chat_id: int, text: str, day: int) -> None:
        self.run(self.store.commit(KEYS.chat_key(chat_id), text, update_id=None, day=day))
        self.sessions[chat_id] = (text, day)

    @precondition(lambda self: self.inbox)
    @rule(data=st.data(), text=texts, day=days)
    def answer(self, data: st.DataObject, text: str, day: int) -> None:
        update_id = data.draw(st.sampled_from(sorted(self.inbox)))
        chat_id, _ = self.inbox[update_id]
        self.run(self.store.commit(KEYS.chat_key(chat_id), text, update_id=update_id, day=day))
        self.sessions[chat_id] = (text, day)
        self.mark_handled(update_id, day)

    @precondition(lambda self: self.inbox)
    @rule(text=texts, day=days)
    def answer_all_at_once(self, text: str, day: int) -> None:
        """Side by side, as after a restart; of one chat, the newest update's session stays."""

        async def all_at_once() -> None:
            await asyncio.gather(
                *(
                    self.store.commit(KEYS.chat_key(chat_id), f"{text}{update_id}", update_id=update_id, day=day)
                    for update_id, (chat_id, _) in sorted(self.inbox.items())
                )
            )

        before = self.store.transactions
        self.run(all_at_once())
        assert self.store.transactions == before + 1
        for update_id, (chat_id, _) in sorted(self.inbox.items()):
            self.sessions[chat_id] = (f"{text}{update_id}", day)
            self.mark_handled(update_id, day)

    @rule(chat_id=chat_ids, text=texts, day=days, gone=st.booleans())
    def arrive_around_a_turn(self, chat_id: int, text: str, day: int, gone: bool) -> None:
        """In one transaction: what arrives before and after brings a session along, and never an old one."""
        chat = KEYS.chat_key(chat_id)
        free = [each for each in range(100, 200) if each not in self.inbox and not self.is_handled(each)][:2]

        async def at_once() -> None:
            put = self.store.put_update
            if gone:
                turn = self.store.forget(chat, update_id=0, day=day)
            else:
                turn = self.store.commit(chat, text, update_id=None, day=day)
            await asyncio.gather(put(free[0], chat, b"1"), turn, put(free[1], chat, b"2"))

        if len(free) < 2:
            return
        self.run(at_once())
        if gone:
            self.sessions.pop(chat_id, None)
            self.mark_handled(0, day)
        else:
            self.sessions[chat_id] = (text, day)
        self.inbox |= {each: (chat_id, body) for each, body in zip(free, (b"1", b"2"), strict=True)}

    @rule(update_id=update_ids, day=days)
    def drop(self, update_id: int, day: int) -> None:
        self.run(self.store.drop_update(update_id, day))
        self.mark_handled(update_id, day)

    @rule(chat_id=chat_ids, day=days, up_to=st.none() | update_ids)
    def forget(self, chat_id: int, day: int, up_to: int | None) -> None:
        self.run(self.store.forget(KEYS.chat_key(chat_id), update_id=up_to, day=day))
        self.sessions.pop(chat_id, None)
        for update_id, (owner, _) in list(self.inbox.items()):
            if owner == chat_id and (up_to is None or update_id <= up_to):
                self.mark_handled(update_id, day)
        if up_to is not None:
            self.mark_handled(up_to, day)

    @rule(day=days)
    def expire(self, day: int) -> None:
        old = [chat_id for chat_id, (_, seen) in self.sessions.items() if seen < day]
        assert self.run(self.store.expire(day)) == len(old)
        for chat_id in old:
            del self.sessions[chat_id]

    @rule(day=days)
    def prune(self, day: int) -> None:
        self.run(self.store.prune_handled(day))
        self.handled = {block: known for block, known in self.handled.items() if known[1] >= day}

    @rule()
    def restart(self) -> None:
        self.run(self.store.close())
        self.store = self.run(Store.open(self.path, KEYS, cached_sessions=2))

    @invariant()
    def the_sessions_are_the_same(self) -> None:
        for chat_id in range(1, 6):
            expected = self.sessions.get(chat_id, (None, 0))[0]
            assert self.run(self.store.session(KEYS.chat_key(chat_id))) == expected

    @invariant()
    def the_inbox_is_the_same(self) -> None:
        expected = [Waiting(u, KEYS.chat_key(chat_id), body) for u, (chat_id, body) in sorted(self.inbox.items())]
        assert self.run(self.store.waiting()) == expected
        assert self.run(self.store.count()) == Counts(len(self.sessions), len(expected), min(self.inbox, default=None))


TestStored = Stored.TestCase
TestStored.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
