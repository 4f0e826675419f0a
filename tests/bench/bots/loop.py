"""The event loop that the bot of this repository runs on; the peers that are to have the same get it here."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from typing import Any


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run ``main`` on uvloop where BENCH_LOOP says so, else on asyncio's own loop."""
    if os.environ.get("BENCH_LOOP") == "uvloop":
        import uvloop

        uvloop.run(main)
    else:
        asyncio.run(main)


def use() -> None:
    """The same, for a library that makes its loop itself."""
    if os.environ.get("BENCH_LOOP") == "uvloop":
        import uvloop

        asyncio.set_event_loop(uvloop.new_event_loop())
