"""Another secret: everything is there under the new one, nothing under the old one, whatever happens in between."""

# ruff: noqa: ASYNC240 - nothing else waits while a test looks at its files

from __future__ import annotations

import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Keys, SecretUnusable, Store, StoreInUse, StoreUnusable, rotation
from bot.store.backup import back_up, restore
from bot.store.errors import Unreadable, WrongSecret
from bot.store.files import beside
from bot.store.keys import Purpose
from bot.store.rotation import SEALED, rotate_file, rotate_given, settle
from tests.store.furnished import CHAT_ID, OTHER_ID, assert_furnished, blobs, furnish

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("rotate_worker.py")
OLD, NEW = "the first secret of this database", "the second secret of this database"
STEPS = ["written", "sealed", "committed", "wiped", "in place"]
KILLS = 12


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    file = tmp_path / "secrets" / "bot.secret"
    file.parent.mkdir()
    file.write_text(OLD + "\n")
    file.chmod(0o600)
    return file


def keys_in(file: Path) -> Keys:
    return Keys.from_secret(file.read_text())


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def everything(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(path.parent.iterdir()))


def opens_something(keys: Keys, path: Path) -> bool:
    """Whether these keys open any sealed value of any table, for any row that there is."""
    with closing(sqlite3.connect(path)) as raw:
        for table, (purpose, number) in SEALED.items():
            for chat, value, body in raw.execute(f"SELECT chat, {number}, body FROM {table}"):
                for row in (chat, *(rotation._sealed_for(each, chat, value) for each in Purpose)):
                    try:
                        keys.unseal(purpose, row, body)
                        return True
                    except Unreadable:
                        pass
        for (value,) in raw.execute("SELECT value FROM meta").fetchall():
            try:
                keys.following(value)
                return True
            except Unreadable:
                pass
    return False


async def assert_rotated(path: Path, old: Keys, new: Keys, before: set[bytes], more: int = 0) -> None:
    """All of it is there with the new keys; the old ones open nothing, and no byte that they sealed is left."""
    await assert_furnished(path, new, more)
    assert opens_something(new, path)
    assert not opens_something(old, path)
    with pytest.raises(WrongSecret):
        await Store.open(path, old)
    content = everything(path)
    assert len(before) > 8
    left = {content[start : start + 8] for start in range(len(content) - 7)}
    assert [blob for blob in before if blob[:8] in left or blob[-8:] in left] == []
    assert old.check not in content
    for chat_id in (CHAT_ID, OTHER_ID):  # nor does either secret alone tell whose row a row is
        assert not {old.chat_key(chat_id), new.chat_key(chat_id)} & blobs(path)


@pytest.mark.parametrize("more", [0, 3000])
async def test_everything_is_sealed_anew(path: Path, secret_file: Path, more: int) -> None:
    """In a small database and in one of many pages; the new secret is random, private, and in the file."""
    await furnish(path, Keys.from_secret(OLD), more)
    before = blobs(path)
    done = rotate_file(path, secret_file)
    assert (done.sealed, done.lost, done.finished) == (2 + 1 + 3 + 1 + 2 + more, 0, False)
    assert names(secret_file.parent) == {secret_file.name}
    assert stat.S_IMODE(secret_file.stat().st_mode) == 0o600
    assert len(secret_file.read_text().strip()) >= 43
    await assert_rotated(path, Keys.from_secret(OLD), keys_in(secret_file), before, more)


async def test_a_table_that_is_added_later_has_to_be_sealed_anew(path: Path) -> None:
    """Every table with a column ``chat`` is known here, and every purpose is."""
    await furnish(path, Keys.from_secret(OLD))
    with closing(sqlite3.connect(path)) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {each: [row[1] for row in raw.execute(f"PRAGMA table_info({each})")] for each in tables}
    assert set(SEALED) == {table for table in tables if "chat" in columns[table]}
    assert {purpose for purpose, _ in SEALED.values()} | {Purpose.FORMER} == set(Purpose)


async def test_again_and_again(path: Path, secret_file: Path) -> None:
    """Row keys go through every secret that there was; a chat that is new in between is found as well."""
    await furnish(path, Keys.from_secret(OLD))
    for number in range(4):
        old, before = keys_in(secret_file), blobs(path)
        rotate_file(path, secret_file)
        keys = keys_in(secret_file)
        await assert_rotated(path, old, keys, before, more=number)
        async with await Store.open(path, keys) as store:
            await store.commit(store.chat_key(number), f"session {number}", update_id=None, day=9)


async def test_the_former_keys_open_with_the_present_secret_only(path: Path, secret_file: Path) -> None:
    """Who has the old secret and the new database cannot make a row key of any chat."""
    await furnish(path, Keys.from_secret(OLD))
    rotate_file(path, secret_file)
    old, new = Keys.from_secret(OLD), keys_in(secret_file)
    with closing(sqlite3.connect(path)) as raw:
        (former,) = raw.execute("SELECT value FROM meta WHERE name = 'former'").fetchone()
    with pytest.raises(Unreadable):
        old.following(former)
    whole = new.following(former)
    assert whole.chat_key(CHAT_ID) in blobs(path)
    assert old._chats[0] not in everything(path)
    assert len({keys.chat_key(CHAT_ID) for keys in (old, new, whole)}) == 3
    assert repr(whole) == "Keys(<secret>)"


async def test_a_database_whose_former_keys_are_damaged_is_refused(path: Path, secret_file: Path) -> None:
    """It is not opened as if it were one without: every chat would be a stranger."""
    await furnish(path, Keys.from_secret(OLD))
    rotate_file(path, secret_file)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE meta SET value = x'00112233445566778899aabbccddeeff0011' WHERE name = 'former'")
        raw.commit()
    with pytest.raises(StoreUnusable, match="damaged: which chat is which cannot be read"):
        await Store.open(path, keys_in(secret_file))


async def test_a_secret_that_is_given(path: Path, secret_file: Path) -> None:
    """The one that the operator chose goes into the file, or nowhere when it is kept elsewhere."""
    await furnish(path, Keys.from_secret(OLD))
    rotate_file(path, secret_file, f"  {NEW}\n")
    assert secret_file.read_text() == NEW + "\n"
    before = blobs(path)
    assert rotate_given(path, NEW, OLD).sealed == 9
    assert secret_file.read_text() == NEW + "\n"
    await assert_rotated(path, Keys.from_secret(NEW), Keys.from_secret(OLD), before)
    assert rotate_given(path, NEW, OLD).finished, "a second time is no harm"
    await assert_furnished(path, Keys.from_secret(OLD))


async def test_what_is_refused_changes_nothing(path: Path, secret_file: Path, tmp_path: Path) -> None:
    await furnish(path, Keys.from_secret(OLD))
    before = path.read_bytes()
    with pytest.raises(SecretUnusable, match="the new secret is the old one"):
        rotate_file(path, secret_file, OLD)
    with pytest.raises(SecretUnusable, match="the new secret is the old one"):
        rotate_given(path, OLD, f" {OLD} ")
    with pytest.raises(SecretUnusable, match="has 5 characters"):
        rotate_given(path, OLD, "short")
    with pytest.raises(WrongSecret, match="BOT_SECRET is not the secret"):
        rotate_given(path, "a secret of some other database !", NEW)
    with pytest.raises(StoreUnusable, match="there is no database"):
        rotate_file(tmp_path / "none.db", secret_file)
    with pytest.raises(SecretUnusable, match="No such file"):
        rotate_file(path, tmp_path / "none.secret")
    (tmp_path / "bot.secret.new").mkdir()
    (tmp_path / "bot.secret").write_text(OLD)
    with pytest.raises(SecretUnusable, match="cannot be replaced"):
        rotate_file(path, tmp_path / "bot.secret")
    async with await Store.open(path, Keys.from_secret(OLD)):
        with pytest.raises(StoreInUse):
            rotate_file(path, secret_file)
    assert path.read_bytes() == before
    assert names(secret_file.parent) == {secret_file.name}
    assert not (tmp_path / "none.db").exists()
    await assert_furnished(path, Keys.from_secret(OLD))


async def test_a_row_that_nobody_could_read_does_not_stop_it(path: Path, secret_file: Path) -> None:
    await furnish(path, Keys.from_secret(OLD))
    async with await Store.open(path, Keys.from_secret(OLD)) as store:
        await store.commit(store.chat_key(3), "soon damaged", update_id=None, day=9)
        damaged = store.chat_key(3)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE session SET body = x'0011223344' WHERE chat = ?", (damaged,))
        raw.commit()
    done = rotate_file(path, secret_file)
    assert (done.sealed, done.lost) == (9, 1)
    await assert_furnished(path, keys_in(secret_file))


async def test_a_backup_belongs_to_the_secret_of_its_time(path: Path, secret_file: Path, tmp_path: Path) -> None:
    await furnish(path, Keys.from_secret(OLD))
    back_up(path, tmp_path / "before.db")
    rotate_file(path, secret_file)
    back_up(path, tmp_path / "after.db")
    with pytest.raises(WrongSecret):
        restore(path, tmp_path / "before.db", keys_in(secret_file))
    restore(path, tmp_path / "after.db", keys_in(secret_file))
    await assert_furnished(path, keys_in(secret_file))


def rotate_and_be_killed(path: Path, secret_file: Path, step: str) -> list[str]:
    """A process that kills itself right after ``step``; gives the steps that it told of."""
    command = [sys.executable, "-W", "error", str(WORKER), str(path), str(secret_file), step]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (-9, "")
    return ended.stdout.splitlines()


@pytest.mark.parametrize("then", ["a start", "another rotation"])
@pytest.mark.parametrize("step", STEPS)
async def test_killed_after_each_step(path: Path, secret_file: Path, step: str, then: str) -> None:
    """`kill -9`, then a start or a second rotation: one secret file, the database belongs to it, all is there, and
    once the database changed nothing of the old secret is left in it."""
    await furnish(path, Keys.from_secret(OLD), more=200)
    before = blobs(path)
    assert rotate_and_be_killed(path, secret_file, step) == STEPS[: STEPS.index(step) + 1]
    changed = STEPS.index(step) >= STEPS.index("committed")
    assert beside(secret_file, ".new").exists() == (step != "in place")
    if then == "a start":
        assert settle(path, secret_file) == (changed and step != "in place")
        assert (keys_in(secret_file).check != Keys.from_secret(OLD).check) == changed
        await assert_furnished(path, keys_in(secret_file), more=200)
    else:
        done = rotate_file(path, secret_file)
        assert done.finished == (changed and step != "in place")
        changed = True
    assert names(secret_file.parent) == {secret_file.name}
    assert stat.S_IMODE(secret_file.stat().st_mode) == 0o600
    if changed:
        await assert_rotated(path, Keys.from_secret(OLD), keys_in(secret_file), before, more=200)
    assert not settle(path, secret_file)


async def test_killed_at_any_moment(path: Path, secret_file: Path) -> None:
    """A rotation each time, from a start that mends what the one before left; the database stays one whole."""
    await furnish(path, Keys.from_secret(OLD), more=1500)
    moments, outcomes = random.Random(5), set()
    for _ in range(KILLS):
        before = keys_in(secret_file).check
        command = [sys.executable, str(WORKER), str(path), str(secret_file), "never"]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as worker:  # noqa: ASYNC220
            assert worker.stdout is not None
            worker.stdout.readline()
            timer = threading.Timer(moments.uniform(0, 0.08), worker.kill)
            timer.start()
            worker.wait()
            timer.cancel()
        settled = settle(path, secret_file)
        outcomes.add((settled, keys_in(secret_file).check != before))
        assert names(secret_file.parent) == {secret_file.name}
        await assert_furnished(path, keys_in(secret_file), more=1500)
    assert len(outcomes) > 1, "always killed at the same moment"


async def test_a_start_does_not_undo_a_rotation_that_runs(path: Path, secret_file: Path) -> None:
    """Which of the two secrets holds can only be said while nobody changes the database."""
    await furnish(path, Keys.from_secret(OLD))
    refused = []

    def start(step: str) -> None:
        if step == "written":
            with pytest.raises(StoreInUse):
                settle(path, secret_file)
            refused.append(step)

    rotate_file(path, secret_file, tell=start)
    assert refused == ["written"]
    await assert_furnished(path, keys_in(secret_file))


@pytest.mark.parametrize("left", ["", "short", "a secret that belongs to neither of them"])
async def test_a_new_file_that_does_not_belong(path: Path, secret_file: Path, left: str) -> None:
    """The old secret holds, so whatever stands in the new file goes. When neither holds, nothing is deleted."""
    await furnish(path, Keys.from_secret(OLD))
    beside(secret_file, ".new").write_text(left)
    assert not settle(path, secret_file)
    assert names(secret_file.parent) == {secret_file.name}
    beside(secret_file, ".new").write_text(left)
    secret_file.write_text("neither does this one, of all secrets")
    assert not settle(path, secret_file)
    assert names(secret_file.parent) == {secret_file.name, f"{secret_file.name}.new"}


async def test_wiping_that_a_reader_kept_from_happening_is_made_up_for(path: Path, secret_file: Path) -> None:
    """By the next start, without being asked."""
    await furnish(path, Keys.from_secret(OLD), more=50)
    before = blobs(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM session").fetchone()
        rotate_file(path, secret_file)
        assert any(blob in everything(path) for blob in before)
        reader.execute("ROLLBACK")
    await (await Store.open(path, keys_in(secret_file))).close()
    await assert_rotated(path, Keys.from_secret(OLD), keys_in(secret_file), before, more=50)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM meta WHERE name = 'rewrite'").fetchone() == (0,)


async def test_a_secret_behind_a_link(path: Path, secret_file: Path, tmp_path: Path) -> None:
    """The file that the link leads to is replaced, not the link."""
    await furnish(path, Keys.from_secret(OLD))
    link = tmp_path / "link.secret"
    link.symlink_to(secret_file)
    rotate_file(path, link)
    assert link.is_symlink()
    await assert_furnished(path, keys_in(secret_file))
