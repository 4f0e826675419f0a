"""Nothing of a parent stands in what operators carry away: copies of the database, the database under another secret,
logs of the most talkative level. Not the notes either, which are kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.engine.phrases import Phrase
from tests.botapi import TOKEN, BotApi, Parent
from tests.telegram.conftest import Serve
from tests.telegram.database import key_of, rows_of, waiting
from tests.telegram.kitchen import Kitchen, is_forgotten
from tests.telegram.oracle import phrase, sent_texts
from tests.telegram.serving import SECRET
from tests.telegram.test_operators import NEW_SECRET, runs
from tests.telegram.traces import found, traces_of, written_out

NOTES = ("veldleeuwerik", "kaneelbroodje")
TYPED = ("zwartekraai", "regenlaars")
HIDDEN = (TOKEN, TOKEN.partition(":")[2], SECRET, NEW_SECRET)


async def confides(kitchen: Kitchen, parent: Parent, note: str) -> None:
    """The parent types, keeps a note, and asks for a check-in: a row of this chat in every table but the inbox."""
    await kitchen.asks(parent, " ".join(TYPED))
    answer = await kitchen.asks(parent, "/start good_moment")
    for choice in ("have", "keep"):
        answer = await kitchen.chooses(parent, next(key.label for key in answer.keyboard if key.id == choice))
    await kitchen.asks(parent, f"{note} {note}")
    await parent.taps_data("01:check_in/offer/morning", parent.newest)
    await kitchen.agree(parent)
    await kitchen.api.until(lambda: waiting(kitchen.process.database) == 0, timeout=20)
    assert {*rows_of(kitchen.process.database, parent.id)} == {"session", "note", "check_in", "shown"}


def notes_in(file: Path) -> int:
    """How many notes a copy holds."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        return int(copy.execute("SELECT count(*) FROM note").fetchone()[0])


async def test_copies_tell_nobody_who_or_what(serve: Serve, api: BotApi, tmp_path: Path) -> None:
    """A copy made in the middle of a conversation, the database with its -wal file beside it, the same under another
    secret, a copy of that, and each log at DEBUG. Who is forgotten is in none of those made afterwards."""
    process = await serve({"LOG_LEVEL": "DEBUG"})
    kitchen, leaving, staying = Kitchen(api, process), api.parent(), api.parent()
    needles = traces_of([leaving, staying], [*TYPED, *NOTES, *HIDDEN])
    gone, there = (written_out(key_of(parent.id)) for parent in (leaving, staying))
    for parent, note in zip((leaving, staying), NOTES, strict=True):
        await confides(kitchen, parent, note)

    api.misbehave("500", "sendMessage", chat=staying, times=None)
    await staying.says(f"{TYPED[0]} {NOTES[1]}")
    await process.logs("sendMessage: NetworkError; trying again")
    assert waiting(process.database) == 1
    assert (await runs(process, "backup", str(tmp_path / "monday.db")))[0] == 0
    assert notes_in(tmp_path / "monday.db") == 2
    assert found([tmp_path], needles) == []
    assert found([tmp_path / "monday.db"], gone) and found([tmp_path / "monday.db"], there), "it is found where it is"
    api.behave()

    (tmp_path / "monday.db").unlink()
    await kitchen.asks(leaving, "/vergeet")
    await kitchen.chooses(leaving, leaving.newest.labels[1])
    await is_forgotten(kitchen, leaving)
    assert (await runs(process, "backup", str(tmp_path / "tuesday.db")))[0] == 0
    assert notes_in(tmp_path / "tuesday.db") == 1
    assert found([tmp_path], gone) == []
    assert found([tmp_path], needles) == []

    await kitchen.agree(staying)
    assert await process.stop() == 0
    first_log = process.log
    assert (await runs(process, "rotate-secret", BOT_SECRET_NEW=NEW_SECRET))[0] == 0
    assert found([tmp_path], needles | gone) == []
    process.env |= {"BOT_SECRET": NEW_SECRET, "LOG_FORMAT": "json"}
    await process.start()
    await staying.says("/terugblik")
    await staying.waits_for(lambda message: NOTES[1] in message.text, timeout=20)
    assert (await runs(process, "backup", str(tmp_path / "wednesday.db")))[0] == 0
    assert notes_in(tmp_path / "wednesday.db") == 1
    assert phrase(Phrase.WENT_WRONG) not in sent_texts(staying)
    assert await process.stop() == 0
    assert found([tmp_path], needles | gone) == []
    assert all(log.count("turn: ") for log in (first_log, process.log)), "there was something to look through"
