"""Reads the Markdown of this repository: sections, tables, links, blocks and spans of code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_SPAN = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file, or a section of one."""

    path: Path
    text: str

    @classmethod
    def at(cls, name: str) -> Page:
        """The file of that name in the repository."""
        return cls(ROOT / name, (ROOT / name).read_text("utf-8"))

    def section(self, title: str) -> Page:
        """The part below the heading ``title``, up to the next one as high."""
        found = re.search(rf"^(#+) {re.escape(title)}$", self.text, re.MULTILINE)
        assert found, f"{self.path.name} has no section {title!r}"
        rest = self.text[found.end() :]
        end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
        return Page(self.path, rest[: end.start()] if end else rest)

    @property
    def rows(self) -> list[list[str]]:
        """The rows of its tables, without their heads, as cells."""
        lines = [line.strip() for line in self.text.splitlines() if line.startswith("|")]
        heads = {index for index, line in enumerate(lines) if re.fullmatch(r"[|\s:-]+", line)}
        return [
            [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for index, line in enumerate(lines)
            if not {index, index + 1} & heads
        ]

    @property
    def spans(self) -> list[str]:
        """What stands between backticks."""
        return spans(_FENCE.sub("", self.text))

    @property
    def links(self) -> list[str]:
        """Where its links lead."""
        return _LINK.findall(_FENCE.sub("", self.text))

    @property
    def anchors(self) -> set[str]:
        """The anchors that its headings have."""
        heads = re.findall(r"^#+ (.+)$", _FENCE.sub("", self.text), re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}

    def blocks(self, language: str) -> list[str]:
        """Its blocks of code in that language; "" for those without one."""
        return [body for kind, body in _FENCE.findall(self.text) if kind == language]


def spans(text: str) -> list[str]:
    """What stands between backticks in ``text``."""
    return _SPAN.findall(text)


def pages() -> list[Page]:
    """Every Markdown file of the repository that people read."""
    folders = (ROOT, ROOT / "dialogs", ROOT / "locales", ROOT / "bot", ROOT / "tests")
    found = {path for folder in folders[:1] for path in folder.glob("*.md")}
    found |= {path for folder in folders[1:] for path in folder.rglob("*.md")}
    return [Page(path, path.read_text("utf-8")) for path in sorted(found)]
