"""From a typed text to a hearing: a safety dialog, or ranked topics, or nothing."""

from bot.understanding.ear import Ear
from bot.understanding.listener import Listener

__all__ = ["Ear", "Listener"]
