"""From plain data to a shape, with pydantic's errors turned into findings at their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.authoring.findings import Finding, meant
from bot.authoring.located import KeyPath, LocatedFile
from bot.authoring.shape import keys_at

Shape = TypeVar("Shape", bound=BaseModel)

_ID_HINT = "an id has small letters, digits and _ only, and begins with a letter"
_HINTS = {
    "go": "go names a node, a dialog, dialog/node, menu or return",
    "phone": "a number is written with digits, spaces and -, such as 078 150 100 or +32 2 524 98 89",
    "whatsapp": "a number is written with digits, spaces and -, such as 06 13863803",
    "chat": "an address is written without https:// and in small letters, such as 113.nl",
    "site": "an address is written without https:// and in small letters, such as 113.nl",
    "reason": "a reason is one sentence, with its full stop",
    "better": "what is better is one sentence, with its full stop",
    "language": "a language is two or three small letters, such as nl",
    "languages": "a language is two small letters, such as nl",
    "triggers": "a language is two or three small letters, such as nl",
}
_REWORDED = {
    "string_type": "A text is expected here.",
    "dict_type": "A block of `key: value` lines is expected here.",
    "model_type": "A block of `key: value` lines is expected here.",
    "model_attributes_type": "A block of `key: value` lines is expected here.",
    "list_type": "A list is expected here, each item behind a dash or between [ ].",
    "tuple_type": "A list is expected here, each item behind a dash or between [ ].",
    "string_too_short": "This is empty.",
    "bool_parsing": "true or false is expected here.",
    "int_parsing": "A whole number is expected here.",
    "float_parsing": "A number is expected here.",
    "finite_number": "A number is expected here.",
    "too_short": "At least one is needed here.",
    "too_long": "At most {max_length} fit here; {actual_length} stand here.",
    "string_too_long": "This is too long; at most {max_length} signs fit.",
    "greater_than_equal": "This is too little; at least {ge:g}.",
    "less_than_equal": "This is too much; at most {le:g}.",
}
_DATE = "A day is expected here, such as 2026-11-23."
_TAGS = ("text", "paced", "line", "noted")
"""The names by which the shape tells kinds of sentences apart; they do not stand in the file."""
_MANY = 6


def validate(file: LocatedFile, shape: type[Shape]) -> tuple[Shape | None, list[Finding]]:
    """Read ``file`` as ``shape``. Gives None and every finding when something does not fit."""
    try:
        return shape.model_validate(file.data), []
    except ValidationError as error:
        return None, list(_findings(file, error.errors(), shape))


def _findings(file: LocatedFile, details: Sequence[ErrorDetails], shape: type[BaseModel]) -> Iterator[Finding]:
    found = [(_path_in(file.data, detail["loc"]), detail) for detail in details]
    misspelt = set()
    for path, detail in found:
        if detail["type"] == "extra_forbidden":
            wrong = str(path[-1])
            known = keys_at(shape, path[:-1])
            misspelt.add((path[:-1], meant(wrong, known)))
            yield file.finding("unknown-key", path, _better_key(wrong, detail["input"], known), key=True)
    for path, detail in found:
        loc, kind = detail["loc"], detail["type"]
        if kind == "missing" and (path, _meant_as(loc[-1])) not in misspelt:
            yield file.finding("missing-key", path, f'The key "{loc[-1]}" is missing here.', key=True)
        elif kind not in ("missing", "extra_forbidden") and not _is_aftermath(detail):
            message = _worded(detail, _topic(loc))
            yield file.finding("wrong-value", path, message, key=loc[-1:] == ("[key]",))


def _better_key(wrong: str, value: object, known: Sequence[str]) -> str:
    if wrong in known:
        return f'"{wrong}" does not go together with the other keys here.'
    if value == "":
        hint = " Is it part of a text? One with a comma in it, or that begins with {, stands between quotes."
    else:
        hint = meant(wrong, known) or f" The keys here are: {', '.join(known)}."
    return f'"{wrong}" is no key here.{hint}'


def _meant_as(key: object) -> str:
    return meant(str(key), [str(key)])


def _is_aftermath(detail: ErrorDetails) -> bool:
    """A list that is only too short because its items do not fit; each of them is a finding already."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _topic(loc: Sequence[str | int]) -> str:
    """The key that says what a wrong value was meant to be: its own, or that of the list or block around it."""
    named = [part for part in loc if isinstance(part, str) and part not in _TAGS]
    if named and named[-1] == "[key]":
        return named[0] if named[0] == "triggers" else ""
    return named[-1] if named else ""


def _worded(detail: ErrorDetails, topic: str) -> str:
    kind, wrong = detail["type"], detail["input"]
    context: dict[str, Any] = detail.get("ctx", {})
    shown = f'"{wrong}": ' if isinstance(wrong, str) and wrong and len(wrong) < 60 else ""
    if kind == "string_pattern_mismatch":
        return f"{shown}{_HINTS.get(topic, _ID_HINT)}."
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", "").replace("True", "true")
        words = expected.replace(" or ", ", ").split(", ")
        hint = meant(wrong, words) if isinstance(wrong, str) else ""
        if expected == "true":
            return f"{shown}this is true, or the whole line is left out."
        if hint and len(words) > _MANY:
            return f"{shown}this is no word from the list.{hint}"
        return f"{shown}this is one of: {expected}.{hint}"
    if kind == "value_error":
        return f"{context['error']}."
    if kind.startswith(("date", "datetime")):
        return f"{shown}{_DATE}"
    if kind in _REWORDED:
        return shown + _REWORDED[kind].format(**context)
    return f"{shown}{detail['msg']}."


def _path_in(data: Any, loc: Sequence[str | int]) -> KeyPath:
    """The part of pydantic's location that stands in the file: tags of unions and `[key]` marks do not."""
    path: list[str | int] = []
    tagged = False
    for part in loc:
        if part in _TAGS and not tagged and (path[-2:-1] == ["say"] or path[:-1] == ["phrases"]):
            tagged = True
            continue
        inner = data.get(part) if isinstance(data, dict) else None
        if isinstance(data, list) and isinstance(part, int):
            inner = data[part] if part < len(data) else None
        if inner is None:
            continue
        data = inner
        tagged = False
        path.append(part)
    return tuple(path)
