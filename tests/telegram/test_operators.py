"""The commands for people who run the bot, with a bot that runs: copies, another secret, counts."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.serve import COUNTED_DAYS, _tidy
from bot.conversation.ports import Changes
from bot.conversation.turns import WIPED_HOURS, day_of, hour_of
from bot.store import Keys, Store
from tests.botapi import TOKEN, BotApi
from tests.telegram.conftest import Serve
from tests.telegram.database import key_of, rows_of
from tests.telegram.kitchen import Kitchen
from tests.telegram.serving import ROOT, SECRET, BotProcess, command
from tests.telegram.test_settings import names

WORKER = ROOT / "tests" / "store" / "rotate_worker.py"
NEW_SECRET = "5d1f0c8e7b6a49382716f5e4d3c2b1a0"


async def runs(process: BotProcess, *arguments: str, **settings: str) -> tuple[int, list[str], list[str]]:
    """A command with the settings of this bot: exit code, and the lines on stdout and on stderr."""
    ended = await asyncio.to_thread(
        subprocess.run,
        command(*arguments),
        env=process.env | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    for secret in (TOKEN, SECRET, NEW_SECRET):
        assert secret not in ended.stdout + ended.stderr
    return ended.returncode, ended.stdout.splitlines(), ended.stderr.splitlines()


async def test_backup_and_restore(serve: Serve, api: BotApi, tmp_path: Path) -> None:
    """A copy is made while the bot serves; it is put back only when the bot stopped, and conversations go on from
    where they stood then. Chats that were forgotten since are back, and that is said."""
    process, file = await serve(), tmp_path / "monday.db"
    kitchen, parent, other = Kitchen(api, process), api.parent(), api.parent()
    for each in (parent, other):
        await kitchen.asks(each, "/start lost_patience")
    code, (line,), _ = await runs(process, "backup", str(file))
    assert code == 0
    assert line.startswith(f"{file}: 2 chats, {file.stat().st_size} bytes, checked. The secret is not in it")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(trace in file.read_bytes() for each in (parent, other) for trace in each.traces())
    code, said, lines = await runs(process, "backup", str(file))
    assert (code, said) == (2, []) and names(lines, "FILE") and "--force" in lines[0]
    code, said, lines = await runs(process, "restore", str(file))
    assert (code, said) == (2, []) and names(lines, "DATABASE") and "stop the bot first" in lines[0]
    await kitchen.asks(parent, "/start")
    assert await process.stop() == 0
    with closing(sqlite3.connect(process.database)) as raw:
        raw.execute("DELETE FROM session WHERE chat = ?", (key_of(other.id),))
        raw.commit()
    code, said, lines = await runs(process, "restore", str(file))
    assert (code, lines) == (0, [])
    assert said[0] == f"restored: 2 chats, {file.stat().st_size} bytes"
    assert "asked to be forgotten since" in said[1]
    former = process.database.with_name(f"{process.database.name}.before-restore")
    assert str(former) in said[2] and "To undo" in said[2]
    assert rows_of(process.database, other.id)["session"] == 1 and "session" not in rows_of(former, other.id)
    await process.start()
    await other.says("/menu")
    await kitchen.agree(other)
    assert await process.stop() == 0
    assert (await runs(process, "restore", str(former)))[0] == 0
    assert "session" not in rows_of(process.database, other.id)


async def test_another_secret_in_the_file(serve: Serve, api: BotApi) -> None:
    """Refused while the bot runs; afterwards every conversation goes on, the old secret opens nothing."""
    process = await serve({"BOT_SECRET": None})
    kitchen, parent, file = Kitchen(api, process), api.parent(), process.database.with_name("keukentafel.secret")
    await kitchen.asks(parent, "/start lost_patience")
    old = file.read_text()
    code, _, lines = await runs(process, "rotate-secret")
    assert code == 2 and names(lines, "DATABASE") and "stop the bot first" in lines[0]
    assert await process.stop() == 0
    code, said, lines = await runs(process, "rotate-secret")
    assert (code, lines) == (0, [])
    assert f"The new secret is in {file}" in said[0] and "Backups made before now" in said[1]
    assert file.read_text() != old and old.strip() not in "".join(said)
    await process.start()
    await kitchen.chooses(parent, parent.newest.labels[0])
    assert await process.stop() == 0
    code, _, lines = await runs(process, "serve", BOT_SECRET=old.strip())
    assert code == 2 and names([lines[-1]], "BOT_SECRET")


async def test_another_secret_in_the_environment(serve: Serve, api: BotApi, tmp_path: Path) -> None:
    """The new one has to be given, and the setting swapped; until then the bot does not start."""
    process = await serve()
    kitchen, parent = Kitchen(api, process), api.parent()
    await kitchen.asks(parent, "/start lost_patience")
    assert await process.stop() == 0
    for settings in ({}, {"BOT_SECRET_NEW": "short"}, {"BOT_SECRET_NEW_FILE": str(tmp_path / "none")}):
        code, _, lines = await runs(process, "rotate-secret", **settings)
        assert code == 2 and lines[0].startswith("keukentafel: BOT_SECRET_NEW"), lines
    code, _, lines = await runs(process, "rotate-secret", BOT_SECRET_NEW=SECRET)
    assert code == 2 and names(lines, "BOT_SECRET")
    new = tmp_path / "new.secret"
    new.write_text(NEW_SECRET)
    code, said, lines = await runs(process, "rotate-secret", BOT_SECRET_NEW_FILE=str(new))
    assert (code, lines) == (0, []) and "set BOT_SECRET to the new secret" in said[0]
    assert not process.database.with_name("keukentafel.secret").exists()
    await process.start(ready=False)
    assert await process.ends(within=60) == 2
    process.env["BOT_SECRET"] = NEW_SECRET
    await process.start()
    await kitchen.chooses(parent, parent.newest.labels[0])


@pytest.mark.parametrize("step", ["written", "committed"])
async def test_a_start_after_a_rotation_that_was_killed(serve: Serve, api: BotApi, tmp_path: Path, step: str) -> None:
    """The bot takes the secret that belongs to the database, and conversations go on; also from a file that the
    operator named, and that others may read."""
    (tmp_path / "named.secret").write_text(SECRET)
    (tmp_path / "named.secret").chmod(0o644)
    process = await serve({"BOT_SECRET": None, "BOT_SECRET_FILE": str(tmp_path / "named.secret")})
    kitchen, parent = Kitchen(api, process), api.parent()
    await kitchen.asks(parent, "/start lost_patience")
    assert await process.stop() == 0
    secret = tmp_path / "named.secret"
    arguments = [sys.executable, str(WORKER), str(process.database), str(secret), step]
    env = process.env | {"PYTHONPATH": str(ROOT)}
    ended = await asyncio.to_thread(subprocess.run, arguments, env=env, capture_output=True, timeout=60, check=False)
    assert ended.returncode == -9
    assert secret.with_name(f"{secret.name}.new").exists()
    await process.start()
    assert not secret.with_name(f"{secret.name}.new").exists()
    await kitchen.chooses(parent, parent.newest.labels[0])


async def test_stats(serve: Serve, api: BotApi) -> None:
    """What was counted is there at the latest after a clean stop; five visits are shown, four are not."""
    process = await serve()
    kitchen = Kitchen(api, process)
    parents = [api.parent() for _ in range(5)]
    for parent in parents:
        await kitchen.asks(parent, "/start lost_patience")
    for parent in parents[1:]:
        await kitchen.asks(parent, "/start breathe")
    code, _, lines = await runs(process, "stats")
    assert (code, lines) == (0, []), "while it runs"
    assert await process.stop() == 0
    code, said, lines = await runs(process, "stats", "--days", "2", "--format", "json")
    assert (code, lines) == (0, [])
    rows = {(row["what"], row["name"]): row["count"] for row in map(json.loads, said)}
    assert rows["dialog", "lost_patience"] == 5
    assert rows["dialog", "breathe"] == "<5"
    assert rows["language", "nl"] == rows["region", "unknown"] == 10
    assert rows["node", "lost_patience/hello"] == 5
    code, said, _ = await runs(process, "stats")
    assert code == 0 and any(line.split()[1:] == ["dialog", "5", "lost_patience"] for line in said)


async def test_the_hourly_tidying(tmp_path: Path) -> None:
    """What stood on screens longer ago than Telegram lets a bot delete, and counts of long ago, go; the rest stays."""
    now = datetime.now(UTC)
    today, this_hour = day_of(now), hour_of(now)
    async with await Store.open(tmp_path / "a.db", Keys.from_secret(SECRET)) as store:
        chat = store.chat_key(1)
        for number, hour in enumerate((this_hour - WIPED_HOURS - 1, this_hour - WIPED_HOURS + 1), start=1):
            also = Changes(shown=(number,), hour=hour)
            await store.commit(chat, "{}", update_id=number, day=today, also=also)
        for day in (today, day_of(now - timedelta(days=COUNTED_DAYS - 1)), today - COUNTED_DAYS - 1):
            await store.count_up(day, {("dialog", "song"): 1})
        tidying = asyncio.create_task(_tidy(store, 90))
        await store.count()
        async with asyncio.timeout(5):
            while await store.shown(chat, 0) != [2] or len(days(tmp_path / "a.db")) > 2:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.01)
        tidying.cancel()
        assert days(tmp_path / "a.db") == [today - COUNTED_DAYS + 1, today]


def days(database: Path) -> list[int]:
    with closing(sqlite3.connect(database)) as raw:
        return [day for (day,) in raw.execute("SELECT day FROM tally ORDER BY day")]
