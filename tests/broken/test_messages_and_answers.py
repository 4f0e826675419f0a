"""Broken inputs of two kinds, each with its exact answer: what a parent sends, and what comes back from Telegram's
address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.conversation.answers import Bubble
from bot.conversation.turns import ParentGone
from bot.engine.model import Place
from bot.engine.phrases import Phrase
from bot.engine.session import Session
from bot.telegram.calls import Calls
from bot.telegram.limits import Limits
from bot.telegram.patience import Patience
from bot.telegram.polling import PollRequest
from bot.telegram.pulse import Pulse
from bot.telegram.reading import read_update
from bot.telegram.received import Received
from bot.telegram.transport import AiohttpRequest
from tests.botapi import TOKEN
from tests.broken.test_files_and_settings import FILES, SETTINGS
from tests.conversation.small_companion import small_companion
from tests.engine.parent import NOON

PARENT = {"id": 5, "is_bot": False, "first_name": "An", "language_code": "nl"}
PRIVATE = {"id": 5, "type": "private", "first_name": "An"}
ENTITY = {"type": "bot_command", "offset": 0, "length": 6}


def message(**content: Any) -> dict[str, Any]:
    """An update with a message."""
    return {"message": {"message_id": 3, "date": 1_790_000_000, "chat": PRIVATE, "from": PARENT, **content}}


def command(text: str) -> dict[str, Any]:
    """An update with a command."""
    return message(text=text, entities=[ENTITY])


def tap(data: str) -> dict[str, Any]:
    """An update with a button, as an altered app can send it."""
    shown = message(text="?")["message"]
    return {"callback_query": {"id": "q", "from": PARENT, "chat_instance": "1", "data": data, "message": shown}}


MESSAGES: dict[str, tuple[dict[str, Any], Phrase]] = {
    "as long as can be": (message(text="a" * 4096), Phrase.FALLBACK),
    "half of a sign": (message(text="\ud83d"), Phrase.FALLBACK),
    "only signs of direction": (message(text="\u202e\u200f\u202d"), Phrase.FALLBACK),
    "tricks for a terminal": (message(text="\0\x07\x1b[31m"), Phrase.FALLBACK),
    "tricks for a database": (message(text="'; DROP TABLE session; --"), Phrase.FALLBACK),
    "markup and braces": (message(text="<b>{listening_line}</b> [x](tg://user?id=1)"), Phrase.FALLBACK),
    "only blanks": (message(text=" \n\t "), Phrase.NOT_TEXT),
    "of a kind that is new": (message(hologram={"file_id": "x"}), Phrase.NOT_TEXT),
    "changed afterwards": ({"edited_message": message(text="x")["message"]}, Phrase.EDITED),
    "a command that is none": (command("/nicht"), Phrase.UNKNOWN_COMMAND),
    "a link out of the folder": (command("/start ../../etc/passwd"), Phrase.UNKNOWN_LINK),
    "a link without end": (command("/start " + "x" * 4000), Phrase.UNKNOWN_LINK),
    "a button without end": (tap("x" * 5000), Phrase.GONE),
    "a button with nothing": (tap(""), Phrase.GONE),
    "a button out of the folder": (tap("01:../../etc/passwd"), Phrase.GONE),
    "a button of no dialog": (tap("01:gone/hello/yes"), Phrase.GONE),
    "an order to the engine": (tap("01:!forget"), Phrase.GONE),
    "a note of nobody": (tap("01:!note/999999"), Phrase.NOTES_NONE),
}


@pytest.mark.parametrize(("update", "answer"), MESSAGES.values(), ids=MESSAGES)
def test_a_message_of_a_parent(update: dict[str, Any], answer: Phrase) -> None:
    """The sentence that is meant for it, a way on, and help; the conversation stays where it was, unless it was asked
    to go elsewhere."""
    received = read_update({"update_id": 9, **update})
    assert received is not None and Received.from_json(received.to_json()) == received
    session = Session(place=Place("soup", "hello"), greeted=True, region="be")
    companion = small_companion()
    said = companion.answer(session, received.what, NOON, received.language)  # type: ignore[arg-type]
    assert said.bubbles[0] == Bubble(companion.phrase(answer, "nl"))
    assert len(said.keyboard) >= 2 and said.keyboard[-1].id == "help_now"
    assert said.place == (Place("menu", "hello") if answer is Phrase.UNKNOWN_LINK else Place("soup", "hello"))


def lines_of_ours(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the bot itself logs. Lines of libraries, which quote what came back, are cut down: see `bot.app.logs`."""
    return [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]


Raw = tuple[int, str]
NO_ANSWER = "the answer to sendMessage is not one of Telegram"
REFUSED = "sendMessage: refused by Telegram ({})"
GIVEN_UP = "sendMessage: given up after 1 tries ({})"
ANSWERS: dict[str, tuple[Raw, str, str]] = {
    # status and body; the error inside; the line in the log (nothing where a parent is gone, which is said elsewhere)
    "a chat that is not there": (
        (400, '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}'),
        "Chat not found",
        REFUSED.format("BadRequest"),
    ),
    "a group that moved": (
        (400, '{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-100}}'),
        "Group migrated to supergroup. New chat id: -100",
        REFUSED.format("ChatMigrated"),
    ),
    "a parent who is gone": (
        (403, '{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}'),
        "Forbidden: bot was blocked by the user",
        "",
    ),
    "a wall that forbids": (
        (403, "<html>geheim</html>"),
        "Forbidden (403). Parsing the server response b'<html>geheim</html>' failed",
        GIVEN_UP.format("Forbidden"),
    ),
    "a token that is gone": (
        (401, '{"ok":false,"error_code":401,"description":"Unauthorized"}'),
        "Unauthorized",
        GIVEN_UP.format("InvalidToken"),
    ),
    "a gateway that is down": (
        (502, "<html>geheim</html>"),
        "Bad Gateway (502). Parsing the server response b'<html>geheim</html>' failed",
        GIVEN_UP.format("NetworkError"),
    ),
    "a way elsewhere": (
        (302, ""),
        "Found (302). Parsing the server response b'' failed",
        GIVEN_UP.format("NetworkError"),
    ),
    "nothing": ((200, ""), "Invalid server response", GIVEN_UP.format("TelegramError")),
    "half an answer": (
        (200, '{"ok":true,"result":{"message_id":'),
        "Invalid server response",
        GIVEN_UP.format("TelegramError"),
    ),
    "brackets without end": ((200, "[" * 100_000), "Invalid server response", GIVEN_UP.format("TelegramError")),
    "a list": ((200, "[1, 2]"), NO_ANSWER, GIVEN_UP.format("TelegramError")),
    "no result": ((200, '{"ok":true}'), NO_ANSWER, GIVEN_UP.format("TelegramError")),
    "parameters that are a list": (
        (400, '{"ok":false,"description":"x","parameters":[1]}'),
        NO_ANSWER,
        GIVEN_UP.format("TelegramError"),
    ),
    "a message without number": (
        (200, '{"ok":true,"result":{"message_id":"7"}}'),
        "the answer to sendMessage names no message",
        GIVEN_UP.format("TelegramError"),
    ),
}


@pytest.mark.parametrize(("raw", "error", "line"), ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_from_telegrams_address(
    raw: Raw, error: str, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of one kind only; the log has one line, which holds neither what came back nor the token."""
    caplog.set_level(logging.DEBUG, "bot")

    async def answers(_: web.Request) -> web.Response:
        return web.Response(status=raw[0], text=raw[1], headers={"Location": "http://127.0.0.1:9/"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answers)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with AiohttpRequest() as request, asyncio.timeout(5):
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
            calls = Calls(Bot(TOKEN, base_url=url, request=request))
            with pytest.raises(TelegramError) as caught:
                await calls.send_message(5, "dag", None)
            assert caught.value.message == error
            patient = Patience(Limits(kept=False)).call(
                "sendMessage", lambda: calls.send_message(5, "dag", None), tries=1
            )
            if line:
                assert await patient is None
            else:
                with pytest.raises(ParentGone):
                    await patient
    finally:
        await runner.cleanup()
    assert lines_of_ours(caplog) == ([line] if line else [])


class Inbox:
    """Keeps what it is told to expect."""

    def __init__(self) -> None:
        self.expected: Mapping[int, Received | None] = {}

    def expect(self, updates: Mapping[int, Received | None]) -> None:
        """See `polling.Inbox`."""
        self.expected = updates

    async def settled(self) -> None:
        """Always."""


NO_LIST = "the answer to a poll is no list of updates"
LEFT_OUT = "an update cannot be read and is left out: {}"
POLLS: dict[str, tuple[str, str | list[int], str]] = {
    # the body; the error, or the ids that are confirmed; the line in the log
    "no list": ('{"ok":true,"result":{}}', NO_LIST, ""),
    "no object": ("[]", NO_LIST, ""),
    "half of it": ('{"ok":tr', "Invalid server response", ""),
    "brackets without end": ("[" * 100_000, "Invalid server response", ""),
    "an update that is a text": ('{"ok":true,"result":["geheim"]}', [], ""),
    "an id that is a text": ('{"ok":true,"result":[{"update_id":"1"}]}', [], ""),
    "a message that is a text": (
        '{"ok":true,"result":[{"update_id":1,"message":"geheim"}]}',
        [1],
        LEFT_OUT.format("message is no dict"),
    ),
    "a message from nowhere": (
        '{"ok":true,"result":[{"update_id":1,"message":{"message_id":1,"text":"geheim"}}]}',
        [1],
        LEFT_OUT.format("chat is missing"),
    ),
}


@pytest.mark.parametrize(("body", "answer", "line"), POLLS.values(), ids=POLLS)
def test_a_poll(
    body: str, answer: str | list[int], line: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Either it is asked again, or what cannot be read is confirmed and left out, so that it does not come for ever."""
    inbox = Inbox()
    polls = PollRequest(Pulse(tmp_path / "pulse"), "poll", inbox)
    if isinstance(answer, str):
        with pytest.raises(TelegramError, match=f"^{answer}$"):
            polls.parse_json_payload(body.encode())
    else:
        given = polls.parse_json_payload(body.encode())
        assert given == {"ok": True, "result": [{"update_id": number} for number in answer]}
        assert inbox.expected == dict.fromkeys(answer)
    assert lines_of_ours(caplog) == ([line] if line else [])


def test_there_are_enough() -> None:
    """Forty and more, and ten or more of each kind."""
    kinds = [len(FILES), len(SETTINGS), len(MESSAGES), len(ANSWERS) + len(POLLS)]
    assert min(kinds) >= 10 and sum(kinds) >= 40
