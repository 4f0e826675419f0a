"""python-telegram-bot, as its examples do it; with `client` on the transport of this repository.

With `beside` it handles updates side by side (`concurrent_updates`), which it does not as it comes.
"""

# mypy: ignore-errors
# As its users write it; and the peers are installed where mypy does not look.

from __future__ import annotations

import os
import sys

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Ja", callback_data="yes")], [InlineKeyboardButton("Nee", callback_data="no")]]
)


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was said."""
    await update.message.reply_text(update.message.text, reply_markup=KEYBOARD)


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was tapped."""
    query = update.callback_query
    await query.answer()
    await query.message.reply_text(f"Je koos {query.data}.", reply_markup=KEYBOARD)


def main() -> None:
    """Poll for ever."""
    builder = Application.builder().token(os.environ["BOT_TOKEN"]).base_url(f"{os.environ['TELEGRAM_API_URL']}/bot")
    if "client" in sys.argv:
        from bot.telegram.transport import AiohttpRequest
        from tests.bench.bots import loop

        loop.use()
        builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    if "beside" in sys.argv:
        builder.concurrent_updates(True)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(tapped))
    application.run_polling()


main()
