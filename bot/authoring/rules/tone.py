"""Turns of phrase to avoid, as `tone.yaml` lists them; and whether its own examples bear that out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.authoring.findings import Finding
from bot.authoring.hits import METHOD_WORDS, Hit, Reading
from bot.authoring.located import LocatedFile
from bot.authoring.patterns import Beginnings, Pattern, pattern
from bot.authoring.tone_shape import ANY_LANGUAGE, RuleShape, ToneShape, WhereShape
from bot.authoring.wording import level, tokens_of, voices
from bot.engine.model import Kind


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule in one language, its patterns read."""

    id: str
    shape: RuleShape
    words: tuple[Pattern, ...]
    but: tuple[Pattern, ...]

    def allows(self, tokens: list[str], begin: int, end: int) -> bool:
        """Whether what stands there is part of something that is fine."""
        return any(
            later >= end
            for each in self.but
            for at in range(begin + 1)
            if each.first.fits(tokens[at])
            for later in each.ends(tokens, at)
        )


class Ear:
    """Hears some rules, in one language."""

    def __init__(self, language: str, shapes: Mapping[str, RuleShape]) -> None:
        rules = [
            _Rule(rule_id, shape, _patterns(shape.words, language), _patterns(shape.but, language))
            for rule_id, shape in shapes.items()
        ]
        self._sought = [(rule, each) for rule in rules for each in rule.words]
        self._beginnings = Beginnings(each for _, each in self._sought)
        self._heard: dict[str, list[tuple[_Rule, str]]] = {}

    def heard_in(self, text: str, tokens: list[str]) -> list[tuple[_Rule, str]]:
        """As ``hear``, for the ``tokens`` of ``text``; what stands in several places is listened to once."""
        if text not in self._heard:
            self._heard[text] = list(self.hear(tokens))
        return self._heard[text]

    def hear(self, tokens: list[str]) -> Iterator[tuple[_Rule, str]]:
        """Every rule that ``tokens`` go against, and the words that do."""
        beginnings = {token: numbers for token in tokens if (numbers := self._beginnings[token])}
        if not beginnings:
            return
        present = set(map(level, tokens))
        possible = {number for number in set().union(*beginnings.values()) if self._sought[number][1].possible(present)}
        if not possible:
            return
        starts = {level(token): possible.intersection(numbers) for token, numbers in beginnings.items()}
        own, quoted = voices(tokens)
        for between_quotes, passages in ((False, own), (True, quoted)):
            for passage in passages:
                for rule, begin, end in self._in(list(map(level, passage)), starts):
                    if rule.shape.where.quotes or not between_quotes:
                        yield rule, " ".join(passage[begin:end])

    def _in(self, tokens: list[str], starts: Mapping[str, set[int]]) -> Iterator[tuple[_Rule, int, int]]:
        for at, token in enumerate(tokens):
            for number in starts.get(token, ()):
                rule, each = self._sought[number]
                end = next(each.ends(tokens, at), None)
                if end is not None and not rule.allows(tokens, at, end):
                    yield rule, at, end


class Ears:
    """An ear for each language and place; places where the same rules hold share one."""

    def __init__(self, tone: ToneShape) -> None:
        self._rules = all_rules(tone)
        self._ears: dict[tuple[str, tuple[str, ...]], Ear] = {}
        self.at = cache(self._at)

    def _at(self, language: str, kind: Kind | None, is_label: bool) -> Ear:
        """The ear for ``language`` where this is said."""
        ids = tuple(rule_id for rule_id, rule in self._rules.items() if _holds(rule.where, kind, is_label))
        if (language, ids) not in self._ears:
            self._ears[language, ids] = Ear(language, {rule_id: self._rules[rule_id] for rule_id in ids})
        return self._ears[language, ids]


def _holds(where: WhereShape, kind: Kind | None, is_label: bool) -> bool:
    """Whether a rule with this ``where`` holds for labels or sentences of this kind of dialog."""
    if where.text != "all" and is_label != (where.text == "label"):
        return False
    match where.dialogs:
        case "all":
            return True
        case "topics":
            return kind is Kind.TOPIC
        case "safety":
            return kind is Kind.SAFETY


def all_rules(tone: ToneShape) -> dict[str, RuleShape]:
    """Every rule about words by its id."""
    return {**tone.rules, METHOD_WORDS: tone.method_words}


def against_tone(reading: Reading, tone: ToneShape) -> Iterator[Hit]:
    """Everything said that goes against a rule; of the same rule once in each text."""
    ears = Ears(tone)
    counts: Counter[tuple[str, str | None, str]] = Counter()
    for said, language, text in reading.each():
        heard = set()
        ear = ears.at(language, said.kind, said.is_label)
        for rule, words in ear.heard_in(text, reading.tokens(text)):
            counts[rule.id, said.dialog, language] += 1
            if counts[rule.id, said.dialog, language] > rule.shape.at_most and rule.id not in heard:
                heard.add(rule.id)
                yield Hit(said, rule.id, language, code_of(rule.id), _message(rule, words))


def code_of(rule_id: str) -> str:
    """The code of findings about a rule."""
    return "method-words" if rule_id == METHOD_WORDS else "wrong-tone"


def _message(rule: _Rule, words: str) -> str:
    shown = words if len(words) <= 40 else f"{words[:39]}…"
    return f'"{shown}" ({rule.id}): {rule.shape.reason} Better: {rule.shape.better}'


def examples_that_fail(located: LocatedFile, tone: ToneShape) -> Iterator[Finding]:
    """Bad examples in which their rule is not heard, or another one is; good ones in which any is."""
    ears = Ears(tone)
    for rule_id, rule in all_rules(tone).items():
        path = ("rules", rule_id) if rule_id in tone.rules else (rule_id,)
        place = (Kind.SAFETY if rule.where.dialogs == "safety" else Kind.TOPIC, rule.where.text == "label")
        for key, examples, expected in (("bad", rule.bad, {rule_id}), ("good", rule.good, set[str]())):
            for language, text in examples.items():
                heard = rules_heard(ears.at(language, *place), text)
                if heard != expected:
                    wanted = f'"{rule_id}"' if expected else "no rule"
                    got = f"it goes against {' and '.join(sorted(heard))}" if heard else "none is heard in it"
                    message = f"In this example {wanted} should be heard, but {got}."
                    yield located.finding("tone-example", (*path, key, language), message)


def rules_heard(ear: Ear, text: str) -> set[str]:
    """The rules that ``text`` goes against by itself."""
    heard = list(ear.hear(tokens_of(text)))
    counts = Counter(rule.id for rule, _ in heard)
    return {rule.id for rule, _ in heard if counts[rule.id] > rule.shape.at_most}


def _patterns(by_language: Mapping[str, list[str]], language: str) -> tuple[Pattern, ...]:
    """Those of ``language`` and of any language; each is read once."""
    keys = dict.fromkeys((language, ANY_LANGUAGE))
    return tuple(pattern(text) for key in keys for text in by_language.get(key, ()))
