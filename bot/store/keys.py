"""Every key comes from the bot's one secret: the row key of a chat, and the sealing of what is stored.

Sealing is AES-SIV (RFC 5297, AES-256): it needs no nonce, so there is none to repeat after a crash or a restored
backup, and costs 16 bytes a row, where a cipher with a random nonce costs 28. The price is that equal bodies in the
*same row* give equal bytes; a session holds its moment and an update its number, so that does not happen.
"""

from __future__ import annotations

from enum import Enum
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.store.errors import SecretUnusable, Unreadable

MIN_CHARACTERS = 32
"""Of the secret, without white space around it; 32 hexadecimal ones are 128 bits."""
CHAT_BYTES = 16
"""Of the row key of a chat. Among a thousand million chats two share one with a chance of 1 in 10^20, and nobody who
lacks the secret can look for such a pair; the other half of the HMAC would only make every row longer."""
CHECK_BYTES = 16
SEAL_BYTES = 16
"""What sealing adds to a body."""

_EDITION = "keukentafel/1"
_CHAT_KEY_BYTES = 32


class Purpose(Enum):
    """What a sealed body is; each has a key of its own."""

    SESSION = "session"
    INBOX = "inbox"
    NOTE = "note"
    CHECK_IN = "check-in"
    SHOWN = "shown"
    FORMER = "former"


class Keys:
    """All keys of one secret. Shows nothing of them in ``repr`` and cannot be pickled."""

    __slots__ = ("_chats", "_links", "_seals", "check")

    def __init__(self, secret: bytes) -> None:
        self._chats: tuple[bytes, ...] = (_derive(secret, "chat", _CHAT_KEY_BYTES),)
        self._links = tuple(map(_link, self._chats))
        self._seals = {purpose: AESSIV(_derive(secret, f"seal/{purpose.value}", 64)) for purpose in Purpose}
        self.check = _derive(secret, "check", CHECK_BYTES)
        """Stands in the database, so that a wrong secret is noticed when it is opened; tells nothing of the keys."""

    @classmethod
    def from_secret(cls, secret: str) -> Keys:
        """The keys of ``secret``, white space around it left out.

        Raises SecretUnusable when it is shorter than 32 characters.
        """
        text = secret.strip()
        if len(text) < MIN_CHARACTERS:
            raise SecretUnusable(f"the secret has {len(text)} characters; at least {MIN_CHARACTERS} are needed")
        return cls(text.encode("utf-8", "surrogateescape"))

    def chat_key(self, chat_id: int) -> bytes:
        """The 16 bytes that stand for a chat in the database."""
        key = str(chat_id).encode("ascii")
        for link in self._links:
            key = _row_key(link, key)
        return key

    def rotated(self, row_key: bytes) -> bytes:
        """The row key, under these keys, of the chat that had ``row_key`` under the keys of the secret before."""
        return _row_key(self._links[-1], row_key)

    def seal_former(self, before: Keys) -> bytes:
        """What the database has to keep after a rotation from ``before`` to these keys; see ``following``."""
        return self.seal(Purpose.FORMER, b"", b"".join(before._chats))

    def following(self, sealed: bytes) -> Keys:
        """These keys for a database whose secret was rotated: row keys are made with each secret's key in turn.

        A row key cannot be made anew from the chat's id, which stands nowhere. So each rotation makes the next row
        key of the one before, and the former keys stay in the database, where only the present secret opens them.
        Raises Unreadable.
        """
        former = self.unseal(Purpose.FORMER, b"", sealed)
        keys = Keys.__new__(Keys)
        keys._seals, keys.check = self._seals, self.check
        starts = range(0, len(former), _CHAT_KEY_BYTES)
        keys._chats = (*(former[start : start + _CHAT_KEY_BYTES] for start in starts), self._chats[-1])
        keys._links = tuple(map(_link, keys._chats))
        return keys

    def seal(self, purpose: Purpose, row: bytes, body: bytes) -> bytes:
        """``body`` encrypted for the row ``row`` of ``purpose``; 16 bytes longer. Opens nowhere else."""
        return self._seals[purpose].encrypt(body, [purpose.value.encode("ascii"), row])

    def unseal(self, purpose: Purpose, row: bytes, sealed: bytes) -> bytes:
        """The body again. Raises Unreadable when one bit differs, or purpose or row are others."""
        try:
            return self._seals[purpose].decrypt(sealed, [purpose.value.encode("ascii"), row])
        except (InvalidTag, ValueError):
            raise Unreadable(f"a sealed {purpose.value} cannot be read") from None

    def __repr__(self) -> str:
        return "Keys(<secret>)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys stay in this process")


def _link(key: bytes) -> HMAC:
    """HMAC-SHA256 under a key, ready to be copied for each use: half of its work is the same every time."""
    return HMAC(key, SHA256())


def _row_key(link: HMAC, of: bytes) -> bytes:
    keyed = link.copy()
    keyed.update(of)
    return keyed.finalize()[:CHAT_BYTES]


def _derive(secret: bytes, label: str, length: int) -> bytes:
    """One key of ``length`` bytes; keys of different labels tell nothing of each other (HKDF-SHA256)."""
    info = f"{_EDITION}/{label}".encode("ascii")
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(secret)
