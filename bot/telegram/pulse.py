"""Signs of life: a file that is renewed while the bot is well, and what stops being renewed when it is stuck."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

BEAT_SECONDS = 5.0
STUCK_SECONDS = 120.0
"""A poll takes at most 30 seconds and its timeout; one that is silent for longer hangs. As long may storing fail."""

_log = logging.getLogger(__name__)


class Pulse:
    """Renews ``file`` every few seconds, as long as everything that has to beat did so lately, and what came can be
    stored: a bot that cannot store answers nobody, and says so by its silence.
    """

    def __init__(self, file: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._clock = clock
        self._beats: dict[str, float] = {}
        self._held_since: float | None = None

    def expect(self, what: str) -> None:
        """From now on ``what`` has to beat. (Not before polling began, and never behind a webhook.)"""
        self._beats[what] = self._clock()

    def beat(self, what: str) -> None:
        """``what`` came back, with success or without: it is not stuck."""
        if what in self._beats:
            self._beats[what] = self._clock()

    def held(self, what: str) -> None:
        """``what`` is not stuck, but waits until what came can be stored (a full disk, a locked database)."""
        self.beat(what)
        if self._held_since is None:
            self._held_since = self._clock()

    def goes_on(self) -> None:
        """What came is stored."""
        self._held_since = None

    @property
    def stuck(self) -> bool:
        """Whether something that has to beat has been silent for too long: a new start would help.

        What cannot be stored is not meant: no start makes room on a disk, and each would say again what was said.
        """
        now = self._clock()
        return any(now - last > STUCK_SECONDS for last in self._beats.values())

    @property
    def well(self) -> bool:
        """Whether nothing is stuck, and storing has not failed for too long."""
        held = self._held_since is not None and self._clock() - self._held_since > STUCK_SECONDS
        return not self.stuck and not held

    async def run(self) -> None:
        """Beat until cancelled. That this runs shows that the event loop does."""
        try:
            while True:
                if self.well:
                    self._touch()
                await asyncio.sleep(BEAT_SECONDS)
        finally:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _touch(self) -> None:
        try:
            self._file.touch(mode=0o600)
        except OSError as problem:  # a disk without room; it goes on once there is some
            _log.error("the sign of life cannot be given: %s", problem.strerror)
