"""From plain data to a shape, with pydantic's errors turned into findings at their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.authoring.findings import Finding, meant
from bot.authoring.located import KeyPath, LocatedFile

Shape = TypeVar("Shape", bound=BaseModel)

_ID_HINT = "an id has small letters, digits and _ only, and begins with a letter (at most 24 signs)."
_REWORDED = {
    "string_type": "A text is expected here.",
    "dict_type": "A block of `key: value` lines is expected here.",
    "model_type": "A block of `key: value` lines is expected here.",
    "model_attributes_type": "A block of `key: value` lines is expected here.",
    "list_type": "A list is expected here, each item behind a dash or between [ ].",
    "string_too_short": "This is empty.",
}


def validate(file: LocatedFile, shape: type[Shape]) -> tuple[Shape | None, list[Finding]]:
    """Read ``file`` as ``shape``. Gives None and every finding when something does not fit."""
    try:
        return shape.model_validate(file.data), []
    except ValidationError as error:
        return None, [_finding(file, detail, shape) for detail in error.errors()]


def _finding(file: LocatedFile, detail: ErrorDetails, shape: type[BaseModel]) -> Finding:
    path = _path_in(file.data, detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        wrong = str(detail["loc"][-1])
        hint = meant(wrong, _keys_of(shape))
        return file.finding("unknown-key", path, f'"{wrong}" is no key here.{hint}', key=True)
    if kind == "missing":
        missing = detail["loc"][-1]
        return file.finding("missing-key", path, f'The key "{missing}" is missing here.', key=True)
    if kind == "string_pattern_mismatch" and "key" in str(detail["loc"][-1]).strip("[]"):
        wrong = str(detail["input"])
        return file.finding("wrong-value", path, f'"{wrong}": {_ID_HINT}', key=True)
    return file.finding("wrong-value", path, _worded(detail))


def _worded(detail: ErrorDetails) -> str:
    kind = detail["type"]
    wrong = detail["input"]
    shown = f'"{wrong}": ' if isinstance(wrong, str) and wrong and len(wrong) < 60 else ""
    if kind == "string_pattern_mismatch":
        return f"{shown}{_ID_HINT}"
    if kind == "literal_error":
        expected = str(detail.get("ctx", {}).get("expected", ""))
        words = expected.replace(" or ", ", ").replace("'", "").split(", ")
        hint = meant(wrong, words) if isinstance(wrong, str) else ""
        return f"{shown}expected {expected}.{hint}"
    return f"{shown}{_REWORDED.get(kind) or detail['msg'] + '.'}"


def _path_in(data: Any, loc: Sequence[str | int]) -> KeyPath:
    """The part of pydantic's location that stands in the file: tags of unions and `[key]` marks do not."""
    path: list[str | int] = []
    for part in loc:
        inner = data.get(part) if isinstance(data, dict) else None
        if isinstance(data, list) and isinstance(part, int):
            inner = data[part] if part < len(data) else None
        if inner is None:
            continue
        data = inner
        path.append(part)
    return tuple(path)


def _keys_of(shape: type[BaseModel]) -> set[str]:
    """Every key that the shape knows anywhere: a small closed vocabulary, good enough for a hint."""
    schema = shape.model_json_schema()
    blocks = [schema, *schema.get("$defs", {}).values()]
    return {key for block in blocks for key in block.get("properties", {})}
