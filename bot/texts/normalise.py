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
_THREE = re.compile(r"(.)\1\1")
"""In every text with something drawn out, and in few others; far quicker to know."""
_NOT_WORDS = re.compile(r"[^\w']+|_+")
_WORDS = re.compile(r"[^\W_]+")
_ALIKE = {
    "’": "'",
    "‘": "'",
    "`": "'",
    "ʼ": "'",
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


class _Marks(dict[int, str | int | None]):
    """For ``str.translate``: one letter for letters that are alike, and nothing for marks and invisible signs."""

    def __missing__(self, code: int) -> str | int | None:
        sign = chr(code)
        dropped = unicodedata.combining(sign) or unicodedata.category(sign) == "Cf"
        self[code] = found = None if dropped else _ALIKE.get(sign, code)
        return found


_MARKS = _Marks()


def normalise(text: str) -> str:
    """``text`` in small letters, without accents and punctuation, words one space apart.

    Three or more of the same letter in a row become two ("neeeee" is "nee"); invisible and control signs,
    such as marks of writing direction, are dropped.
    """
    text = text[:MAX_CHARACTERS]
    if text.isascii():
        text = text.lower().replace("`", "'")
    else:
        text = text.replace("´", "'")  # now: Unicode takes this one apart, into a space and a mark
        text = unicodedata.normalize("NFKD", text).casefold().translate(_MARKS)
    if _THREE.search(text):
        text = _DRAWN_OUT.sub(r"\1\1", text)
    if "'" not in text:
        return " ".join(_WORDS.findall(text))
    return " ".join(word.strip("'") for word in _NOT_WORDS.sub(" ", text).split() if word.strip("'"))
