"""The calls of every turn, as Telegram's form fields.

python-telegram-bot would build an object out of each answer, of which only a message's number is wanted here, and look
into each parameter for files and defaults. On a small machine that is half of a turn. Its request, with its errors, is
used as it is; so is the Bot, for all calls that are rare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json import dumps
from typing import Any, Final, cast

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

NO_PREVIEW: Final = '{"is_disabled": true}'
"""A link_preview_options."""


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
        sent = await self._post("sendMessage", fields)
        number = sent.get("message_id") if isinstance(sent, dict) else None
        if not isinstance(number, int):
            raise TelegramError("the answer to sendMessage names no message")
        return number

    async def answer_callback_query(self, query: str) -> None:
        """Let a tapped button stop glowing."""
        await self._post("answerCallbackQuery", {"callback_query_id": query})

    async def edit_message_text(self, chat: int, message: int, text: str, keyboard: str | None = None) -> None:
        """Replace the text of a message, and its keyboard."""
        fields = {"chat_id": str(chat), "message_id": str(message), "text": text, "link_preview_options": NO_PREVIEW}
        if keyboard is not None:
            fields["reply_markup"] = keyboard
        await self._post("editMessageText", fields)

    async def take_keyboard(self, chat: int, message: int) -> None:
        """Take the keyboard from under a message."""
        await self._post("editMessageReplyMarkup", {"chat_id": str(chat), "message_id": str(message)})

    async def send_typing(self, chat: int) -> None:
        """Show "typing" for five seconds, or until the next message."""
        await self._post("sendChatAction", {"chat_id": str(chat), "action": "typing"})

    async def delete_messages(self, chat: int, messages: Sequence[int]) -> bool:
        """Delete up to 100 messages; Telegram passes over those that it does not find. True, always."""
        return bool(await self._post("deleteMessages", {"chat_id": str(chat), "message_ids": dumps(list(messages))}))

    async def delete_message(self, chat: int, message: int) -> bool:
        """Delete one message. True, always."""
        return bool(await self._post("deleteMessage", {"chat_id": str(chat), "message_id": str(message)}))

    async def _post(self, method: str, fields: Mapping[str, str]) -> Any:
        try:
            return await self._request.post(f"{self._base}/{method}", cast(RequestData, Fields(fields)))
        except (KeyError, TypeError, AttributeError):  # an answer without its result, or no object at all
            raise TelegramError(f"the answer to {method} is not one of Telegram") from None
