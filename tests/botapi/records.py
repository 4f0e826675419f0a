"""What is written down of the calls, for tests to look at."""

from __future__ import annotations

from dataclasses import dataclass

from .wire import Json


@dataclass(eq=False)
class Call:
    """One call of the bot, and what came of it."""

    method: str
    params: Json
    at: float
    chat_id: int | None = None
    outcome: str = "under way"
    carried_out: bool = False

    @property
    def text(self) -> str:
        """The text that was sent."""
        return str(self.params.get("text", ""))


@dataclass(frozen=True)
class Violation:
    """A rule of the Bot API that the bot broke."""

    call: Call
    code: int
    description: str
