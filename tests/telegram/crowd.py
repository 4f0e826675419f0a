"""Parents who tap and type without waiting for anybody, each with habits of their own."""

from __future__ import annotations

import asyncio
import random

from tests.botapi import BotApi, Message, Parent
from tests.botapi.parents import strange_name
from tests.telegram.oracle import companion

COMMANDS = ("/start", "/start lost_patience", "/menu", "/hulp", "/regio", "/taal", "/privacy", "/stop", "/nonsense")


class Guest:
    """One parent. The same number and seed give the same habits."""

    def __init__(self, api: BotApi, number: int, seed: int) -> None:
        self.parent: Parent = api.parent(("nl", "nl-BE", "en", "fr", "de")[number % 5])
        self.words: list[str] = []
        """What only this guest ever typed."""
        dialogs = companion().script.dialogs.values()
        self._typed = [trigger for dialog in dialogs for trigger in dialog.triggers.get("nl", ())[:3]]
        self._random = random.Random(seed * 1000 + number)

    async def sits_down(self, deeds: int, longest_pause: float) -> None:
        """Begin, and do so many things more."""
        await self.parent.says("/start")
        for _ in range(deeds):
            await asyncio.sleep(self._random.uniform(0, longest_pause))
            await self._does_something()

    async def _does_something(self) -> None:
        chance = self._random.random()
        if chance < 0.6 and (tappable := self._tappable()):
            await self._taps(self._random.choice(tappable[-2:]))
        elif chance < 0.75:
            await self.parent.says(self._random.choice(self._typed))
        elif chance < 0.85:
            await self._says_something_private()
        elif chance < 0.95:
            await self.parent.says(self._random.choice(COMMANDS))
        else:
            await self.parent.sends_sticker()

    def _tappable(self) -> list[Message]:
        return [message for message in self.parent.chat if message.buttons]

    async def _taps(self, message: Message) -> None:
        label = self._random.choice(message.labels)
        if self._random.random() < 0.15:
            await self.parent.taps_twice(label, message)
        else:
            await self.parent.taps(label, message)

    async def _says_something_private(self) -> None:
        words = [strange_name(self.parent.world).lower() for _ in range(2)]
        self.words += words
        message = await self.parent.says(" ".join(words))
        if self._random.random() < 0.3:
            await self.parent.edits(message, " ".join(reversed(words)))
