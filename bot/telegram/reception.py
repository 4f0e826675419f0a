"""Handles one stored update: a turn for a parent, a goodbye to a group, deletion for who blocked the bot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from telegram.ext import CallbackContext

from bot.conversation.answers import Answer
from bot.conversation.turns import ParentGone, Turns
from bot.engine.phrases import Phrase
from bot.store import Store
from bot.telegram.inbox import InboxQueue
from bot.telegram.messenger import Messenger
from bot.telegram.patience import Patience, Stopping
from bot.telegram.received import Blocked, Crowd, Received

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

    async def handle(self, received: Received, _context: CallbackContext[Any, Any, Any, Any]) -> None:
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
            case incoming:
                answer = await self._turns.take(
                    chat,
                    incoming,
                    now,
                    lambda answer: self._messenger.deliver(received, answer),
                    update_id=received.update_id,
                    phone_language=received.language,
                )
                _log.info("turn: %s", _told(received, answer))

    async def _apologise(self, received: Received) -> None:
        """Say that something went wrong here, with a way on; the update is not tried again."""
        with suppress(Stopping):
            try:
                await self._messenger.apologise(received, self._phrase(Phrase.WENT_WRONG, received.language))
            except ParentGone:
                chat = self._store.chat_key(received.chat_id)
                await self._turns.forget(chat, self._clock(), received.update_id)
            else:
                await self._turns.drop(received.update_id, self._clock())

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
