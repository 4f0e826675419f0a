"""Tells systemd how it goes: that it is up, that it is well, that it stops. sd_notify(3) without its library."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Mapping

_log = logging.getLogger(__name__)

READY = "READY=1"
STOPPING = "STOPPING=1"
WATCHDOG = "WATCHDOG=1"


class Manager:
    """The service manager that started this process, if one did; without one nothing here does anything.

    ``told`` is what it put into the environment: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
    """

    def __init__(self, told: Mapping[str, str]) -> None:
        self._address = told.get("NOTIFY_SOCKET", "")
        ours = told.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        limit = told.get("WATCHDOG_USEC", "")
        self._every = int(limit) / 2_000_000 if self._address and ours and limit.isdecimal() else 0.0

    def tell(self, state: str) -> None:
        """Send one datagram; that it cannot be sent is logged, and no reason to stop."""
        if not self._address:
            return
        # A name that begins with @ stands for one in Linux's abstract space, which begins with a zero byte.
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.setblocking(False)
                sock.sendto(state.encode("ascii"), address)
        except OSError as problem:
            _log.warning("systemd cannot be told %s: %s", state, problem.strerror)

    async def watch(self, well: Callable[[], bool]) -> None:
        """At half the time that systemd allows, say that all is well, as long as it is. Until cancelled."""
        if self._every <= 0:
            return
        while True:
            if well():
                self.tell(WATCHDOG)
            await asyncio.sleep(self._every)
