"""Signs of life: a file that is renewed while the bot is well, and what stops being renewed when it is stuck."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.telegram.transport import AiohttpRequest

BEAT_SECONDS = 5.0
STUCK_SECONDS = 120.0
"""A poll takes at most 30 seconds and its timeout; one that is silent for longer hangs."""


class Pulse:
    """Renews ``file`` every few seconds, as long as everything that has to beat did so lately."""

    def __init__(self, file: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._clock = clock
        self._beats: dict[str, float] = {}

    def expect(self, what: str) -> None:
        """From now on ``what`` has to beat. (Not before polling began, and never behind a webhook.)"""
        self._beats[what] = self._clock()

    def beat(self, what: str) -> None:
        """``what`` came back, with success or without: it is not stuck."""
        if what in self._beats:
            self._beats[what] = self._clock()

    @property
    def stuck(self) -> bool:
        """Whether something that has to beat has been silent for too long."""
        now = self._clock()
        return any(now - last > STUCK_SECONDS for last in self._beats.values())

    async def run(self) -> None:
        """Beat until cancelled. That this runs shows that the event loop does."""
        try:
            while True:
                if not self.stuck:
                    self._file.touch(mode=0o600)
                await asyncio.sleep(BEAT_SECONDS)
        finally:
            self._file.unlink(missing_ok=True)


class WatchedRequest(AiohttpRequest):
    """Calls with a pulse; ``options`` are those of AiohttpRequest."""

    def __init__(self, pulse: Pulse, name: str, **options: Any) -> None:
        super().__init__(**options)
        self._pulse = pulse
        self._name = name

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """One request; its end is a sign of life."""
        try:
            return await super().do_request(*arguments, **options)
        finally:
            self._pulse.beat(self._name)
