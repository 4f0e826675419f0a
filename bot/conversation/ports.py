"""What a turn needs from storage; whoever keeps the sessions implements it, so that nothing here knows how."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class StoreUnavailable(Exception):
    """Storage cannot do this now (a full disk, a locked database); nothing was changed, a later try may succeed.

    The message is one line for the log and holds nothing of a parent.
    """


@dataclass(frozen=True, slots=True)
class Note:
    """A parent's own words that they chose to keep, and when (aware, UTC)."""

    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One message that a parent asked for: when (aware), where to, and the language of the phone."""

    due: datetime
    chat_id: int = field(repr=False)
    phone_language: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is stored together with a session, in the same transaction.

    ``keep`` are notes by number, ``drop`` the numbers of notes to delete; ``check_in`` takes the place of the one that
    was there, ``no_check_in`` takes it away. ``shown`` are the ids of messages that stand on the parent's screen since
    this turn, ``hour`` the whole hours since 1970 (UTC) in which it was.
    """

    keep: tuple[tuple[int, Note], ...] = ()
    drop: tuple[int, ...] = ()
    check_in: CheckIn | None = None
    no_check_in: bool = False
    shown: tuple[int, ...] = ()
    hour: int = 0


NO_CHANGES = Changes()


class SessionStore(Protocol):
    """Where sessions are kept. ``chat`` is the row key of a chat, ``day`` is in whole days since 1970 (UTC).

    Every method raises StoreUnavailable, and returns only once what it did would survive a power cut.
    """

    async def session(self, chat: bytes) -> str | None:
        """The JSON text of the chat's session; None when there is none that can be read."""
        ...

    async def commit(
        self, chat: bytes, session_json: str, *, update_id: int | None, day: int, also: Changes = NO_CHANGES
    ) -> None:
        """Store the new session and what goes with it, and take the update off the inbox: all or nothing."""
        ...

    async def note(self, chat: bytes, number: int) -> Note | None:
        """One note; None when there is none of that number that can be read."""
        ...

    async def shown(self, chat: bytes, since_hour: int) -> list[int]:
        """The ids of the messages shown in this chat since that hour, oldest first."""
        ...

    async def wiped(self, chat: bytes) -> None:
        """Forget the ids of shown messages: they are gone from the screen."""
        ...

    async def drop_check_in(self, chat: bytes) -> None:
        """Delete the check-in of the chat, if there is one."""
        ...

    async def drop_update(
        self, update_id: int, day: int, *, chat: bytes | None = None, also: Changes = NO_CHANGES
    ) -> None:
        """Take an update that changes no session off the inbox, and store what else came of it in ``chat``."""
        ...

    async def forget(self, chat: bytes, *, update_id: int | None = None, day: int) -> None:
        """Delete every row of the chat. With ``update_id``, what the parent sent after that update stays waiting."""
        ...
