"""All files of a dialogs folder, read and shaped, each with its places: what the script is built from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.authoring.findings import Finding, Position, Severity
from bot.authoring.located import LocatedFile, load_located
from bot.authoring.shape import DialogShape, PhrasesShape, SourcesShape
from bot.authoring.validate import Shape, validate
from bot.directory.shape import RegionFile
from bot.engine.model import MENU, REGIONS, Kind

FOLDERS = {"topics": Kind.TOPIC, "safety": Kind.SAFETY, "commands": Kind.COMMAND}


@dataclass(frozen=True, slots=True)
class DialogFile:
    """One dialog as it was written."""

    id: str
    kind: Kind
    located: LocatedFile
    shape: DialogShape


@dataclass(slots=True)
class Book:
    """Every file of a dialogs folder that could be read, and what was found while reading."""

    name: str
    dialogs: dict[str, DialogFile] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Dialogs whose file exists but cannot be used; references to them are not errors of their own."""
    phrases: tuple[LocatedFile, PhrasesShape] | None = None
    sources: tuple[LocatedFile, SourcesShape] | None = None
    regions: dict[str, tuple[LocatedFile, RegionFile]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def known_ids(self) -> set[str]:
        """Every dialog there is a file of."""
        return set(self.dialogs) | self.broken

    def missing(self, file: str, message: str) -> None:
        """Note that a file that has to be there is not."""
        name = f"{self.name}/{file}"
        self.findings.append(Finding(name, 1, 1, "missing-file", Severity.ERROR, message))


def read_book(folder: Path, name: str) -> Book:
    """Read every YAML file below ``folder``; ``name`` is what findings call the folder. Raises nothing."""
    book = Book(name)
    if not folder.is_dir():
        message = "This folder is not there."
        book.findings.append(Finding(name, 1, 1, "missing-file", Severity.ERROR, message))
        return book
    _refuse_strays(book, folder)
    for path, kind in _dialog_paths(folder):
        _read_dialog(book, folder, path, kind)
    book.phrases = _read_one(book, folder, "phrases.yaml", PhrasesShape)
    book.sources = _read_one(book, folder, "sources.yaml", SourcesShape)
    for region in REGIONS:
        read = _read_one(book, folder, f"directory/{region}.yaml", RegionFile)
        if read is not None:
            book.regions[region] = read
    return book


def _dialog_paths(folder: Path) -> Iterator[tuple[Path, Kind]]:
    yield folder / f"{MENU}.yaml", Kind.MENU
    for below, kind in FOLDERS.items():
        for path in sorted((folder / below).glob("*.yaml")):
            yield path, kind


def _located(book: Book, folder: Path, path: Path) -> LocatedFile | None:
    name = f"{book.name}/{path.relative_to(folder).as_posix()}"
    if not path.resolve().is_relative_to(folder.resolve()):
        position = Position(1, 1)
        message = "This link leads out of the dialogs folder; put the file itself here."
        book.findings.append(Finding(name, position.line, position.column, "unreadable-file", Severity.ERROR, message))
        return None
    located, findings = load_located(path, name)
    book.findings.extend(findings)
    return located


def _read_dialog(book: Book, folder: Path, path: Path, kind: Kind) -> None:
    if not path.exists():
        book.missing(path.name, "The menu is missing; every conversation needs it.")
        return
    located = _located(book, folder, path)
    if located is None:
        book.broken.add(path.stem)
        return
    shape, findings = validate(located, DialogShape)
    book.findings.extend(findings)
    if shape is None:
        book.broken.add(path.stem)
        return
    if shape.dialog != path.stem:
        message = f'The file is called "{path.stem}", but the dialog "{shape.dialog}"; both have to be the same.'
        book.findings.append(located.finding("wrong-name", ("dialog",), message))
    if path.stem in book.known_ids:
        message = f'There are two dialogs called "{path.stem}".'
        book.findings.append(located.finding("wrong-name", ("dialog",), message))
        return
    book.dialogs[path.stem] = DialogFile(path.stem, kind, located, shape)


def _read_one(book: Book, folder: Path, file: str, shape: type[Shape]) -> tuple[LocatedFile, Shape] | None:
    path = folder / file
    if not path.exists():
        book.missing(file, "This file is missing.")
        return None
    located = _located(book, folder, path)
    if located is None:
        return None
    shaped, findings = validate(located, shape)
    book.findings.extend(findings)
    return None if shaped is None else (located, shaped)


def _refuse_strays(book: Book, folder: Path) -> None:
    """A file that nothing reads is content lost in silence, so it is an error."""
    expected = {folder / f"{name}.yaml" for name in (MENU, "phrases", "sources", "tone")}
    expected |= {folder / "directory" / f"{region}.yaml" for region in REGIONS}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in (".yaml", ".yml") or path in expected:
            continue
        if path.suffix == ".yaml" and path.parent.parent == folder and path.parent.name in FOLDERS:
            continue
        name = f"{book.name}/{path.relative_to(folder).as_posix()}"
        message = (
            "Nothing reads this file. Dialogs are named ID.yaml in topics, safety or commands; "
            "a region of the directory is be, nl or elsewhere."
        )
        book.findings.append(Finding(name, 1, 1, "stray-file", Severity.ERROR, message))
