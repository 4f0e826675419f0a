"""Why something was heard, for people: the examples that a text resembles most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from bot.authoring.examples import Example
from bot.engine.events import Hearing
from bot.texts.normalise import normalise

NAMED_EXAMPLES = 2
"""How many examples are named for a dialog."""
ALIKE = 35.0
"""Less alike (0 to 100, of letters in common) says nothing to who reads it."""


class Explainer:
    """Names examples beside a guess. Holds the examples; the bot itself needs none of this."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._examples: dict[str, dict[str, str]] = defaultdict(dict)
        for example in examples:
            self._examples[example.dialog].setdefault(example.text, normalise(example.text))

    def why(self, text: str, hearing: Hearing) -> list[str]:
        """What decided, line by line: rules and triggers with their words; for a guess, the examples most like it."""
        guessed = hearing.safety if hearing.guessed else None
        if hearing.safety is None:
            guessed = next(iter(hearing.topics or hearing.near), None)
        return [*hearing.why, *(f'{guessed}: "{each}"' for each in self._closest(text, guessed))]

    def _closest(self, text: str, dialog: str | None) -> list[str]:
        among = self._examples.get(dialog or "", {})
        found = process.extract(
            normalise(text), among, scorer=fuzz.token_sort_ratio, limit=NAMED_EXAMPLES, score_cutoff=ALIKE
        )
        return [example for _, _, example in found]
