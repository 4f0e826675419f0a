"""Hearing, whole: the triggers of the dialogs as rules, and a model of example messages for all that nobody foresaw.

Safety has two strengths. *Sure* opens the safety dialog: a safety rule or trigger is heard in a text that is like
danger, or the examples leave little doubt. *Ask* makes for one gentle question. The thresholds were chosen on the
messages in ``tests/tuning``, except that of French; ``python -m bot evaluate`` measures on others, in ``tests/heard``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.authoring.examples import NONE
from bot.authoring.safety_rules import SafetyRules
from bot.engine.events import Hearing
from bot.engine.model import Kind, Script
from bot.understanding.classifier import Classifier
from bot.understanding.ear import MAX_TOPICS, Ear

SURE = 0.8
"""From this share of all safety dialogs together on, the likeliest of them opens."""
ASK = 0.2
"""From here on, one gentle question is asked: the share of all safety dialogs together, less a part of the share of the
likeliest other subject."""
ASK_IN = {"nl": 0.22, "fr": 0.11}
"""The same in languages that need another: there are three times as many examples of Dutch, and in French more of
ordinary subjects, for as much danger."""
BESIDE = 0.5
"""That part: danger beside many subjects, none of them likely, is asked after sooner than beside one that is."""
DOUBT = 0.5
"""Below this share a rule that is heard asks too, and does not open: words of danger, in a text that is not like it."""
OPENS = 0.42
"""From this share on, a topic opens without being offered first."""
LIKELY = 0.08
"""Below this share of the likeliest topic, none is offered: the text is about something else."""
OFFERED = 0.03
"""From this share on, a topic is worth offering beside a likelier one."""
NAMED = 0.3
"""How much a trigger that stands in the text adds to its topic's share."""
TELLS_LANGUAGE = 0.9
"""From this share on, the language of a text is taken for known."""
FEWEST_WORDS, FEWEST_LETTERS = 3, 12
"""Shorter texts do not tell their language: "ok", "mama" and "stop" are of many."""


class Listener:
    """Hears with rules and triggers, and with a model when there is one."""

    def __init__(self, script: Script, classifier: Classifier | None, rules: SafetyRules) -> None:
        self._ear = Ear(script, rules)
        self._classifier = classifier
        self._safety = frozenset(each.id for each in script.dialogs.values() if each.kind is Kind.SAFETY)
        self._topics = frozenset(script.dialogs) - self._safety

    def hear(self, text: str, language: str) -> Hearing:
        """What is heard in ``text`` from a parent who reads ``language``; takes a few milliseconds at most."""
        named = self._ear.hear(text, language, near=self._classifier is None)
        if self._classifier is None or not text.strip():
            return named
        shares, languages = self._classifier.shares(text)
        ask = ASK_IN.get(max(languages, key=lambda each: languages[each]), ASK)
        return replace(self._weighed(named, shares, ask), language=_language(text, languages))

    def _weighed(self, named: Hearing, shares: Mapping[str, float], ask: float) -> Hearing:
        danger = {each: share for each, share in shares.items() if each in self._safety}
        whole = sum(danger.values())
        if named.safety is not None:
            why = (*named.why, f"like examples of danger ({whole:.2f})")
            return replace(named, sure=whole >= DOUBT, topics=self._ranked(named, shares), why=why)
        likeliest_else = max((share for each, share in shares.items() if each not in self._safety), default=0.0)
        if whole - BESIDE * likeliest_else >= ask:
            likeliest = max(danger, key=lambda each: danger[each])
            why = (f"{likeliest}: like its examples ({whole:.2f})", *named.why)
            return Hearing(likeliest, whole >= SURE, self._ranked(named, shares), why=why, guessed=True)
        return self._topics_of(named, shares)

    def _topics_of(self, named: Hearing, shares: Mapping[str, float]) -> Hearing:
        ranked = self._ranked(named, shares)
        likeliest = shares.get(ranked[0], 0.0) if ranked else 0.0
        if not named.topics and likeliest <= max(LIKELY, shares.get(NONE, 0.0)):
            return Hearing(why=named.why)
        why = (*named.why, *(f"{each}: like its examples ({shares.get(each, 0.0):.2f})" for each in ranked[:1]))
        if ranked[0] in named.topics or shares.get(ranked[0], 0.0) >= OPENS:
            return Hearing(topics=ranked, why=why)
        return Hearing(near=ranked, why=why)

    def _ranked(self, named: Hearing, shares: Mapping[str, float]) -> tuple[str, ...]:
        """Topics that are worth offering, the likeliest first."""
        scores = {each: share for each, share in shares.items() if each in self._topics and share >= OFFERED}
        for topic in named.topics:
            scores[topic] = scores.get(topic, shares.get(topic, 0.0)) + NAMED
        return tuple(sorted(scores, key=lambda each: -scores[each]))[:MAX_TOPICS]


def _language(text: str, languages: Mapping[str, float]) -> str | None:
    if len(text.split()) < FEWEST_WORDS or sum(map(str.isalpha, text)) < FEWEST_LETTERS:
        return None
    likeliest = max(languages, key=lambda each: languages[each])
    return likeliest if languages[likeliest] >= TELLS_LANGUAGE else None
