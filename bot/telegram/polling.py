"""Long polling that one odd answer does not end."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.error import NetworkError

from bot.telegram.pulse import WatchedRequest

_log = logging.getLogger(__name__)


class PollRefused(NetworkError):
    """A poll was refused as if the token were wrong."""


class PollRequest(WatchedRequest):
    """For polls. After one 401 or 404, be it a hiccup of a proxy, python-telegram-bot would never poll again; after one
    update that it cannot read, it would ask for the same updates for ever."""

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """One poll. Raises PollRefused; whoever gets to know it looks whether the token is good."""
        status, body = await super().do_request(*arguments, **options)
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            raise PollRefused(f"a poll was answered with {status}")
        return status, _readable(body)


def _readable(body: bytes) -> bytes:
    """The answer to a poll, without the content of updates that cannot be read."""
    try:
        answer = json.loads(body)
        updates = answer["result"]
        odd = [index for index, update in enumerate(updates) if not _can_be_read(update)]
        for index in odd:
            updates[index] = {"update_id": updates[index]["update_id"]}
    except (ValueError, KeyError, TypeError):
        return body  # no list of updates: python-telegram-bot says so, and tries again
    return json.dumps(answer).encode() if odd else body


def _can_be_read(update: Any) -> bool:
    try:
        Update.de_json(update, None)
    except Exception as problem:
        _log.error("an update cannot be read and is left out: %s", type(problem).__name__)
        return False
    return True
