"""Never more than three bubbles in a row, also where a sentence of the engine's own comes before a place's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.engine.model import MAX_BUBBLES
from bot.engine.replies import Lines, Pace, Recall, Reply, Say, Signpost

BUBBLES = Say | Lines | Recall | Pace | Signpost
"""The replies that are a message each."""


def opened(first: Sequence[Reply], own: Sequence[Reply]) -> list[Reply]:
    """``first`` before what a place says of its own, all of which stays.

    Where that would be too many bubbles, its sentence stands in the place's first bubble, for as far as it fits there.
    """
    if count(first) + count(own) <= MAX_BUBBLES:
        return [*first, *own]
    match first, own:
        case [Say(text=line, values=())], [Say() as opening, *rest]:
            return [replace(opening, above=line), *rest]
        case _:
            return [*own]


def count(replies: Sequence[Reply]) -> int:
    """How many messages ``replies`` are."""
    return sum(isinstance(each, BUBBLES) for each in replies)


def newest(replies: Sequence[Reply], most: int) -> list[Reply]:
    """Without the first bubbles where there are too many: what is said there was read before, and its end matters."""
    bubbles = [each for each in replies if isinstance(each, BUBBLES)]
    return [each for each in replies if each not in bubbles[:-most]]
