"""python-telegram-bot's ConversationHandler with PicklePersistence, as its examples do it."""

# mypy: ignore-errors
# As its users write it; and the peers are installed where mypy does not look.

from __future__ import annotations

import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    PicklePersistence,
)

KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Ja", callback_data="yes")], [InlineKeyboardButton("Nee", callback_data="no")]]
)
ONE, OTHER = range(2)


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Begin."""
    await update.message.reply_text("Dag, schuif maar aan.", reply_markup=KEYBOARD)
    return ONE


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Go on to the next state."""
    query = update.callback_query
    await query.answer()
    await query.message.reply_text(f"Je koos {query.data}.", reply_markup=KEYBOARD)
    return ONE if query.data == "yes" else OTHER


def main() -> None:
    """Poll for ever."""
    taps = [CallbackQueryHandler(tapped)]
    conversation = ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={ONE: taps, OTHER: taps},
        fallbacks=[CommandHandler("start", start)],
        name="bench",
        persistent=True,
    )
    application = (
        Application.builder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(f"{os.environ['TELEGRAM_API_URL']}/bot")
        .persistence(PicklePersistence("conversations.pickle"))
        .build()
    )
    application.add_handler(conversation)
    application.run_polling()


main()
