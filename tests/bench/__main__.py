"""`python -m tests.bench`: play the rounds, show the figures."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from types import FrameType

from tests.bench.figures import FIGURES
from tests.bench.lineup import BOTS, ROOT
from tests.bench.report import (
    FIGURES_JSON,
    PICTURE,
    QUIET,
    CannotRecord,
    check_recordable,
    conditions,
    record,
    table,
    write,
)
from tests.bench.rounds import play
from tests.bench.scale import simulate

FINE, WRONG, BROKEN_OFF = 0, 2, 130


def main() -> int:
    """Run; gives the exit code."""
    options = _parser().parse_args()
    if options.list:
        for figure in FIGURES:
            print(f"{figure.name:<24} {figure.title}")
        print("\nBots:")
        for bot in BOTS.values():
            print(f"{bot.name:<24} {bot.title}{f' ({bot.why_not})' if bot.why_not else ''}")
        return FINE
    if options.rounds < 1 or options.seconds < 0.5:
        print("tests.bench: at least one round, and half a second", file=sys.stderr)
        return WRONG
    known = {figure.name for figure in FIGURES}
    if strange := sorted(set(options.only or ()) - known):
        print(f"tests.bench: there is no figure {', '.join(strange)}; --list names them", file=sys.stderr)
        return WRONG
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _broken_off)  # as with Ctrl-C, every child ends
    try:
        return _measure(options)
    except CannotRecord as problem:
        print(f"tests.bench: {problem}", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        print("\nbroken off; every process that was started has ended", file=sys.stderr)
        return BROKEN_OFF


def _measure(options: argparse.Namespace) -> int:
    if options.scale:
        print(simulate(options.seconds, _say))
        return FINE
    if options.record:
        check_recordable()  # before minutes of work, and not after them
    if (load := os.getloadavg()[0]) > QUIET:
        _say(f"other work runs on this machine (load {load:.1f}); the figures will be noisy")
    figures = [figure for figure in FIGURES if not options.only or figure.name in options.only]
    rows = play(figures, options.rounds, options.seconds, _say, options.seed)
    write(rows, options.rounds, options.seconds)
    print(f"{conditions(options.rounds, options.seconds)}\n\n{table(rows)}\n")
    print(f"{FIGURES_JSON.relative_to(ROOT)}\n{PICTURE.relative_to(ROOT)}")
    if options.record:
        record(rows, options.rounds, options.seconds)
        print("recorded in README.md and tests/bench/bench.svg")
    return FINE


_BEGAN = time.monotonic()


def _say(what: str) -> None:
    """One line of progress."""
    print(f"{time.monotonic() - _BEGAN:5.0f} s  {what}", file=sys.stderr, flush=True)


def _broken_off(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How fast the bot is beside its peers.")
    parser.add_argument("--rounds", type=int, default=5, help="every bot once in each (default 5)")
    parser.add_argument("--seconds", type=float, default=5.0, help="measured for each bot (default 5)")
    parser.add_argument("--seed", type=int, default=0, help="for what the parents choose")
    parser.add_argument("--only", nargs="+", action="extend", metavar="NAME", help="these figures alone")
    parser.add_argument("--list", action="store_true", help="name all figures and bots")
    parser.add_argument("--scale", action="store_true", help="how many parents one process serves, instead")
    parser.add_argument("--record", action="store_true", help="put the table into README.md, the picture into the tree")
    return parser


if __name__ == "__main__":
    sys.exit(main())
