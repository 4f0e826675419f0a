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


class _Event(Protocol):
    """What the parser says of a value. One that repeats another (`*name`) has an anchor, and no tag to look at."""

    anchor: str | None
    tag: str | None
    start_mark: _Mark


@dataclass(slots=True, eq=False)
class LocatedFile:
    """One YAML file: its plain data and the position of every value and key in it."""

    name: str
    data: Value = ""
    value_marks: dict[KeyPath, _Mark] = field(default_factory=dict, repr=False)
    """As the parser made them: of tens of thousands of positions few are ever asked for."""
    key_marks: dict[KeyPath, _Mark] = field(default_factory=dict, repr=False)
    end: Position | None = None
    """The end of the last line with something on it; the parser sees some places behind it."""

    @property
    def values(self) -> dict[KeyPath, Position]:
        """Where each value stands."""
        return {path: self.within(mark) for path, mark in self.value_marks.items()}

    @property
    def keys(self) -> dict[KeyPath, Position]:
        """Where the key stands that leads to each value."""
        return {path: self.within(mark) for path, mark in self.key_marks.items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocatedFile) and (
            (self.name, self.data, self.values, self.keys) == (other.name, other.data, other.values, other.keys)
        )

    def at(self, path: KeyPath) -> Position:
        """Where the value at ``path`` stands; the nearest one above it when it is not there."""
        while path and path not in self.value_marks:
            path = path[:-1]
        return self.within(self.value_marks.get(path))

    def key_at(self, path: KeyPath) -> Position:
        """Where the key that leads to ``path`` stands; the value when it has no key."""
        return self.within(self.key_marks[path]) if path in self.key_marks else self.at(path)

    def within(self, mark: _Mark | None) -> Position:
        """The position that the parser marked, or the end where that lies behind it."""
        position = _position(mark)
        return position if self.end is None or position.line <= self.end.line else self.end

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
        lines = LINE_BREAK.split(text.rstrip())
        self._file = LocatedFile(name, end=Position(len(lines), len(lines[-1]) + 1))
        self._findings: list[Finding] = []

    def read(self) -> tuple[LocatedFile | None, list[Finding]]:
        try:
            self._refuse_invisible()
            events: Iterator[_Event] = iter(_Loader(self._text).get_event, None)
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
        began, noticed = error.context_mark, error.problem_mark or error.context_mark
        opening = self._from(_position(began))[:1] if began else ""
        sign = self._from(_position(noticed))[:1]
        code, message, at_opening = explained(error.context or "", error.problem or "", sign, opening)
        return _Broken(code, self._file.within(began if at_opening and began else noticed), message)

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

    def _add(self, broken: _Broken) -> None:
        self._findings.append(_finding(self._file.name, broken.position, broken.code, str(broken)))

    def _value(self, event: _Event, events: Iterator[_Event], path: KeyPath) -> Value:
        if event.anchor is not None or event.tag is not None:
            raise self._magic(event)
        if len(path) > MAX_DEPTH:
            message = f"Nested deeper than {MAX_DEPTH} levels; is a bracket too many here?"
            raise _Broken("yaml-syntax", self._file.within(event.start_mark), message)
        self._file.value_marks[path] = event.start_mark
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, path)
        return self._mapping(events, path)

    def _list(self, events: Iterator[_Event], path: KeyPath) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[_Event], path: KeyPath) -> dict[str, Value]:
        mapping: dict[str, Value] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if event.anchor is not None or event.tag is not None:
                raise self._magic(event)
            if not isinstance(event, yaml.ScalarEvent):
                position = self._file.within(event.start_mark)
                raise _Broken("yaml-syntax", position, "A key is one word; a list or a block cannot be one.")
            key = event.value
            inner = (*path, key)
            if key in mapping:
                first = self._file.key_at(inner)
                message = f'"{key}" stands here twice (first in line {first.line}); one of them would be lost.'
                self._add(_Broken("yaml-duplicate-key", self._file.within(event.start_mark), message))
                self._skip(events)
                continue
            self._file.key_marks[inner] = event.start_mark
            mapping[key] = self._value(next(events), events, inner)
        return mapping

    def _magic(self, event: _Event) -> _Broken:
        """No anchors, no aliases, no tags: what is written is what there is."""
        position = _position(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            message = f"*{event.anchor} repeats another place, and dialogs do not; write it out, or quote the text."
            return _Broken("yaml-alias", position, message)
        if event.anchor is not None:
            message = f"&{event.anchor} names this place, and dialogs do not use that; take it away, or quote the text."
            return _Broken("yaml-alias", position, message)
        shown = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        message = f"The tag {shown} is not used in dialogs; take it away, or quote the text if it is one."
        return _Broken("yaml-tag", position, message)

    def _skip(self, events: Iterator[_Event]) -> None:
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
