"""Looking at a chat as people see it, and waiting for something to appear there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from .state import Chat, Message, Tap, World

What = str | Callable[[Message], bool]
LOOK_AGAIN = 0.005


class Watcher:
    """Someone who has a chat with the bot open."""

    def __init__(self, world: World, room: Chat) -> None:
        self.world = world
        self.room = room
        self.mark = 0  # when they last did something

    @property
    def chat(self) -> list[Message]:
        """The visible messages, oldest first, each as it stands now."""
        return self.room.visible

    @property
    def newest(self) -> Message:
        """The last message in the chat."""
        return self.chat[-1]

    @property
    def bot_texts(self) -> list[str]:
        """What the bot says in the chat, oldest first."""
        return [message.text for message in self.chat if message.from_bot]

    def transcript(self) -> str:
        """The chat as plain text: `bot: …`, `[button]`, `> what was said`."""
        lines = []
        for message in self.chat:
            said = message.text or f"({', '.join(message.content) or 'nothing'})"
            lines.append(f"bot: {said}" if message.from_bot else f"> {said}")
            lines.extend(" ".join(f"[{button.text}]" for button in row) for row in message.keyboard)
        return "\n".join(lines)

    async def waits_for(self, what: What, timeout: float = 5.0, *, anywhere: bool = False) -> Message:  # noqa: ASYNC109 - fails with the chat in its message
        """The first message of the bot with this text in it (or that fits), sent or edited since the last
        thing this person did; `anywhere` looks at older messages too."""

        def find() -> Message | None:
            since = 0 if anywhere else self.mark
            return next((m for m in self.chat if m.from_bot and m.changed > since and _fits(m, what)), None)

        await self._until(lambda: find() is not None, timeout, f"no message fits {what!r}")
        found = find()
        assert found is not None
        return found

    async def waits_for_quiet(self, seconds: float = 0.3, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - fails with the chat in its message
        """Until nothing has happened in this chat for a while."""
        last, since = self._newest_change(), time.monotonic()

        def quiet() -> bool:
            nonlocal last, since
            if (now := self._newest_change()) != last:
                last, since = now, time.monotonic()
            return time.monotonic() - since >= seconds

        await self._until(quiet, timeout, f"not quiet for {seconds} s")

    async def waits_for_answer(self, tap: Tap, timeout: float = 5.0) -> str:  # noqa: ASYNC109 - fails with the chat in its message
        """The text of the answer to a tap; empty when the bot only stopped the clock."""
        await self._until(lambda: tap.answered, timeout, f"the tap on {tap.data!r} was not answered")
        assert tap.answer is not None
        return str(tap.answer["text"])

    def _newest_change(self) -> int:
        return max((message.changed for message in self.room.messages), default=0)

    async def _until(self, condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"{otherwise} within {seconds} s; the chat:\n{self.transcript()}")
            await asyncio.sleep(LOOK_AGAIN)


def _fits(message: Message, what: What) -> bool:
    return what in message.text if isinstance(what, str) else what(message)
