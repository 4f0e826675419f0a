"""Notes, check-ins, wiping, and everything stored told in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.events import Due
from bot.engine.keeping import is_timely, tomorrow
from bot.engine.model import MAX_NOTES, STILL_TONIGHT_HOUR, Effect
from bot.engine.phrases import Phrase
from bot.engine.replies import Lines, Perform, Recall, Say
from bot.engine.session import Session
from tests.engine.parent import Parent, at, phrase, stored

BRUSSELS = ZoneInfo("Europe/Brussels")


def noted(count: int = 3) -> Parent:
    """A parent who kept so many notes."""
    parent = at("good_moment/keep")
    for _ in range(count):
        parent.says()
        parent.taps("again")
    return parent


def shown(parent: Parent) -> list[int]:
    """The numbers of the notes in the last turn."""
    return [reply.number for reply in parent.turn.replies if isinstance(reply, Recall)]


def test_a_note_is_kept_where_that_was_chosen() -> None:
    """What is typed becomes a note by a number, and that is said before what comes next."""
    parent = at("good_moment/keep")
    parent.says("song")
    assert parent.session.notes == (1,)
    assert parent.said == [phrase(Phrase.NOTE_KEPT), "stored"]


def test_elsewhere_words_are_let_go() -> None:
    parent = at("soup/write")
    parent.says()
    assert parent.session.notes == ()
    assert phrase(Phrase.NOTE_KEPT) not in parent.said


@pytest.mark.parametrize("sure", [True, False])
def test_danger_in_a_note_goes_before_everything(sure: bool) -> None:
    """Nothing is kept, and the safety dialog opens or is asked about."""
    parent = at("good_moment/keep")
    parent.says(safety="fire", sure=sure)
    assert parent.session.notes == ()
    assert parent.place == ("fire/hello" if sure else "good_moment/keep")


def test_an_edited_text_is_no_note() -> None:
    parent = at("good_moment/keep")
    parent.says(edited=True)
    assert parent.session.notes == ()


def test_looking_back() -> None:
    """The newest comes first; each leads to the one before and after it, and back to where the parent was."""
    parent = noted()
    parent.commands("terugblik")
    assert shown(parent) == [3]
    assert parent.ids == ["older/2", "drop/3", "drop/all", "here", "back", "help_now"]
    parent.taps("older/2")
    assert shown(parent) == [2]
    assert parent.ids[:2] == ["older/1", "newer/3"]
    parent.taps("here")
    assert parent.place == "good_moment/keep"


def test_a_button_of_before_it_told_its_words() -> None:
    """All ways to a note carried the same once; under an old message they still lead to it."""
    parent = noted()
    parent.taps_token("00:!note/1")
    assert shown(parent) == [1]


def test_nothing_to_look_back_at() -> None:
    parent = at("soup/hot")
    parent.commands("notes")
    assert parent.said == [phrase(Phrase.NOTES_NONE)]
    parent.taps("open/good_moment")
    assert parent.place == "good_moment/hello"


def test_deleting_one() -> None:
    """One question, with the note in sight; a number never comes back for another note."""
    parent = noted()
    parent.commands("terugblik")
    old = parent.token("drop/3")
    parent.taps("drop/3")
    assert shown(parent) == [3]
    assert parent.said == [phrase(Phrase.NOTE_DROP_ASK)]
    parent.taps("dropped/3")
    assert parent.session.notes == (1, 2)
    parent.taps_token(old)
    assert shown(parent) == [2]  # what it was about is gone: the newest is shown instead
    parent.taps("here")
    parent.says()
    assert list(parent.session.notes) == [1, 2, 4]


def test_deleting_none() -> None:
    """Who says no sees the note again."""
    parent = noted()
    parent.commands("terugblik")
    parent.taps("drop/3", "spared/3")
    assert (shown(parent), parent.session.notes) == ([3], (1, 2, 3))


def test_deleting_all() -> None:
    parent = noted()
    parent.commands("terugblik")
    parent.taps("drop/all")
    assert parent.said == [phrase(Phrase.NOTES_DROP_ASK)]
    parent.taps("dropped/all")
    assert parent.session.notes == ()
    assert parent.said == [phrase(Phrase.NOTES_DROPPED)]


def test_no_room() -> None:
    """When there is no room it is said, and nothing that was kept is lost."""
    parent = at("good_moment/keep")
    numbers = tuple(range(1, MAX_NOTES + 1))
    parent.session = stored(
        Session.from_json(parent.session.to_json()[:-1] + f',"n":"1-{MAX_NOTES}","w":{MAX_NOTES}}}')
    )
    parent.says()
    assert parent.session.notes == numbers
    assert parent.said == [phrase(Phrase.NOTES_FULL), "stored"]


@given(st.sets(st.integers(1, 10_000), max_size=MAX_NOTES))
def test_numbers_of_notes_survive_storage(numbers: set[int]) -> None:
    kept = tuple(sorted(numbers))
    assert stored(Session(notes=kept, notes_made=max(kept, default=0))).notes == kept


def test_everything_stored_is_told() -> None:
    """Where the conversation stands, what was chosen, the notes, the check-in, the last visit, and small facts."""
    parent = noted(2)
    parent.commands("start", "soup")
    parent.taps("salt", "pause")
    parent.commands("taal")
    parent.taps("en")
    parent.session = parent.session._replace(check_in=1_790_000_000)
    parent.commands("gegevens")
    lines = [line for reply in parent.turn.replies if isinstance(reply, Lines) for line in reply.lines]
    assert [line.text.source for line in lines] == [
        phrase(each)
        for each in (
            Phrase.DATA_INTRO,
            Phrase.DATA_PLACE,
            Phrase.DATA_CHOSEN,
            Phrase.DATA_LANGUAGE,
            Phrase.DATA_REGION,
            Phrase.DATA_VISIT,
            Phrase.DATA_NOTES,
            Phrase.DATA_CHECK_IN,
            Phrase.DATA_DETAILS,
            Phrase.DATA_MESSAGES,
        )
    ]
    assert ("count", 2) in [value for line in lines for value in line.values]
    assert parent.said[-1] == phrase(Phrase.DATA_NOT)
    assert parent.ids[:2] == ["open/forget", "notes/2"]


TOLD_BY = {
    Phrase.DATA_PLACE: ("place", "returns", "trail"),
    Phrase.DATA_CHOSEN: ("chosen",),
    Phrase.DATA_LANGUAGE: ("language",),
    Phrase.DATA_REGION: ("region",),
    Phrase.DATA_VISIT: ("seen",),
    Phrase.DATA_NOTES: ("notes",),
    Phrase.DATA_CHECK_IN: ("check_in",),
    Phrase.DATA_DETAILS: ("region_asked", "greeted", "misses", "serial", "tapped", "notes_made"),
}


def test_no_field_of_a_session_is_left_out() -> None:
    """Whoever adds something to what is stored says in which line of /gegevens it is told."""
    told = [name for names in TOLD_BY.values() for name in names]
    assert sorted(told) == sorted(Session._fields)


def test_nothing_stored_is_told() -> None:
    """A chat that never said anything has nothing stored."""
    parent = Parent()
    parent.commands("mydata")
    assert parent.said == [phrase(Phrase.DATA_NOTHING), phrase(Phrase.DATA_NOT)]


@pytest.mark.parametrize(("choice", "hour"), [("morning", 9), ("evening", 19)])
def test_a_check_in_is_set(choice: str, hour: int) -> None:
    """Its day and hour are said; it is in the session; and it is offered once."""
    parent = at("about/hello")
    parent.taps("check_in", choice)
    due = datetime.fromtimestamp(parent.session.check_in or 0, BRUSSELS)
    assert (due.date(), due.hour) == (parent.at.date() + timedelta(days=1), hour)
    first = parent.turn.replies[0]
    assert isinstance(first, Say) and first.values == (("moment", due),)
    assert parent.place == "menu/hello"
    assert "check_in" not in parent.ids


def test_a_check_in_is_called_off() -> None:
    """By choosing so, and by /stop."""
    parent = at("about/hello")
    parent.taps("check_in", "morning")
    parent.commands("stop")
    assert parent.session.check_in is None
    parent = at("about/hello")
    parent.taps("check_in", "never")
    assert parent.session.check_in is None
    assert phrase(Phrase.CHECK_IN_OFF) not in parent.said


def test_it_comes_once_and_leads_back() -> None:
    """The message leads back to where the parent was, and nothing is planned any more."""
    parent = at("soup/hot")
    parent.commands("start", "about")
    parent.taps("check_in", "morning")
    seen = parent.session.seen
    parent.does(Due(parent.at + timedelta(days=1)))
    assert (parent.place, parent.session.check_in, parent.session.seen) == ("check_in/due", None, seen)
    parent.taps("back")
    assert parent.place in ("about/hello", "menu/hello")


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC).astimezone(BRUSSELS)
)


@given(moments, st.sampled_from([9, 19]))
def test_tomorrow_is_that_hour_on_the_clock(now: datetime, hour: int) -> None:
    """Also across daylight saving: the wall clock shows the hour, on the next day or the one about to begin."""
    due = datetime.fromtimestamp(tomorrow(now, hour).timestamp(), BRUSSELS)
    assert (due.hour, due.minute) == (hour, 0)
    ahead = (due.date() - now.date()).days
    assert ahead == (0 if now.hour < STILL_TONIGHT_HOUR else 1)
    assert due > now


@pytest.mark.parametrize(
    ("now", "timely"),
    [
        ("2026-11-24T08:59", False),
        ("2026-11-24T09:00", True),
        ("2026-11-24T21:59", True),
        ("2026-11-24T22:00", False),
        ("2026-11-25T09:00", False),
    ],
)
def test_late_the_same_day_or_not_at_all(now: str, timely: bool) -> None:
    due = datetime(2026, 11, 24, 9, 0, tzinfo=BRUSSELS)
    assert is_timely(due, datetime.fromisoformat(now).replace(tzinfo=BRUSSELS)) is timely


@pytest.mark.parametrize(("choice", "effect"), [("wipe", Effect.WIPE), ("both", Effect.WIPE_AND_FORGET)])
def test_wiping(choice: str, effect: Effect) -> None:
    """After it, no button tells of what was before."""
    parent = at("soup/hot")
    parent.commands("wis")
    parent.taps(choice)
    assert Perform(effect) in parent.turn.replies
    assert parent.place == "wipe/done"
    assert parent.ids == ["menu", "help_now"]
    assert parent.session.trail == () and parent.session.returns == ()
