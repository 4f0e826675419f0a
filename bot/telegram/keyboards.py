"""Keyboards under messages: one button a row, Hulp nu last and visibly its own."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.conversation.answers import Key
from bot.engine.replies import Role


def markup(keyboard: tuple[Key, ...]) -> InlineKeyboardMarkup | None:
    """The keyboard as Telegram shows it; None for none."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup([[_button(key)] for key in keyboard])


def _button(key: Key) -> InlineKeyboardButton:
    style = KeyboardButtonStyle.DANGER if key.role is Role.HELP else None
    return InlineKeyboardButton(key.label, callback_data=key.token, style=style)
