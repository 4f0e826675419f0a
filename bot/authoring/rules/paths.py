"""Where a conversation can go: every node reachable, an end and a human service in reach, no endless `go`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Set

from bot.authoring.book import Book
from bot.authoring.findings import Finding
from bot.authoring.located import KeyPath
from bot.engine.commands import COMMANDS
from bot.engine.keeping import CHECK_IN_DUE
from bot.engine.model import (
    CHECK_IN,
    HELP_NOW,
    LANGUAGE,
    MENU,
    REGION,
    REVIEWS,
    Ask,
    Choices,
    Dialog,
    End,
    Go,
    Kind,
    Node,
    Place,
    Script,
    Target,
    Text,
    Way,
)
from bot.engine.step import WELCOME_NODE
from bot.texts import PLACEHOLDER

MAX_TAPS_TO_END = 8
REQUIRED = (MENU, HELP_NOW, REGION, LANGUAGE, CHECK_IN)


def entrances() -> set[Place]:
    """Places that a command or the engine itself opens."""
    named = {Place(MENU, WELCOME_NODE), CHECK_IN_DUE}
    for spec in COMMANDS:
        dialog, _, node = (spec.opens or "").partition("/")
        if node:
            named.add(Place(dialog, node))
    return named


def targets_of(node: Node) -> list[Target]:
    """Everywhere that ``node`` leads by itself."""
    match node.onward:
        case Choices(choices):
            return [choice.go for choice in choices]
        case Ask(go, skip):
            return [go, skip.go]
        case Go(target):
            return [target]
        case End():
            return []


def check_paths(book: Book, script: Script) -> Iterator[Finding]:
    """Every rule about ways through the script."""
    yield from _required(book, script)
    yield from _unreachable(book, script)
    loops = set(_loops(script))
    for loop in loops:
        chain = " → ".join(str(place) for place in (*loop, loop[0]))
        message = f"This goes round for ever: {chain}. Let one of them offer choices, or end."
        yield _at(book, loop[0], "endless-go", message, "go")
    yield from _dead_ends(book, script, book.loose.union(*loops))


def _at(book: Book, place: Place, code: str, message: str, *inner: str) -> Finding:
    path: KeyPath = ("nodes", place.node, *inner)
    return book.dialogs[place.dialog].located.finding(code, path, message, key=True)


def _required(book: Book, script: Script) -> Iterator[Finding]:
    opened = {(spec.opens or "").partition("/")[0] for spec in COMMANDS if spec.opens}
    for dialog in sorted({*REQUIRED, *opened} - book.known_ids - {MENU}):
        book.missing(f"commands/{dialog}.yaml", f'The dialog "{dialog}" is missing; a command or a button opens it.')
    for place in sorted(entrances(), key=str):
        if place.dialog in script.dialogs and script.node(place) is None:
            message = f'The node "{place.node}" is missing; a command opens it.'
            yield book.dialogs[place.dialog].located.finding("missing-node", ("nodes",), message, key=True)


def _unreachable(book: Book, script: Script) -> Iterator[Finding]:
    reached = {script.start_of(dialog) for dialog in script.dialogs} | entrances()
    queue = deque(reached)
    while queue:
        node = script.node(queue.popleft())
        for target in targets_of(node) if node is not None else []:
            if isinstance(target, Place) and target not in reached:
                reached.add(target)
                queue.append(target)
    for dialog in script.dialogs.values():
        if book.broken or any(place.dialog == dialog.id for place in book.loose):
            continue  # what could not be read or followed may well lead there
        for name in dialog.nodes:
            if Place(dialog.id, name) not in reached:
                message = f'Nothing leads to "{name}": no parent will ever read it. Let a choice `go: {name}`.'
                yield _at(book, Place(dialog.id, name), "unreachable-node", message)


def _loops(script: Script) -> Iterator[tuple[Place, ...]]:
    """Every round of `go` that nothing interrupts, each beginning at its first place."""
    for dialog in script.dialogs.values():
        for name in dialog.nodes:
            seen = [Place(dialog.id, name)]
            while (following := _straight_on(script, seen[-1])) is not None and following not in seen:
                seen.append(following)
            if following == min(seen, key=str) == seen[0]:
                yield tuple(seen)


def _straight_on(script: Script, place: Place) -> Place | None:
    node = script.node(place)
    target = node.onward.target if node is not None and isinstance(node.onward, Go) else None
    return target if isinstance(target, Place) else None


def _dead_ends(book: Book, script: Script, unknown: Set[Place]) -> Iterator[Finding]:
    """Looked at without the menu and `return`, which would make everything reach everything.

    ``unknown`` are places whose way on is a finding already; it may well have led to what is looked for.
    """
    ends = _distances(script, lambda place, node: place in unknown or _is_end(script.dialogs[place.dialog], node))
    people = _distances(script, lambda place, node: place in unknown or points_to_people(node))
    for dialog in script.dialogs.values():
        if dialog.kind not in (Kind.TOPIC, Kind.SAFETY):
            continue
        places = [Place(dialog.id, name) for name in dialog.nodes]
        if endless := [place for place in places if place not in ends]:
            message = f"From {_named(endless)} no end can be reached; let a way lead to a node with end: true."
            yield _at(book, endless[0], "no-end", message)
        if lonely := [each for each in places if each not in people and not _is_over(dialog.nodes[each.node])]:
            message = f"From {_named(lonely)} no human service can be reached; let a way lead to a signpost."
            yield _at(book, lonely[0], "no-service", message)
        start = script.start_of(dialog.id)
        if dialog.kind is Kind.TOPIC and ends.get(start, 0) > MAX_TAPS_TO_END:
            message = f"The nearest end is {ends[start]} taps away; a topic ends within {MAX_TAPS_TO_END}."
            yield _at(book, start, "no-end", message)


def _named(places: Iterable[Place]) -> str:
    return ", ".join(f'"{place.node}"' for place in places)


def _is_over(node: Node) -> bool:
    return isinstance(node.onward, End)


def _is_end(dialog: Dialog, node: Node) -> bool:
    """An end, or for what is only visited, the way back."""
    return _is_over(node) or (dialog.aside and Way.RETURN in targets_of(node))


def points_to_people(node: Node) -> bool:
    """Whether the node names a human service, in a signpost or within a sentence."""
    named = {
        kind
        for line in node.lines
        if isinstance(line.content, Text)
        for kind in PLACEHOLDER.findall(line.content.source)
    }
    return bool(node.signpost) or bool(named - {REVIEWS})


def _distances(script: Script, is_goal: Callable[[Place, Node], bool]) -> dict[Place, int]:
    """For each place from which a goal can be reached: how many steps away the nearest is."""
    back: dict[Place, list[Place]] = {}
    distances: dict[Place, int] = {}
    for dialog in script.dialogs.values():
        for name, node in dialog.nodes.items():
            place = Place(dialog.id, name)
            for target in _places(targets_of(node)):
                back.setdefault(target, []).append(place)
            if is_goal(place, node):
                distances[place] = 0
    queue = deque(distances)
    while queue:
        place = queue.popleft()
        for before in back.get(place, []):
            if before not in distances:
                distances[before] = distances[place] + 1
                queue.append(before)
    return distances


def _places(targets: Iterable[Target]) -> Iterator[Place]:
    for target in targets:
        if isinstance(target, Place) and target.dialog != MENU:
            yield target
