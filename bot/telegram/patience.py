"""Telegram's refusals are normal: wait as told, try again, or learn that a parent is gone."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.conversation.figures import Figures
from bot.conversation.turns import ParentGone
from bot.telegram.limits import Limits

_log = logging.getLogger(__name__)

Result = TypeVar("Result")

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
"""Seconds between tries, doubled from the first to the longest, with some chance so that not all try at once."""
TOLD_BY_TELEGRAM = "Forbidden:"
"""So begins each of Telegram's own 403s: blocked, deactivated, put out of a group. A proxy's 403 tells of nobody."""


class Stopping(Exception):
    """The bot is stopping; what is not finished stays in the inbox for the next start."""


class Patience:
    """Calls Telegram until it works, as long as the bot runs."""

    def __init__(self, limits: Limits, figures: Figures | None = None) -> None:
        self._stopping = asyncio.Event()
        self._limits = limits
        self._figures = figures or Figures()

    def stop(self) -> None:
        """Let every wait end at once."""
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        """Whether the bot is stopping."""
        return self._stopping.is_set()

    async def call(
        self, what: str, call: Callable[[], Awaitable[Result]], *, tries: int | None = None
    ) -> Result | None:
        """The result of ``call``; None when Telegram refuses it for good (400), or after ``tries``.

        ``what`` names the call in the log. Raises ParentGone on Telegram's 403, Stopping when the bot stops meanwhile.
        """
        wait, tried = FIRST_WAIT, 0
        while True:
            try:
                return await call()
            except RetryAfter as told:
                self._figures.refusals["wait"] += 1
                seconds = _seconds(told.retry_after)
                self._limits.refused()
                _log.warning("%s: Telegram asks for %.0f s of patience", what, seconds)
                await self.pause(seconds + 0.05)
                continue
            except (BadRequest, ChatMigrated) as refused:
                self._figures.refusals["bad_request"] += 1
                _log.warning("%s: refused by Telegram (%s)", what, type(refused).__name__)
                return None
            except TelegramError as problem:
                if isinstance(problem, Forbidden) and problem.message.startswith(TOLD_BY_TELEGRAM):
                    self._figures.refusals["blocked"] += 1
                    raise ParentGone from None
                self._figures.refusals["out_of_reach"] += 1
                tried += 1
                if tries is not None and tried >= tries:
                    _log.info("%s: given up after %d tries (%s)", what, tried, type(problem).__name__)
                    return None
                level = logging.ERROR if isinstance(problem, InvalidToken) else logging.WARNING
                _log.log(level, "%s: %s; trying again in %.1f s", what, type(problem).__name__, wait)
                await self.pause(wait * random.uniform(0.8, 1.2))
                wait = min(wait * 2, LONGEST_WAIT)

    async def pause(self, seconds: float) -> None:
        """Wait, or raise Stopping as soon as the bot stops."""
        await self.rest(seconds)
        if self.stopping:
            raise Stopping

    async def rest(self, seconds: float) -> None:
        """Wait, or go on as soon as the bot stops: a turn that is half said is said to its end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


def _seconds(retry_after: int | float | timedelta) -> float:
    return retry_after.total_seconds() if isinstance(retry_after, timedelta) else float(retry_after)
