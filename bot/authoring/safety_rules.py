"""Safety rules: sequences of words that mean danger, looked for in what parents type.

They stand in ``dialogs/heard/<language>/rules.yaml`` and open their dialog by themselves, whatever a model makes of the
rest of the message. Nothing that was looked at is remembered.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.authoring.patterns import Pattern, Slot, pattern
from bot.texts.normalise import normalise

if TYPE_CHECKING:
    from bot.authoring.heard_shape import SafetyRuleShape

REACH = 4
"""How many words a gap holds at most: parents at night type no full stops that would end it."""


def _numbers() -> array[int]:
    """Numbers of patterns, four bytes each: kept for tens of thousands of words."""
    return array("I")


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """One rule, its patterns read."""

    id: str
    language: str
    opens: str
    words: tuple[Pattern, ...]
    but: tuple[Pattern, ...]

    @classmethod
    def of(cls, rule_id: str, language: str, shape: SafetyRuleShape) -> SafetyRule:
        """The rule that was written so."""
        read = [tuple(pattern(text, normalise) for text in texts) for texts in (shape.words, shape.but)]
        return cls(rule_id, language, shape.opens, read[0], read[1])

    def allows(self, words: Sequence[str], begin: int, end: int) -> bool:
        """Whether what stands there is part of something that means no danger."""
        return any(
            later >= end
            for each in self.but
            if each.possible(words)
            for at in range(max(0, begin - 3 * REACH), begin + 1)
            if each.first.fits(words[at])
            for later in each.ends(words, at, REACH)
        )


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that was heard, and the words that did it."""

    rule: SafetyRule
    words: str


class SafetyRules:
    """Hears every rule of every language at once; a language of its own is not asked for."""

    def __init__(self, rules: Iterable[SafetyRule]) -> None:
        self._sought = [(rule, each) for rule in rules for each in rule.words]
        self._exact: dict[str, array[int]] = defaultdict(_numbers)
        self._others: list[tuple[Slot, int]] = []
        self._needed: dict[str, array[int]] = defaultdict(_numbers)
        self._always: set[int] = set()
        for number, (_, each) in enumerate(self._sought):
            for word in each.first.exact:
                self._exact[word].append(number)
            if each.first.beginnings or each.first.endings:
                self._others.append((each.first, number))
            for word in each.needs:
                self._needed[word].append(number)
            if not each.needs:
                self._always.add(number)
        self._beginnings = tuple({part for slot, _ in self._others for part in slot.beginnings})
        self._endings = tuple({part for slot, _ in self._others for part in slot.endings})

    def __len__(self) -> int:
        return len({(rule.language, rule.id) for rule, _ in self._sought})

    @classmethod
    def of(cls, shapes: Mapping[str, Mapping[str, SafetyRuleShape]]) -> SafetyRules:
        """The rules that were written so, by language and id."""
        return cls(
            SafetyRule.of(rule_id, language, shape)
            for language, rules in shapes.items()
            for rule_id, shape in rules.items()
        )

    def hear(self, words: Sequence[str]) -> list[Alarm]:
        """Every rule heard in ``words`` (normalised), each once, in the order of the text."""
        found: dict[tuple[str, str], Alarm] = {}
        for rule, begin, end in self._in(words):
            if (rule.language, rule.id) not in found and not rule.allows(words, begin, end):
                found[rule.language, rule.id] = Alarm(rule, " ".join(words[begin:end]))
        return list(found.values())

    def _in(self, words: Sequence[str]) -> Iterator[tuple[SafetyRule, int, int]]:
        present = set(words)
        possible = self._always.union(*(self._needed[word] for word in present if word in self._needed))
        begins = {word: self._begun_by(word, possible) for word in present}
        for at, word in enumerate(words):
            for number in begins[word]:
                rule, each = self._sought[number]
                for end in each.ends(words, at, REACH):
                    yield rule, at, end
                    break

    def _begun_by(self, word: str, possible: set[int]) -> list[int]:
        """Of the ``possible`` patterns those that can begin with ``word``."""
        numbers = possible.intersection(self._exact[word]) if word in self._exact else set()
        if word.startswith(self._beginnings) or word.endswith(self._endings):
            numbers.update(number for slot, number in self._others if number in possible and slot.fits(word))
        return sorted(numbers)
