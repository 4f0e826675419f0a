"""From a typed text to a hearing: a safety dialog, or ranked topics, or nothing."""

from bot.understanding.lazy import LazyListener

__all__ = ["LazyListener"]
