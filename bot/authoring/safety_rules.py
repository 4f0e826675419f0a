"""Safety rules: sequences of words that mean danger, looked for in what parents type.

They stand in ``dialogs/heard/<language>/rules.yaml`` and open their dialog by themselves, whatever a model makes of the
rest of the message. Nothing that was looked at is remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.authoring.patterns import Pattern, pattern
from bot.texts.normalise import normalise

if TYPE_CHECKING:
    from bot.authoring.heard_shape import SafetyRuleShape

REACH = 4
"""How many words a gap holds at most: parents at night type no full stops that would end it."""


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
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._others: list[int] = []
        for number, (_, each) in enumerate(self._sought):
            for word in each.first.exact:
                self._exact[word].append(number)
            if each.first.beginnings or each.first.endings:
                self._others.append(number)

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
        present = frozenset(words)
        begins: dict[str, list[int]] = {}
        for at, word in enumerate(words):
            if word not in begins:
                numbers = {*self._exact.get(word, ())}
                numbers.update(each for each in self._others if self._sought[each][1].first.fits(word))
                begins[word] = [each for each in sorted(numbers) if self._sought[each][1].possible(present)]
            for number in begins[word]:
                rule, each = self._sought[number]
                for end in each.ends(words, at, REACH):
                    yield rule, at, end
                    break
