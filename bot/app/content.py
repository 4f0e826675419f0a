"""From folders to a companion that can talk."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import compiled
from bot.app.compiled import Compiled
from bot.settings import Content, SettingsError

if TYPE_CHECKING:
    from bot.authoring.check import Checked
    from bot.authoring.findings import Finding
    from bot.conversation.companion import Companion

_log = logging.getLogger(__name__)

HANDED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "XDG_CACHE_HOME")
"""Of the environment, to the process that checks the dialogs."""
COMPILE_SECONDS = 120
"""What another process is given to check the dialogs; it takes two on a small machine."""


class ContentBroken(ValueError):
    """The dialogs have errors and cannot be used; ``findings`` holds all that keep them from it."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"the dialogs have {len(self.findings)} errors")


def home() -> Path:
    """The folder that holds ``dialogs`` and ``locales``: the checkout, or inside the installed package."""
    package = Path(__file__).parent.parent
    shipped = package / "_content"
    return shipped if shipped.is_dir() else package.parent


def shown_path(path: Path) -> str:
    """``path`` as findings name it: relative to where we are, when it is below."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def check_content(dialogs: Path, locales: Path, today: date) -> Checked:
    """Check a dialogs folder with its catalogs. What has no errors is kept compiled, for the next start."""
    edition = compiled.edition(dialogs, locales)
    with _all_kept():
        checked = _check(dialogs, locales, today)
        if not compiled.holds(compiled.cache_folder(os.environ), dialogs, edition):
            _keep(checked, dialogs, edition)
    return checked


def _check(dialogs: Path, locales: Path, today: date) -> Checked:
    from bot.authoring.check import check

    return check(dialogs, locales, today, dialogs_name=shown_path(dialogs), locales_name=shown_path(locales))


def _keep(checked: Checked, dialogs: Path, edition: str) -> Compiled | None:
    """Keep what was checked, when it has no errors."""
    if checked.script is None or checked.directory is None or checked.texts is None:
        return None
    stale = any(finding.code == "stale-model" for finding in checked.findings)
    talks = Compiled(checked.script, checked.directory, checked.texts, compiled.pack(checked.rules), stale)
    compiled.write(compiled.cache_folder(os.environ), dialogs, edition, talks)
    return talks


def _checked_anew(content: Content, today: date) -> Compiled:
    """What can be talked with, read from the files and kept. Raises ContentBroken."""
    from bot.authoring.check import blocking

    edition = compiled.edition(content.dialogs, content.locales)
    with _all_kept():
        checked = _check(content.dialogs, content.locales, today)
        talks = _keep(checked, content.dialogs, edition)
        if talks is None:
            raise ContentBroken(blocking(checked.findings))
        del checked  # before anything looks for garbage in it
    return talks


@contextmanager
def _all_kept() -> Iterator[None]:
    """Look for no garbage: what is made here is kept, and looking through all of it again and again takes as long
    as a third of the work.
    """
    was_looked_for = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looked_for:
            gc.enable()


def _ailment_of_hearing(dialogs: Path, stale: bool) -> str | None:
    """What is wrong with the model that hears in this folder, in one line."""
    from bot.authoring.examples import HEARD, MODEL_FILE

    model = dialogs / HEARD / MODEL_FILE
    cure = "so less danger is heard; `python -m bot train` makes it"
    if not model.is_file():
        return f"{shown_path(model)} is missing, {cure}"
    if stale:
        return f"{shown_path(model)} was not made of the examples and triggers that are there, {cure} anew"
    return None


def compile_beside(content: Content) -> None:
    """Have dialogs that changed checked and kept by another process: conversations do not wait for it meanwhile, and
    its hundred MiB go with it.

    Says nothing. Where it does not succeed, ``load_companion`` reads them itself, and tells what is wrong.
    """
    cache = compiled.cache_folder(os.environ)
    edition = compiled.edition(content.dialogs, content.locales)
    if compiled.holds(cache, content.dialogs, edition) or not compiled.can_write(cache):
        return
    env = {name: os.environ[name] for name in HANDED_ON if name in os.environ}  # no token, no secret, no address
    env |= {"DIALOGS": str(content.dialogs), "LOCALES": str(content.locales)}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, (str(compiled.PACKAGE.parent), env.get("PYTHONPATH"))))
    nowhere = subprocess.DEVNULL
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        subprocess.run(
            [sys.executable, "-m", "bot", "check"],
            env=env,
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
            timeout=COMPILE_SECONDS,
            check=False,
        )


def load_companion(content: Content, today: date) -> Companion:
    """The companion that speaks these dialogs. Raises ContentBroken, or SettingsError for an unknown language.

    Dialogs that did not change since they were checked last are not checked again.
    """
    from bot.conversation.companion import Companion
    from bot.understanding import LazyListener

    edition = compiled.edition(content.dialogs, content.locales)
    talks = compiled.read(compiled.cache_folder(os.environ), content.dialogs, edition)
    if talks is None:
        talks = _checked_anew(content, today)
    if content.default_language not in talks.texts.languages:
        raise SettingsError(f"DEFAULT_LANGUAGE is one of {', '.join(talks.texts.languages)}")
    return Companion(
        talks.script,
        talks.directory,
        talks.texts,
        LazyListener(talks.script, talks.rules, content.dialogs),
        content.default_language,
        content.default_region,
        ailment=_ailment_of_hearing(content.dialogs, talks.stale),
    )
