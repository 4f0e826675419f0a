"""The pages about codes, read as tests.

Every fenced block names its file: ```` ```yaml dialogs/topics/example.yaml ````. Further words say more:

- ``good``: part of the mended example; every other block is part of the bad one;
- ``part``: only some lines of a file of the base; each takes the place of the line with the same key, commented or
  not, and new ones come at the end;
- ``absent``: the file is taken away; ``latin-1``: it is written in that encoding.

``# <- here`` marks the line of a finding. On a line of its own it means the next line that is no comment, and in a
catalog the next ``msgid``, unless more follows behind a colon: then it means itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.authoring.findings import CODES_FOLDER
from tests.authoring.content import write

HERE = "# <- here"
_FENCE = re.compile(
    r"^```(?:yaml|po) (?P<file>\S+)(?P<options>(?: \S+)*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """One file, or part of one, of an example."""

    file: str
    options: frozenset[str]
    text: str

    def lay_over(self, folder: Path) -> list[int]:
        """Write this block into the content; gives the marked lines, counted in the whole file."""
        path = folder / self.file
        if "absent" in self.options:
            path.unlink()
            return self.marks(self.text)
        text = self.text
        if "part" in self.options:
            text = _merged(path.read_text("utf-8"), text)
        written = text.replace(f"  {HERE}", "") if self.file.endswith(".txt") else text  # there it has no comments
        write(folder, self.file, written, "latin-1" if "latin-1" in self.options else "utf-8")
        return self.marks(text)

    def marks(self, text: str) -> list[int]:
        """The numbers of the marked lines."""
        lines = text.splitlines()
        return [self._meant(lines, at) for at, line in enumerate(lines, start=1) if HERE in line]

    def _meant(self, lines: list[str], at: int) -> int:
        if lines[at - 1].strip() != HERE:
            return at
        skipped = ("#", "msgctxt") if self.file.endswith(".po") else ("#",)
        while lines[at - 1].strip().startswith(skipped):
            at += 1
        return at


@dataclass(frozen=True)
class Page:
    """One code, explained."""

    code: str
    text: str
    blocks: tuple[Block, ...]

    @property
    def bad(self) -> list[Block]:
        """The example that gives the code."""
        return [block for block in self.blocks if "good" not in block.options]

    @property
    def good(self) -> list[Block]:
        """The same, mended."""
        return [block for block in self.blocks if "good" in block.options]


def pages() -> list[Page]:
    """Every page there is."""
    return [_page(path) for path in sorted(CODES_FOLDER.glob("*.md"))]


def _page(path: Path) -> Page:
    text = path.read_text("utf-8")
    blocks = (
        Block(found["file"], frozenset(found["options"].split()), found["text"]) for found in _FENCE.finditer(text)
    )
    return Page(path.stem, text, tuple(blocks))


def _merged(base: str, part: str) -> str:
    lines = base.splitlines()
    for line in part.splitlines():
        same = [at for at, each in enumerate(lines) if _key(each) == _key(line)]
        if same:
            lines[same[0]] = line
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _key(line: str) -> str:
    return line.partition(HERE)[0].strip().removeprefix("# ").partition(":")[0].strip()
