"""The conversation in a terminal: for trying, for rehearsing a night, and for programs."""

from bot.terminal.chat import Chat

__all__ = ["Chat"]
