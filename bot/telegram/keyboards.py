"""Keyboards under messages: one button a row, Hulp nu last and visibly its own."""

from __future__ import annotations

from json import JSONEncoder

from telegram.constants import KeyboardButtonStyle

from bot.conversation.answers import Key
from bot.engine.replies import Role

_written = JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def markup(keyboard: tuple[Key, ...]) -> str | None:
    """The keyboard in JSON, as Telegram takes it for ``reply_markup``; None for none."""
    if not keyboard:
        return None
    return _written({"inline_keyboard": [[_button(key)] for key in keyboard]})


def _button(key: Key) -> dict[str, str]:
    button = {"text": key.label, "callback_data": key.token}
    if key.role is Role.HELP:
        button["style"] = KeyboardButtonStyle.DANGER.value
    return button
