"""One turn, whole: load the session, hear, step, render, send, commit. The same for every channel that stores.

Sent before committed: killed in between, the turn is taken again from the old session, so an answer may come twice
but is never missing, and a session is never half a step ahead of what its parent read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.conversation.answers import Answer, Bubble
from bot.conversation.companion import Companion
from bot.conversation.incoming import Incoming
from bot.conversation.ports import SessionStore, StoreUnavailable
from bot.engine.model import MAX_BUBBLES, Effect
from bot.engine.phrases import Phrase
from bot.engine.session import Session, UnreadableSession

_log = logging.getLogger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
"""Seconds between tries to store a turn, doubled from the first to the longest."""

Result = TypeVar("Result")
Deliver = Callable[[Answer], Awaitable[None]]


class ParentGone(Exception):
    """The parent blocked the bot or deleted the account: everything about the chat is to be deleted."""


def day_of(moment: datetime) -> int:
    """Whole days since 1970 (UTC): as exactly as a visit is remembered outside the sealed session."""
    return (moment.astimezone(UTC).date() - datetime(1970, 1, 1).date()) // timedelta(days=1)


class Turns:
    """Takes turns. One chat must not be in two at once; the channel keeps a chat's updates in order."""

    def __init__(self, companion: Companion, store: SessionStore) -> None:
        self.companion = companion
        self._store = store

    async def take(
        self,
        chat: bytes,
        incoming: Incoming,
        now: datetime,
        deliver: Deliver,
        *,
        update_id: int | None = None,
        phone_language: str | None = None,
    ) -> Answer | None:
        """Answer ``incoming`` of ``chat`` at ``now`` (aware) through ``deliver``, then store the next session.

        The update ``update_id`` leaves the inbox in the same transaction. When ``deliver`` raises ParentGone,
        everything about the chat is deleted and None given. What else it raises goes on up, and nothing is stored.
        """
        day = day_of(now)
        session, anew = _read(await self._patiently(lambda: self._store.session(chat)))
        answer = self.companion.answer(session, incoming, now, phone_language)
        if anew:
            answer = self._started_anew(answer)
        try:
            await deliver(answer)
        except ParentGone:
            await self._patiently(lambda: self._store.forget(chat, update_id=update_id, day=day))
            return None
        if Effect.FORGET in answer.effects:
            await self._patiently(lambda: self._store.forget(chat, update_id=update_id, day=day))
        else:
            text = answer.session.to_json()
            await self._patiently(lambda: self._store.commit(chat, text, update_id=update_id, day=day))
        return answer

    async def forget(self, chat: bytes, now: datetime, update_id: int | None = None) -> None:
        """Delete everything about ``chat``."""
        await self._patiently(lambda: self._store.forget(chat, update_id=update_id, day=day_of(now)))

    async def drop(self, update_id: int, now: datetime) -> None:
        """Take an update that needs no turn off the inbox."""
        await self._patiently(lambda: self._store.drop_update(update_id, day_of(now)))

    async def _patiently(self, work: Callable[[], Awaitable[Result]]) -> Result:
        wait = FIRST_WAIT
        while True:
            try:
                return await work()
            except StoreUnavailable as problem:
                _log.error("storage: %s; trying again in %.1f s", problem, wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def _started_anew(self, answer: Answer) -> Answer:
        """Say so first; where there is no room for it, the answer goes on as if nothing had happened."""
        if len(answer.bubbles) >= MAX_BUBBLES:
            return answer
        line = Bubble(self.companion.phrase(Phrase.STARTED_ANEW, answer.language))
        return replace(answer, bubbles=(line, *answer.bubbles))


def _read(stored: str | None) -> tuple[Session, bool]:
    """The stored session, and whether one was there that this edition cannot read."""
    if stored is None:
        return Session(), False
    try:
        return Session.from_json(stored), False
    except UnreadableSession as problem:
        _log.warning("a stored session starts anew: %s", problem)
        return Session(greeted=True), True
