"""Long polling that one odd answer does not end."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.error import NetworkError, TelegramError

from bot.telegram.pulse import Pulse, WatchedRequest

_log = logging.getLogger(__name__)

Stored = Callable[[], Awaitable[None]]
"""Returns once all that was given is stored; raises NetworkError when it cannot be."""


class PollRefused(NetworkError):
    """A poll was refused as if the token were wrong."""


class PollRequest(WatchedRequest):
    """For polls. After one 401 or 404, be it a hiccup of a proxy, python-telegram-bot would never poll again; after one
    update that it cannot read, it would ask for the same updates for ever.

    What Telegram gives a second time was not confirmed. Then, and only then, each update is looked at beforehand.
    """

    def __init__(self, pulse: Pulse, name: str, stored: Stored | None = None, **options: Any) -> None:
        super().__init__(pulse, name, **options)
        self._stored = stored
        """Every poll confirms what the one before gave, so it waits for this."""
        self._given: frozenset[int] = frozenset()
        """The ids of the updates that python-telegram-bot got last."""

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """One poll. Raises PollRefused; whoever gets to know it looks whether the token is good."""
        if self._stored is not None:
            await self._stored()
        status, body = await super().do_request(*arguments, **options)
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            raise PollRefused(f"a poll was answered with {status}")
        return status, body

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override] # it is called on an object
        """The answer to a poll. Raises TelegramError for what is none; python-telegram-bot then waits a little.

        Updates that come again and cannot be read have lost their content, so that they can be confirmed.
        """
        answer: Any = super().parse_json_payload(payload)
        if not isinstance(answer, dict) or (answer.get("ok") and not isinstance(answer.get("result"), list)):
            raise TelegramError("the answer to a poll is no list of updates")
        updates = answer.get("result")
        if not updates:
            return answer  # a refusal, or nothing new
        ids = frozenset(map(_id, updates))
        if not ids.isdisjoint(self._given):
            answer["result"] = [_readable(update) for update in updates if _id(update) >= 0]
        self._given = ids
        return answer


def _id(update: Any) -> int:
    """-1 for what is no update at all."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else -1


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    """The update; without its content when it cannot be read."""
    try:
        Update.de_json(update, None)
    except Exception as problem:
        _log.error("an update cannot be read and is left out: %s", type(problem).__name__)
        return {"update_id": update["update_id"]}
    return update
