"""The file that holds the bot's secret; made once, beside the database, when the operator gave none."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from pathlib import Path

from bot.store.errors import SecretUnusable
from bot.store.files import make_folder, sync_folder
from bot.store.keys import MIN_CHARACTERS

RANDOM_BYTES = 32


def load_or_make_secret(path: Path, *, named: bool = False) -> str:
    """The secret in ``path``; a random one of 256 bits, in a file with mode 0600, when there is none.

    An empty file is one whose maker was killed before it could write; nothing was ever sealed with it, so it gets
    its secret now. Two processes that start at once get the same secret. Returns only once it is safely on disk.
    ``named``: the operator named this file and sees to who can read it (Docker gives its secrets to all users).
    Raises SecretUnusable with one clear line when the file cannot be read or made, when other users of the machine
    can read it, or when what stands in it is too short.
    """
    try:
        text = _read(path, named) or _make(path)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SecretUnusable(f"{path} cannot be used for the secret: {reason}") from None
    if len(text) < MIN_CHARACTERS:
        raise SecretUnusable(f"{path} holds {len(text)} characters; a secret has at least {MIN_CHARACTERS}")
    return text


def _read(path: Path, named: bool) -> str:
    """What stands in the file; empty when it is not there."""
    try:
        file = open(path, encoding="utf-8")  # noqa: SIM115 - the with is two lines down
    except FileNotFoundError:
        return ""
    with file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077 and not named:
            cure = f"chmod 600 {path}, or give the secret in BOT_SECRET"
            raise SecretUnusable(f"{path} holds the secret and others can read it (mode {mode:04o}): {cure}")
        return file.read().strip()


def _make(path: Path) -> str:
    make_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with open(descriptor, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another process may be making it at this very moment
        text = file.read().strip()
        if not text:
            text = secrets.token_urlsafe(RANDOM_BYTES)
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
            sync_folder(path.parent)
        return text
