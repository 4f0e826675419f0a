"""A server and a bot process together, and the one question that most tests end with: do both agree?"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.conversation.answers import Answer
from tests.botapi import BotApi, Message, Parent
from tests.telegram import oracle
from tests.telegram.database import key_of, rows_of
from tests.telegram.serving import BotProcess
from tests.telegram.traces import found


@dataclass
class Kitchen:
    """Where parents sit down."""

    api: BotApi
    process: BotProcess

    def parent(self, language_code: str = "nl") -> Parent:
        """Someone new."""
        return self.api.parent(language_code)

    async def agree(self, parent: Parent, within: float = 20, repeats: int = 0) -> Answer:
        """Wait until the parent has read exactly what the oracle says: every answer once, in order, and the buttons.

        With `repeats`, so many messages come a second time in a row. Gives the last answer.
        """
        began, end = datetime.now(UTC), time.monotonic() + within
        while True:
            for moment in (began, datetime.now(UTC)):  # a service may open, or the night begin, in between
                answers = oracle.answers(self.api, parent, moment)
                wanted = [text for answer in answers for text in oracle.texts(answer)]
                read = oracle.sent_texts(parent)
                if wanted and len(read) == len(wanted) + repeats and (read == wanted or _once(read) == _once(wanted)):
                    spoken = [answer for answer in answers if answer.bubbles]
                    self._check_keyboard(parent, spoken[-1])
                    return answers[-1]
            assert time.monotonic() < end, (
                f"the oracle says {wanted[-4:]}; the chat:\n{parent.transcript()}\n{self.process.log[-2000:]}"
            )
            await asyncio.sleep(0.01)

    async def asks(self, parent: Parent, text: str, repeats: int = 0) -> Answer:
        """The parent types; both agree on the answer."""
        await parent.says(text)
        return await self.agree(parent, repeats=repeats)

    async def chooses(self, parent: Parent, label: str, message: Message | None = None) -> Answer:
        """The parent taps; both agree on the answer, and the button stops glowing."""
        tap = await parent.taps(label, message)
        answer = await self.agree(parent)
        assert await parent.waits_for_answer(tap, timeout=20) == ""
        return answer

    def _check_keyboard(self, parent: Parent, answer: Answer) -> None:
        last = next(message for message in reversed(parent.chat) if message.from_bot)
        shown = last.edits[0].keyboard if last.edits else last.keyboard
        assert [button.text for row in shown for button in row] == oracle.labels(answer)


async def is_forgotten(kitchen: Kitchen, parent: Parent) -> None:
    """Wait until no table holds a row of this chat, and no file of the database the bytes of its key."""
    end = time.monotonic() + 20
    while (rows := rows_of(kitchen.process.database, parent.id)) or found(
        [kitchen.process.folder], {key_of(parent.id)}
    ):
        assert time.monotonic() < end, rows
        await asyncio.sleep(0.02)


def _once(texts: list[str]) -> list[str]:
    """Without what is said twice in a row."""
    return [text for text, before in zip(texts, [None, *texts], strict=False) if text != before]
