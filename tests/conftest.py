"""What several tests share: the shipped dialogs, loaded once, and the flag that writes transcripts anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.app.content import check_content, load_companion
from bot.authoring.check import Checked
from bot.conversation.companion import Companion
from bot.settings import Content

ROOT = Path(__file__).parent.parent
CHECKED_ON = date(2026, 11, 23)
"""The day the directory was compiled; tests do not grow old with it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes the transcripts anew instead of comparing them."""
    parser.addoption("--update", action="store_true", help="write the transcripts anew")


@pytest.fixture(scope="session")
def shipped() -> Checked:
    """The repository's own dialogs, checked."""
    return check_content(ROOT / "dialogs", ROOT / "locales", CHECKED_ON)


@pytest.fixture(scope="session")
def companion() -> Companion:
    """The companion that speaks the repository's own dialogs."""
    return load_companion(Content(ROOT / "dialogs", ROOT / "locales", pace=0), CHECKED_ON)
