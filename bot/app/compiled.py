"""What was read and checked from the dialogs, kept for the next start: it is read anew only when a file changed.

As with Python's own ``__pycache__``, whoever can write this file could run code as the bot. So it is believed only
when it and its folder belong to this user (or to root) and nobody else may write there.
"""

from __future__ import annotations

import copyreg
import hashlib
import logging
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.authoring.safety_rules import SafetyRules
from bot.directory import Directory
from bot.engine.model import Script
from bot.texts import Texts

_log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Compiled:
    """Everything that talking needs, checked and without errors."""

    script: Script
    directory: Directory
    texts: Texts
    packed_rules: bytes
    """As ``pack`` made it: thousands of patterns, which no first reply has to wait for."""
    stale: bool
    """Whether the model that hears was made of other examples than those that are there."""

    def rules(self) -> SafetyRules:
        """The safety rules."""
        rules = pickle.loads(self.packed_rules)
        assert isinstance(rules, SafetyRules), "it was packed here, or by this edition of the program"
        return rules


def pack(rules: SafetyRules) -> bytes:
    """The rules, as a compiled script holds them."""
    return pickle.dumps(rules, protocol=pickle.HIGHEST_PROTOCOL)


def cache_folder(env: Mapping[str, str]) -> Path:
    """Where compiled dialogs are kept: ``XDG_CACHE_HOME``, or the usual folder for such files."""
    base = env.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "keukentafel"


def edition(dialogs: Path, locales: Path) -> str:
    """What changes with every change of a dialog, a rule, an example, the model, a catalog or the program: the names,
    sizes and times of files. Raises nothing: what cannot be looked at (a link to nowhere) counts by its name, and
    reading it tells what is wrong.
    """
    digest = hashlib.sha256(f"{sys.version}\n{dialogs.resolve()}\n{locales.resolve()}".encode())
    for root, endings in ((dialogs, (".yaml", ".txt", ".npz")), (locales, (".po",)), (PACKAGE, (".py",))):
        for path, facts in sorted(_files(root, endings)):
            size_and_time = f"{facts.st_size}\t{facts.st_mtime_ns}" if facts is not None else "missing"
            digest.update(f"\n{path}\t{size_and_time}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator[tuple[str, os.stat_result | None]]:
    """Each file with such an ending, at any depth; without facts what cannot be looked at."""
    try:
        with os.scandir(folder) as scanned:
            entries = list(scanned)
    except OSError:
        yield str(folder), None
        return
    for entry in entries:
        try:
            is_folder = entry.is_dir()
            facts = entry.stat() if not is_folder and entry.name.endswith(endings) else None
        except OSError:  # links that lead nowhere or to each other, such as the lock files of editors
            yield entry.path, None
            continue
        if is_folder:
            yield from _files(Path(entry.path), endings)
        elif facts is not None:
            yield entry.path, facts


def read(folder: Path, dialogs: Path, wanted: str) -> Compiled | None:
    """What was kept in ``folder`` of the edition ``wanted``; None when there is none, or it cannot be believed."""
    file = _file(folder, dialogs)
    try:
        if not (_is_ours(folder) and _is_ours(file)):
            return None
        with file.open("rb") as opened:
            if opened.readline().decode("ascii").strip() != wanted:
                return None
            kept = pickle.load(opened)
    except FileNotFoundError:
        return None
    except Exception as problem:  # unpickling a broken file raises anything; then it is read anew
        _log.debug("the compiled dialogs are read anew: %s", type(problem).__name__)
        return None
    return kept if isinstance(kept, Compiled) else None


def holds(folder: Path, dialogs: Path, edition: str) -> bool:
    """Whether ``folder`` says that it has this edition already. Only ``read`` tells whether it can be used."""
    try:
        with _file(folder, dialogs).open("rb") as opened:
            return opened.readline() == f"{edition}\n".encode("ascii")
    except OSError:
        return False


def can_write(folder: Path) -> bool:
    """Whether something can be kept in ``folder``, which is made when it is not there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def write(folder: Path, dialogs: Path, of: str, compiled: Compiled) -> None:
    """Keep ``compiled`` for the next start; where that is not possible, the next start reads the dialogs anew."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)  # 0600; a kill in the middle leaves the old file
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(f"{of}\n".encode("ascii"))
                _Pickler(opened, protocol=pickle.HIGHEST_PROTOCOL).dump(compiled)
            Path(name).replace(_file(folder, dialogs))
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except (OSError, pickle.PicklingError) as problem:
        _log.debug("the compiled dialogs are not kept: %s", type(problem).__name__)


def _file(folder: Path, dialogs: Path) -> Path:
    """One file for each dialogs folder."""
    return folder / f"dialogs-{hashlib.sha256(str(dialogs.resolve()).encode()).hexdigest()[:16]}"


def _is_ours(path: Path) -> bool:
    facts = path.stat()
    return facts.st_uid in (0, os.getuid()) and not facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


class _Pickler(pickle.Pickler):
    """Also keeps mappings that cannot be changed, which pickle knows nothing of."""

    dispatch_table = copyreg.dispatch_table.copy()
    dispatch_table[MappingProxyType] = lambda proxy: (_proxy, (dict(proxy),))


def _proxy(values: dict[object, object]) -> MappingProxyType[object, object]:
    return MappingProxyType(values)
