"""The calls of every turn: what Telegram is told, and what an odd answer of it becomes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.conversation.answers import Key
from bot.engine.replies import Role
from bot.telegram.calls import Calls
from bot.telegram.keyboards import markup

TOKEN = "123456:" + "a" * 35
KEYS = (Key("on", "t1", "Vertel é 👶", Role.CHOICE, "sleep/on"), Key("help", "t2", "Hulp nu", Role.HELP, "help_now"))


class Canned(BaseRequest):
    """Gives one answer, and keeps what was asked."""

    def __init__(self, status: int, body: bytes) -> None:
        self.answer = status, body
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    @property
    def read_timeout(self) -> float | None:
        """No limit."""
        return None

    async def initialize(self) -> None:
        """Nothing to get ready."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Keep the call."""
        assert method == "POST"
        assert request_data is not None
        assert not request_data.contains_files
        self.asked.append((url.rpartition("/")[2], request_data.json_parameters))
        return self.answer


def calls(status: int, body: object) -> tuple[Calls, Canned]:
    """Calls that get this answer."""
    request = Canned(status, body if isinstance(body, bytes) else json.dumps(body).encode())
    return Calls(Bot(TOKEN, request=request)), request


async def test_what_telegram_is_told() -> None:
    """Each call names what the Bot API asks for, as text; structures are JSON."""
    to, request = calls(200, {"ok": True, "result": {"message_id": 7}})
    assert await to.send_message(5, "Dag", markup(KEYS)) == 7
    await to.edit_message_text(5, 7, "Dag!")
    await to.take_keyboard(5, 7)
    await to.answer_callback_query("q")
    await to.send_typing(5)
    assert await to.delete_messages(5, [7, 8])
    assert await to.delete_message(5, 7)
    keyboard = [
        [{"text": "Vertel é 👶", "callback_data": "t1"}],
        [{"text": "Hulp nu", "callback_data": "t2", "style": "danger"}],
    ]
    quiet = {"link_preview_options": '{"is_disabled": true}'}
    sent = dict(request.asked[0][1])
    assert json.loads(sent.pop("reply_markup")) == {"inline_keyboard": keyboard}
    assert sent == {"chat_id": "5", "text": "Dag", **quiet}
    assert request.asked[1:] == [
        ("editMessageText", {"chat_id": "5", "message_id": "7", "text": "Dag!", **quiet}),
        ("editMessageReplyMarkup", {"chat_id": "5", "message_id": "7"}),
        ("answerCallbackQuery", {"callback_query_id": "q"}),
        ("sendChatAction", {"chat_id": "5", "action": "typing"}),
        ("deleteMessages", {"chat_id": "5", "message_ids": "[7, 8]"}),
        ("deleteMessage", {"chat_id": "5", "message_id": "7"}),
    ]


def test_no_keys_are_no_keyboard() -> None:
    """An empty keyboard would be refused by Telegram."""
    assert markup(()) is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"<html>", TelegramError),
        (200, [], TelegramError),
        (200, {"ok": True}, TelegramError),
        (200, {"ok": True, "result": True}, TelegramError),
        (200, {"ok": True, "result": {"message_id": "7"}}, TelegramError),
        (400, {"ok": False, "description": "Bad Request: message text is empty"}, BadRequest),
        (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, Forbidden),
        (429, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 3}}, RetryAfter),
        (502, b"<html>", NetworkError),
        (400, [], TelegramError),
    ],
)
async def test_odd_answers(
    status: int, body: object, error: type[TelegramError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes back is a message's number or one of Telegram's errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    to, _ = calls(status, body)
    with pytest.raises(error) as raised:
        await to.send_message(5, "Dag", None)
    assert type(raised.value) is error
