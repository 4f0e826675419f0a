"""A text as numbers: which letter groups and words stand in it, hashed, weighed by how telling they are.

Letter groups of two to five signs within a word forgive typos, dialect and endings without any list of words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

from bot.texts.normalise import normalise

BUCKETS = 1 << 16
"""Hashed features; two that fall together cost a little precision and keep the model small."""
SHORTEST, LONGEST = 2, 5
WORD_WEIGHT = 0.6
"""How much whole words and pairs of words count beside letter groups."""


def letter_groups(words: list[str]) -> Iterator[str]:
    """Every group of two to five signs of each word with a space before and after it."""
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
    """Every word, and every two in a row."""
    for word in words:
        yield f"\t{word}"
    for first, second in pairwise(words):
        yield f"\t{first} {second}"


def counts(text: str) -> tuple[dict[int, float], dict[int, float]]:
    """Buckets with their damped counts (1 + ln n), of letter groups and of words."""
    words = normalise(text).split()
    return _damped(letter_groups(words)), _damped(word_groups(words))


def _damped(groups: Iterator[str]) -> dict[int, float]:
    counted = Counter(groups)
    buckets: dict[int, float] = {}
    for group, number in counted.items():
        bucket = crc32(group.encode()) & (BUCKETS - 1)
        buckets[bucket] = buckets.get(bucket, 0.0) + 1.0 + math.log(number)
    return buckets
