"""The small valid content that the tests break: a copy of it, and an English catalog that translates all of it.

``python -m tests.authoring.content`` renews the base: it adds phrases that are new, and writes the catalog anew.
"""

from __future__ import annotations

import shutil
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.authoring.book import read_book
from bot.authoring.check import Checked, check
from bot.authoring.findings import Finding
from bot.authoring.rules.translations import all_sentences
from bot.engine.phrases import PLACEHOLDERS, Phrase

BASE = Path(__file__).parent / "base"
TODAY = date(2026, 11, 24)
CATALOG = "locales/en/LC_MESSAGES/dialogs.po"


def copy_base(folder: Path) -> Path:
    """A copy of the base content in ``folder``, for a test to lay its own files over."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    return folder


def write(folder: Path, file: str, text: str, encoding: str = "utf-8") -> Path:
    """Write one file of the content."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def translate(folder: Path) -> None:
    """Put into the English catalog every sentence that it does not speak of yet, behind what stands there."""
    path = folder / CATALOG
    written = path.read_text("utf-8") if path.exists() else ""
    try:
        catalog = read_po(StringIO(written), locale="en", abort_invalid=True)
        known = {(message.context or "", str(message.id)) for message in catalog}
    except PoFileError:
        known = set()
    rest = Catalog(locale="en")
    for context, source in all_sentences(read_book(folder / "dialogs", "dialogs")):
        if (context, source) not in known:
            rest.add(source, source, context=context)
    buffer = BytesIO()
    write_po(buffer, rest, width=0, omit_header=bool(written))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written.encode() + b"\n" + buffer.getvalue() if written else buffer.getvalue())


def check_folder(folder: Path, today: date = TODAY) -> Checked:
    """What the checker makes of the content in ``folder``."""
    return check(folder / "dialogs", folder / "locales", today)


def findings_of(folder: Path, today: date = TODAY) -> tuple[Finding, ...]:
    """What the checker finds in the content in ``folder``."""
    return check_folder(folder, today).findings


HEAD = 'dialog: example\ntitle: "T"\nstart: hello\nnodes:\n'
GOODBYE = '  goodbye: {say: ["Dag {listening_line}"], end: true}\n'


def lay(folder: Path, nodes: str, head: str = HEAD, file: str = "topics/example.yaml") -> Path:
    """The base with one more dialog, all of it translated."""
    write(copy_base(folder), f"dialogs/{file}", head + nodes)
    (folder / CATALOG).unlink()
    translate(folder)
    return folder


def rows(folder: Path) -> list[tuple[str, int]]:
    """Code and line of every finding."""
    return [(each.code, each.line) for each in findings_of(folder)]


def messages(folder: Path) -> list[str]:
    """The message of every finding."""
    return [each.message for each in findings_of(folder)]


def renew(folder: Path) -> None:
    """Add to the content in ``folder`` every phrase that the bot says by now, and translate all of it."""
    path = folder / "dialogs/phrases.yaml"
    known = {line.strip().partition(":")[0] for line in path.read_text("utf-8").splitlines()}
    with path.open("a", encoding="utf-8") as file:
        for phrase in Phrase:
            if phrase.value not in known:
                values = " ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS.get(phrase, ())))
                file.write(f'  {phrase.value}: "{" ".join(("Zin", phrase.value.replace("_", " "), values)).strip()}"\n')
    (folder / CATALOG).unlink(missing_ok=True)
    translate(folder)
    written = (folder / CATALOG).read_text("utf-8")
    (folder / CATALOG).write_text(written[written.index("\n\n") + 2 :], "utf-8")  # without a header that grows old


if __name__ == "__main__":
    renew(BASE)
