"""From folders to a companion that can talk."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from bot.authoring.check import Checked, blocking, check
from bot.authoring.examples import HEARD, MODEL_FILE
from bot.authoring.findings import Finding
from bot.conversation.companion import Companion
from bot.settings import Content, SettingsError
from bot.understanding import Listener
from bot.understanding.classifier import Classifier, UnreadableModel

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
    """Check a dialogs folder with its catalogs."""
    return check(dialogs, locales, today, dialogs_name=shown_path(dialogs), locales_name=shown_path(locales))


def load_companion(content: Content, today: date) -> Companion:
    """The companion that speaks these dialogs. Raises ContentBroken, or SettingsError for an unknown language."""
    checked = check_content(content.dialogs, content.locales, today)
    if checked.script is None or checked.directory is None or checked.texts is None:
        raise ContentBroken(blocking(checked.findings))
    if content.default_language not in checked.texts.languages:
        raise SettingsError(f"DEFAULT_LANGUAGE is one of {', '.join(checked.texts.languages)}")
    return Companion(
        checked.script,
        checked.directory,
        checked.texts,
        Listener(checked.script, load_classifier(content.dialogs), checked.rules),
        content.default_language,
        content.default_region,
    )


def load_classifier(dialogs: Path) -> Classifier | None:
    """The model that was trained for these dialogs; None, with a line in the log, when there is none to read."""
    path = dialogs / HEARD / MODEL_FILE
    try:
        return Classifier.load(path) if path.exists() else None
    except UnreadableModel as problem:
        _log.error("%s; hearing goes by triggers alone", problem)
        return None
