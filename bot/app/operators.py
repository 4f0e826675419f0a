"""The commands for people who run the bot: copies of the database, another secret, counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from bot.app.secret import insist_on_secret, known_keys
from bot.app.stats import as_json, as_text
from bot.app.stats import stats as counted
from bot.settings import SettingsError, read_new_secret, read_storage
from bot.store import SecretUnusable, StoreInUse, StoreUnusable
from bot.store.backup import back_up
from bot.store.backup import restore as put_back
from bot.store.errors import CopyUnusable, WrongSecret
from bot.store.rotation import Rotated, rotate_file, rotate_given

Say = Callable[[str], None]


def backup(env: Mapping[str, str], file: Path, force: bool, say: Say) -> int:
    """Copy the database to ``file``, also while the bot runs. Raises SettingsError."""
    storage = read_storage(env)
    if file.resolve() in (storage.database.resolve(), storage.secret_file.resolve()):
        raise SettingsError(f"FILE: {file} is what the bot works with; name another file")
    try:
        copy = back_up(storage.database, file, force=force)
    except StoreUnusable as problem:
        raise _setting(problem, "FILE") from None
    say(
        f"{file}: {copy.chats} chats, {copy.bytes} bytes, checked. The secret is not in it: "
        "both are needed to restore, so keep the secret as well, in another place"
    )
    return 0


def restore(env: Mapping[str, str], file: Path, say: Say) -> int:
    """Put ``file`` in the place of the database. Raises SettingsError."""
    storage = read_storage(env)
    keys = known_keys(storage)
    try:
        done = put_back(storage.database, file, keys)
    except StoreUnusable as problem:
        raise _setting(problem, "FILE") from None
    say(f"restored: {done.copy.chats} chats, {done.copy.bytes} bytes")
    say(
        "Chats that asked to be forgotten since this backup was made are in it again, as are notes that were deleted "
        "and check-ins that were called off since. Use the newest backup there is, and keep backups for days only"
    )
    if done.former is not None:
        say(
            f"The former database is kept as {done.former}. To undo, stop the bot and restore that file; "
            "once all is well, delete it"
        )
    return 0


def rotate_secret(env: Mapping[str, str], say: Say) -> int:
    """Seal the database with another secret. Raises SettingsError."""
    storage, new = read_storage(env), read_new_secret(env)
    try:
        if storage.secret is not None:
            if new is None:
                raise SettingsError(
                    "BOT_SECRET_NEW (or BOT_SECRET_NEW_FILE) has to hold the new secret, since BOT_SECRET is set"
                )
            done = rotate_given(storage.database, storage.secret, new)
            then = "Now set BOT_SECRET to the new secret, before the bot is started"
        else:
            insist_on_secret(storage)
            done = rotate_file(storage.database, storage.secret_file, new)
            then = f"The new secret is in {storage.secret_file}"
    except SecretUnusable as problem:
        raise SettingsError(f"BOT_SECRET: {problem}") from None
    except StoreUnusable as problem:
        raise _setting(problem, "DATABASE") from None
    say(f"{_told(done)}. {then}")
    say("Backups made before now open with the old secret only: make a new one, and delete those")
    return 0


def stats(env: Mapping[str, str], days: int, form: str, now: datetime, say: Say) -> int:
    """Print how often what happened. Raises SettingsError."""
    rows = counted(read_storage(env).database, days, now)
    for line in as_json(rows) if form == "json" else as_text(rows):
        say(line)
    return 0


def _told(done: Rotated) -> str:
    if done.finished:
        return "a rotation that was interrupted is finished: the database belongs to the new secret"
    lost = f"; {done.lost} that nobody could read are deleted" if done.lost else ""
    return f"{done.sealed} rows are sealed with the new secret{lost}"


def _setting(problem: StoreUnusable, about: str) -> SettingsError:
    """One line that names what has to change: the secret, the file given, or the database."""
    if isinstance(problem, WrongSecret):
        return SettingsError(str(problem))
    if isinstance(problem, StoreInUse):
        return SettingsError(f"DATABASE: {problem}; stop the bot first")
    return SettingsError(f"{about if isinstance(problem, CopyUnusable) else 'DATABASE'}: {problem}")
