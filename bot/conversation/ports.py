"""What a turn needs from storage; whoever keeps the sessions implements it, so that nothing here knows how."""

from __future__ import annotations

from typing import Protocol


class StoreUnavailable(Exception):
    """Storage cannot do this now (a full disk, a locked database); nothing was changed, a later try may succeed.

    The message is one line for the log and holds nothing of a parent.
    """


class SessionStore(Protocol):
    """Where sessions are kept. ``chat`` is the row key of a chat, ``day`` is in whole days since 1970 (UTC).

    Every method raises StoreUnavailable, and returns only once what it did would survive a power cut.
    """

    async def session(self, chat: bytes) -> str | None:
        """The JSON text of the chat's session; None when there is none that can be read."""
        ...

    async def commit(self, chat: bytes, session_json: str, *, update_id: int | None, day: int) -> None:
        """Store the new session and take the update that led to it off the inbox: both or neither."""
        ...

    async def drop_update(self, update_id: int, day: int) -> None:
        """Take an update that changes no session off the inbox."""
        ...

    async def forget(self, chat: bytes, *, update_id: int | None = None, day: int) -> None:
        """Delete every row of the chat. With ``update_id``, what the parent sent after that update stays waiting."""
        ...
