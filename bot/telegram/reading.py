"""Reads an update as Telegram sends it, in JSON, and takes no more of it than an answer needs.

python-telegram-bot would build objects for everything in it, the tapped keyboard included, at a fifth of the cost of a
whole turn; and one field of a shape that it does not know would lose the update.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from bot.conversation.incoming import Commanded, Incoming, SentOther, Tapped, Typed
from bot.telegram.received import Blocked, Crowd, Keyboard, Received

ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")

_STATUS: Final = (
    "channel_chat_created chat_background_set chat_owner_changed chat_owner_left chat_shared "
    "checklist_tasks_added checklist_tasks_done connected_website delete_chat_photo direct_message_price_changed "
    "forum_topic_closed forum_topic_created forum_topic_edited forum_topic_reopened general_forum_topic_hidden "
    "general_forum_topic_unhidden gift gift_upgrade_sent giveaway_completed giveaway_created group_chat_created "
    "left_chat_member managed_bot_created message_auto_delete_timer_changed migrate_from_chat_id "
    "migrate_to_chat_id new_chat_members new_chat_photo new_chat_title paid_message_price_changed pinned_message "
    "poll_option_added poll_option_deleted proximity_alert_triggered refunded_payment "
    "suggested_post_approval_failed suggested_post_approved suggested_post_declined suggested_post_paid "
    "suggested_post_refunded supergroup_chat_created unique_gift users_shared video_chat_ended "
    "video_chat_participants_invited video_chat_scheduled video_chat_started web_app_data write_access_allowed"
)
STATUS: Final = frozenset(_STATUS.split())
"""Fields of messages with which nobody said anything: those of ``filters.StatusUpdate`` of python-telegram-bot."""

_OUT: Final = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)

Json = Mapping[str, Any]
T = TypeVar("T")


def update_id(update: object) -> int | None:
    """The id by which Telegram knows ``update``; None for what is no update, or has an id that no database can hold."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and 0 <= number < 2**63 else None


def read_update(update: Json) -> Received | None:
    """What is needed of ``update``; None when there is nothing to answer.

    Raises ValueError, which names the field and nothing of its content, for what is no update of the Bot API.
    """
    number = _needed(update, "update_id", int)
    if (change := _given(update, "my_chat_member", dict)) is not None:
        return _membership(number, change)
    if (query := _given(update, "callback_query", dict)) is not None:
        return _tap(number, query)
    edited = _given(update, "edited_message", dict)
    message = _given(update, "message", dict) or edited or _given(update, "channel_post", dict)
    if message is None:
        return None
    chat = _needed(message, "chat", dict)
    chat_id = _needed(chat, "id", int)
    if chat.get("type") != ChatType.PRIVATE:
        return Received(number, chat_id, Crowd(speak=False), _language(message))
    if any(message[name] not in (None, False) for name in STATUS.intersection(message)):
        return None  # a pinned message, a changed theme: nothing was said
    what = _said(message, edited=message is edited)
    sent = _given(message, "edit_date" if message is edited else "date", int)
    message_id = _needed(message, "message_id", int)
    return Received(number, chat_id, what, _language(message), message_id=message_id, sent=sent)


def _membership(number: int, change: Json) -> Received | None:
    chat = _needed(change, "chat", dict)
    chat_id = _needed(chat, "id", int)
    gone = _needed(change, "new_chat_member", dict).get("status") in _OUT
    if chat.get("type") == ChatType.PRIVATE:
        return Received(number, chat_id, Blocked()) if gone else None
    if gone or _needed(change, "old_chat_member", dict).get("status") not in _OUT:
        return None  # it left, or its rights changed
    return Received(number, chat_id, Crowd(speak=True), _language(change))


def _tap(number: int, query: Json) -> Received:
    message = _given(query, "message", dict)
    chat = _given(message or {}, "chat", dict)
    if message is None or chat is None:
        chat_id = _needed(_needed(query, "from", dict), "id", int)
    else:
        chat_id = _needed(chat, "id", int)
        if chat.get("type") != ChatType.PRIVATE:
            return Received(number, chat_id, Crowd(speak=False), _language(query))
    keyboard = Keyboard(_needed(query, "id", str))
    if message is not None and message.get("date") != 0:  # one that was deleted cannot be edited; its date is 0
        keyboard = Keyboard(keyboard.query_id, _given(message, "message_id", int), _given(message, "text", str))
    return Received(number, chat_id, Tapped(_given(query, "data", str) or ""), _language(query), keyboard)


def _said(message: Json, *, edited: bool) -> Incoming:
    """A command, a text (also under a picture), or something that is no text."""
    typed = _given(message, "text", str)
    text = typed if typed is not None else _given(message, "caption", str)
    if text is None or not text.strip():
        return SentOther()
    if not edited and typed is not None and _begins_with_command(message):
        command, argument = (*text[1:].split(maxsplit=1), "", "")[:2]  # a new line may follow, too
        return Commanded(command.partition("@")[0], argument.strip())
    return Typed(text, edited=edited)


def _begins_with_command(message: Json) -> bool:
    return any(
        isinstance(entity, dict) and entity.get("type") == MessageEntityType.BOT_COMMAND and entity.get("offset") == 0
        for entity in _given(message, "entities", list) or ()
    )


def _language(whose: Json) -> str | None:
    return _given(_given(whose, "from", dict) or {}, "language_code", str)


def _given(fields: Json, name: str, kind: type[T]) -> T | None:
    value = fields.get(name)
    if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
        return value
    raise ValueError(f"{name} is no {kind.__name__}")


def _needed(fields: Json, name: str, kind: type[T]) -> T:
    value = _given(fields, name, kind)
    if value is None:
        raise ValueError(f"{name} is missing")
    return value
