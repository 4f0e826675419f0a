"""What can be wrong with a store. Every message is one line for a person, without anything of a parent in it."""

from __future__ import annotations

from bot.conversation.ports import StoreUnavailable

__all__ = [
    "CopyUnusable",
    "NewerDatabase",
    "SecretUnusable",
    "StoreInUse",
    "StoreUnavailable",
    "StoreUnusable",
    "Unreadable",
    "WrongSecret",
]


class StoreUnusable(Exception):
    """The store cannot be opened, and will not be until a person changes something."""


class StoreInUse(StoreUnusable):
    """Another process has this database open."""


class NewerDatabase(StoreUnusable):
    """The database was made by a newer edition of the bot."""


class WrongSecret(StoreUnusable):
    """The database was made with another secret."""


class CopyUnusable(StoreUnusable):
    """A copy of a database cannot be made, or cannot be used."""


class SecretUnusable(ValueError):
    """The secret, or the file it stands in, cannot be used. The message never holds the secret."""


class Unreadable(ValueError):
    """Sealed bytes that were changed, moved to another row, or sealed with another key."""
