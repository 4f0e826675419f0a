"""One turn, whole: load the session, hear, step, render, send, commit. The same for every channel that stores.

Sent before committed: killed in between, the turn is taken again from the old session, so an answer may come twice
but is never missing, and a session is never half a step ahead of what its parent read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import TypeVar

from bot.conversation.answers import Answer, Bubble
from bot.conversation.companion import Companion
from bot.conversation.figures import Figures
from bot.conversation.incoming import CheckInDue, Incoming, Typed, words_of
from bot.conversation.ports import Changes, CheckIn, Note, SessionStore, StoreUnavailable
from bot.conversation.tally import Tally
from bot.engine.keeping import is_timely
from bot.engine.model import MAX_BUBBLES, MAX_CHARACTERS
from bot.engine.phrases import Phrase
from bot.engine.session import Session, UnreadableSession

_log = logging.getLogger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
"""Seconds between tries to store a turn, doubled from the first to the longest."""

WIPED_HOURS = 48
"""Telegram lets a bot delete messages of the last 48 hours (Bot API, deleteMessages)."""

LATE_SECONDS = 3 * 3600
"""From this age on, what a parent wrote is answered with a word on how long it lay."""
MOST_TOLD = 10_000
"""Chats of which it is remembered that they were told so; once in a backlog is enough."""

MOST_READ_BEFORE = 1_000
"""Sessions that are known by their text, so that a conversation that goes on is not read anew in each turn."""

Result = TypeVar("Result")
Deliver = Callable[[Answer, Sequence[int]], Awaitable[Sequence[int]]]
"""Takes the messages of these ids off the screen, shows the answer, and gives the ids of what stands there since."""


class ParentGone(Exception):
    """The parent blocked the bot or deleted the account: everything about the chat is to be deleted."""


def day_of(moment: datetime) -> int:
    """Whole days since 1970 (UTC): as exactly as a visit is remembered outside the sealed session."""
    return int(moment.timestamp()) // 86_400


def hour_of(moment: datetime) -> int:
    """Whole hours since 1970 (UTC): as exactly as it is remembered when a message was shown."""
    return int(moment.timestamp()) // 3600


class Turns:
    """Takes turns. One chat must not be in two at once; the channel keeps a chat's updates in order."""

    def __init__(self, companion: Companion, store: SessionStore) -> None:
        self.companion = companion
        self.tally = Tally()
        """Counts for whoever stores them."""
        self.figures = Figures()
        self._store = store
        self._told_late: dict[bytes, int] = {}
        self._read_before: dict[str, Session] = {}
        """By their JSON text."""
        self._hearing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hearing")

    async def take(
        self,
        chat: bytes,
        incoming: Incoming,
        now: datetime,
        deliver: Deliver,
        *,
        update_id: int | None = None,
        phone_language: str | None = None,
        chat_id: int = 0,
        sent: int | None = None,
    ) -> Answer | None:
        """Answer ``incoming`` of ``chat`` at ``now`` (aware) through ``deliver``, then store the next session.

        The update ``update_id`` leaves the inbox in the same transaction. ``chat_id`` is where a check-in goes, should
        one be asked for. ``sent`` is when it was written, in seconds since 1970, if that is known. When ``deliver``
        raises ParentGone, everything about the chat is deleted and None given. What else it raises goes on up, and
        nothing is stored.
        """
        began, day = perf_counter(), day_of(now)
        session, anew = self._read(await self._patiently(lambda: self._store.session(chat)))
        answer = await self._answer(session, incoming, now, phone_language)
        if anew:
            answer = self._opening_with(answer, Phrase.STARTED_ANEW)
        late = self._comes_late(chat, answer, sent, now)
        if late:
            answer = self._opening_with(answer, Phrase.LATE)
        answer = await self._with_notes(chat, answer)
        wiped: list[int] = []
        if any(effect.wipes for effect in answer.effects):
            wiped = await self._patiently(lambda: self._store.shown(chat, hour_of(now) - WIPED_HOURS))
        try:
            shown = await deliver(answer, wiped)
        except ParentGone:
            await self._patiently(lambda: self._store.forget(chat, update_id=update_id, day=day))
            return None
        if any(effect.forgets for effect in answer.effects):
            await self._patiently(lambda: self._store.forget(chat, update_id=update_id, day=day))
        else:
            if wiped:
                await self._patiently(lambda: self._store.wiped(chat))
            also = _changes(session, answer.session, incoming, now, shown)
            if also.check_in is not None:
                address = replace(also.check_in, chat_id=chat_id, phone_language=phone_language)
                also = replace(also, check_in=address)
            text = answer.session.to_json()
            await self._patiently(lambda: self._store.commit(chat, text, update_id=update_id, day=day, also=also))
            self._remember(text, answer.session)
            self.tally.turn(day, self.companion.script, session, answer, len(also.keep))
        if late:
            self._tell_late(chat, now)
        self.figures.turn(perf_counter() - began)
        self.figures.dangers_heard += answer.heard_danger
        return answer

    async def check_in(self, chat: bytes, now: datetime, deliver: Deliver, phone_language: str | None) -> Answer | None:
        """Send the check-in that is due now, if it still is: stored as done first, so that it never comes twice.

        None when it was called off, is too late for its day, or the chat is gone.
        """
        day = day_of(now)
        stored = await self._patiently(lambda: self._store.session(chat))
        if stored is None:  # forgotten meanwhile: nothing of this chat may come back
            await self._patiently(lambda: self._store.drop_check_in(chat))
            return None
        session, _ = self._read(stored)
        local = now.astimezone(self.companion.zone(session))
        due = session.check_in
        timely = due is not None and is_timely(datetime.fromtimestamp(due, local.tzinfo), local)
        if not timely:
            if due is None or due <= now.timestamp():
                text = session._replace(check_in=None).to_json()
                done = Changes(no_check_in=True)
                await self._patiently(lambda: self._store.commit(chat, text, update_id=None, day=day, also=done))
            return None
        answer = self.companion.answer(session, CheckInDue(), now, phone_language)
        text, done = answer.session.to_json(), Changes(no_check_in=True)
        await self._patiently(lambda: self._store.commit(chat, text, update_id=None, day=day, also=done))
        try:
            shown = await deliver(answer, ())
        except ParentGone:
            await self._patiently(lambda: self._store.forget(chat, day=day))
            return None
        also = Changes(shown=tuple(shown), hour=hour_of(now))
        await self._patiently(lambda: self._store.commit(chat, text, update_id=None, day=day, also=also))
        self.tally.check_in(day)
        return answer

    async def _answer(self, session: Session, incoming: Incoming, now: datetime, phone_language: str | None) -> Answer:
        """Words are heard in a thread of its own, so that no other chat waits for it."""
        answered = partial(self.companion.answer, session, incoming, now, phone_language)
        if words_of(incoming):
            return await asyncio.get_running_loop().run_in_executor(self._hearing, answered)
        return answered()

    async def hears_danger(self, words: str, phone_language: str | None) -> bool:
        """Whether danger is heard in ``words``, in the same thread. A fault in hearing counts as danger."""
        language = self.companion.texts.language_for(phone_language, self.companion.default_language)
        heard = partial(self.companion.hear, words, language)
        try:
            return (await asyncio.get_running_loop().run_in_executor(self._hearing, heard)).safety is not None
        except Exception as error:  # what is not known to be harmless must not be let go
            _log.error("hearing failed: %s", type(error).__name__)
            return True

    async def get_ready(self, companion: Companion) -> None:
        """Make ``companion`` ready to hear, beside the conversations; else its first typed message waits for that."""
        ready = partial(companion.hear, "", companion.default_language)
        await asyncio.get_running_loop().run_in_executor(self._hearing, ready)

    async def _with_notes(self, chat: bytes, answer: Answer) -> Answer:
        """The answer with the notes that it shows."""
        wanted = [each.note for each in answer.bubbles if isinstance(each, Bubble) and each.note is not None]
        if not wanted:
            return answer
        notes: dict[int, Note] = {}
        for number in wanted:
            note = await self._patiently(lambda number=number: self._store.note(chat, number))  # type: ignore[misc]
            if note is not None:
                notes[number] = note
        return self.companion.recalled(answer, notes)

    async def forget(self, chat: bytes, now: datetime, update_id: int | None = None) -> None:
        """Delete everything about ``chat``."""
        await self._patiently(lambda: self._store.forget(chat, update_id=update_id, day=day_of(now)))

    async def drop(
        self, update_id: int, now: datetime, *, chat: bytes | None = None, shown: Sequence[int] = ()
    ) -> None:
        """Take an update that needs no turn off the inbox.

        ``shown`` are the ids of messages that stand on the screen of ``chat`` all the same, so that /wis finds them.
        """
        also = Changes(shown=tuple(shown), hour=hour_of(now))
        await self._patiently(lambda: self._store.drop_update(update_id, day_of(now), chat=chat, also=also))

    async def _patiently(self, work: Callable[[], Awaitable[Result]]) -> Result:
        wait = FIRST_WAIT
        while True:
            try:
                return await work()
            except StoreUnavailable as problem:
                _log.error("storage: %s; trying again in %.1f s", problem, wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def _read(self, stored: str | None) -> tuple[Session, bool]:
        """The stored session, and whether one was there that this edition cannot read."""
        if stored is None:
            return Session(), False
        if (known := self._read_before.pop(stored, None)) is not None:
            return known, False
        try:
            return Session.from_json(stored), False
        except UnreadableSession as problem:
            _log.warning("a stored session starts anew: %s", problem)
            return Session(greeted=True), True

    def _remember(self, text: str, session: Session) -> None:
        """It will be read as this in the next turn."""
        self._read_before[text] = session
        if len(self._read_before) > MOST_READ_BEFORE:
            del self._read_before[next(iter(self._read_before))]

    def _opening_with(self, answer: Answer, phrase: Phrase) -> Answer:
        """Say so first, above the first bubble where there are enough; without any room the answer goes on without."""
        line = Bubble(self.companion.phrase(phrase, answer.language))
        if len(answer.bubbles) < MAX_BUBBLES:
            return replace(answer, bubbles=(line, *answer.bubbles))
        first = answer.bubbles[0]
        text = f"{line.text}\n\n{first.text}" if isinstance(first, Bubble) else ""
        if not isinstance(first, Bubble) or first.note is not None or len(text) > MAX_CHARACTERS:
            return answer
        return replace(answer, bubbles=(replace(first, text=text), *answer.bubbles[1:]))

    def _comes_late(self, chat: bytes, answer: Answer, sent: int | None, now: datetime) -> bool:
        """Whether it lay for hours, and nothing was said of that since. A screen that is wiped says nothing of it."""
        moment = int(now.timestamp())
        if sent is None or moment - sent < LATE_SECONDS or not answer.bubbles:
            return False
        return self._told_late.get(chat, sent - 1) < sent and not any(each.wipes for each in answer.effects)

    def _tell_late(self, chat: bytes, now: datetime) -> None:
        """Remember that it was told, of the last chats only."""
        self._told_late.pop(chat, None)
        self._told_late[chat] = int(now.timestamp())
        if len(self._told_late) > MOST_TOLD:
            del self._told_late[next(iter(self._told_late))]


def _changes(before: Session, after: Session, incoming: Incoming, now: datetime, shown: Sequence[int]) -> Changes:
    """What the step from one session to the next means for notes and check-ins, and what stands on the screen since."""
    keep: tuple[tuple[int, Note], ...] = ()
    if isinstance(incoming, Typed):
        keep = tuple((number, Note(incoming.text, now)) for number in after.notes if number not in before.notes)
    drop = tuple(number for number in before.notes if number not in after.notes)
    due, called_off = None, False
    if after.check_in != before.check_in:
        called_off = after.check_in is None
        due = None if after.check_in is None else CheckIn(datetime.fromtimestamp(after.check_in, UTC), 0, None)
    return Changes(keep, drop, due, called_off, tuple(shown), hour_of(now))
