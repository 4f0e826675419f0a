"""From folders to a companion that can talk."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    from bot.engine.model import Script

_log = logging.getLogger(__name__)


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
    talks = Compiled(checked.script, checked.directory, checked.texts, compiled.pack(checked.rules))
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


def ailment_of_hearing(dialogs: Path, script: Script) -> str | None:
    """What is wrong with the model that hears in this folder, in one line; None when it is there and of these examples.

    Reads every example, so it belongs beside the conversations.
    """
    from bot.authoring.examples import HEARD, MODEL_FILE, UnreadableExamples, all_examples, fingerprint, trained_on

    model = dialogs / HEARD / MODEL_FILE
    cure = "so less danger is heard; `python -m bot train` makes it"
    try:
        if not model.is_file():
            return f"{shown_path(model)} is missing, {cure}"
        if trained_on(model) != fingerprint(all_examples(model.parent, script)):
            return f"{shown_path(model)} was not made of the examples and triggers that are there, {cure} anew"
    except (OSError, UnreadableExamples) as problem:
        return f"the examples beside {shown_path(model)} cannot be read ({type(problem).__name__})"
    return None


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
    )
