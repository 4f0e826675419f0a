"""One turn: ``step(script, session, event) -> turn``. Pure: the same three always give the same turn."""

from __future__ import annotations

from typing import assert_never

from bot.engine import buttons, keeping
from bot.engine.bubbles import newest
from bot.engine.commands import Deed, command_named
from bot.engine.events import NOTHING_HEARD, Command, Due, Event, Hearing, Said, Sent, Tap
from bot.engine.model import MAX_BUBBLES, MENU, Ask, Choice, Effect, Kind, Node, Place, Script, Text, Way
from bot.engine.moves import Mover, remember_choice
from bot.engine.phrases import Phrase
from bot.engine.replies import Perform, Reply, Say, Signpost, Turn
from bot.engine.session import Session

DOUBLE_TAP_SECONDS = 60
"""The same button within this time, with nothing in between, is one tap."""
MISSES_BEFORE_PERSON = 2
"""After this many texts in a row that were not understood, a person is offered."""
PERSON_KINDS = ("listening_line", "parenting_line")
MAX_NEAR = 3
MAX_GENTLE = 2
"""How many topics stand beside the safety dialog when one gentle question is asked."""

WELCOME_NODE = "welcome"


def step(script: Script, session: Session, event: Event, default_region: str = "be") -> Turn:
    """Take one event in; give the replies and the next session.

    ``event.at`` is the parent's local time. ``default_region`` only colours the wording while none is known.
    """
    if isinstance(event, Tap) and _is_double(session, event):
        return Turn((), session)
    mover = Mover(script, event.at, default_region)
    before: list[Reply] = []
    if session.place is not None and script.node(session.place) is None:
        session = session._replace(place=None, trail=(), returns=())
        before.append(Say(script.phrases[Phrase.MOVED]))
    match event:
        case Tap():
            replies, after = _tap(script, mover, session, event.token, before)
        case Said():
            replies, after = _said(script, mover, session._replace(tapped=""), event, before)
            if event.speaks is not None and mover.speaks(event.speaks):
                asked = None if event.hearing.sure else event.hearing.safety
                replies = mover.offer_language(replies, after, event.speaks, asked)
        case Command():
            replies, after = _command(script, mover, session, event)
        case Sent():
            replies, after = _stay(mover, session._replace(tapped=""), Phrase.NOT_TEXT)
        case Due():
            replies, after = keeping.check_in(mover, session)
            return Turn(tuple(replies), after)  # the parent did nothing: when they were last seen stays as it was
        case _:
            assert_never(event)
    return Turn(tuple(replies), after._replace(greeted=True, seen=int(event.at.timestamp())))


def _is_double(session: Session, tap: Tap) -> bool:
    since = tap.at.timestamp() - session.seen
    return bool(tap.token) and tap.token == session.tapped and 0 <= since < DOUBLE_TAP_SECONDS


def _tap(
    script: Script, mover: Mover, session: Session, token: str, before: list[Reply]
) -> tuple[list[Reply], Session]:
    tapped = session._replace(tapped=token, misses=0)
    match buttons.read_token(token):
        case buttons.Back():
            return mover.back(tapped, first=before)
        case buttons.Here() | buttons.Else():
            if tapped.place is None:
                return mover.go(tapped, script.menu, first=before)
            return mover.enter(tapped)
        case buttons.Open(dialog):
            if dialog in script.dialogs:
                return mover.go(tapped, script.start_of(dialog))
            return _gone(mover, tapped)
        case buttons.Chosen(place, choice_id):
            node = script.node(place)
            choice = None if node is None else node.button(choice_id)
            if node is None or choice is None:
                return _gone(mover, tapped)
            return _choose(script, mover, tapped, place, node, choice)
        case buttons.Speak(language, asked):
            return _speak(script, mover, tapped, language, asked)
        case buttons.ShowNote(number=number):
            return keeping.look_back(mover, tapped, number)
        case buttons.DropNotes() as asked_to_drop:
            return keeping.drop(mover, tapped, asked_to_drop)
        case buttons.Strange():
            return _gone(mover, tapped._replace(tapped=""))  # whatever it was, it is not kept
        case strange:
            assert_never(strange)


def _speak(
    script: Script, mover: Mover, session: Session, language: str, asked: str | None
) -> tuple[list[Reply], Session]:
    """The same again, in the language that the parent typed in."""
    if not mover.speaks(language):
        return _gone(mover, session)
    session = session._replace(language=language)
    if asked is not None and asked in script.dialogs and script.dialogs[asked].kind is Kind.SAFETY:
        return _ask_gently(script, mover, session, NOTHING_HEARD, asked)
    return mover.enter(session if session.place is not None else session._replace(place=script.menu))


def _choose(
    script: Script, mover: Mover, session: Session, place: Place, node: Node, choice: Choice
) -> tuple[list[Reply], Session]:
    """Go where the choice leads, also from a button in an old message."""
    session = remember_choice(session, script.dialogs[place.dialog], node, choice)
    if choice.sets_region is not None:
        session = session._replace(region=choice.sets_region)
    if choice.sets_language is not None:
        session = session._replace(language=choice.sets_language)
    target = choice.go
    if target is Way.RETURN and session.place is not None and session.place.dialog != place.dialog:
        target = session.place  # an old button of an aside that was left long ago: stay here
    first: list[Reply] = []
    if choice.effect in (Effect.CHECK_IN_MORNING, Effect.CHECK_IN_EVENING, Effect.NO_CHECK_IN):
        first, session = keeping.arrange(mover, session, choice.effect)
    if choice.effect is not None and choice.effect.wipes:
        session = session._replace(place=None, trail=(), returns=(), chosen=frozenset())  # no button tells of before
    replies, after = mover.go(session, target)
    if first:
        replies = [*first, *newest(replies, MAX_BUBBLES - len(first))]
    if choice.effect is not None and (choice.effect.wipes or choice.effect.forgets):
        replies.append(Perform(choice.effect))
    return replies, after


def _said(
    script: Script, mover: Mover, session: Session, said: Said, before: list[Reply]
) -> tuple[list[Reply], Session]:
    """Safety first, then the label that was typed out, then the answer that was asked for, then topics."""
    hearing = said.hearing
    if hearing.safety is not None and hearing.safety in script.dialogs:
        if hearing.sure:
            return mover.go(session._replace(misses=0), script.start_of(hearing.safety))
        return _ask_gently(script, mover, session._replace(misses=0), hearing, hearing.safety)
    if said.edited:
        return _stay(mover, session, Phrase.EDITED)
    if said.token is not None:
        return _tap(script, mover, session, said.token, before)
    node = script.node(session.place) if session.place is not None else None
    if node is not None and isinstance(node.onward, Ask):
        session = session._replace(misses=0)
        first: list[Reply] = []
        if node.onward.keep:
            first, session = keeping.keep(mover, session)
        return mover.go(session, node.onward.go, first=first)
    topics = [topic for topic in hearing.topics if topic in script.dialogs]
    if topics:
        session = session._replace(misses=0)
        in_safety = session.place is not None and script.dialogs[session.place.dialog].kind is Kind.SAFETY
        if session.place is not None and in_safety and script.dialogs[topics[0]].kind is Kind.TOPIC:
            return _offer_topic(script, mover, session, session.place, topics[0])
        return _open_topic(script, mover, session, topics[0])
    return _not_understood(script, mover, session, hearing, before)


def _open_topic(script: Script, mover: Mover, session: Session, topic: str) -> tuple[list[Reply], Session]:
    start = script.start_of(topic)
    if session.place == start:
        return _stay(mover, session, Phrase.SAME_TOPIC)
    return mover.go(session, start, first=_script_line(mover, session))


def _offer_topic(
    script: Script, mover: Mover, session: Session, place: Place, topic: str
) -> tuple[list[Reply], Session]:
    """A safety dialog is never left by a word: staying comes first, the topic is a choice."""
    extra = [
        (buttons.HERE, mover.phrase(Phrase.GO_ON_HERE), str(place)),
        (f"!open/{topic}", script.dialogs[topic].title, topic),
    ]
    return mover.offer([Say(mover.phrase(Phrase.FALLBACK_SAFETY))], session, extra)


def _ask_gently(
    script: Script, mover: Mover, session: Session, hearing: Hearing, safety: str
) -> tuple[list[Reply], Session]:
    """One question, with the safety dialog first, what else it may be, and an easy way on."""
    if session.place is not None and session.place.dialog == safety:
        return mover.offer([Say(mover.phrase(Phrase.FALLBACK_SAFETY))], session)
    known = (topic for topic in hearing.topics if topic in script.dialogs)
    topics = [topic for topic in known if script.dialogs[topic].kind is Kind.TOPIC][:MAX_GENTLE]
    where = str(session.place) if session.place is not None else "menu"
    extra = [(f"!open/{each}", script.dialogs[each].title, each) for each in (safety, *topics)]
    extra.append((buttons.ELSE, mover.phrase(Phrase.SOMETHING_ELSE), where))
    return mover.offer([*_script_line(mover, session), Say(mover.phrase(Phrase.ASK_GENTLY))], session, extra)


def _not_understood(
    script: Script, mover: Mover, session: Session, hearing: Hearing, before: list[Reply]
) -> tuple[list[Reply], Session]:
    session = session._replace(misses=session.misses + 1)
    place = session.place
    if place is not None and script.dialogs[place.dialog].kind is Kind.SAFETY:
        return mover.offer([Say(mover.phrase(Phrase.FALLBACK_SAFETY))], session)
    topics = (topic for topic in hearing.near if topic in script.dialogs)
    near = [topic for topic in topics if script.dialogs[topic].kind is Kind.TOPIC][:MAX_NEAR]
    extra = [(f"!open/{topic}", script.dialogs[topic].title, topic) for topic in near]
    if near or place is None:
        if place is not None:
            extra.append((buttons.HERE, mover.phrase(Phrase.GO_ON_HERE), str(place)))
        extra.append(("!open/menu", mover.phrase(Phrase.TO_MENU), "menu"))
    if session.misses >= MISSES_BEFORE_PERSON:
        said: list[Reply] = [Say(mover.phrase(Phrase.FALLBACK_PERSON)), Signpost(PERSON_KINDS)]
    else:
        said = [Say(mover.phrase(Phrase.FALLBACK_NEAR if near else Phrase.FALLBACK))]
    return mover.offer([*before, *_script_line(mover, session), *said][-3:], session, extra)


def _command(script: Script, mover: Mover, session: Session, command: Command) -> tuple[list[Reply], Session]:
    session = session._replace(misses=0, tapped="")
    spec = command_named(command.name)
    if spec is None:
        return _stay(mover, session, Phrase.UNKNOWN_COMMAND)
    if spec.opens is not None:
        return mover.go(session, _place_named(script, spec.opens))
    match spec.deed:
        case Deed.START:
            return _start(script, mover, session, command.argument.strip())
        case Deed.STOP:
            farewell: list[Reply] = [Say(mover.phrase(Phrase.STOPPED))]
            ended = session._replace(place=None, returns=(), trail=(), chosen=frozenset(), check_in=None)
            return mover.offer(farewell, ended)
        case Deed.DATA:
            return keeping.account(script, mover, session)
        case Deed.NOTES:
            return keeping.look_back(mover, session)
        case None:
            raise AssertionError(f"command {spec.name} neither opens nor does anything")


def _start(script: Script, mover: Mover, session: Session, payload: str) -> tuple[list[Reply], Session]:
    """A deep link opens its topic; else a new parent is welcomed and a known one finds the way back."""
    welcome = Place(MENU, WELCOME_NODE)
    if payload:
        if payload in script.dialogs:
            return mover.go(session, script.start_of(payload), first=_script_line(mover, session))
        nowhere = [Say(mover.phrase(Phrase.UNKNOWN_LINK))]
        return mover.go(session, script.menu if session.greeted else welcome, first=nowhere)
    if session.place is None or script.dialogs[session.place.dialog].kind is Kind.MENU:
        return mover.go(session, welcome)
    extra = [
        (buttons.HERE, mover.phrase(Phrase.GO_ON_HERE), str(session.place)),
        ("!open/menu", mover.phrase(Phrase.TO_MENU), "menu"),
    ]
    return mover.offer([Say(mover.phrase(Phrase.WELCOME_BACK))], session, extra)


def _script_line(mover: Mover, session: Session) -> list[Reply]:
    """Who has never been greeted is told in one line that this is a script and not a person."""
    return [] if session.greeted else [Say(mover.phrase(Phrase.SCRIPT_LINE))]


def _place_named(script: Script, name: str) -> Place:
    dialog, _, node = name.partition("/")
    return Place(dialog, node) if node else script.start_of(dialog)


def _stay(mover: Mover, session: Session, phrase: Phrase) -> tuple[list[Reply], Session]:
    """Say one sentence and offer the same ways on again."""
    return mover.offer([Say(mover.phrase(phrase))], session)


def _gone(mover: Mover, session: Session) -> tuple[list[Reply], Session]:
    """A kind answer and a way on for a button that no longer leads anywhere."""
    said: list[Reply] = [Say(mover.phrase(Phrase.GONE))]
    extra: list[tuple[str, Text, str]] = [("!open/menu", mover.phrase(Phrase.TO_MENU), "menu")]
    if session.place is not None:
        extra.insert(0, (buttons.HERE, mover.phrase(Phrase.GO_ON_HERE), str(session.place)))
    return mover.offer(said, session, extra)
