"""What survives a restart: sessions and the inbox, sealed with the bot's secret, in one SQLite file."""

from bot.store.errors import SecretUnusable, StoreInUse, StoreUnavailable, StoreUnusable
from bot.store.keys import Keys
from bot.store.secret_file import load_or_make_secret
from bot.store.store import Counts, Store, Waiting

__all__ = [
    "Counts",
    "Keys",
    "SecretUnusable",
    "Store",
    "StoreInUse",
    "StoreUnavailable",
    "StoreUnusable",
    "Waiting",
    "load_or_make_secret",
]
