"""How texts are made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.normalise import MAX_CHARACTERS, normalise

SAME = {
    "case": ("Ik BEN Op", "ik ben op"),
    "accents": ("ça va pas très bien, à bout", "ca va pas tres bien a bout"),
    "accents of their own": ("e\u0301e\u0301n", "een"),
    "accents twice": ("\u0065\u0301\u0301", "e"),
    "one letter that is two": ("ﬁjn, ĳs", "fijn ijs"),
    "wide letters": ("ＨＵＩＬＥＮ", "huilen"),
    "sharp s": ("weiß", "weiss"),
    "dotted capital": ("İyi", "iyi"),
    "drawn out": ("neeeeee, ik kan niet meeeeeer!!!!", "nee ik kan niet meer"),
    "drawn out capitals": ("HELPPPP", "helpp"),
    "drawn out across accents": ("zóóóó moe", "zoo moe"),
    "two letters stay": ("baby's slaappil", "baby's slaappil"),
    "punctuation": ("huilt... 's nachts -- (weer)?!", "huilt s nachts weer"),
    "curly apostrophe": ("zo’n dag", "zo'n dag"),
    "other apostrophes": ("j´ai, j`ai, jʼai, j‘ai", "j'ai j'ai j'ai j'ai"),
    "an apostrophe in one letter": ("ŉ dag", "n dag"),
    "quotes": ("'hij' is ‘boos’", "hij is boos"),
    "only apostrophes": ("' '' '", ""),
    "white space": ("  ik\t\tben\n\nmoe\u00a0 ", "ik ben moe"),
    "underscores": ("ik_ben__moe", "ik ben moe"),
    "marks of direction": ("\u202eik\u202c \u200fben\u200e \u2066moe\u2069", "ik ben moe"),
    "zero width": ("h\u200bu\u200ci\u200dl\u2060t\ufeff", "huilt"),
    "soft hyphen": ("vermoeid\u00adheid", "vermoeidheid"),
    "emoji": ("moe 😭😭😭 zo 👨‍👩‍👧 moe", "moe zo moe"),
    "HTML": ("<b>moe</b> &amp; op", "b moe b amp op"),
    "right to left": ("الطفل يبكي", "الطفل يبكي"),
    "a lone surrogate": ("mo\ud83de", "mo e"),
    "a zero byte": ("ik\x00ben", "ik ben"),
    "numbers": ("112, 1813", "112 1813"),
    "nothing": ("", ""),
    "no words": ("?!… 👍 --", ""),
}


@pytest.mark.parametrize(("text", "expected"), SAME.values(), ids=SAME)
def test_what_is_the_same(text: str, expected: str) -> None:
    """Whatever does not change the words is gone."""
    assert normalise(text) == expected


def test_a_huge_text_is_cut_off() -> None:
    """What is longer than a message can be is cut off, and takes no time."""
    assert normalise("abc " * 5000) == " ".join(["abc"] * (MAX_CHARACTERS // 4))
    assert normalise("a" * 5000) == "aa"
    assert normalise("a" * 10_000_000) == "aa"


@given(st.text(max_size=300))
def test_twice_is_once(text: str) -> None:
    """What is normalised already stays as it is, and holds only small words with one space between them."""
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())
    assert once == once.casefold()


@given(st.text(st.sampled_from("aàá'’ ﷺŉİẞΰ\u0301\u200b\u202e_-1Σς"), max_size=60))
def test_twice_is_once_for_signs_that_come_apart(text: str) -> None:
    """The same, for the signs with which that is hardest."""
    once = normalise(text)
    assert normalise(once) == once


LOOSE = st.characters(categories=["Cs", "Cc", "Cf", "Co", "Mn", "Me"], exclude_characters="\u0345")  # a Greek letter


@given(st.text(LOOSE, max_size=50))
def test_signs_without_words(text: str) -> None:
    """Surrogates, controls and loose accents make no words."""
    assert normalise(text) == ""
