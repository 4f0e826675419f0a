"""An update as far as it is needed to answer it, and not further: no names, no raw JSON.

This is what the inbox keeps, sealed, for the moments until the update is handled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, assert_never

from telegram import Chat, ChatMember, Message, MessageEntity, Update
from telegram.ext import filters

from bot.conversation.incoming import CheckInDue, Commanded, Incoming, SentOther, Tapped, Typed

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]


@dataclass(frozen=True, slots=True)
class Blocked:
    """The parent blocked the bot."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The bot is in a group or a channel. ``speak``: it was just added, so it says once why it leaves."""

    speak: bool


What = Incoming | Blocked | Crowd


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Which keyboard was tapped: the query to answer, the message it is under, and what that message says."""

    query_id: str
    message_id: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """One update. ``language`` is the phone's ``language_code``, ``message_id`` the message that the parent sent.

    A check-in that is due is received, too: from the bot's own clock, by no update, and in no inbox.
    """

    update_id: int
    chat_id: int = field(repr=False)
    what: What
    language: str | None = None
    keyboard: Keyboard | None = field(default=None, repr=False)
    message_id: int | None = field(default=None, repr=False)
    too_fast: bool = False
    """Too many of this chat wait: that is said instead of an answer. Not kept in the inbox."""

    @property
    def stored(self) -> bool:
        """Whether it waits in the inbox."""
        return not isinstance(self.what, CheckInDue)

    def to_json(self) -> bytes:
        """As UTF-8 JSON, for the inbox."""
        row: dict[str, Any] = {"u": self.update_id, "c": self.chat_id, "l": self.language}
        match self.what:
            case Tapped(token):
                row["tap"] = token
            case Typed(text, edited):
                row["edit" if edited else "text"] = text
            case Commanded(name, argument):
                row["command"] = [name, argument]
            case SentOther():
                row["other"] = True
            case Blocked():
                row["blocked"] = True
            case Crowd(speak):
                row["crowd"] = speak
            case CheckInDue():
                raise ValueError("a check-in that is due is no update, and in no inbox")
            case what:
                assert_never(what)
        if self.keyboard is not None:
            row["k"] = [self.keyboard.query_id, self.keyboard.message_id, self.keyboard.text]
        if self.message_id is not None:
            row["m"] = self.message_id
        return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")

    @classmethod
    def from_json(cls, body: bytes) -> Received:
        """What ``to_json`` wrote. Raises ValueError for anything else."""
        try:
            row = json.loads(body.decode("utf-8", "surrogatepass"))
            keyboard = Keyboard(*row["k"]) if "k" in row else None
            return cls(row["u"], row["c"], _what(row), row["l"], keyboard, row.get("m"))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not an inbox row: {type(error).__name__}") from None


def _what(row: dict[str, Any]) -> What:
    if "tap" in row:
        return Tapped(row["tap"])
    if "text" in row:
        return Typed(row["text"])
    if "edit" in row:
        return Typed(row["edit"], edited=True)
    if "command" in row:
        return Commanded(*row["command"])
    if "other" in row:
        return SentOther()
    if "blocked" in row:
        return Blocked()
    return Crowd(row["crowd"])


def read_update(update: Update) -> Received | None:
    """What is needed of ``update``; None when there is nothing to answer."""
    if update.my_chat_member is not None:
        return _membership(update)
    if update.callback_query is not None:
        return _tap(update)
    message = update.message or update.edited_message or update.channel_post
    if message is None:
        return None
    if message.chat.type != Chat.PRIVATE:
        return Received(update.update_id, message.chat.id, Crowd(speak=False), _language(update))
    if filters.StatusUpdate.ALL.check_update(update):
        return None  # a pinned message, a changed theme: nothing was said
    what = _said(message, edited=update.edited_message is not None)
    return Received(update.update_id, message.chat.id, what, _language(update), message_id=message.message_id)


def _membership(update: Update) -> Received | None:
    change = update.my_chat_member
    assert change is not None
    status = change.new_chat_member.status
    gone = status in (ChatMember.BANNED, ChatMember.LEFT)
    if change.chat.type == Chat.PRIVATE:
        return Received(update.update_id, change.chat.id, Blocked()) if gone else None
    if gone or change.old_chat_member.status not in (ChatMember.BANNED, ChatMember.LEFT):
        return None  # it left, or its rights changed
    return Received(update.update_id, change.chat.id, Crowd(speak=True), _language(update))


def _tap(update: Update) -> Received | None:
    query = update.callback_query
    assert query is not None
    message = query.message
    chat = message.chat if message is not None else None
    # One that was deleted cannot be edited. (python-telegram-bot may give it as a Message, too.)
    there = message if isinstance(message, Message) and message.is_accessible else None
    keyboard = Keyboard(
        query.id,
        there.message_id if there is not None else None,
        there.text if there is not None else None,
    )
    if chat is not None and chat.type != Chat.PRIVATE:
        return Received(update.update_id, chat.id, Crowd(speak=False), _language(update))
    chat_id = chat.id if chat is not None else query.from_user.id
    return Received(update.update_id, chat_id, Tapped(query.data or ""), _language(update), keyboard)


def _said(message: Message, *, edited: bool) -> Incoming:
    """A command, a text (also under a picture), or something that is no text."""
    text = message.text if message.text is not None else message.caption
    if text is None or not text.strip():
        return SentOther()
    if not edited and message.text is not None and _begins_with_command(message):
        command, _, argument = text.partition(" ")
        return Commanded(command[1:].partition("@")[0].strip(), argument.strip())
    return Typed(text, edited=edited)


def _begins_with_command(message: Message) -> bool:
    return any(entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0 for entity in message.entities)


def _language(update: Update) -> str | None:
    return update.effective_user.language_code if update.effective_user is not None else None
