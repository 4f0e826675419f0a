"""Sessions: small values that survive storage, and the versions that can be read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.model import Place
from bot.engine.session import VERSION, Session, UnreadableSession

ids = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
places = st.builds(Place, ids, ids)
sessions = st.builds(
    Session,
    place=st.none() | places,
    returns=st.lists(places, max_size=5).map(tuple),
    trail=st.lists(places, max_size=10).map(tuple),
    chosen=st.frozensets(st.builds("{}/{}".format, ids, ids), max_size=4),
    language=st.none() | st.sampled_from(["nl", "en", "fr"]),
    region=st.none() | st.sampled_from(["be", "nl", "elsewhere"]),
    region_asked=st.booleans(),
    greeted=st.booleans(),
    misses=st.integers(0, 9),
    serial=st.integers(0, 10_000),
    tapped=st.text(max_size=64),
    seen=st.integers(0, 2**33),
    notes=st.sets(st.integers(1, 999), max_size=20).map(sorted).map(tuple),
    notes_made=st.integers(0, 10**6),
    check_in=st.none() | st.integers(0, 2**33),
)


@given(sessions)
def test_a_session_survives_json(session: Session) -> None:
    """What comes back from storage is what was stored."""
    assert Session.from_json(session.to_json()) == session


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_anything_else_is_unreadable_and_nothing_worse(text: str) -> None:
    """A broken row never raises anything but UnreadableSession."""
    try:
        Session.from_json(text)
    except UnreadableSession:
        return
    raise AssertionError("this is no session")


@pytest.mark.parametrize("version", [0, VERSION + 1, "1", None])
def test_another_version_is_unreadable(version: object) -> None:
    """A session of an unknown version is told apart, so that the conversation can start anew, kindly."""
    row = json.loads(Session().to_json())
    row["v"] = version
    with pytest.raises(UnreadableSession):
        Session.from_json(json.dumps(row))


def test_a_session_is_small() -> None:
    """A session in the middle of a long conversation stays within a few hundred bytes."""
    place = Place("worried_about_child", "twenty_four_characters_ab")
    session = Session(place=place, returns=(place,) * 3, trail=(place,) * 10, language="nl", region="be", seen=2**31)
    assert len(session.to_json()) < 900
