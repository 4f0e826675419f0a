"""What is kept while the terminal is open, and gone when it closes."""

from __future__ import annotations

from bot.conversation.ports import NO_CHANGES, Changes, Note
from bot.engine.session import Session


class Memory:
    """A store for one chat."""

    def __init__(self, start: Session) -> None:
        self._start = start.to_json()
        self._session = self._start
        self._notes: dict[int, Note] = {}

    async def session(self, chat: bytes) -> str:
        """The session as JSON."""
        return self._session

    async def commit(
        self, chat: bytes, session_json: str, *, update_id: int | None, day: int, also: Changes = NO_CHANGES
    ) -> None:
        """Keep the session and its notes. A check-in is not sent: nobody writes into a terminal by itself."""
        self._session = session_json
        self._notes.update(also.keep)
        for number in also.drop:
            self._notes.pop(number, None)

    async def note(self, chat: bytes, number: int) -> Note | None:
        """One note."""
        return self._notes.get(number)

    async def shown(self, chat: bytes, since_hour: int) -> list[int]:
        """Nothing: what stands in a terminal has no number."""
        return []

    async def wiped(self, chat: bytes) -> None:
        """Nothing to forget."""

    async def drop_check_in(self, chat: bytes) -> None:
        """Nothing comes due here."""

    async def drop_update(
        self, update_id: int, day: int, *, chat: bytes | None = None, also: Changes = NO_CHANGES
    ) -> None:
        """There are no updates."""

    async def forget(self, chat: bytes, *, update_id: int | None = None, day: int) -> None:
        """Begin anew."""
        self._session = self._start
        self._notes.clear()
