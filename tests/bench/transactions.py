"""How many transactions a running bot has committed, read from outside without touching it.

Beside a database in write-ahead mode lies its `-shm` file, which begins with the header of the index of the log. The
third number in it, `iChange`, is "a counter incremented each transaction" (https://sqlite.org/walformat.html).
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER = struct.Struct("=III")
_VERSION = 3007000


def transactions(database: Path) -> int | None:
    """The counter now; None when there is no such file, or it is of another kind."""
    try:
        with database.with_name(database.name + "-shm").open("rb") as file:
            header = file.read(_HEADER.size)
    except FileNotFoundError:
        return None
    if len(header) < _HEADER.size:
        return None
    version, _, changes = _HEADER.unpack(header)
    return int(changes) if version == _VERSION else None
