"""Keys: separate, stable, silent."""

from __future__ import annotations

import pickle

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from bot.store import Keys, SecretUnusable
from bot.store.errors import Unreadable
from bot.store.keys import SEAL_BYTES, Purpose

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def keys() -> Keys:
    return Keys.from_secret(SECRET)


def test_the_keys_of_a_secret_never_change() -> None:
    """Values taken once. If this fails, every database there is has become unreadable."""
    keys = Keys.from_secret(SECRET)
    assert keys.chat_key(7_123_456_789).hex() == "df89f7df6e1280d608e3105f16e70569"
    assert keys.check.hex() == "d5553b1e7b790a0d50f24302b12d1422"
    assert keys.seal(Purpose.SESSION, b"row", b"body").hex() == "112f5cf3a0fb8e04c7f28cf4d1006ec3a3dfd9e0"


def test_what_is_sealed_opens_in_its_own_row_only(keys: Keys) -> None:
    sealed = keys.seal(Purpose.SESSION, b"row of a chat", b"body")
    assert keys.unseal(Purpose.SESSION, b"row of a chat", sealed) == b"body"
    assert len(sealed) == len(b"body") + SEAL_BYTES
    with pytest.raises(Unreadable):
        keys.unseal(Purpose.SESSION, b"row of another", sealed)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_a_key_of_its_own(keys: Keys, purpose: Purpose) -> None:
    sealed = keys.seal(purpose, b"row", b"body")
    for other in set(Purpose) - {purpose}:
        with pytest.raises(Unreadable):
            keys.unseal(other, b"row", sealed)
        assert keys.seal(other, b"row", b"body") != sealed


def test_another_secret_opens_nothing(keys: Keys) -> None:
    other = Keys.from_secret(SECRET[::-1])
    sealed = keys.seal(Purpose.INBOX, b"row", b"body")
    with pytest.raises(Unreadable):
        other.unseal(Purpose.INBOX, b"row", sealed)
    assert other.chat_key(1) != keys.chat_key(1)
    assert other.check != keys.check


def test_every_changed_bit_is_noticed(keys: Keys) -> None:
    sealed = keys.seal(Purpose.INBOX, b"row", b"some body")
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unreadable):
            keys.unseal(Purpose.INBOX, b"row", bytes(changed))
    for broken in (b"", sealed[:-1], sealed + b"\0", b"\0" * 16):
        with pytest.raises(Unreadable):
            keys.unseal(Purpose.INBOX, b"row", broken)


def test_an_empty_body_can_be_sealed(keys: Keys) -> None:
    assert keys.unseal(Purpose.INBOX, b"row", keys.seal(Purpose.INBOX, b"row", b"")) == b""


def test_the_cipher_is_the_one_of_the_standard() -> None:
    """The first example of RFC 5297, appendix A.1, through the library that is used."""
    key = bytes.fromhex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
    header = bytes.fromhex("101112131415161718191a1b1c1d1e1f2021222324252627")
    sealed = AESSIV(key).encrypt(bytes.fromhex("112233445566778899aabbccddee"), [header])
    assert sealed.hex() == "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c"


@pytest.mark.parametrize("secret", ["", "short", "x" * 31, " " * 40, "x" * 31 + "\n\n"])
def test_a_short_secret_is_refused_without_showing_it(secret: str) -> None:
    with pytest.raises(SecretUnusable, match=r"has \d+ characters; at least 32 are needed") as refused:
        Keys.from_secret(secret)
    assert "short" not in str(refused.value)


def test_white_space_around_a_secret_is_not_part_of_it(keys: Keys) -> None:
    assert Keys.from_secret(f" {SECRET}\n").check == keys.check
    assert Keys.from_secret("ü" * 32).check != keys.check


def test_keys_show_and_give_away_nothing(keys: Keys) -> None:
    assert repr(keys) == str(keys) == f"{keys}" == "Keys(<secret>)"
    with pytest.raises(TypeError, match="stay in this process"):
        pickle.dumps(keys)
