"""Counts as they are printed: stored exactly, shown so that one parent cannot be told from the others."""

# ruff: noqa: ASYNC240 - nothing else waits while a test looks at its files

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from bot import cli
from bot.app.stats import SMALL, as_json, as_text, shown_count, stats
from bot.conversation.turns import day_of
from bot.settings import SettingsError
from bot.store import Keys, Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = day_of(NOW)
COUNTS = {("dialog", "breathe"): 23, ("dialog", "crying"): 4, ("language", "nl"): 27, ("region", "be"): 25,
          ("region", "nl"): 2, ("safety", "hearing"): 1}  # fmt: skip


async def counted(path: Path, keys: Keys) -> None:
    async with await Store.open(path, keys) as store:
        await store.count_up(TODAY, COUNTS)
        await store.count_up(TODAY - 6, {("dialog", "breathe"): 7})
        await store.count_up(TODAY - 7, {("dialog", "breathe"): 70})


async def test_counts_while_the_bot_runs(path: Path, keys: Keys, store: Store) -> None:
    """Read beside it, also what is in the -wal file only; it changes nothing and keeps nobody waiting."""
    await store.count_up(TODAY, COUNTS)
    await store.count_up(TODAY, {("dialog", "breathe"): 10})
    before = path.read_bytes()
    rows = stats(path, 7, NOW)
    assert [(row.what, row.name, row.count) for row in rows] == [
        ("dialog", "breathe", 35),
        ("dialog", "crying", "<5"),
        ("language", "nl", 25),
        ("region", "be", 25),
        ("region", "nl", "<5"),
        ("safety", "hearing", "<5"),
    ]
    assert path.read_bytes() == before
    await store.count_up(TODAY, COUNTS)


async def test_days(path: Path, keys: Keys) -> None:
    """Today is one of them; what is older is not shown, and forgotten when its time has come."""
    await counted(path, keys)
    assert {str(row.day) for row in stats(path, 7, NOW)} == {"2026-11-24", "2026-11-18"}
    assert {str(row.day) for row in stats(path, 8, NOW)} == {"2026-11-24", "2026-11-18", "2026-11-17"}
    assert {str(row.day) for row in stats(path, 1, NOW)} == {"2026-11-24"}
    async with await Store.open(path, keys) as store:
        await store.prune_counts(TODAY - 6)
    assert {str(row.day) for row in stats(path, 400, NOW)} == {"2026-11-24", "2026-11-18"}


def test_small_numbers_are_hidden_and_the_others_rounded() -> None:
    assert {shown_count(number) for number in range(1, SMALL)} == {"<5"}
    for number in range(SMALL, 200):
        shown = shown_count(number)
        assert isinstance(shown, int) and shown % SMALL == 0 and abs(shown - number) <= 2


def test_a_hidden_number_cannot_be_worked_out() -> None:
    """All dialogs, all languages and all regions count the same visits. Whatever is printed of two of these at once,
    each hidden number could be any of at least two, as far as anybody can tell who knows how it is made."""
    possible: dict[tuple[object, ...], set[int]] = {}
    for first, hidden, language in product(range(5, 43), range(1, 5), range(5, 47)):
        if first + hidden == language:  # two regions, one of them hidden, and one language: the same visits
            printed = (shown_count(first), shown_count(hidden), shown_count(language))
            possible.setdefault(printed, set()).add(hidden)
    assert len(possible) > 10
    assert min(len(numbers) for numbers in possible.values()) >= 2


async def test_no_exact_number_and_no_sum_is_printed(path: Path, keys: Keys) -> None:
    await counted(path, keys)
    for lines in (as_text(stats(path, 8, NOW)), as_json(stats(path, 8, NOW))):
        text = re.sub(r"\d{4}-\d\d-\d\d", "", "\n".join(lines))
        numbers = {int(each) for each in re.findall(r"(?<!<)\b\d+", text)}
        assert numbers == {5, 25, 70}
        assert not re.search("total|sum", text, re.IGNORECASE)


async def test_both_formats_say_the_same(path: Path, keys: Keys) -> None:
    await counted(path, keys)
    rows = stats(path, 7, NOW)
    told = [line.split() for line in as_text(rows)]
    read = [json.loads(line) for line in as_json(rows)]
    assert told == [[each["day"], each["what"], str(each["count"]), each["name"]] for each in read]


async def test_nothing_counted(path: Path, keys: Keys) -> None:
    await (await Store.open(path, keys)).close()
    assert as_text(stats(path, 7, NOW)) == ["nothing was counted on these days"]
    assert as_json(stats(path, 7, NOW)) == []


def test_no_database(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line that names DATABASE, exit code 2, and nothing is made."""
    with pytest.raises(SettingsError, match=r"^DATABASE: there is no database"):
        stats(path, 7, NOW)
    monkeypatch.setenv("DATABASE", str(path))
    assert cli.main(["stats"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("keukentafel: DATABASE: ")
    assert not path.parent.exists()


@pytest.mark.parametrize("days", ["0", "401", "-1", "many", "1.5"])
def test_days_that_are_none(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["stats", f"--days={days}"])
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--days" in line
