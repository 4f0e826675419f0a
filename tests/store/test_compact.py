"""Compact sessions: the same text again, short, and of a length that tells little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.model import Place
from bot.engine.session import Session
from bot.store.compact import BLOCK, MAX_SESSION, pack, unpack
from bot.store.errors import Unreadable

TYPICAL = Session(
    place=Place("breathe", "minute"),
    returns=(Place("lost_patience", "repair"),),
    trail=(Place("menu", "welcome"), Place("menu", "guilt"), Place("lost_patience", "hello")),
    language="nl",
    region="be",
    region_asked=True,
    greeted=True,
    serial=6,
    tapped="05:lost_patience/repair/breathe",
    seen=1_795_489_800,
)


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert unpack(pack(text)) == text
    assert len(pack(text)) % BLOCK == 0


def test_a_typical_session_takes_a_third_of_its_json() -> None:
    """Sealed, with row key and day, it stays far below 150 bytes a chat."""
    text = TYPICAL.to_json()
    assert len(text) > 200
    assert len(pack(text)) <= 64
    assert (
        len(pack(Session(place=Place("menu", "welcome"), greeted=True, serial=1, seen=1_795_489_800).to_json())) == 16
    )


def test_every_topic_and_safety_dialog_looks_alike_from_outside() -> None:
    """Nobody reads from the length of a first session whether a parent came for sleep or in need."""
    ids = ["sleep", "crying", "lost_patience", "low_mood", "too_late", "safety_suicide", "safety_violence"]
    lengths = {
        len(pack(Session(place=Place(each, "hello"), greeted=True, seen=1_795_489_800).to_json())) for each in ids
    }
    assert len(lengths) == 1


def test_sessions_of_the_first_edition_stay_readable() -> None:
    """Taken once. After a release, a better dictionary gets the next number; this one stays as it is."""
    assert (
        unpack(
            bytes.fromhex(
                "0143933235b1b0b430801868065101cb03b99979a525a9d81d0da900e0aec61650b0948ac3b7442415532b6c96ea43dda7540b00000000000000000000000000"
            )
        )
        == TYPICAL.to_json()
    )


def test_what_was_never_packed_is_unreadable() -> None:
    good = pack(TYPICAL.to_json())
    bomb = pack("x" * MAX_SESSION)
    assert len(bomb) < 200
    for broken in (b"", b"\0" * 16, b"\x02" + good[1:], good[:8], good[:1] + b"\xff" * 31):
        with pytest.raises(Unreadable):
            unpack(broken)


def test_a_session_far_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 65536"):
        pack("x" * (MAX_SESSION + 1))
