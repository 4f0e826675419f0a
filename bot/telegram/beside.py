"""Work that goes on beside the conversations until it is cancelled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)


def beside(work: Coroutine[Any, Any, None], what: str) -> asyncio.Task[None]:
    """Begin ``work``. Should it end by a fault of ours, the log says so at once, and names it ``what``."""

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("%s has ended: %s", what, type(error).__name__)

    task = asyncio.create_task(work)
    task.add_done_callback(ended)
    return task
