"""Other editions of the dialogs, made from the real ones: quicker, changed, or broken."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from bot.app.content import home
from bot.settings import read_content


class Edition:
    """A copy of the repository's dialogs that a test may change; in Dutch only, so that no translation is stale."""

    def __init__(self, folder: Path) -> None:
        self.dialogs, self.locales = folder / "dialogs", folder / "locales"
        self.restore()

    def restore(self) -> None:
        """As in the repository again."""
        for folder in (self.dialogs, self.locales):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(read_content(os.environ, home()).dialogs, self.dialogs)
        self.locales.mkdir()

    @property
    def settings(self) -> dict[str, str]:
        """The settings that make the bot speak this edition."""
        return {"DIALOGS": str(self.dialogs), "LOCALES": str(self.locales)}

    def change(self, file: str, pattern: str, by: str, count: int = 0) -> None:
        """Change one file of the dialogs; the pattern has to be there."""
        path = self.dialogs / file
        text, times = re.subn(pattern, by, path.read_text("utf-8"), count=count, flags=re.MULTILINE)
        assert times, f"{pattern!r} is not in {file}"
        path.write_text(text, "utf-8")

    def lose(self, name: str) -> None:
        """Delete a file or folder of the dialogs; the empty name is all of them."""
        path = self.dialogs / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
