"""Hearing by example: the triggers of the dialogs, compared with what was typed, forgiving small typos.

Safety first, then topics, then what is near. Every language's triggers are heard, whatever language was chosen:
a parent at night may write in another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.engine.events import NOTHING_HEARD, Hearing
from bot.engine.model import Kind, Script
from bot.texts.normalise import normalise

NEAR_SCORE = 62.0
"""From this similarity (0 to 100, token-wise) on, a topic is worth offering."""
MAX_TOPICS = 3


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
    """Hears the triggers of one script."""

    def __init__(self, script: Script) -> None:
        self._triggers = tuple(_triggers(script))
        self._texts = [trigger.text for trigger in self._triggers]

    def hear(self, text: str, language: str) -> Hearing:
        """What is heard in ``text``. ``language`` is that of the conversation; triggers of all are heard."""
        words = normalise(text).split()
        if not words:
            return NOTHING_HEARD
        found = [trigger for trigger in self._triggers if _stands_in(trigger.words, words)]
        safety = [trigger for trigger in found if trigger.safety]
        if safety:
            first = max(safety, key=_strength)
            return Hearing(safety=first.dialog, why=_why(safety), topics=_ranked(found))
        topics = _ranked(found)
        near = tuple(each for each in self._near(words) if each not in topics)
        return Hearing(topics=topics, near=(*topics, *near)[:MAX_TOPICS] if not topics else near, why=_why(found))

    def _near(self, words: list[str]) -> Iterator[str]:
        """Topics whose triggers resemble the text, most alike first."""
        scored = process.extract(
            " ".join(words), self._texts, scorer=fuzz.token_set_ratio, limit=12, score_cutoff=NEAR_SCORE
        )
        seen: set[str] = set()
        for _, _, index in scored:
            trigger = self._triggers[index]
            if not trigger.safety and trigger.dialog not in seen:
                seen.add(trigger.dialog)
                yield trigger.dialog


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


def _stands_in(trigger: tuple[str, ...], words: list[str]) -> bool:
    """Whether the example's words stand in the text in a row, small typos forgiven."""
    length = len(trigger)
    return any(
        all(_same(want, words[start + offset]) for offset, want in enumerate(trigger))
        for start in range(len(words) - length + 1)
    )


def _same(want: str, word: str) -> bool:
    """Equal, or one slip (two in long words) away: a letter missing, doubled, changed or swapped."""
    if want == word:
        return True
    if len(want) < 4 or want[0] != word[0]:
        return False
    slips = 2 if len(want) >= 9 else 1
    return OSA.distance(want, word, score_cutoff=slips) <= slips
