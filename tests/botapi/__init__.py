"""A small, strict Telegram Bot API server for tests of a real bot process; see `BotApi`."""

from .groups import Channel, Group
from .parents import Parent
from .records import Call, Violation
from .server import TOKEN, BotApi
from .state import Button, Message, Tap
from .trouble import Trouble

__all__ = [
    "TOKEN",
    "BotApi",
    "Button",
    "Call",
    "Channel",
    "Group",
    "Message",
    "Parent",
    "Tap",
    "Trouble",
    "Violation",
]
