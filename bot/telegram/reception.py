"""Handles one stored update: a turn for a parent, a goodbye to a group, deletion for who blocked the bot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from bot.conversation.answers import Answer
from bot.conversation.incoming import CheckInDue
from bot.conversation.turns import Deliver, ParentGone, Turns
from bot.engine.phrases import Phrase
from bot.store import Store
from bot.telegram.inbox import InboxQueue
from bot.telegram.messenger import Messenger
from bot.telegram.patience import Patience, Stopping
from bot.telegram.received import Blocked, Crowd, Received

CHECK_IN_PATIENCE = 3600.0
"""Seconds for which a check-in is tried while Telegram is out of reach."""
_log = logging.getLogger(__name__)


class Reception:
    """Where updates come in, one at a time for each chat."""

    def __init__(
        self,
        turns: Turns,
        store: Store,
        inbox: InboxQueue,
        messenger: Messenger,
        patience: Patience,
        clock: Callable[[], datetime],
    ) -> None:
        self._turns = turns
        self._store = store
        self._inbox = inbox
        self._messenger = messenger
        self._patience = patience
        self._clock = clock

    async def handle(self, received: Received) -> None:
        """Answer ``received``; what cannot be finished because the bot stops stays in the inbox."""
        try:
            if not self._patience.stopping:
                await self._handle(received)
        except Stopping:
            return
        except Exception as error:  # a fault of ours must not leave a parent without an answer
            _log.error("a turn failed: %s in %s", type(error).__name__, _where(error))
            await self._apologise(received)
        finally:
            self._inbox.done(received)

    async def _handle(self, received: Received) -> None:
        now = self._clock()
        chat = self._store.chat_key(received.chat_id)
        match received.what:
            case Crowd(speak):
                text = self._phrase(Phrase.PRIVATE_ONLY, received.language) if speak else None
                await self._messenger.say_and_leave(received, text)
                await self._turns.drop(received.update_id, now)
                _log.info("group left")
            case Blocked():
                await self._messenger.stop_breathing(received.chat_id)
                await self._turns.forget(chat, now, received.update_id)
                _log.info("chat deleted: blocked")
            case CheckInDue():
                await self._check_in(received, chat, now)
            case _ if received.too_fast:
                await self._slow_down(received, now)
            case incoming:
                answer = await self._turns.take(
                    chat,
                    incoming,
                    now,
                    self._showing(received),
                    update_id=received.update_id,
                    phone_language=received.language,
                    chat_id=received.chat_id,
                    sent=received.sent,
                )
                _log.info("turn: %s", _told(received, answer))

    async def _check_in(self, received: Received, chat: bytes, now: datetime) -> None:
        try:
            async with asyncio.timeout(CHECK_IN_PATIENCE):
                answer = await self._turns.check_in(chat, now, self._showing(received), received.language)
        except TimeoutError:
            answer = None  # Telegram is out of reach for long; a check-in in the middle of the night helps nobody
        _log.info("check-in: %s", "sent" if answer is not None else "not sent")

    async def _slow_down(self, received: Received, now: datetime) -> None:
        """Say once that it goes too fast, in the place of an answer."""
        await self._say_instead(received, Phrase.SLOW_DOWN, now)
        _log.info("a chat is slowed down")

    def _showing(self, received: Received) -> Deliver:
        async def show(answer: Answer, wiped: Sequence[int]) -> Sequence[int]:
            return await self._messenger.deliver(received, answer, wiped)

        return show

    async def _apologise(self, received: Received) -> None:
        """Say that something went wrong here, with a way on; the update is not tried again."""
        if not received.stored:
            return  # nobody waits for an answer
        with suppress(Stopping):
            await self._say_instead(received, Phrase.WENT_WRONG, self._clock())

    async def _say_instead(self, received: Received, phrase: Phrase, now: datetime) -> None:
        """One sentence in the place of a turn; /wis takes it away like any other."""
        chat = self._store.chat_key(received.chat_id)
        try:
            shown = await self._messenger.apologise(received, self._phrase(phrase, received.language))
        except ParentGone:
            await self._turns.forget(chat, now, received.update_id)
        else:
            await self._turns.drop(received.update_id, now, chat=chat, shown=shown)

    def _phrase(self, phrase: Phrase, language: str | None) -> str:
        companion = self._turns.companion
        return companion.phrase(phrase, companion.texts.language_for(language, companion.default_language))


def _told(received: Received, answer: Answer | None) -> str:
    """Dialog, node and kind of event; nothing of who or what."""
    kind = type(received.what).__name__.lower()
    if answer is None:
        return f"{kind} → chat deleted"
    if not answer.bubbles:
        return f"{kind} → double tap"
    return f"{kind} → {answer.place or 'nowhere'} [{answer.language}]"


def _where(error: BaseException) -> str:
    """The function and line that failed; nothing of what it was given."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}" if frame is not None else "?"
