"""A text as numbers: which letter groups and words stand in it, and how often, hashed.

Letter groups of three to six signs within a word forgive typos, dialect and endings without any list of words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.texts.normalise import normalise

BUCKETS = 1 << 16
"""Hashed features; two that fall together cost a little precision and keep the model small."""
SHORTEST, LONGEST = 3, 6
WORD_WEIGHT = 0.8
"""How much whole words and groups of words count beside letter groups."""


class Counted(NamedTuple):
    """The features of a text: where each is kept, and its damped count (1 + ln n)."""

    buckets: npt.NDArray[np.int64]
    counts: npt.NDArray[np.float32]


def letter_groups(words: list[str]) -> Iterator[str]:
    """Every group of three to six signs of each word with a space before and after it."""
    for word in words:
        padded = f" {word} "
        length = len(padded)
        for size in range(SHORTEST, LONGEST + 1):
            if size >= length:
                yield padded
                break
            for start in range(length - size + 1):
                yield padded[start : start + size]


def word_groups(words: list[str]) -> Iterator[str]:
    """Every word, every two and three in a row, and every two with one between them."""
    for word in words:
        yield f"\t{word}"
    for first, second in pairwise(words):
        yield f"\t{first} {second}"
    for first, second, third in zip(words, words[1:], words[2:], strict=False):
        yield f"\t{first} {second} {third}"
        yield f"\t{first} _ {third}"


def counted(text: str) -> tuple[Counted, Counted]:
    """The letter groups and the words of a text."""
    words = normalise(text).split()
    return _damped(letter_groups(words)), _damped(word_groups(words))


def _damped(groups: Iterator[str]) -> Counted:
    buckets: dict[int, float] = {}
    for group, number in Counter(groups).items():
        bucket = crc32(group.encode()) & (BUCKETS - 1)
        buckets[bucket] = buckets.get(bucket, 0.0) + (1.0 if number == 1 else 1.0 + math.log(number))
    size = len(buckets)
    return Counted(np.fromiter(buckets.keys(), np.int64, size), np.fromiter(buckets.values(), np.float32, size))
