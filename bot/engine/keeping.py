"""What is kept because a parent asked for it: notes, a check-in; and everything stored about a chat, told in words."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.engine import buttons
from bot.engine.buttons import DropNotes, ShowNote
from bot.engine.model import (
    CHECK_IN,
    EVENING_HOUR,
    LANGUAGE,
    MAX_NOTES,
    MORNING_HOUR,
    NIGHT_FROM_HOUR,
    STILL_TONIGHT_HOUR,
    Effect,
    Place,
    Script,
    Text,
)
from bot.engine.moves import Mover
from bot.engine.phrases import Phrase
from bot.engine.replies import Lines, Recall, Reply, Say
from bot.engine.session import Session

REGION_NAMES = {
    "be": Phrase.REGION_BE,
    "nl": Phrase.REGION_NL,
    "elsewhere": Phrase.REGION_ELSEWHERE,
}
CHECK_IN_DUE = Place(CHECK_IN, "due")
"""What is said when the moment has come."""
NOTES = "good_moment"
"""The topic in which a parent is invited to keep some words."""
Extra = tuple[str, Text, str]
"""A button of the engine's own: what it carries, its label, where it leads."""
NoteButton = ShowNote | DropNotes


# Check-ins.


def arrange(mover: Mover, session: Session, effect: Effect) -> tuple[list[Reply], Session]:
    """Set or cancel the one check-in of this chat, and say so with its day and hour."""
    if effect is Effect.NO_CHECK_IN:
        said: list[Reply] = [] if session.check_in is None else [Say(mover.phrase(Phrase.CHECK_IN_OFF))]
        return said, session._replace(check_in=None)
    due = tomorrow(mover.at, MORNING_HOUR if effect is Effect.CHECK_IN_MORNING else EVENING_HOUR)
    said = [Say(mover.phrase(Phrase.CHECK_IN_SET), (("moment", due),))]
    return said, session._replace(check_in=int(due.timestamp()))


def tomorrow(at: datetime, hour: int) -> datetime:
    """That hour of the next day on the clock of ``at``; in the small hours that is the day that is about to begin.

    Wall-clock arithmetic, so it is the same hour on either side of a change of the clocks.
    """
    day = at.date() if at.hour < STILL_TONIGHT_HOUR else at.date() + timedelta(days=1)
    return datetime.combine(day, time(hour), at.tzinfo)


def is_timely(due: datetime, now: datetime) -> bool:
    """Whether a check-in can still come: on its own day, before the night. Both on the parent's clock."""
    return due <= now and due.date() == now.date() and now.hour < NIGHT_FROM_HOUR


def check_in(mover: Mover, session: Session) -> tuple[list[Reply], Session]:
    """The one message that was asked for; it never comes again by itself."""
    return mover.go(session._replace(check_in=None, tapped=""), CHECK_IN_DUE)


# Notes.


def keep(mover: Mover, session: Session) -> tuple[list[Reply], Session]:
    """What was typed becomes a note, by a number; the words themselves stay outside of the engine."""
    if len(session.notes) >= MAX_NOTES:
        return [Say(mover.phrase(Phrase.NOTES_FULL))], session
    number = session.notes_made + 1
    kept = session._replace(notes=(*session.notes, number), notes_made=number)
    return [Say(mover.phrase(Phrase.NOTE_KEPT))], kept


def look_back(mover: Mover, session: Session, number: int | None = None) -> tuple[list[Reply], Session]:
    """One note, the newest unless told otherwise, with the ways to the others."""
    if not session.notes:
        where = [(f"!open/{NOTES}", mover.title(NOTES), NOTES)] if NOTES in mover.dialogs else []
        return mover.offer([Say(mover.phrase(Phrase.NOTES_NONE))], session, [*where, *mover.onward(session)])
    shown = session.notes[-1] if number is None else number
    if shown not in session.notes:
        return look_back(mover, session)
    extra = [_button(mover, each) for each in _beside(session, shown)]
    return mover.offer([Recall(shown)], session, [*extra, *mover.onward(session)])


def _beside(session: Session, shown: int) -> list[NoteButton]:
    """The buttons under a note that is there."""
    at = session.notes.index(shown)
    older = [ShowNote(each, Phrase.NOTE_OLDER) for each in session.notes[:at][-1:]]
    newer = [ShowNote(each, Phrase.NOTE_NEWER) for each in session.notes[at + 1 :][:1]]
    every = [DropNotes(None, sure=False)] if len(session.notes) > 1 else []
    return [*older, *newer, DropNotes(shown, sure=False), *every]


def drop(mover: Mover, session: Session, asked: DropNotes) -> tuple[list[Reply], Session]:
    """Delete one note or all, after one question."""
    if not session.notes or (asked.number is not None and asked.number not in session.notes):
        return look_back(mover, session)
    one = asked.number is not None
    if not asked.sure:
        extra = [_button(mover, each) for each in _answers(session, asked)]
        question = Phrase.NOTE_DROP_ASK if one else Phrase.NOTES_DROP_ASK
        shown: list[Reply] = [Recall(asked.number)] if asked.number is not None else []
        return mover.offer([*shown, Say(mover.phrase(question))], session, extra)
    rest = tuple(each for each in session.notes if one and each != asked.number)
    said: list[Reply] = [Say(mover.phrase(Phrase.NOTE_DROPPED if one else Phrase.NOTES_DROPPED))]
    after = session._replace(notes=rest)
    extra = [_button(mover, each) for each in _rest(after)]
    return mover.offer(said, after, [*extra, *mover.onward(after)])


def _answers(session: Session, asked: DropNotes) -> list[NoteButton]:
    """Yes, and a no that shows the note again, or the newest."""
    back = session.notes[-1] if asked.number is None else asked.number
    return [DropNotes(asked.number, sure=True), ShowNote(back, Phrase.NOTE_DROP_NO)]


def _rest(session: Session) -> list[NoteButton]:
    """The way to what is left after something was deleted."""
    return [ShowNote(each, Phrase.NOTE_OLDER) for each in session.notes[-1:]]


def at_hand(session: Session) -> list[NoteButton]:
    """The buttons about notes that can be meant by their words: those of the last tap, else those of the newest note.

    A yes is among them only under its question: nothing is deleted by a word that was not asked for.
    """
    if not session.notes:
        return []
    look = ShowNote(session.notes[-1], Phrase.COMMAND_NOTES)
    match buttons.read_token(session.tapped):
        case DropNotes(number, sure=False) as asked if number is None or number in session.notes:
            return _answers(session, asked)
        case DropNotes(sure=True):
            return [*_rest(session), look]
        case ShowNote(number=number) if number in session.notes:
            return [*_beside(session, number), look]
        case _:
            return [*_beside(session, session.notes[-1]), look]


def _button(mover: Mover, button: NoteButton) -> Extra:
    assert button.label is not None, "only tokens of before have no label"
    return buttons.of_notes(button), mover.phrase(button.label), "notes"


# Everything stored, told in words.


def account(script: Script, mover: Mover, session: Session) -> tuple[list[Reply], Session]:
    """What is stored about this chat, line by line, and what is not."""
    not_kept = Say(mover.phrase(Phrase.DATA_NOT))
    if not session.greeted:
        return mover.offer([Say(mover.phrase(Phrase.DATA_NOTHING)), not_kept], session)
    known = Lines((Say(mover.phrase(Phrase.DATA_INTRO)), *_known(script, mover, session)))
    kept = Lines(tuple(_kept(mover, session)))
    extra: list[Extra] = [("!open/forget", mover.title("forget"), "forget")]
    if session.notes:
        extra.append(_button(mover, ShowNote(session.notes[-1], Phrase.COMMAND_NOTES)))
    return mover.offer([known, kept, not_kept], session, [*extra, *mover.onward(session)])


def _known(script: Script, mover: Mover, session: Session) -> list[Say]:
    """Where the conversation stands, and what the parent chose."""
    facts = []
    if session.place is not None and script.node(session.place) is not None:
        facts.append(Say(mover.phrase(Phrase.DATA_PLACE), (("title", mover.title(session.place.dialog)),)))
    if session.chosen:
        facts.append(Say(mover.phrase(Phrase.DATA_CHOSEN)))
    if session.language is not None and (name := _language_name(script, session.language)):
        facts.append(Say(mover.phrase(Phrase.DATA_LANGUAGE), (("language", name),)))
    if session.region is not None:
        region = mover.phrase(REGION_NAMES[session.region])
        facts.append(Say(mover.phrase(Phrase.DATA_REGION), (("region", region),)))
    if session.seen:
        facts.append(Say(mover.phrase(Phrase.DATA_VISIT), (("moment", _moment(session.seen, mover.at)),)))
    return facts


def _kept(mover: Mover, session: Session) -> list[Say]:
    """What was asked for, and the small facts that every conversation needs."""
    facts = []
    if session.notes:
        facts.append(Say(mover.phrase(Phrase.DATA_NOTES), (("count", len(session.notes)),)))
    if session.check_in is not None:
        facts.append(Say(mover.phrase(Phrase.DATA_CHECK_IN), (("moment", _moment(session.check_in, mover.at)),)))
    facts.extend((Say(mover.phrase(Phrase.DATA_DETAILS)), Say(mover.phrase(Phrase.DATA_MESSAGES))))
    return facts


def _language_name(script: Script, language: str) -> Text | None:
    node = script.node(script.start_of(LANGUAGE))
    buttons_ = node.buttons if node is not None else ()
    return next((each.label for each in buttons_ if each.sets_language == language), None)


def _moment(seconds: int, at: datetime) -> datetime:
    """On the parent's clock."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(at.tzinfo)
