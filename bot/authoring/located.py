"""YAML with places: every scalar is a string, and every value knows its line and column.

Read from the parser's events, so nothing of YAML's own ideas gets in: no ``no`` that is false, no 17:30 that is a
number, no tags, no aliases (and so no bombs). A duplicate key is an error, not a silent loss.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import yaml

from bot.authoring.findings import Finding, Position, Severity
from bot.authoring.plain_words import explained

MAX_BYTES = 512 * 1024
"""The largest dialog by hand is far below this; larger files are a mistake or an attack."""
MAX_DEPTH = 12

Value = str | list["Value"] | dict[str, "Value"]
KeyPath = tuple[str | int, ...]

LINE_BREAK = re.compile("\r\n|\r|\n")
_NOT_IN_TEXT = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Signs that nobody sees and that come in by copying: control signs, U+2028 and U+2029, marks of byte order."""

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Mark(Protocol):
    """What PyYAML's two parsers have in common."""

    line: int
    column: int


@dataclass(slots=True)
class LocatedFile:
    """One YAML file: its plain data and the position of every value and key in it."""

    name: str
    data: Value = ""
    values: dict[KeyPath, Position] = field(default_factory=dict)
    keys: dict[KeyPath, Position] = field(default_factory=dict)

    def at(self, path: KeyPath) -> Position:
        """Where the value at ``path`` stands; the nearest one above it when it is not there."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Position(1, 1))

    def key_at(self, path: KeyPath) -> Position:
        """Where the key that leads to ``path`` stands; the value when it has no key."""
        return self.keys.get(path) or self.at(path)

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
        if not stat.S_ISREG(path.stat().st_mode):
            what = "a folder" if path.is_dir() else "no ordinary file"
            return None, [_unreadable(name, f"This is {what}; a dialog is a text file.")]
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None, [_unreadable(name, "This link leads to a file that is not there.")]
    except OSError as error:
        reason = f"{error.strerror or error}".rstrip(".")
        return None, [_unreadable(name, f"This file cannot be read: {reason}. May it be read by this user?")]
    return locate(raw, name)


def locate(raw: bytes, name: str) -> tuple[LocatedFile | None, list[Finding]]:
    """Read the bytes of one UTF-8 YAML file. Raises nothing."""
    if len(raw) > MAX_BYTES:
        message = f"The file is larger than {MAX_BYTES // 1024} KB; no dialog is. Is this another kind of file?"
        return None, [_unreadable(name, message)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(LINE_BREAK.findall(raw[: error.start].decode("latin-1"))) + 1
        message = "The file is not UTF-8 text; choose UTF-8 as the encoding when saving it."
        return None, [_finding(name, Position(line, 1), "unreadable-file", message)]
    return _Reader(name, text).read()


def _unreadable(name: str, message: str) -> Finding:
    return _finding(name, Position(1, 1), "unreadable-file", message)


def _finding(name: str, position: Position, code: str, message: str) -> Finding:
    return Finding(name, position.line, position.column, code, Severity.ERROR, message)


class _Reader:
    """Builds a LocatedFile out of the parser's events."""

    def __init__(self, name: str, text: str) -> None:
        self._text = text
        self._lines = LINE_BREAK.split(text.rstrip())
        self._file = LocatedFile(name)
        self._findings: list[Finding] = []

    def read(self) -> tuple[LocatedFile | None, list[Finding]]:
        try:
            self._refuse_invisible()
            events = iter(yaml.parse(self._text, Loader=_Loader))
            next(events)  # stream start
            if isinstance(next(events), yaml.StreamEndEvent):
                raise _Broken("yaml-syntax", Position(1, 1), "The file is empty.")
            self._file.data = self._value(next(events), events, ())
            next(events)  # document end
            following = next(events)
            if not isinstance(following, yaml.StreamEndEvent):
                message = "A second document begins here; one file holds one dialog. Take the --- away."
                raise _Broken("yaml-syntax", _position(following.start_mark), message)
        except yaml.MarkedYAMLError as error:
            self._add(self._plain(error))
            return None, self._findings
        except yaml.YAMLError as error:
            first = str(error).partition("\n")[0]
            self._add(_Broken("yaml-syntax", Position(1, 1), f"This is not valid YAML: {first}."))
            return None, self._findings
        except _Broken as broken:
            self._add(broken)
            return None, self._findings
        return self._file, self._findings

    def _plain(self, error: yaml.MarkedYAMLError) -> _Broken:
        """PyYAML's error in plain words, at the place to mend."""
        began, noticed = _position(error.context_mark), _position(error.problem_mark or error.context_mark)
        opening = self._from(began)[:1] if error.context_mark else ""
        sign = self._from(noticed)[:1]
        code, message, at_opening = explained(error.context or "", error.problem or "", sign, opening)
        return _Broken(code, self._within(began if at_opening and error.context_mark else noticed), message)

    def _refuse_invisible(self) -> None:
        found = _NOT_IN_TEXT.search(self._text)
        if found is not None:
            before = LINE_BREAK.split(self._text[: found.start()])
            position = Position(len(before), len(before[-1]) + 1)
            message = f"An invisible sign (U+{ord(found[0]):04X}) stands here; delete it and type the text anew."
            raise _Broken("yaml-syntax", position, message)

    def _from(self, position: Position) -> str:
        """The text from ``position`` on."""
        starts = [0, *(found.end() for found in LINE_BREAK.finditer(self._text))]
        if position.line > len(starts):
            return ""
        return self._text[starts[position.line - 1] + position.column - 1 :]

    def _within(self, position: Position) -> Position:
        """``position``, or the end of the last line with something on it when it lies behind the end."""
        if position.line > len(self._lines):
            return Position(len(self._lines), len(self._lines[-1]) + 1)
        return position

    def _add(self, broken: _Broken) -> None:
        self._findings.append(_finding(self._file.name, broken.position, broken.code, str(broken)))

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath) -> Value:
        position = self._within(_position(event.start_mark))
        self._refuse_magic(event)
        if len(path) > MAX_DEPTH:
            raise _Broken(
                "yaml-syntax", position, f"Nested deeper than {MAX_DEPTH} levels; is a bracket too many here?"
            )
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
            position = self._within(_position(event.start_mark))
            self._refuse_magic(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Broken("yaml-syntax", position, "A key is one word; a list or a block cannot be one.")
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

    def _refuse_magic(self, event: yaml.Event) -> None:
        """No anchors, no aliases, no tags: what is written is what there is."""
        position = _position(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            message = f"*{event.anchor} repeats another place, and dialogs do not; write it out, or quote the text."
            raise _Broken("yaml-alias", position, message)
        if anchor := getattr(event, "anchor", None):
            message = f"&{anchor} names this place, and dialogs do not use that; take it away, or quote the text."
            raise _Broken("yaml-alias", position, message)
        if (tag := getattr(event, "tag", None)) is not None:
            shown = str(tag).replace("tag:yaml.org,2002:", "!!")
            message = f"The tag {shown} is not used in dialogs; take it away, or quote the text if it is one."
            raise _Broken("yaml-tag", position, message)

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
