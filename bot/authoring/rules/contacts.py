"""Numbers, addresses and names of services stand in the directory, where they are kept up to date, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.authoring.book import Book
from bot.authoring.hits import NUMBER, SERVICE_NAME, Hit, Reading
from bot.authoring.tone_shape import ToneShape
from bot.authoring.wording import level, tokens_of

MIN_DIGITS = 3
"""The shortest telephone numbers, such as 112."""
_NUMBER = re.compile(r"\+?\d(?:[ \u00a0\u202f/.-]?\d)+")
_RATIO = re.compile(r"\d(?: \w+)? (?:op|op de|van de|in|of|out of|of the|sur) $")
"""What stands before the second number of a ratio, such as 95 out of 100."""
_DIGIT = re.compile(r"\d")
_RANGE = re.compile(r"\d{1,2}[ \u00a0]?[-/.][ \u00a0]?\d{1,2}")
_ENDING = re.compile(r"\.(?:be|nl|com|org|net|fr|eu|info|brussels|vlaanderen|uk|me|ai|io)\b")
_ADDRESS = re.compile(r"https?:\S+|www\.\S+|\S*@\S+|\b[\w-]+(?:\.[\w-]+)+\S*")
_ARTICLE = re.compile(r"^(?:De|Het|The|Le|La|Les) ")
_BESIDE = re.compile(r" \(.*\)|[ ,]*\b\d+\b")
_OWN_WORD = re.compile(r"(?:\w*[^\W\d_a-z]\w*[-\w]*){2,}")
"""A word with two capitals in it is a name by itself: CAW, DrugLijn, Tele-Onthaal."""


def contacts(book: Book, reading: Reading, tone: ToneShape) -> Iterator[Hit]:
    """Every number, address and name that belongs in the directory."""
    names = _occurring(service_names(book, tone), reading)
    for said, language, text in reading.each():
        if found := number_or_address(text, tone.counted.get(language, [])):
            message = f'"{found}" belongs in the directory; name the kind of service, and the bot puts it in.'
            yield Hit(said, NUMBER, language, "number-in-text", message)
        for name in names:
            if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                message = f'"{name}" is the name of a service, which belongs in the directory; say what kind it is.'
                yield Hit(said, SERVICE_NAME, language, "service-name-in-text", message)
                break


def number_or_address(text: str, counted: list[str]) -> str | None:
    """The first telephone number or address in ``text``. A large number of ``counted`` things is neither."""
    if "@" in text or "://" in text or "www." in text or _ENDING.search(text):
        return next(each[0] for each in _ADDRESS.finditer(text) if _is_address(each[0]))
    if not _DIGIT.search(text):
        return None
    for number in _NUMBER.finditer(text):
        if sum(sign.isdigit() for sign in number[0]) < MIN_DIGITS or _RANGE.fullmatch(number[0]):
            continue
        if _RATIO.search(text, 0, number.start()):
            continue
        following = next(iter(tokens_of(text[number.end() : number.end() + 40])), "")
        if level(following) not in map(level, counted):
            return number[0]
    return None


def _is_address(text: str) -> bool:
    return "@" in text or "://" in text or text.startswith("www.") or _ENDING.search(text) is not None


def service_names(book: Book, tone: ToneShape) -> list[str]:
    """Every proper name of a service, also without its article or number, and each word that is a name by itself.

    A name that the directory marks as common, such as that of a GP, is a word like others.
    """
    names = set(tone.names)
    for _, region in book.regions.values():
        for service in region.services.values():
            if service.common:
                continue
            short = _BESIDE.sub("", _ARTICLE.sub("", service.name)).strip()
            names |= {service.name, short, *_OWN_WORD.findall(service.name)}
    return sorted((name for name in names if any(sign.isalpha() for sign in name)), key=len, reverse=True)


def _occurring(names: list[str], reading: Reading) -> list[str]:
    """Those that occur at all, which is quickly known of everything at once."""
    everything = "\n".join(text for _, _, text in reading.each())
    return [name for name in names if name in everything]
