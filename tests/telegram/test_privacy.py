"""Nothing of a parent stands on disk or in a log: not who, and not what was said."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from tests.botapi import TOKEN, BotApi, Parent
from tests.botapi.trouble import Kind
from tests.telegram.conftest import Serve
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion
from tests.telegram.serving import SECRET
from tests.telegram.traces import files, found, traces_of

WORDS = ("zwartekraai", "regenlaars", "vuurtorenwachter")
HIDDEN = (TOKEN, TOKEN.partition(":")[2], SECRET)


async def everything(kitchen: Kitchen, parent: Parent, group_name: str) -> None:
    """All that can go wrong or be said, with words that occur nowhere else."""
    api, said = kitchen.api, " ".join(WORDS)
    await kitchen.asks(parent, "/start")
    mine = await parent.says(said)
    await parent.edits(mine, f"{said} {said}")
    await parent.sends_photo(said)
    await parent.sends_document(f"{WORDS[0]}.pdf")
    await parent.sends_contact()
    await parent.says(f"/start {WORDS[1]}")
    await parent.says(f"/{WORDS[2]} {said}")
    await kitchen.agree(parent)
    await parent.taps_data(f"01:{WORDS[0]}", parent.newest)
    await kitchen.agree(parent)
    troubles: tuple[Kind, ...] = ("500", "400", "malformed", "reset")
    for trouble in troubles:
        api.misbehave(trouble, chat=parent)
        await parent.says(said)
        await parent.waits_for_quiet(0.8)
    group = api.group(group_name)
    await group.adds_bot(parent)
    await group.says(said, parent)
    await api.until(lambda: not group.has_bot, timeout=20)
    api.misbehave("500", "sendMessage", chat=parent, times=None)
    await parent.says(companion().script.dialogs["safety_suicide"].triggers["nl"][0] + f" {said}")
    await kitchen.process.logs("sendMessage: NetworkError; trying again")


async def test_nothing_stands_in_the_files(serve: Serve, api: BotApi, tmp_path: Path) -> None:
    """While it runs, with an update that waits; after `kill -9`; after a clean stop; at the level DEBUG, in a log of
    text and one of JSON."""
    process = await serve({"LOG_LEVEL": "DEBUG"})
    parent, group_name = api.parent(), "Buurtbarbecue"
    needles = traces_of([parent], [*WORDS, *HIDDEN, group_name])
    await everything(Kitchen(api, process), parent, group_name)
    assert found([tmp_path], needles) == []
    process.kill()
    assert found([tmp_path], needles) == []
    api.behave()
    process.env["LOG_FORMAT"] = "json"
    await process.start()
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    assert await process.stop() == 0
    assert found([tmp_path], needles) == []
    sizes = files(tmp_path)
    assert sizes["keukentafel.db"] > 0 and sizes["start-1.log"] > 500, "there was something to look through"
    assert oct((tmp_path / "data" / "keukentafel.db").stat().st_mode)[-3:] == "600"


async def test_what_a_webhook_refuses(serve: Serve, api: BotApi, tmp_path: Path, port: int) -> None:
    """What a webhook cannot read, or does not take, leaves no trace; nor do the address and the secret."""
    secret, listen = "w" * 12 + "ebhook-secret", f"127.0.0.1:{port}"
    url = f"http://{listen}/hard-to-guess"
    webhook = {"WEBHOOK_URL": url, "WEBHOOK_LISTEN": listen, "WEBHOOK_SECRET": secret}
    process = await serve({"LOG_LEVEL": "DEBUG", **webhook})
    parent = api.parent()
    unreadable = {"update_id": 1, "message": {"text": WORDS[0], "from": parent.account.as_json(), "chat": parent.id}}
    async with aiohttp.ClientSession() as session:
        for said, status in ((secret, 200), (WORDS[1], 403)):
            headers = {"X-Telegram-Bot-Api-Secret-Token": said}
            async with session.post(url, json=unreadable, headers=headers) as answer:
                assert answer.status == status
            async with session.post(url, data=f"{{{WORDS[2]}", headers=headers) as answer:
                assert answer.status >= 400
    assert await process.stop() == 0
    assert found([tmp_path], traces_of([parent], [*WORDS, *HIDDEN, secret, "hard-to-guess"])) == []


@pytest.mark.parametrize("how", ["log", "database", "utf-16", "base64", "capitals", "number", "bytes of a number"])
async def test_the_scanner_finds_what_is_there(api: BotApi, tmp_path: Path, how: str) -> None:
    """What is planted is found: in a log, in a row of a database, in other spellings."""
    parent = api.parent()
    needles = traces_of([parent], [*WORDS, *HIDDEN])
    (tmp_path / "data").mkdir()
    (tmp_path / "start-1.log").write_text("2026-11-23 INFO turn: typed → menu/hello [nl]\n")
    assert found([tmp_path], needles) == []
    planted = {
        "log": f"INFO turn of {parent.account.username}: typed\n".encode(),
        "utf-16": b"--" + WORDS[0].encode("utf-16-le"),
        "base64": base64.b64encode(f"xx{WORDS[1]}".encode()),
        "capitals": WORDS[2].upper().encode(),
        "number": f'{{"chat":{parent.id}}}'.encode(),
        "bytes of a number": b"\0\0" + parent.id.to_bytes(8, "little"),
    }
    if how == "database":
        with closing(sqlite3.connect(tmp_path / "data" / "keukentafel.db")) as connection, connection:
            connection.execute("CREATE TABLE session (chat, body)")
            connection.execute("INSERT INTO session VALUES (?, ?)", (b"x", f"ik ben een {WORDS[0]}".encode()))
    else:
        (tmp_path / "data" / "keukentafel.db-wal").write_bytes(b"\x01" * 100 + planted[how] + b"\x02" * 100)
    assert len(found([tmp_path], needles)) >= 1
