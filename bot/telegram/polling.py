"""Long polling that one odd answer does not end."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol

from telegram.error import NetworkError, TelegramError

from bot.telegram.pulse import Pulse
from bot.telegram.reading import read_update, update_id
from bot.telegram.received import Received
from bot.telegram.transport import AiohttpRequest

_log = logging.getLogger(__name__)


class Inbox(Protocol):
    """Where updates go."""

    def expect(self, updates: Mapping[int, Received | None]) -> None:
        """These updates will be put, each known by its id; None where there is nothing to answer."""

    async def settled(self) -> None:
        """Return once all that was put is stored. Raises NetworkError when it cannot be."""


class PollRefused(NetworkError):
    """A poll was refused as if the token were wrong."""


class PollRequest(AiohttpRequest):
    """For polls. After one 401 or 404, be it a hiccup of a proxy, python-telegram-bot would never poll again; after one
    update that it cannot read, it would ask for the same updates for ever. So updates are read here.

    ``name`` beats at the end of each poll, successful or not. ``options`` are those of AiohttpRequest.
    """

    def __init__(self, pulse: Pulse, name: str, inbox: Inbox, **options: Any) -> None:
        super().__init__(**options)
        self._pulse = pulse
        self._name = name
        self._inbox = inbox

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """One poll. Raises PollRefused; whoever gets to know it looks whether the token is good.

        Raises NetworkError, without asking Telegram, while what it gave last cannot be stored.
        """
        try:
            await self._inbox.settled()  # every poll confirms what the one before gave
        except NetworkError:
            self._pulse.held(self._name)
            raise
        self._pulse.goes_on()
        try:
            status, body = await super().do_request(*arguments, **options)
        finally:
            self._pulse.beat(self._name)
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            raise PollRefused(f"a poll was answered with {status}")
        return status, body

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override] # it is called on an object
        """The answer to a poll, of its updates no more than the id of the last: with that python-telegram-bot goes on,
        and does not build an object for each.

        Raises TelegramError for what is no answer; python-telegram-bot then waits a little.
        """
        answer: Any = super().parse_json_payload(payload)
        if not isinstance(answer, dict) or (answer.get("ok") and not isinstance(answer.get("result"), list)):
            raise TelegramError("the answer to a poll is no list of updates")
        if updates := answer.get("result"):
            read = {number: _read(update) for update in updates if (number := update_id(update)) is not None}
            self._inbox.expect(read)
            answer["result"] = [{"update_id": number} for number in [*read][-1:]]
        return answer


def _read(update: dict[str, Any]) -> Received | None:
    """None also for what cannot be read: it is confirmed, or it would come again for ever."""
    try:
        return read_update(update)
    except ValueError as problem:
        _log.error("an update cannot be read and is left out: %s", problem)
        return None
