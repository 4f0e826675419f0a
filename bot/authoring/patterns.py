"""Sequences of words to look for, as `tone.yaml` and the safety rules write them: cheap, and readable for who knows no
programming.

A pattern is words with spaces between: ``je moet``. Case and accents do not matter, and a word is a whole word, with
its hyphens and apostrophes (``l'enfant`` is one). Beside words it may hold, and no more than that:

- ``moet|moest``: one of these;
- ``risico*`` or ``*stoornis``: a word that begins or ends so;
- ``_``: any one word;
- ``…``: any words, or none, within the sentence (safety rules: at most so many, for parents type no full stops);
- ``?``, ``!`` and ``:``: that sign; ``EMOJI``: any emoji.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from bot.authoring.wording import EMOJI, SIGNS, is_word, level, tokens_of

GAP = "…"
ANY = "_"
_ALTERNATIVE = re.compile(r"\*?[^*]+|[^*]+\*")


class Slot(NamedTuple):  # no dataclass: of these and of patterns there are tens of thousands to make and to keep
    """What can stand in one place of a sequence: one of these tokens, or a word that begins or ends so."""

    exact: tuple[str, ...] = ()  # no set, which takes four times the memory: most hold one word to five
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    anything: bool = False

    def fits(self, token: str) -> bool:
        """Whether ``token`` can stand here."""
        if token in self.exact:
            return True
        if self.anything:
            return is_word(token)
        return bool(self.beginnings and token.startswith(self.beginnings)) or (
            bool(self.endings) and token.endswith(self.endings)
        )


class Pattern(NamedTuple):
    """One sequence to look for in the levelled tokens of a sentence; None is a gap."""

    slots: tuple[Slot | None, ...]
    needs: tuple[str, ...]
    """One of these has to be there, or nothing is found; quicker to know than where. Empty: that is not known."""

    @property
    def first(self) -> Slot:
        """Where it begins."""
        slot = self.slots[0]
        assert slot is not None
        return slot

    def possible(self, tokens: Container[str]) -> bool:
        """Whether it can stand somewhere in ``tokens``, as far as that is quickly known."""
        return not self.needs or any(each in tokens for each in self.needs)

    def ends(self, tokens: Sequence[str], at: int, reach: int | None = None) -> Iterator[int]:
        """Where the sequence that begins at ``at`` can end; the nearest first. A gap holds ``reach`` words at most."""
        return _ends(self.slots, tokens, at, len(tokens) if reach is None else reach)


def _ends(slots: tuple[Slot | None, ...], tokens: Sequence[str], at: int, reach: int) -> Iterator[int]:
    for number, slot in enumerate(slots):
        if slot is None:
            rest = slots[number + 1 :]
            for later in range(at, min(at + reach + 1, len(tokens))):
                if rest[0] is None or rest[0].fits(tokens[later]):
                    yield from _ends(rest, tokens, later, reach)
            return
        if at >= len(tokens) or not slot.fits(tokens[at]):
            return
        at += 1
    yield at


@cache
def pattern(text: str, levelled: Callable[[str], str] = level) -> Pattern:
    """Read a pattern, its words made comparable by ``levelled``. Raises ValueError with what is wrong."""
    words = text.split()
    if not words or words[0] in (GAP, ANY) or words[-1] == GAP:
        raise ValueError(f'"{text}" says nothing at its beginning or its end; begin with a word, and end without a gap')
    slots = tuple(_slot(word, levelled) for word in words)
    last = slots[-1]
    plain = last is not None and not (last.beginnings or last.endings or last.anything)
    return Pattern(slots, last.exact if last is not None and plain else ())


@cache
def _slot(word: str, levelled: Callable[[str], str]) -> Slot | None:
    if word == GAP:
        return None
    if word == ANY:
        return Slot(anything=True)
    alternatives = word.split("|")
    read = [_read(each, levelled) for each in alternatives]
    if "*" not in word:
        return Slot(tuple(dict.fromkeys(read)))
    exact, beginnings, endings = [], [], []
    for each, bare in zip(alternatives, read, strict=True):
        if each.endswith("*"):
            beginnings.append(bare)
        elif each.startswith("*"):
            endings.append(bare)
        else:
            exact.append(bare)
    return Slot(tuple(dict.fromkeys(exact)), tuple(beginnings), tuple(endings))


@cache
def _read(alternative: str, levelled: Callable[[str], str]) -> str:
    """One alternative as it is compared, without its *; the same ones stand in thousands of patterns."""
    if alternative == EMOJI or alternative in SIGNS:
        return alternative
    bare = alternative.strip("*")
    if not _ALTERNATIVE.fullmatch(alternative) or not _is_one_word(bare):
        message = f'"{alternative}" is no word to look for; a * stands at its beginning or at its end, | between words'
        raise ValueError(message)
    read = levelled(bare)
    if " " in read or not read:
        raise ValueError(f'as messages are read, "{alternative}" is not one word')
    return read


def _is_one_word(text: str) -> bool:
    """Also what an elision leaves, such as ``j'`` of ``j'*``."""
    if text.isalpha():
        return True
    whole = text.strip("'’-")
    return tokens_of(whole) == [whole] and is_word(whole)


class Beginnings(dict[str, tuple[int, ...]]):
    """By token, as it stands there: the numbers of the patterns that can begin with it. Each is looked at once."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._exact: dict[str, list[int]] = {}
        self._others: list[tuple[Slot, int]] = []
        for number, each in enumerate(patterns):
            for token in each.first.exact:
                self._exact.setdefault(token, []).append(number)
            if each.first.beginnings or each.first.endings:
                self._others.append((each.first, number))
        self._parts = (
            tuple(part for slot, _ in self._others for part in slot.beginnings),
            tuple(part for slot, _ in self._others for part in slot.endings),
        )

    def __missing__(self, token: str) -> tuple[int, ...]:
        read = level(token)
        found = tuple(self._exact.get(read, ()))
        if read.startswith(self._parts[0]) or read.endswith(self._parts[1]):
            found += tuple(number for slot, number in self._others if read not in slot.exact and slot.fits(read))
        self[token] = found
        return found
