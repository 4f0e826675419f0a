"""Child processes that never stay behind, and what the kernel knows of them."""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STOP_SECONDS = 12.0
_SET_PARENT_DEATH_SIGNAL = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Broken(Exception):
    """A measurement that came to nothing; the message says why in one line."""


@contextmanager
def child(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own group, so that Ctrl-C reaches only us; it is gone at the end, whatever happened.

    With ``log`` it writes there; else stdin and stdout are pipes.
    """
    out = log.open("wb") if log is not None else None
    try:
        process = subprocess.Popen(
            command,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL if out else subprocess.PIPE,
            stdout=out or subprocess.PIPE,
            stderr=out,
            start_new_session=True,
            preexec_fn=_end_with_us,
        )
    finally:
        if out is not None:
            out.close()
    try:
        yield process
    finally:
        stop(process)


def _end_with_us() -> None:
    """Ask the kernel (Linux) to end this child with its parent, should that be killed and clean nothing up."""
    if _LIBC is not None:
        _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def stop(process: subprocess.Popen[bytes]) -> int:
    """End it: asked first, then at once. Gives the exit code."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
    return process.returncode


class Lines:
    """JSON lines from the stdout of a child."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self._file = process.stdout.fileno()
        self._buffer = b""

    def wait_for(self, event: str, within: float, alive: subprocess.Popen[bytes] | None = None) -> dict[str, Any]:
        """The next event, which has to be this one. Raises Broken, also when ``alive`` ended meanwhile."""
        end = time.monotonic() + within
        while b"\n" not in self._buffer:
            if alive is not None and alive.poll() is not None:
                raise Broken(f"it ended by itself with exit code {alive.returncode}")
            if time.monotonic() > end:
                raise Broken(f"no {event!r} within {within:.0f} s")
            if select.select([self._file], [], [], 0.2)[0]:
                some = os.read(self._file, 1 << 16)
                if not some:
                    raise Broken("the server ended by itself")
                self._buffer += some
        line, _, self._buffer = self._buffer.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        if found["event"] != event:
            raise Broken(f"{found['event']!r} came in the place of {event!r}")
        return found


def cpu_seconds(pid: int) -> float:
    """Processor time of the process so far, its threads with it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(pid: int) -> int:
    """The most bytes that the process ever had in memory (VmHWM)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise Broken("the kernel does not tell the peak memory")
