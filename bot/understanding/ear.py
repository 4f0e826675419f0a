"""Hearing by words: the safety rules, and the triggers of the dialogs with small typos forgiven.

Safety first, then topics, then what is near. Every language's triggers are heard, whatever language was chosen:
a parent at night may write in another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

from bot.authoring.safety_rules import Alarm, SafetyRules
from bot.engine.events import NOTHING_HEARD, Hearing
from bot.engine.model import Kind, Script
from bot.texts.normalise import normalise

MAX_TOPICS = 3
NEAR_SHARE = 0.5
"""A topic is worth offering when this share of an example's telling words, by their letters, stands in the text."""
COMMON_SHARE = 5
"""A word that stands in the triggers of more than one in so many dialogs tells nothing about which is meant."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One example of what a parent may type, and the dialog it leads to."""

    dialog: str
    words: tuple[str, ...]
    safety: bool

    @property
    def text(self) -> str:
        """The normalised example."""
        return " ".join(self.words)


class Ear:
    """Hears safety rules, and the triggers of one script."""

    def __init__(self, script: Script, rules: SafetyRules) -> None:
        self._rules = rules
        self._triggers = tuple(_triggers(script))
        self._known = frozenset(word for trigger in self._triggers for word in trigger.words)
        self._near = Nearness(self._triggers)
        self._by_first: dict[str, list[int]] = defaultdict(list)
        self._firsts: dict[str, set[str]] = defaultdict(set)
        """The first words of triggers, by their first letter."""
        for index, trigger in enumerate(self._triggers):
            self._by_first[trigger.words[0]].append(index)
            self._firsts[trigger.words[0][0]].add(trigger.words[0])

    def hear(self, text: str, language: str, *, near: bool = True) -> Hearing:
        """What is heard in ``text``. ``language`` is that of the conversation; triggers of all are heard.

        Without ``near`` nothing is looked for that is only near: for who has a better way to know that.
        """
        words = normalise(text).split()
        if not words:
            return NOTHING_HEARD
        found = self._standing_in(words)
        safety = [trigger for trigger in found if trigger.safety]
        alarms = self._rules.hear(words)
        if safety or alarms:
            dangers = [(_strength(each), each.dialog) for each in safety]
            dangers += [((len(each.words.split()), len(each.words)), each.rule.opens) for each in alarms]
            why = (*map(_of_rule, alarms), *_why(safety))
            return Hearing(safety=max(dangers)[1], why=why, topics=_ranked(found))
        topics = _ranked(found)
        return Hearing(topics=topics, near=self._near.topics(words) if near and not topics else (), why=_why(found))

    def _standing_in(self, words: list[str]) -> list[Trigger]:
        """The examples whose words stand in the text in a row, small typos forgiven. Quick for huge texts, too."""
        same = cache(self._same)
        begins: dict[str, list[int]] = {}
        found: set[int] = set()
        for start, word in enumerate(words):
            if word not in begins:
                begins[word] = self._begun_by(word)
            for each in begins[word]:
                wanted = self._triggers[each].words
                here = words[start : start + len(wanted)]
                if each not in found and len(here) == len(wanted) and all(map(same, wanted, here)):
                    found.add(each)
        return [self._triggers[each] for each in sorted(found)]

    def _begun_by(self, word: str) -> list[int]:
        """The examples that begin with this word; or, for one that stands in none, with one that is a slip away."""
        if word in self._known:
            return self._by_first.get(word, [])
        firsts = self._firsts.get(word[0], ())
        return [each for first in firsts if _slipped(first, word) for each in self._by_first[first]]

    def _same(self, want: str, word: str) -> bool:
        """Equal, or a slip away. What is a word of some example itself is no slip for another one."""
        return want == word or (word not in self._known and _slipped(want, word))


class Nearness:
    """Which topics are worth offering: those with an example whose telling words mostly stand in the text."""

    def __init__(self, triggers: Iterable[Trigger]) -> None:
        triggers = tuple(triggers)
        common = _common(triggers)
        self._known = frozenset(word for trigger in triggers for word in trigger.words)
        self._examples: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        self._by_initial: dict[str, set[str]] = defaultdict(set)
        for trigger in triggers:
            telling = frozenset(trigger.words) - common
            for word in telling if not trigger.safety else ():
                self._examples[word].append((trigger.dialog, telling))
                self._by_initial[word[0]].add(word)

    def topics(self, words: Iterable[str]) -> tuple[str, ...]:
        """The near topics, the nearest first; none when only words of every day stand there."""
        here = {meant for word in set(words) for meant in self._meant(word)}
        best: dict[str, float] = {}
        for dialog, telling in {each for word in here for each in self._examples[word]}:
            stands, whole = _letters(telling & here), _letters(telling)
            if stands >= NEAR_SHARE * whole:
                best[dialog] = max(best.get(dialog, 0.0), stands * stands / whole)
        return tuple(sorted(best, key=lambda dialog: (-best[dialog], dialog)))[:MAX_TOPICS]

    def _meant(self, word: str) -> Iterable[str]:
        """The telling word that this is, or those from which it is a slip away."""
        if word in self._known:
            return (word,) if word in self._examples else ()
        return (each for each in self._by_initial.get(word[0], ()) if _slipped(each, word))


def _letters(words: Iterable[str]) -> int:
    return sum(map(len, words))


def _common(triggers: Iterable[Trigger]) -> frozenset[str]:
    """The words of every day: "ik", "mijn", "the"."""
    dialogs: dict[str, set[str]] = defaultdict(set)
    for trigger in triggers:
        for word in trigger.words:
            dialogs[word].add(trigger.dialog)
    most = max(1, len(set().union(*dialogs.values())) // COMMON_SHARE)
    return frozenset(word for word, where in dialogs.items() if len(where) > most)


def _triggers(script: Script) -> Iterable[Trigger]:
    for dialog in script.dialogs.values():
        for phrases in dialog.triggers.values():
            for phrase in phrases:
                words = tuple(normalise(phrase).split())
                if words:
                    yield Trigger(dialog.id, words, dialog.kind is Kind.SAFETY)


def _strength(trigger: Trigger) -> tuple[int, int]:
    return len(trigger.words), len(trigger.text)


def _ranked(found: Iterable[Trigger]) -> tuple[str, ...]:
    """Topics, the one with the longest matching example first."""
    best: dict[str, tuple[int, int]] = {}
    for trigger in found:
        if not trigger.safety:
            best[trigger.dialog] = max(best.get(trigger.dialog, (0, 0)), _strength(trigger))
    return tuple(sorted(best, key=lambda dialog: best[dialog], reverse=True))[:MAX_TOPICS]


def _why(found: Iterable[Trigger]) -> tuple[str, ...]:
    return tuple(f"{trigger.dialog}: {trigger.text}" for trigger in sorted(found, key=_strength, reverse=True)[:5])


def _of_rule(alarm: Alarm) -> str:
    return f"{alarm.rule.opens}: {alarm.words} (rule {alarm.rule.language}/{alarm.rule.id})"


def _slipped(want: str, word: str) -> bool:
    """One slip (two in long words) away: a letter missing, doubled, changed or swapped; never the first."""
    if len(want) < 4 or want[0] != word[0]:
        return False
    slips = 2 if len(want) >= 9 else 1
    if abs(len(want) - len(word)) > slips:
        return False
    return OSA.distance(want, word, score_cutoff=slips) <= slips
