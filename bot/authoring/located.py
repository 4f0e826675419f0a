"""YAML with places: every scalar is a string, and every value knows its line and column.

Read from the parser's events, so nothing of YAML's own ideas gets in: no ``no`` that is false, no 17:30 that is a
number, no tags, no aliases (and so no bombs). A duplicate key is an error, not a silent loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import yaml

from bot.authoring.findings import Finding, Position, Severity

MAX_BYTES = 512 * 1024
"""The largest dialog by hand is far below this; larger files are a mistake or an attack."""
MAX_DEPTH = 12

Value = str | list["Value"] | dict[str, "Value"]
KeyPath = tuple[str | int, ...]


class _Mark(Protocol):
    """What PyYAML's two parsers have in common."""

    line: int
    column: int


_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class LocatedFile:
    """One YAML file: its plain data and the position of every value and key in it."""

    name: str
    data: Value = ""
    values: dict[KeyPath, Position] = field(default_factory=dict)
    keys: dict[KeyPath, Position] = field(default_factory=dict)

    def at(self, path: KeyPath) -> Position:
        """Where the value at ``path`` stands; the nearest one above it when it is not there."""
        return self._nearest(path, self.values)

    def key_at(self, path: KeyPath) -> Position:
        """Where the key that leads to ``path`` stands; the value when it has no key."""
        return self.keys.get(path) or self.at(path)

    def _nearest(self, path: KeyPath, known: dict[KeyPath, Position]) -> Position:
        while path and path not in known:
            path = path[:-1]
        return known.get(path, Position(1, 1))

    def finding(
        self,
        code: str,
        path: KeyPath,
        message: str,
        *,
        key: bool = False,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """A finding at ``path`` of this file."""
        position = self.key_at(path) if key else self.at(path)
        return Finding(self.name, position.line, position.column, code, severity, message)


class _Broken(Exception):
    def __init__(self, code: str, position: Position, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.position = position


def load_located(path: Path, name: str) -> tuple[LocatedFile | None, list[Finding]]:
    """Read one UTF-8 YAML file; ``name`` is what findings call it.

    Gives the file and what is wrong with it as YAML; None when it cannot be read on at all. Raises nothing.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, [_finding(name, Position(1, 1), "unreadable-file", f"Cannot be read: {error.strerror}.")]
    if len(raw) > MAX_BYTES:
        message = f"The file is {len(raw)} bytes; a dialog is at most {MAX_BYTES}."
        return None, [_finding(name, Position(1, 1), "unreadable-file", message)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "The file is not UTF-8 text; save it as UTF-8."
        return None, [_finding(name, Position(line, 1), "unreadable-file", message)]
    return _Reader(name).read(text)


def _finding(name: str, position: Position, code: str, message: str) -> Finding:
    return Finding(name, position.line, position.column, code, Severity.ERROR, message)


class _Reader:
    """Builds a LocatedFile out of the parser's events."""

    def __init__(self, name: str) -> None:
        self._file = LocatedFile(name)
        self._findings: list[Finding] = []

    def read(self, text: str) -> tuple[LocatedFile | None, list[Finding]]:
        try:
            events = iter(yaml.parse(text, Loader=_Loader))
            next(events)  # stream start
            if isinstance(next(events), yaml.StreamEndEvent):
                raise _Broken("yaml-syntax", Position(1, 1), "The file is empty.")
            self._file.data = self._value(next(events), events, ())
            next(events)  # document end
            following = next(events)
            if not isinstance(following, yaml.StreamEndEvent):
                raise _Broken("yaml-syntax", _position(following.start_mark), "One file holds one document.")
        except yaml.MarkedYAMLError as error:
            position = _position(error.problem_mark or error.context_mark)
            problem = (error.problem or "not YAML").strip()
            self._add(_Broken("yaml-syntax", position, f"This is not valid YAML: {problem}."))
            return None, self._findings
        except yaml.YAMLError as error:
            first = str(error).partition("\n")[0]
            self._add(_Broken("yaml-syntax", Position(1, 1), f"This is not valid YAML: {first}."))
            return None, self._findings
        except _Broken as broken:
            self._add(broken)
            return None, self._findings
        return self._file, self._findings

    def _add(self, broken: _Broken) -> None:
        self._findings.append(_finding(self._file.name, broken.position, broken.code, str(broken)))

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath) -> Value:
        position = _position(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Broken("yaml-alias", position, "Anchors (&) and aliases (*) are not used in dialogs; write it out.")
        if len(path) > MAX_DEPTH:
            raise _Broken("yaml-syntax", position, f"Nested deeper than {MAX_DEPTH} levels.")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            raise _Broken("yaml-tag", position, f"Tags such as {tag} are not used in dialogs; quote the text.")
        self._file.values[path] = position
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, path)
        return self._mapping(events, path)

    def _list(self, events: Iterator[yaml.Event], path: KeyPath) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: KeyPath) -> dict[str, Value]:
        mapping: dict[str, Value] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            position = _position(event.start_mark)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Broken("yaml-syntax", position, "A key has to be a word.")
            key = str(event.value)
            inner = (*path, key)
            if key in mapping:
                first = self._file.keys[inner]
                message = f'"{key}" stands here twice (first in line {first.line}); one of them would be lost.'
                self._add(_Broken("yaml-duplicate-key", position, message))
                self._skip(events)
                continue
            self._file.keys[inner] = position
            mapping[key] = self._value(next(events), events, inner)
        return mapping

    def _skip(self, events: Iterator[yaml.Event]) -> None:
        depth = 0
        while True:
            event = next(events)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth == 0:
                return


def _position(mark: _Mark | None) -> Position:
    """From the parser's counting from 0 to ours from 1."""
    return Position(1, 1) if mark is None else Position(mark.line + 1, mark.column + 1)
