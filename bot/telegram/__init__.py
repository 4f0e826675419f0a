"""The conversation on Telegram, with python-telegram-bot."""
