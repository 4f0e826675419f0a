"""Where the secret comes from: the environment, or a file; after a rotation that was cut short, the right one."""

from __future__ import annotations

from bot.settings import SettingsError, Storage
from bot.store import Keys, SecretUnusable, StoreUnusable, load_or_make_secret
from bot.store.rotation import settle


def keys_of(storage: Storage) -> Keys:
    """The keys for `serve`; a secret is made when there is none. Raises SettingsError."""
    try:
        if storage.secret is None:
            settle(storage.database, storage.secret_file)
        secret = storage.secret or load_or_make_secret(storage.secret_file, named=storage.named)
        return Keys.from_secret(secret)
    except SecretUnusable as problem:
        beside = storage.secret_file.parent == storage.database.parent
        raise SettingsError(f"BOT_SECRET{', kept beside DATABASE' if beside else ''}: {problem}") from None
    except StoreUnusable as problem:
        raise SettingsError(f"DATABASE: {problem}") from None


def known_keys(storage: Storage) -> Keys:
    """The keys for what works with a database that is there: no secret is made. Raises SettingsError."""
    if storage.secret is None:
        insist_on_secret(storage)
    return keys_of(storage)


def insist_on_secret(storage: Storage) -> None:
    """See that the secret file is there. Raises SettingsError."""
    if not storage.secret_file.exists():
        raise SettingsError(
            f"BOT_SECRET: there is no secret in {storage.secret_file}; put the one of this database there"
        )
