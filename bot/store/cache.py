"""The sessions that were stored last, so that a conversation that goes on is not read from the file each turn."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable


class Cache:
    """At most ``most`` sessions by chat; the one that was used longest ago goes first.

    Only what was committed is put in, in the order in which it was committed, and what was read in between, in the same
    order. What was read beside it never is: a slow read cannot put an old session over a new one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._sessions: OrderedDict[bytes, str] = OrderedDict()

    def get(self, chat: bytes) -> str | None:
        """The session, if it is here."""
        found = self._sessions.get(chat)
        if found is not None:
            self._sessions.move_to_end(chat)
        return found

    def put(self, chat: bytes, session_json: str) -> None:
        """Remember what was just committed."""
        self._sessions[chat] = session_json
        self._sessions.move_to_end(chat)
        while len(self._sessions) > self._most:
            self._sessions.popitem(last=False)

    def drop(self, chats: Iterable[bytes]) -> None:
        """Know nothing of these chats any more."""
        for chat in chats:
            self._sessions.pop(chat, None)

    def __contains__(self, chat: bytes) -> bool:
        return chat in self._sessions

    def __len__(self) -> int:
        return len(self._sessions)
