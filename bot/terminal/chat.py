"""One conversation over lines of text: a number picks a choice, ``/word`` is a command, anything else is typed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.conversation.answers import Answer, Key
from bot.conversation.companion import Companion
from bot.conversation.incoming import Commanded, Incoming, Tapped, Typed
from bot.conversation.turns import Turns
from bot.engine.session import Session
from bot.terminal.memory import Memory

_NUMBER = re.compile(r"0*[1-9][0-9]{0,2}")


class Screen(Protocol):
    """Where answers are shown."""

    def show(self, answer: Answer) -> None:
        """Show one turn."""
        ...


class Chat:
    """One parent at one terminal; the session lives in memory and ends with the process."""

    def __init__(
        self,
        companion: Companion,
        screen: Screen,
        clock: Callable[[], datetime],
        *,
        language: str | None = None,
        region: str | None = None,
    ) -> None:
        self._turns = Turns(companion, Memory(Session(language=language, region=region)))
        self._screen = screen
        self._clock = clock
        self._keyboard: tuple[Key, ...] = ()

    def greet(self) -> None:
        """What a parent sees who presses Start."""
        self._turn(Commanded("start"))

    def converse(self, lines: Iterable[str]) -> None:
        """Answer every line, to the end."""
        for line in lines:
            self._turn(self.read(line))

    def read(self, line: str) -> Incoming:
        """What one typed line means here."""
        text = line.strip()
        if _NUMBER.fullmatch(text) and int(text) <= len(self._keyboard):
            return Tapped(self._keyboard[int(text) - 1].token)
        if text.startswith("/") and len(text) > 1:
            name, *argument = text[1:].split(maxsplit=1) or [""]
            return Commanded(name, "".join(argument))
        return Typed(text)

    def _turn(self, incoming: Incoming) -> None:
        asyncio.run(self._taken(incoming))

    async def _taken(self, incoming: Incoming) -> None:
        await self._turns.take(b"", incoming, self._clock(), self._show)

    async def _show(self, answer: Answer, _wiped: Sequence[int]) -> Sequence[int]:
        self._keyboard = answer.keyboard or self._keyboard
        self._screen.show(answer)
        return ()
