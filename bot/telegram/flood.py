"""One chat that floods is slowed down, and the others feel nothing.

A person waits for answers now and then; what floods does not. So it is not the speed that counts, but how many updates
of one chat are waiting to be answered. Beyond that many, one kind sentence is said, and what comes on top is let go
without being stored, until the chat has caught up. Danger is heard all the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from bot.conversation.incoming import Commanded, Tapped, Typed, words_of
from bot.conversation.turns import Turns
from bot.engine import buttons
from bot.engine.commands import command_named
from bot.engine.model import HELP_NOW
from bot.telegram.received import Blocked, Received

MOST_WAITING = 20
"""Updates of one chat that wait at once: more than a tired thumb taps, or a person types during an outage."""
CAUGHT_UP = 5
ALWAYS_ANSWERED = ("hulp", "stop", "vergeet", "wis")


class Haste(Enum):
    """How fast a chat's updates come."""

    NONE = "none"
    TOLD = "told"
    """Too fast, and it is said now."""
    QUIET = "quiet"
    """Still too fast; it was said already."""


@dataclass(slots=True)
class _Waiting:
    count: int = 0
    told: bool = False


class Flood:
    """Counts what waits in each chat; remembers only chats in which something waits."""

    def __init__(self, matters: Callable[[Received], Awaitable[bool]]) -> None:
        self._matters = matters
        self._chats: dict[int, _Waiting] = {}

    async def haste(self, received: Received) -> Haste:
        """How to take one more update; unless it is QUIET, it counts as waiting until ``done``."""
        waiting = self._chats.get(received.chat_id)
        too_many = waiting is not None and waiting.count >= MOST_WAITING
        too_many = too_many and not await self._matters(received)
        waiting = self._chats.setdefault(received.chat_id, _Waiting())  # another one, when it caught up meanwhile
        haste = Haste.NONE
        if too_many:
            if waiting.told:
                return Haste.QUIET
            haste, waiting.told = Haste.TOLD, True
        waiting.count += 1
        return haste

    def restored(self, received: Received) -> None:
        """One update that a former process left; it is answered in any case, or told that it goes too fast."""
        waiting = self._chats.setdefault(received.chat_id, _Waiting())
        waiting.count += 1
        waiting.told = waiting.told or received.too_fast

    def taken_back(self, received: Received) -> None:
        """One update that is not to be handled after all: it came before, or could not be stored."""
        waiting = self._chats.get(received.chat_id)
        if waiting is not None and received.too_fast:
            waiting.told = False  # the sentence is not said, so nothing may be let go yet
        self.done(received)

    def done(self, received: Received) -> None:
        """One update of the chat was handled."""
        waiting = self._chats.get(received.chat_id)
        if waiting is None:
            return
        waiting.count -= 1
        waiting.told = waiting.told and waiting.count > CAUGHT_UP
        if waiting.count <= 0:
            del self._chats[received.chat_id]


def matters_to(turns: Turns) -> Callable[[Received], Awaitable[bool]]:
    """Whether an update is answered however many wait: danger, Hulp nu, and the ways to end and to delete."""

    async def matters(received: Received) -> bool:
        match received.what:
            case Commanded(name) if (spec := command_named(name)) and spec.name in ALWAYS_ANSWERED:
                return True
            case Typed() | Commanded() as said:
                words = words_of(said)
                return bool(words) and await turns.hears_danger(words, received.language)
            case Tapped(token):
                meaning = buttons.read_token(token)
                return isinstance(meaning, buttons.Open) and meaning.dialog == HELP_NOW
            case Blocked():
                return True
            case _:
                return False

    return matters
