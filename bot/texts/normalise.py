"""Texts as they are compared: without case, accents, punctuation, drawn-out letters or invisible signs.

Letters that people leave the marks off, or write one for the other on a foreign keyboard, are one letter here: the
Turkish dotless i and the Polish barred l, which Unicode does not take apart; the Arabic alif maqsura and ta marbuta;
and what Ukrainian and Russian write differently for the same sound.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 4096
"""The longest text Telegram sends; more is cut off before it is heard."""

_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_NOT_WORDS = re.compile(r"[^\w']+|_+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
_ALIKE = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": None,
        "і": "и",
        "ы": "и",
        "є": "е",
        "э": "е",
        "ґ": "г",
        "ъ": "ь",
    }
)


def normalise(text: str) -> str:
    """``text`` in small letters, without accents and punctuation, words one space apart.

    Three or more of the same letter in a row become two ("neeeee" is "nee"); invisible and control signs,
    such as marks of writing direction, are dropped.
    """
    text = unicodedata.normalize("NFKD", text[:MAX_CHARACTERS].translate(_APOSTROPHES))
    text = text.translate(_APOSTROPHES).casefold()  # again, for one letter comes apart into an apostrophe and an n
    text = text.translate(_ALIKE)
    text = "".join(sign for sign in text if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    text = _DRAWN_OUT.sub(r"\1\1", text)
    return " ".join(word.strip("'") for word in _NOT_WORDS.sub(" ", text).split() if word.strip("'"))
