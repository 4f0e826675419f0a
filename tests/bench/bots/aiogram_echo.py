"""aiogram, as its examples do it."""

# mypy: ignore-errors
# As its users write it; and the peers are installed where mypy does not look.

from __future__ import annotations

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Ja", callback_data="yes")],
        [InlineKeyboardButton(text="Nee", callback_data="no")],
    ]
)
dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    """Say what was said."""
    await message.answer(message.text, reply_markup=KEYBOARD)


@dispatcher.callback_query()
async def tapped(query: CallbackQuery) -> None:
    """Say what was tapped."""
    await query.answer()
    await query.message.answer(f"Je koos {query.data}.", reply_markup=KEYBOARD)


async def main() -> None:
    """Poll for ever."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"]))
    await dispatcher.start_polling(Bot(os.environ["BOT_TOKEN"], session=session))


asyncio.run(main())
