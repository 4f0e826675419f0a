"""The queue of updates, with the offsets and the long polling of getUpdates."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from .wire import Json, Refusal

LONGEST_POLL = 50
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
TERMINATED_BY_OTHER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
TERMINATED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"


@dataclass(frozen=True)
class Update:
    """One update as it stood when it happened."""

    id: int
    kind: str
    payload: Json
    chat_id: int

    def as_json(self) -> Json:
        """The update as the bot gets it."""
        return {"update_id": self.id, self.kind: self.payload}


class UpdateQueue:
    """Updates that the bot has not confirmed yet, oldest first."""

    def __init__(self, first_id: int) -> None:
        self.pending: list[Update] = []
        self.history: dict[int, Update] = {}
        self.dropped: list[Update] = []  # of a kind the bot did not ask for
        self.allowed: frozenset[str] | None = None
        self.news = asyncio.Event()
        self._next_id = first_id
        self._again: list[Update] = []
        self._bell: asyncio.Future[str | None] | None = None

    def add(self, kind: str, payload: Json, chat_id: int) -> int:
        """Something happened: queue it, and wake who waits for it. Returns the update id."""
        update = Update(self._next_id, kind, payload, chat_id)
        self._next_id += 1
        self.history[update.id] = update
        wanted = kind in self.allowed if self.allowed is not None else kind not in NOT_BY_DEFAULT
        if wanted:
            self.pending.append(update)
            self._ring()
        else:
            self.dropped.append(update)
        return update.id

    def redeliver(self, update_id: int) -> None:
        """Give an update again, whatever the bot confirmed."""
        self._again.append(self.history[update_id])
        self._ring()

    def is_confirmed(self, update_id: int) -> bool:
        """Whether the bot has told Telegram that it has this update."""
        return update_id in self.history and all(update.id != update_id for update in self.pending)

    def allow(self, kinds: Iterable[str] | None) -> None:
        """What the bot wants from now on; None keeps what was asked before, an empty list the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def clear(self) -> None:
        """Forget what is pending."""
        self.pending.clear()

    def forget(self, update: Update) -> None:
        """The webhook took this update."""
        if update in self._again:
            self._again.remove(update)
        elif update in self.pending:
            self.pending.remove(update)

    def due(self) -> list[Update]:
        """What a webhook is to get, oldest first."""
        return [*self._again, *self.pending]

    def take(self, offset: int, limit: int) -> list[Update]:
        """What getUpdates answers now; confirms and forgets what is older than `offset`."""
        if offset < 0:
            del self.pending[:offset]
        elif offset > 0:
            self.pending = [update for update in self.pending if update.id >= offset]
        again, self._again = self._again[:limit], self._again[limit:]
        return [*again, *self.pending][:limit]

    async def poll(self, offset: int, limit: int, seconds: int) -> list[Update]:
        """getUpdates: at once when there is something, else after the next update or so many seconds."""
        self.end_poll(TERMINATED_BY_OTHER)
        batch = self.take(offset, limit)
        if batch or seconds <= 0:
            return batch
        bell = self._bell = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(min(seconds, LONGEST_POLL)):
                conflict = await bell
        except TimeoutError:
            return []
        finally:
            if self._bell is bell:
                self._bell = None
        if conflict is not None:
            raise Refusal(409, conflict)
        return self.take(offset, limit)

    def end_poll(self, description: str) -> None:
        """Whoever is polling now gets a 409."""
        if self._bell is not None and not self._bell.done():
            self._bell.set_result(description)

    def _ring(self) -> None:
        self.news.set()
        if self._bell is not None and not self._bell.done():
            self._bell.set_result(None)
