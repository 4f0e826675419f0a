"""Commands that are timed from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.bench.lineup import ROOT
from tests.bench.processes import Broken, child

MOST_SECONDS = 300.0


def timed(arguments: Sequence[str], fine: Sequence[int]) -> tuple[float, bytes]:
    """Seconds that `python -m …` takes, and what it prints. Raises Broken for an exit code that is not in ``fine``."""
    began = time.monotonic()
    with child([sys.executable, "-m", *arguments], env=os.environ, cwd=ROOT) as process:
        try:
            printed, _ = process.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            raise Broken(f"{' '.join(arguments)} takes more than {MOST_SECONDS:.0f} s") from None
        took = time.monotonic() - began
    if process.returncode not in fine:
        raise Broken(f"{' '.join(arguments)} ended with exit code {process.returncode}")
    return took, printed


def heard() -> dict[str, float]:
    """The percentiles of hearing one message, in seconds. Raises Broken."""
    _, printed = timed(["tests.bench.hearing"], fine=(0,))
    found: dict[str, float] = json.loads(printed)
    return found
