"""Standard input and output: read to the end whatever the bytes are, written for whoever reads."""

from __future__ import annotations

import sys
from collections.abc import Iterator


def lines(*, prompt: bool) -> Iterator[str]:
    """Lines of stdin to its end; bytes that are no UTF-8 become question marks instead of an error."""
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    while prompt:
        try:
            yield input("\n> ")
        except EOFError:
            return
    for line in sys.stdin:
        yield line.rstrip("\r\n")


def write_for_whom_it_is() -> None:
    """A program gets UTF-8; a terminal what it can show, and question marks for the rest."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
