"""Looking for a parent in files, byte by byte."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.botapi import Parent


def spellings(text: str) -> set[bytes]:
    """How a text may stand in a file: as it is, in UTF-16, and as `written_out`."""
    raw = text.encode()
    return {text.encode("utf-16-le"), text.encode("utf-16-be"), *written_out(raw)}


def written_out(raw: bytes) -> set[bytes]:
    """How bytes may stand in a file: as they are, in hexadecimal digits, in base64 whatever stands before it."""
    shifted = (base64.b64encode(b"\0" * before + raw)[before + 1 :] for before in range(3))
    return {raw, raw.hex().encode(), *(each.rstrip(b"=")[:-1] for each in shifted)}


def traces_of(parents: Iterable[Parent], words: Iterable[str]) -> set[bytes]:
    """What would give these parents away, what they typed, and what must stay secret."""
    needles = {trace for parent in parents for trace in parent.traces()}
    for parent in parents:
        needles |= spellings(str(parent.id))
    for word in words:
        needles |= spellings(word)
    return needles


def found(places: Iterable[Path], needles: Iterable[bytes]) -> list[str]:
    """Which needle stands in which of these files, or files below these folders; capitals count as small letters."""
    wanted = {needle.lower(): needle for needle in needles}
    beginnings = np.array([_number(small) for small in wanted], dtype=np.uint32)
    hits = []
    for file in (file for place in places for file in (sorted(place.rglob("*")) or [place]) if file.is_file()):
        data = file.read_bytes().lower()
        # There are thousands of needles. The few whose first four bytes stand there are looked for whole.
        likely = np.isin(beginnings, _fours(data))
        hits += [
            f"{file.name}: {needle!r}"
            for (small, needle), begins in zip(wanted.items(), likely, strict=True)
            if begins and small in data
        ]
    return hits


def _fours(data: bytes) -> npt.NDArray[np.uint32]:
    """Every four bytes in a row, as numbers."""
    each = np.frombuffer(data, dtype=np.uint8).astype(np.uint32)
    ends = max(0, len(data) - 3)
    return np.unique(sum((each[at : at + ends] << (8 * at) for at in range(4)), np.zeros(ends, dtype=np.uint32)))


def _number(needle: bytes) -> int:
    assert len(needle) >= 4, "too short to tell anybody"
    return int.from_bytes(needle[:4], "little")


def files(folder: Path) -> dict[str, int]:
    """The files below the folder, and how many bytes they hold."""
    return {file.name: file.stat().st_size for file in sorted(folder.rglob("*")) if file.is_file()}
