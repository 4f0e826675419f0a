"""All files of a dialogs folder, read and shaped, each with its places: what the script is built from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.authoring.examples import HEARD
from bot.authoring.findings import Finding, Severity, meant
from bot.authoring.heard_shape import SafetyRulesShape
from bot.authoring.located import LocatedFile, load_located
from bot.authoring.shape import DialogShape, PhrasesShape, SourcesShape
from bot.authoring.tone_shape import ToneShape
from bot.authoring.validate import Shape, validate
from bot.directory.shape import RegionFile
from bot.engine.model import MENU, REGIONS, Kind, Place

TOP = (MENU, "phrases", "sources", "tone")
RULES = "rules.yaml"
"""The safety rules of a language, in its folder below ``heard``."""
FOLDERS = {"topics": Kind.TOPIC, "safety": Kind.SAFETY, "commands": Kind.COMMAND}


@dataclass(frozen=True, slots=True)
class DialogFile:
    """One dialog as it was written."""

    id: str
    kind: Kind
    located: LocatedFile
    shape: DialogShape

    @property
    def first(self) -> str:
        """The node it begins with: its start, or the first one when there is no node of that name."""
        return self.shape.start if self.shape.start in self.shape.nodes else next(iter(self.shape.nodes))


@dataclass(slots=True)
class Book:
    """Every file of a dialogs folder that could be read, and what was found while reading."""

    name: str
    dialogs: dict[str, DialogFile] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Dialogs whose file exists but cannot be used; references to them are not errors of their own."""
    loose: set[Place] = field(default_factory=set)
    """Nodes with a way on that could not be followed; what lies behind is not known yet."""
    phrases: tuple[LocatedFile, PhrasesShape] | None = None
    sources: tuple[LocatedFile, SourcesShape] | None = None
    tone: tuple[LocatedFile, ToneShape] | None = None
    regions: dict[str, tuple[LocatedFile, RegionFile]] = field(default_factory=dict)
    rules: dict[str, tuple[LocatedFile, SafetyRulesShape]] = field(default_factory=dict)
    """The safety rules by language."""
    folder: Path = Path()
    findings: list[Finding] = field(default_factory=list)

    @property
    def known_ids(self) -> set[str]:
        """Every dialog there is a file of."""
        return set(self.dialogs) | self.broken

    @property
    def whole(self) -> bool:
        """Whether nothing that stands there is left out of the book."""
        return not self.broken and self.phrases is not None and set(self.regions) == set(REGIONS)

    def missing(self, file: str, message: str) -> None:
        """Note that a file that has to be there is not."""
        name = f"{self.name}/{file}"
        self.findings.append(Finding(name, 1, 1, "missing-file", Severity.ERROR, message))


def read_book(folder: Path, name: str) -> Book:
    """Read every YAML file below ``folder``; ``name`` is what findings call the folder. Raises nothing."""
    book = Book(name, folder=folder)
    if not folder.is_dir():
        message = "This folder is not there. It holds menu.yaml, phrases.yaml, topics and the rest."
        book.findings.append(Finding(name, 1, 1, "missing-file", Severity.ERROR, message))
        return book
    _refuse_strays(book, folder)
    for path, kind in _dialog_paths(folder):
        _read_dialog(book, folder, path, kind)
    book.phrases = _read_one(book, folder, "phrases.yaml", PhrasesShape)
    book.sources = _read_one(book, folder, "sources.yaml", SourcesShape)
    book.tone = _read_one(book, folder, "tone.yaml", ToneShape)
    for region in REGIONS:
        read = _read_one(book, folder, f"directory/{region}.yaml", RegionFile)
        if read is not None:
            book.regions[region] = read
    for path in sorted((folder / HEARD).glob(f"*/{RULES}")):
        rules = _read_one(book, folder, path.relative_to(folder).as_posix(), SafetyRulesShape)
        if rules is not None:
            book.rules[path.parent.name] = rules
    return book


def _dialog_paths(folder: Path) -> Iterator[tuple[Path, Kind]]:
    yield folder / f"{MENU}.yaml", Kind.MENU
    for below, kind in FOLDERS.items():
        for path in sorted((folder / below).glob("*.yaml")):
            yield path, kind


def _located(book: Book, folder: Path, path: Path) -> LocatedFile | None:
    name = f"{book.name}/{path.relative_to(folder).as_posix()}"
    if _leads_out(path, folder):
        message = "This link leads out of the dialogs folder; put the file itself here."
        book.findings.append(Finding(name, 1, 1, "unreadable-file", Severity.ERROR, message))
        return None
    located, findings = load_located(path, name)
    book.findings.extend(findings)
    return located


def _leads_out(path: Path, folder: Path) -> bool:
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links that lead to each other; reading says so
        return False


def _is_there(path: Path) -> bool:
    """Whether something of that name is in its folder, be it a link to nowhere."""
    return path.exists() or path.is_symlink()


def _read_dialog(book: Book, folder: Path, path: Path, kind: Kind) -> None:
    if not _is_there(path):
        book.missing(path.name, "The menu is missing; every conversation begins there.")
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
        message = f'The file is called "{path.name}", but the dialog "{shape.dialog}"; give both the same name.'
        book.findings.append(located.finding("wrong-name", ("dialog",), message))
    if path.stem in book.known_ids:
        first = book.dialogs[path.stem].located.name if path.stem in book.dialogs else "another folder"
        message = f'There is a dialog "{path.stem}" in {first} already; rename one of them.'
        book.findings.append(located.finding("wrong-name", ("dialog",), message))
        return
    book.dialogs[path.stem] = DialogFile(path.stem, kind, located, shape)


def _read_one(book: Book, folder: Path, file: str, shape: type[Shape]) -> tuple[LocatedFile, Shape] | None:
    path = folder / file
    if not _is_there(path):
        book.missing(file, "This file is missing; the bot cannot speak without it.")
        return None
    located = _located(book, folder, path)
    if located is None:
        return None
    shaped, findings = validate(located, shape)
    book.findings.extend(findings)
    return None if shaped is None else (located, shaped)


def _refuse_strays(book: Book, folder: Path) -> None:
    """A file that nothing reads is content lost in silence, so it is an error."""
    expected = {folder / f"{name}.yaml" for name in TOP}
    expected |= {folder / "directory" / f"{region}.yaml" for region in REGIONS}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in (".yaml", ".yml") or path in expected:
            continue
        if path.suffix == ".yaml" and path.parent.parent == folder and path.parent.name in FOLDERS:
            continue
        if path.name == RULES and path.parent.parent == folder / HEARD:
            continue
        name = f"{book.name}/{path.relative_to(folder).as_posix()}"
        message = f"Nothing reads this file. {_where_it_belongs(path, folder)}"
        book.findings.append(Finding(name, 1, 1, "stray-file", Severity.ERROR, message))


def _where_it_belongs(path: Path, folder: Path) -> str:
    below = path.parent.relative_to(folder).as_posix()
    if path.suffix != ".yaml" and (below in FOLDERS or path.stem in TOP):
        return f"Call it {path.stem}.yaml."
    if below == "." and (hint := meant(path.stem, TOP)):
        return hint.strip()
    if below == "directory":
        return f"A region is {' or '.join(f'{region}.yaml' for region in REGIONS)}.{meant(path.stem, REGIONS)}"
    return f"Dialogs stand in {', '.join(FOLDERS)}, each as ID.yaml, and not deeper.{meant(below, FOLDERS)}"
