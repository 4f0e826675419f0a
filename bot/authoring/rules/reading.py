"""How hard the dialogs are to read: long sentences, and a measure of each dialog in each language.

The measure is LIX (läsbarhetsindex) of Carl-Hugo Björnsson, *Läsbarhet*, Liber, Stockholm 1968: the mean number of
words in a sentence, plus the percentage of words of more than six letters. It counts letters and no syllables, so it
holds for several languages and needs no dictionary. His scale: 20 very easy, 30 easy (children's books, light
fiction), 40 middling (newspapers), 50 hard, 60 very hard.

The dialogs aim at level B1: plain everyday language, below a newspaper. Hence 30 for Dutch: about the 12 words a
sentence that the dialogs are meant to have, and 18 long words in a hundred. English has 30 too. French spells longer:
the same sentences measure seven points more than the Dutch (26 beside 19, over the shipped dialogs), all of it
by long words, so its limit is 37. No index knows whether a text is understood; it only notices when sentences and
words begin to grow.

Ours is a little stricter than Björnsson's: a colon does not end a sentence, unless something is quoted behind it. Of a
word with a hyphen or an apostrophe the longest part counts (`burn-out` and `l'enfant` are short words).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.authoring.findings import Finding
from bot.authoring.hits import LONG_SENTENCE, Hit, Reading
from bot.authoring.said import Said
from bot.authoring.tone_shape import ToneShape
from bot.texts import SOURCE_LANGUAGE

LONG_WORD = 6
"""A word of more letters is a long one."""
ENOUGH_WORDS = 100
"""In less text one long sentence would decide."""
_PARTS = re.compile("['’‑-]")


@dataclass(slots=True)
class Measured:
    """Counts over all sentences of a dialog."""

    sentences: int = 0
    words: int = 0
    long_words: int = 0

    def add(self, words: list[str]) -> None:
        """Count one sentence."""
        self.sentences += 1
        self.words += len(words)
        self.long_words += sum(map(_is_long, words))

    @property
    def words_a_sentence(self) -> float:
        """How long sentences are on average."""
        return self.words / max(self.sentences, 1)

    @property
    def long_percent(self) -> float:
        """How many of a hundred words are long."""
        return 100 * self.long_words / max(self.words, 1)

    @property
    def lix(self) -> float:
        """Björnsson's index."""
        return self.words_a_sentence + self.long_percent


@cache
def _is_long(word: str) -> bool:
    return len(word) > LONG_WORD and max(map(len, _PARTS.split(word))) > LONG_WORD


def long_sentences(reading: Reading, tone: ToneShape) -> Iterator[Hit]:
    """Sentences of more words than a tired reader holds together. Labels are short by another rule."""
    for said, language, text in reading.each():
        limit = tone.limits.get(language)
        if said.is_label or limit is None or text.count(" ") < limit.words:
            continue
        longest = max(reading.sentences(text), key=len, default=[])
        if len(longest) > limit.words:
            begin = " ".join(longest[:4])
            message = f'The sentence "{begin} …" has {len(longest)} words; at most {limit.words}. Make two of it.'
            yield Hit(said, LONG_SENTENCE, language, "long-sentence", message)


def hard_dialogs(reading: Reading, tone: ToneShape) -> Iterator[Finding]:
    """Dialogs whose sentences and words are too long on the whole."""
    measures: dict[tuple[str, str], tuple[Said, Measured]] = {}
    for said, language, text in reading.each():
        if said.dialog is not None and not said.is_label:
            _, measured = measures.setdefault((said.dialog, language), (said, Measured()))
            for words in reading.sentences(text):
                measured.add(words)
    for (_, language), (said, measured) in measures.items():
        limit = tone.limits.get(language)
        if limit is not None and measured.words >= ENOUGH_WORDS and measured.lix > limit.lix:
            message = (
                f"This dialog reads hard: LIX {measured.lix:.0f}, at most {limit.lix}. On average "
                f"{measured.words_a_sentence:.0f} words a sentence, and {measured.long_percent:.0f} of 100 words "
                "have over six letters. Shorten sentences, or choose everyday words."
            )
            where = message if language == SOURCE_LANGUAGE else f"In {language!r}: {message}"
            yield said.located.finding("hard-to-read", ("dialog",), where)
