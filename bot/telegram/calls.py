"""The calls of every turn, as Telegram's form fields.

python-telegram-bot would build an object out of each answer, of which only a message's number is wanted here, and look
into each parameter for files and defaults. On a small machine that is half of a turn. What a refusal means it is asked;
and its Bot is used for all calls that are rare.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from json import dumps
from typing import Any, Final, cast

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

NO_PREVIEW: Final = '{"is_disabled": true}'
"""A link_preview_options."""
_DONE: Final = b'{"ok":true,"result":'
_SENT: Final = re.compile(rb'\{"ok":true,"result":\{"message_id":(\d{1,18}),')
"""How the answers of Telegram begin; what begins in another way is read whole."""


class Fields:
    """Parameters that are ready to be sent: what a request asks of RequestData, which is final."""

    __slots__ = ("json_parameters",)
    contains_files: Final = False

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.json_parameters = fields


class Calls:
    """Calls of one bot account. Each raises TelegramError as python-telegram-bot does, also for an odd answer.

    ``keyboard`` is an inline keyboard in JSON, as ``keyboards.markup`` writes it.
    """

    def __init__(self, bot: Bot) -> None:
        self._request: BaseRequest = bot.request
        self._base = bot.base_url

    async def send_message(self, chat: int, text: str, keyboard: str | None) -> int:
        """Give the number of the message that was sent."""
        fields = {"chat_id": str(chat), "text": text, "link_preview_options": NO_PREVIEW}
        if keyboard is not None:
            fields["reply_markup"] = keyboard
        body = await self._post("sendMessage", fields)
        if found := _SENT.match(body):
            return int(found[1])
        sent = self._result("sendMessage", body)
        number = sent.get("message_id") if isinstance(sent, dict) else None
        if not isinstance(number, int):
            raise TelegramError("the answer to sendMessage names no message")
        return number

    async def answer_callback_query(self, query: str) -> None:
        """Let a tapped button stop glowing."""
        await self._do("answerCallbackQuery", {"callback_query_id": query})

    async def edit_message_text(self, chat: int, message: int, text: str, keyboard: str | None = None) -> None:
        """Replace the text of a message, and its keyboard."""
        fields = {"chat_id": str(chat), "message_id": str(message), "text": text, "link_preview_options": NO_PREVIEW}
        if keyboard is not None:
            fields["reply_markup"] = keyboard
        await self._do("editMessageText", fields)

    async def take_keyboard(self, chat: int, message: int) -> None:
        """Take the keyboard from under a message."""
        await self._do("editMessageReplyMarkup", {"chat_id": str(chat), "message_id": str(message)})

    async def send_typing(self, chat: int) -> None:
        """Show "typing" for five seconds, or until the next message."""
        await self._do("sendChatAction", {"chat_id": str(chat), "action": "typing"})

    async def delete_messages(self, chat: int, messages: Sequence[int]) -> bool:
        """Delete up to 100 messages; Telegram passes over those that it does not find. True, always."""
        await self._do("deleteMessages", {"chat_id": str(chat), "message_ids": dumps(list(messages))})
        return True

    async def delete_message(self, chat: int, message: int) -> bool:
        """Delete one message. True, always."""
        await self._do("deleteMessage", {"chat_id": str(chat), "message_id": str(message)})
        return True

    async def _do(self, method: str, fields: Mapping[str, str]) -> None:
        """A call of which it is enough to know that it was done."""
        body = await self._post(method, fields)
        if not body.startswith(_DONE):
            self._result(method, body)

    def _result(self, method: str, body: bytes) -> Any:
        try:
            return self._request.parse_json_payload(body)["result"]
        except (KeyError, TypeError):  # an answer without its result, or no object at all
            raise TelegramError(f"the answer to {method} is not one of Telegram") from None

    async def _post(self, method: str, fields: Mapping[str, str]) -> bytes:
        """The body of the answer, when it is no refusal."""
        url = f"{self._base}/{method}"
        status, body = await self._request.do_request(url, "POST", cast(RequestData, Fields(fields)))
        if status == HTTPStatus.OK:
            return body
        with suppress(AttributeError, TypeError, RecursionError):  # it is no object, or one without end
            await _Answered(status, body).post(url)
        raise TelegramError(f"the answer to {method} is not one of Telegram")


class _Answered(BaseRequest):
    """A request that has its answer already: for python-telegram-bot, which knows the errors of the Bot API."""

    def __init__(self, status: int, body: bytes) -> None:
        self._answer = status, body

    @property
    def read_timeout(self) -> float | None:
        """None: nothing is waited for."""
        return None

    async def initialize(self) -> None:
        """Nothing to get ready."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(self, *_arguments: Any, **_options: Any) -> tuple[int, bytes]:
        """The answer that came."""
        return self._answer
