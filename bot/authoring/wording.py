"""A text as it is read: words and signs, sentences, and which of them stand between quotes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

_PICTURE = "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_TOKEN = re.compile(
    r"\{[^{}]*\}"  # a service that is put in
    r"|\d+(?:[.,]\d+)+"
    r"|[^\W_]+(?:['’\-‑][^\W_]+)*"
    r"|[‘’“”„«».…?!:\n]"
    f"|{_PICTURE}(?:\ufe0f|\u200d{_PICTURE}|[\U0001f3fb-\U0001f3ff])*"
)
_EMOJI = re.compile(_PICTURE)
_LEVEL = str.maketrans({"’": "'", "‑": "-"})

EMOJI = "EMOJI"
"""What every emoji is called among the words of a pattern."""
QUOTE = "‘’"
"""Stands for what is quoted, in the sentence around it."""
OPENING, CLOSING = frozenset("‘“„«"), frozenset("’”»")
ENDS = frozenset(".…?!\n")
SIGNS = frozenset("?!:")
"""Signs that a pattern can name."""


def tokens_of(text: str) -> list[str]:
    """The words and signs of ``text``, as they stand there. A word is what stands between spaces."""
    return _TOKEN.findall(text)


def is_word(token: str) -> bool:
    """Whether ``token`` is a word, and no sign or service that is put in."""
    return token[:1].isalnum()


@cache
def level(token: str) -> str:
    """``token`` as it is compared: small, without accents, one kind of apostrophe; every emoji by one name."""
    if token.isascii():
        return token.lower()
    if _EMOJI.match(token):
        return EMOJI
    bare = unicodedata.normalize("NFKD", token.translate(_LEVEL)).casefold()
    return bare if bare.isascii() else "".join(sign for sign in bare if not unicodedata.combining(sign))


def sentences(tokens: Iterable[str]) -> Iterator[list[str]]:
    """The words of each sentence. What is quoted behind a colon is a sentence of its own."""
    words: list[str] = []
    before = ""
    for token in tokens:
        if token in ENDS or (before == ":" and token in OPENING):
            if words:
                yield words
            words = []
        elif is_word(token):
            words.append(token)
        before = token
    if words:
        yield words


def voices(tokens: Iterable[str]) -> tuple[list[list[str]], list[list[str]]]:
    """Words and signs, sentence by sentence: those of the text itself, and those that it quotes.

    The signs that end a sentence belong to it. A quotation is one QUOTE in the sentence around it.
    """
    own: list[list[str]] = [[]]
    quoted: list[list[str]] = [[]]
    current, ended = own, False
    for token in tokens:
        if token in OPENING and current is own:
            own[-1].append(QUOTE)
            current, ended = quoted, False
            quoted.append([])
        elif token in CLOSING:
            # A sentence that ended inside of the quotes has ended.
            if current is quoted and ended:
                own.append([])
            current, ended = own, False
        elif token in ENDS:
            ended = True
            if token in SIGNS:
                current[-1].append(token)
        elif is_word(token) or token in SIGNS or _EMOJI.match(token):
            if ended:
                current.append([])
                ended = False
            current[-1].append(token)
    return [each for each in own if each], [each for each in quoted if each]
