"""One chat that takes turns with a store behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.conversation.answers import Answer
from bot.conversation.incoming import Incoming, Tapped
from bot.conversation.turns import Turns, day_of
from bot.engine.session import Session
from bot.store import Store
from tests.engine.parent import NOON

CHAT, OTHER = b"c" * 16, b"d" * 16
CHAT_ID = 4711
DAY = day_of(NOON)
SECRET = "a secret of thirty-two signs, or more"


class Conversation:
    """One chat: every turn is delivered to a list."""

    def __init__(self, turns: Turns, chat: bytes = CHAT) -> None:
        self.turns = turns
        self.chat = chat
        self.read: list[Answer] = []
        self.fails: Exception | None = None
        self.wiped: list[int] = []
        self.number = 0
        """Of the last message, as Telegram numbers them."""

    async def deliver(self, answer: Answer, wiped: Sequence[int]) -> Sequence[int]:
        if self.fails is not None:
            raise self.fails
        self.read.append(answer)
        self.wiped = [*wiped]
        self.after_reading()
        self.number += 10
        return [self.number + index for index in range(len(answer.bubbles))]

    def after_reading(self) -> None:
        """What happens between an answer and its storing; nothing, in most tests."""

    async def does(
        self, incoming: Incoming, update_id: int | None = None, at: datetime = NOON, age: int | None = None
    ) -> Answer | None:
        """Take a turn at a moment; ``age`` is how many seconds ago it was written, where that is known."""
        sent = None if age is None else int(at.timestamp()) - age
        return await self.turns.take(
            self.chat, incoming, at, self.deliver, update_id=update_id, chat_id=CHAT_ID, sent=sent
        )

    async def chooses(self, id_: str) -> Answer | None:
        return await self.does(Tapped(next(key.token for key in self.read[-1].keyboard if key.id == id_)))


async def stored(store: Store, chat: bytes = CHAT) -> Session | None:
    text = await store.session(chat)
    return None if text is None else Session.from_json(text)
