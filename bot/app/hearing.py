"""Learning to hear, and measuring it: what ``train`` and ``evaluate`` do."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from bot.app.content import load_companion
from bot.authoring.examples import HEARD, MODEL_FILE, all_examples
from bot.settings import Content, SettingsError
from bot.understanding.evaluation import Message, Report, read_messages
from bot.understanding.evaluation import evaluate as measure
from bot.understanding.figures import changes, misses, moved, tables, written_into

KNOWN_MISSES = "known_misses.tsv"
README = Path("README.md")


def train(content: Content, folders: Iterable[Path], say: Callable[[str], None]) -> int:
    """Make the model anew, and tell what that changed on the test messages in ``folders`` that are there.

    Raises ContentBroken, and SettingsError where the development packages or the examples are missing.
    """
    from bot.understanding.training import train as learn

    today = datetime.now(UTC).date()
    companion = load_companion(content, today)
    examples = all_examples(content.dialogs / HEARD, companion.script)
    messages = [message for folder in folders if folder.is_dir() for message in _messages(folder)]
    say(f"{len(examples)} examples of {len({each.dialog for each in examples})} dialogs; this takes a minute ...")
    before = measure(messages, companion.hear)
    try:
        model = learn(examples)
    except ModuleNotFoundError as missing:
        raise SettingsError(f"train needs the development packages ({missing.name} is missing)") from None
    except ValueError as problem:
        raise SettingsError(f"DIALOGS: {problem}") from None
    path = content.dialogs / HEARD / MODEL_FILE
    model.save(path)
    say(f"{path}: {path.stat().st_size / 1e6:.1f} MB, examples {model.examples}")
    if messages:
        after = measure(messages, load_companion(content, today).hear)
        for line in (*changes(before.right, after.right), *moved(before, after)):
            say(line)
    return 0


def evaluate(content: Content, options: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Measure on the messages in ``options.messages``. Raises ContentBroken or SettingsError."""
    folder: Path = options.messages
    messages = _messages(folder)
    if not messages:
        raise SettingsError(f"FOLDER: no test messages in {folder}")
    report = measure(messages, load_companion(content, datetime.now(UTC).date()).hear)
    if options.record:
        _record(report, folder)
    if options.format == "markdown":
        say(tables(report))
    else:
        for name in sorted(report.figures):
            say(report.figures[name].row())
    for message in report.missed if options.missed else ():
        say(f"missed: {message.language} {message.dialog} ({message.style}): {message.text}")
    return 0


def _record(report: Report, folder: Path) -> None:
    (folder / KNOWN_MISSES).write_text(misses(report), "utf-8")
    try:
        README.write_text(written_into(README.read_text("utf-8"), report), "utf-8")
    except (OSError, ValueError) as problem:
        raise SettingsError(f"--record: {README}: {problem}") from None


def _messages(folder: Path) -> list[Message]:
    try:
        return read_messages(folder)
    except (OSError, ValueError) as problem:
        raise SettingsError(f"FOLDER: {problem}") from None
