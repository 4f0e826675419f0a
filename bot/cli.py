"""The commands: parse, call, print. Exit codes: 0 fine, 1 findings, 2 wrong usage or configuration."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

FINE, FINDINGS, WRONG = 0, 1, 2
MOST_DAYS = 400
"""For which counts are kept."""
FIRST_YEAR, LAST_YEAR = 1970, 2199
MESSAGES = (Path("tests/heard"), Path("tests/tuning"))
"""Test messages in a checkout: those that measure, and those on which thresholds were chosen."""
_NOW_ZONE = ZoneInfo("Europe/Brussels")
"""`--now` is local time; Brussels and Amsterdam share theirs."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Wrong usage is one line on stderr, and exit code 2."""
        self.exit(WRONG, f"{self.prog}: {_one_line(message)} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code."""
    from bot.terminal.streams import write_for_whom_it_is

    write_for_whom_it_is()
    options = _parser().parse_args(arguments)
    from bot.settings import SettingsError  # now: help needs nothing of it, and comes at once

    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except SettingsError as error:
        return _wrong(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has seen enough
        return FINE
    except KeyboardInterrupt:
        sys.stdout.write("\n")
        return FINE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="keukentafel", description="A scripted, kind companion for parents of young children.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    serve = commands.add_parser("serve", help="the Telegram bot (needs BOT_TOKEN)")
    serve.set_defaults(run=_serve)

    chat = commands.add_parser("chat", help="the same conversation in this terminal")
    chat.add_argument("--language", help="language to speak, such as nl")
    chat.add_argument("--region", choices=("be", "nl", "elsewhere"), help="where the parent lives")
    chat.add_argument("--now", type=_moment, metavar="2026-11-24T03:10", help="pretend that it is this moment")
    chat.add_argument("--json", action="store_true", help="one JSON object a turn, for programs")
    chat.set_defaults(run=_chat)

    hear = commands.add_parser("hear", help="what is heard in texts, one a line on stdin")
    hear.add_argument("--language", default="nl", help="language of the conversation (default nl)")
    hear.set_defaults(run=_hear)

    train = commands.add_parser("train", help="learn to hear from dialogs/heard (needs the development packages)")
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="how well it hears, on test messages")
    evaluate.add_argument("messages", nargs="?", type=Path, default=MESSAGES[0], metavar="FOLDER")
    evaluate.add_argument("--missed", action="store_true", help="also print every danger that was not heard")
    evaluate.add_argument("--format", choices=("text", "markdown"), default="text")
    evaluate.add_argument(
        "--record", action="store_true", help="write the tables into README.md, and the misses beside the messages"
    )
    evaluate.set_defaults(run=_evaluate)

    check = commands.add_parser("check", help="every rule over dialogs, directory and translations")
    check.add_argument("--format", choices=("text", "json", "github"), default="text")
    check.add_argument("dialogs", nargs="?", type=Path, metavar="DIALOGS_DIR", help="another dialogs folder")
    check.set_defaults(run=_check)

    graph = commands.add_parser("graph", help="a dialog, or how all hang together, as a picture")
    graph.add_argument("dialog", nargs="?", metavar="DIALOG")
    graph.add_argument("--format", choices=("mermaid", "svg"), default="mermaid")
    graph.set_defaults(run=_graph)

    review = commands.add_parser("review", help="a printable page of dialogs, for a professional to review and sign")
    review.add_argument("dialog", nargs="?", metavar="DIALOG", help="one dialog instead of all")
    review.add_argument("--output", type=Path, metavar="FILE", help="where to write it (keukentafel-review.html)")
    review.set_defaults(run=_review)

    schema = commands.add_parser("schema", help="JSON Schema of the dialog file, for editors")
    schema.set_defaults(run=_schema)

    backup = commands.add_parser("backup", help="a copy of the database, also while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE", help="where to write it")
    backup.add_argument("--force", action="store_true", help="replace FILE when it is there already")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put a backup in the place of the database (the bot stopped)")
    restore.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")
    restore.set_defaults(run=_restore)

    rotate = commands.add_parser("rotate-secret", help="seal the database with another secret (the bot stopped)")
    rotate.set_defaults(run=_rotate_secret)

    stats = commands.add_parser("stats", help="how often what happened, day by day; nothing of any one parent")
    stats.add_argument("--days", type=_days, default=7, metavar="N", help="how many days, today included (default 7)")
    stats.add_argument("--format", choices=("text", "json"), default="text")
    stats.set_defaults(run=_stats)

    health = commands.add_parser("health", help="whether the running bot is well (for Docker and systemd)")
    health.set_defaults(run=_health)
    return parser


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a moment such as 2026-11-24T03:10") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text!r} is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return moment if moment.tzinfo else moment.replace(tzinfo=_NOW_ZONE)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to {MOST_DAYS}")
    return int(text)


def _serve(_options: argparse.Namespace) -> int:
    from bot.app.content import ContentBroken, home
    from bot.app.serve import serve
    from bot.settings import read_log_settings, read_settings

    try:
        return serve(read_settings(os.environ, home()), read_log_settings(os.environ))
    except ContentBroken as broken:
        return _broken(broken)


def _chat(options: argparse.Namespace) -> int:
    from bot.app.content import ContentBroken, home, load_companion
    from bot.settings import read_content
    from bot.terminal.chat import Chat
    from bot.terminal.screens import JsonScreen, PersonScreen
    from bot.terminal.streams import lines

    content = read_content(os.environ, home())
    try:
        companion = load_companion(content, datetime.now(UTC).date())
    except ContentBroken as broken:
        return _broken(broken)
    _refuse_unknown_language(options.language, companion.texts.languages)
    person = sys.stdin.isatty() and sys.stdout.isatty()
    screen = (
        JsonScreen(sys.stdout)
        if options.json
        else PersonScreen(sys.stdout, content.pace if person else 0, colours=person and "NO_COLOR" not in os.environ)
    )
    fixed: datetime | None = options.now
    chat = Chat(
        companion,
        screen,
        lambda: fixed or datetime.now(UTC),
        language=options.language,
        region=options.region,
    )
    if not options.json:
        chat.greet()
    chat.converse(lines(prompt=person))
    return FINE


def _refuse_unknown_language(language: str | None, known: Sequence[str]) -> None:
    from bot.settings import SettingsError

    if language is not None and language not in known:
        raise SettingsError(f"--language is one of {', '.join(known)}")


def _hear(options: argparse.Namespace) -> int:
    from bot.app.content import ContentBroken, home, load_companion
    from bot.authoring.examples import HEARD, all_examples
    from bot.settings import read_content
    from bot.terminal.streams import lines
    from bot.understanding.explain import Explainer

    content = read_content(os.environ, home())
    try:
        companion = load_companion(content, datetime.now(UTC).date())
    except ContentBroken as broken:
        return _broken(broken)
    _refuse_unknown_language(options.language, companion.texts.languages)
    explainer = Explainer(all_examples(content.dialogs / HEARD, companion.script))
    for text in lines(prompt=False):
        hearing = companion.hear(text, options.language)
        row = {
            "text": text,
            "safety": hearing.safety,
            "sure": hearing.safety is not None and hearing.sure,
            "topics": list(hearing.topics or hearing.near),
            "why": explainer.why(text, hearing),
        }
        print(json.dumps(row, ensure_ascii=False), flush=True)
    return FINE


def _train(_options: argparse.Namespace) -> int:
    from bot.app.content import ContentBroken, home
    from bot.app.hearing import train
    from bot.settings import read_content

    try:
        return train(read_content(os.environ, home()), MESSAGES, print)
    except ContentBroken as broken:
        return _broken(broken)


def _evaluate(options: argparse.Namespace) -> int:
    from bot.app.content import ContentBroken, home
    from bot.app.hearing import evaluate
    from bot.settings import read_content

    try:
        return evaluate(read_content(os.environ, home()), options, print)
    except ContentBroken as broken:
        return _broken(broken)


def _check(options: argparse.Namespace) -> int:
    """All that it makes is kept to its end, which is near: looking for garbage would take a third of the time."""
    gc.disable()
    try:
        return _checked(options)
    finally:
        gc.freeze()
        gc.enable()


def _checked(options: argparse.Namespace) -> int:
    from bot.app.content import check_content, home
    from bot.authoring.findings import has_errors
    from bot.authoring.report import write_report
    from bot.settings import SettingsError, read_content

    content = read_content(os.environ, home())
    dialogs, locales = content.dialogs, content.locales
    if options.dialogs is not None:
        dialogs = options.dialogs
        if not dialogs.is_dir():
            raise SettingsError(f"DIALOGS_DIR: there is no folder {dialogs}")
        beside = dialogs.resolve().parent / "locales"
        locales = beside if beside.is_dir() else locales
    checked = check_content(dialogs, locales, datetime.now(UTC).date())
    write_report(checked, options.format, sys.stdout)
    return FINDINGS if has_errors(checked.findings) else FINE


def _graph(options: argparse.Namespace) -> int:
    from bot.app.content import home
    from bot.authoring.book import read_book
    from bot.authoring.build import build_script
    from bot.authoring.findings import meant
    from bot.authoring.graph import dialog_graph, script_graph
    from bot.settings import SettingsError, read_content

    book = read_book(read_content(os.environ, home()).dialogs, "dialogs")
    script, _ = build_script(book)
    if options.dialog is None:
        picture = script_graph(script)
    elif options.dialog in script.dialogs:
        picture = dialog_graph(script, options.dialog)
    elif options.dialog in book.broken:
        raise SettingsError(f'the dialog "{options.dialog}" has errors; `keukentafel check` names them')
    else:
        raise SettingsError(f'there is no dialog "{options.dialog}".{meant(options.dialog, script.dialogs)}')
    if options.format == "svg":
        from bot.authoring.svg import to_svg

        print(to_svg(picture))
    else:
        from bot.authoring.mermaid import to_mermaid

        print(to_mermaid(picture))
    return FINE


def _review(options: argparse.Namespace) -> int:
    from bot.app.content import home
    from bot.authoring.book import read_book
    from bot.authoring.build import build_script
    from bot.authoring.findings import meant
    from bot.authoring.review import review_packet
    from bot.settings import SettingsError, read_content

    book = read_book(read_content(os.environ, home()).dialogs, "dialogs")
    if options.dialog is not None and options.dialog not in book.dialogs:
        raise SettingsError(f'there is no dialog "{options.dialog}".{meant(options.dialog, book.dialogs)}')
    wanted = [options.dialog] if options.dialog else list(book.dialogs)
    name = f"keukentafel-review-{options.dialog}.html" if options.dialog else "keukentafel-review.html"
    file: Path = options.output or Path(name)
    page = review_packet(book, build_script(book)[0], wanted, datetime.now(UTC).date())
    try:
        file.write_text(page, "utf-8")
    except OSError as error:
        raise SettingsError(f"--output: {file} cannot be written: {error.strerror}") from None
    print(file)
    return FINE


def _schema(_options: argparse.Namespace) -> int:
    from bot.authoring.shape import dialog_schema

    print(json.dumps(dialog_schema(), ensure_ascii=False, indent=2))
    return FINE


def _backup(options: argparse.Namespace) -> int:
    from bot.app.operators import backup

    return backup(os.environ, options.file, options.force, print)


def _restore(options: argparse.Namespace) -> int:
    from bot.app.operators import restore

    return restore(os.environ, options.file, print)


def _rotate_secret(_options: argparse.Namespace) -> int:
    from bot.app.operators import rotate_secret

    return rotate_secret(os.environ, print)


def _stats(options: argparse.Namespace) -> int:
    from bot.app.operators import stats

    return stats(os.environ, options.days, options.format, datetime.now(UTC), print)


def _health(_options: argparse.Namespace) -> int:
    from bot.app.health import health

    problem = health(os.environ, datetime.now(UTC))
    if problem is None:
        return FINE
    sys.stderr.write(f"keukentafel: {problem}\n")
    return FINDINGS


def _broken(broken: Exception) -> int:
    from bot.app.content import ContentBroken
    from bot.authoring.check import blocking
    from bot.authoring.report import write_findings

    assert isinstance(broken, ContentBroken)
    write_findings(blocking(broken.findings), "text", sys.stderr)
    return _wrong("DIALOGS: the dialogs have errors (above); mend them, or see `keukentafel check`")


def _wrong(message: str) -> int:
    sys.stderr.write(f"keukentafel: {_one_line(message)}\n")
    return WRONG


def _one_line(text: str) -> str:
    return " ".join(text.split())
