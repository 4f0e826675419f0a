"""Moving through the script: which place comes next, and what is said on entering it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.engine import buttons
from bot.engine.bubbles import opened
from bot.engine.model import (
    CHECK_IN,
    LANGUAGE,
    MAX_CHOICES,
    MAX_HOPS,
    NIGHT_FROM_HOUR,
    NIGHT_UNTIL_HOUR,
    REGION,
    Ask,
    Choice,
    Choices,
    Condition,
    Dialog,
    End,
    Go,
    Kind,
    Node,
    Paced,
    Place,
    Script,
    Target,
    Text,
    Way,
)
from bot.engine.phrases import Phrase
from bot.engine.replies import Button, Ended, Invite, Offer, Pace, Reply, Role, Say, Signpost
from bot.engine.session import MAX_TRAIL, Session

NEIGHBOURS = 2
"""How many related topics are offered at an end."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What conditions look at. A region that is not known yet reads as the default region's wording."""

    time: str
    region: str
    chosen: frozenset[str]

    def allow(self, when: Condition) -> bool:
        """Whether every part of the condition is equal."""
        return (
            (when.time is None or when.time == self.time)
            and (when.region is None or when.region == self.region)
            and (when.chosen is None or when.chosen in self.chosen)
        )


def time_of_day(at: datetime) -> str:
    """``night`` from 22:00 to 06:00 on the clock of ``at``, else ``day``."""
    return "night" if at.hour >= NIGHT_FROM_HOUR or at.hour < NIGHT_UNTIL_HOUR else "day"


def circumstances(session: Session, dialog: str, at: datetime, default_region: str) -> Circumstances:
    """What the conditions of ``dialog`` look at in this session, now."""
    prefix = f"{dialog}/"
    chosen = frozenset(each.removeprefix(prefix) for each in session.chosen if each.startswith(prefix))
    return Circumstances(time_of_day(at), session.region or default_region, chosen)


class Mover:
    """Moves one session through one script at one moment. Holds no state of its own."""

    def __init__(self, script: Script, at: datetime, default_region: str) -> None:
        self._script = script
        self.at = at
        self._default_region = default_region

    def phrase(self, phrase: Phrase) -> Text:
        """The fixed sentence of that name."""
        return self._script.phrases[phrase]

    @property
    def dialogs(self) -> Collection[str]:
        """The ids of the dialogs that this edition has."""
        return self._script.dialogs.keys()

    def title(self, dialog: str) -> Text:
        """What the dialog is called."""
        return self._script.dialogs[dialog].title

    def onward(self, session: Session) -> list[tuple[str, Text, str]]:
        """The engine's own button to go on: where the conversation stands, or the menu."""
        if session.place is None:
            return [("!open/menu", self.phrase(Phrase.TO_MENU), "menu")]
        return [(buttons.HERE, self.phrase(Phrase.GO_ON_HERE), str(session.place))]

    def resolve(self, session: Session, target: Target) -> Place:
        """The place a target leads to; where a place is gone, the next way back, and at last the menu."""
        if isinstance(target, Place):
            return target if self._script.node(target) is not None else self._script.menu
        for place in reversed(session.returns):
            if self._script.node(place) is not None:
                return place
        return self._script.menu

    def go(self, session: Session, target: Target, *, first: Iterable[Reply] = ()) -> tuple[list[Reply], Session]:
        """Leave the present place for ``target``: say what stands there and offer its ways on."""
        leaving = session.place
        moved = self._move(session, target)
        if leaving is not None and leaving != moved.place:
            moved = moved._replace(trail=(*moved.trail, leaving)[-MAX_TRAIL:])
        return self.enter(moved, first=first)

    def back(self, session: Session, *, first: Iterable[Reply] = ()) -> tuple[list[Reply], Session]:
        """One step back along the trail, past places that are gone and the one where we are."""
        trail = list(session.trail)
        while trail:
            place = trail.pop()
            if place != session.place and self._script.node(place) is not None:
                return self.enter(self._move(session._replace(trail=tuple(trail)), place), first=first)
        return self.enter(session._replace(place=self._script.menu, trail=(), returns=()), first=first)

    def enter(self, session: Session, *, first: Iterable[Reply] = ()) -> tuple[list[Reply], Session]:
        """Say what stands at the session's place, following `go`, and offer the ways on.

        Asks for the region instead, once, when a service is about to be pointed to and none is known.
        """
        replies: list[Reply] = []
        for _ in range(MAX_HOPS):
            place = session.place
            assert place is not None, "a place was resolved before entering"
            node = self._script.node(place)
            assert node is not None, "resolve() only gives places that exist"
            if place.dialog == REGION:
                session = session._replace(region_asked=True)
            elif self._asks_region(session, place, node):
                session = session._replace(place=self._script.start_of(REGION), returns=(*session.returns, place))
                continue
            replies.extend(self._bubbles(session, place, node))
            match node.onward:
                case Go(target):
                    session = self._move(session, target)
                    continue
                case Ask():
                    replies.append(Invite())
                case End():
                    replies.append(Ended())
                case Choices():
                    pass
            session = self._forget_choices(session)
            return self.offer(opened([*first], replies), session)
        raise RecursionError(f"more than {MAX_HOPS} `go` steps from {session.place}; the checker forbids this")

    def offer(
        self, replies: list[Reply], session: Session, extra: Iterable[tuple[str, Text, str]] = ()
    ) -> tuple[list[Reply], Session]:
        """Put the next keyboard under the replies.

        ``extra`` are buttons of the engine's own as (what, label, go); with them the node's own choices are left out.
        """
        serial = session.serial + 1
        own = [
            Button(what.removeprefix("!"), buttons.token(serial, what), label, Role.CHOICE, go)
            for what, label, go in extra
        ]
        offered = own or self._ways_on(session, serial)
        if session.trail and len(offered) < MAX_CHOICES:
            label = self.phrase(Phrase.BACK)
            offered.append(
                Button("back", buttons.token(serial, buttons.BACK), label, Role.BACK, str(session.trail[-1]))
            )
        help_now = self.phrase(Phrase.HELP_NOW)
        offered.append(Button("help_now", buttons.open_token(serial, "help_now"), help_now, Role.HELP, "help_now"))
        return [*replies, Offer(tuple(offered))], session._replace(serial=serial)

    def speaks(self, language: str) -> bool:
        """Whether a parent can choose ``language``."""
        node = self._script.node(self._script.start_of(LANGUAGE))
        return node is not None and any(each.sets_language == language for each in node.buttons)

    def offer_language(
        self, replies: list[Reply], session: Session, language: str, asked: str | None = None
    ) -> list[Reply]:
        """The same replies, with a button to go on in ``language``, said in that language.

        ``asked`` is the safety dialog that a gentle question is about: it is asked again then.
        """
        token = buttons.speak_token(session.serial, language, asked)
        where = asked or str(session.place or self._script.menu)
        label = self.phrase(Phrase.GO_ON_IN_LANGUAGE)
        change = Button("speak", token, label, Role.LANGUAGE, where, language)
        return [Offer(_with(change, each.buttons)) if isinstance(each, Offer) else each for each in replies]

    def _ways_on(self, session: Session, serial: int) -> list[Button]:
        """The buttons that the node itself offers."""
        place = session.place
        node = self._script.node(place) if place is not None else None
        if place is None or node is None:
            return [self._menu_button(serial)]
        if not node.buttons:
            neighbours = self._neighbours(place.dialog, serial)
            return [*neighbours, *self._check_in(session, place.dialog, serial), self._menu_button(serial)]
        now = circumstances(session, place.dialog, self.at, self._default_region)
        return [self._button(session, serial, place, choice) for choice in node.buttons if now.allow(choice.when)]

    def _neighbours(self, dialog_id: str, serial: int) -> list[Button]:
        """The first neighbour topics, for who is not done at a soft end."""
        near = [each for each in self._script.dialogs[dialog_id].related if each in self._script.dialogs]
        return [
            Button(each, buttons.open_token(serial, each), self._script.dialogs[each].title, Role.CHOICE, each)
            for each in near[:NEIGHBOURS]
        ]

    def _check_in(self, session: Session, dialog: str, serial: int) -> list[Button]:
        """At a soft end, one message tomorrow; unless one was asked for already."""
        offer = self._script.dialogs.get(CHECK_IN)
        if offer is None or session.check_in is not None or not self._script.dialogs[dialog].offers_check_in:
            return []
        token = buttons.open_token(serial, CHECK_IN)
        return [Button(CHECK_IN, token, offer.title, Role.CHOICE, CHECK_IN)]

    def _menu_button(self, serial: int) -> Button:
        token = buttons.open_token(serial, "menu")
        return Button("menu", token, self.phrase(Phrase.TO_MENU), Role.CHOICE, "menu")

    def _button(self, session: Session, serial: int, place: Place, choice: Choice) -> Button:
        token = buttons.choice_token(serial, place, choice.id)
        return Button(choice.id, token, choice.label, Role.CHOICE, str(self.resolve(session, choice.go)))

    def _bubbles(self, session: Session, place: Place, node: Node) -> list[Reply]:
        now = circumstances(session, place.dialog, self.at, self._default_region)
        bubbles: list[Reply] = [
            Pace(line.content) if isinstance(line.content, Paced) else Say(line.content)
            for line in node.lines
            if now.allow(line.when)
        ]
        if node.signpost:
            bubbles.append(Signpost(node.signpost))
        return bubbles

    def _asks_region(self, session: Session, place: Place, node: Node) -> bool:
        """A safety dialog, Hulp nu and the menu never wait for an answer about regions."""
        return (
            bool(node.signpost)
            and session.region is None
            and not session.region_asked
            and self._script.dialogs[place.dialog].kind is Kind.TOPIC
        )

    def _move(self, session: Session, target: Target) -> Session:
        """The session at ``target``, knowing where `return` leads from there."""
        place = self.resolve(session, target)
        if target is Way.RETURN:
            returns = session.returns
            kept = returns[: returns.index(place)] if place in returns else ()
            return session._replace(place=place, returns=kept)
        return self._remember_return(session._replace(place=place), session.place, place)

    def _remember_return(self, session: Session, leaving: Place | None, entering: Place) -> Session:
        """Where `return` leads after this step. At most one place a dialog, so the list stays short."""
        if leaving is not None and leaving.dialog == entering.dialog:
            return session
        returns = session.returns
        for index, place in enumerate(returns):
            if place.dialog == entering.dialog:
                return session._replace(returns=returns[:index])
        if not self._script.dialogs[entering.dialog].aside:
            return session._replace(returns=())
        if leaving is None or self._is_over(leaving):
            return session
        kept = tuple(place for place in returns if place.dialog != leaving.dialog)
        return session._replace(returns=(*kept, leaving))

    def _is_over(self, place: Place) -> bool:
        """Whether nothing is there to come back to. At the end of a safety dialog the numbers are."""
        node = self._script.node(place)
        safety = self._script.dialogs[place.dialog].kind is Kind.SAFETY if node is not None else False
        return node is None or (isinstance(node.onward, End) and not safety)

    def _forget_choices(self, session: Session) -> Session:
        """Keep what was chosen only for dialogs that the parent is in or can return to."""
        if not session.chosen or session.place is None:
            return session
        alive = {session.place.dialog, *(place.dialog for place in session.returns)}
        return session._replace(chosen=frozenset(each for each in session.chosen if each.partition("/")[0] in alive))


def _with(change: Button, buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    """Before Hulp nu, which stays last; in the place of Back where the keyboard is full."""
    *others, help_now = buttons
    if len(others) == MAX_CHOICES:
        others = [each for each in others if each.role is not Role.BACK]
    return (*others, change, help_now)


def remember_choice(session: Session, dialog: Dialog, node: Node, choice: Choice) -> Session:
    """Keep a choice that a condition of the dialog asks for, in the place of others from the same node."""
    if not dialog.remembered:
        return session
    siblings = {f"{dialog.id}/{each.id}" for each in node.buttons}
    kept = {f"{dialog.id}/{choice.id}"} if choice.id in dialog.remembered else set()
    return session._replace(chosen=(session.chosen - siblings) | kept)
