"""Texts as they are compared: without case, accents, punctuation, drawn-out letters or invisible signs."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 4096
"""The longest text Telegram sends; more is cut off before it is heard."""

_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_NOT_WORDS = re.compile(r"[^\w']+|_+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})


def normalise(text: str) -> str:
    """``text`` in small letters, without accents and punctuation, words one space apart.

    Three or more of the same letter in a row become two ("neeeee" is "nee"); invisible and control signs,
    such as marks of writing direction, are dropped.
    """
    text = unicodedata.normalize("NFKD", text[:MAX_CHARACTERS].translate(_APOSTROPHES))
    text = text.translate(_APOSTROPHES).casefold()  # again, for one letter comes apart into an apostrophe and an n
    text = "".join(sign for sign in text if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    text = _DRAWN_OUT.sub(r"\1\1", text)
    return " ".join(word.strip("'") for word in _NOT_WORDS.sub(" ", text).split() if word.strip("'"))
