"""From shaped files to the script: every `go` resolved, every sentence with its context."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.authoring.book import Book, DialogFile
from bot.authoring.findings import Finding, meant
from bot.authoring.located import KeyPath
from bot.authoring.shape import (
    ChoiceShape,
    LineShape,
    NodeShape,
    PacedShape,
    SayShape,
    WhenShape,
)
from bot.engine.model import (
    ALWAYS,
    MENU,
    Ask,
    Choice,
    Choices,
    Condition,
    Dialog,
    Effect,
    End,
    Frame,
    Go,
    Kind,
    Line,
    Node,
    Onward,
    Paced,
    Place,
    Review,
    Script,
    Target,
    Text,
    Way,
)

SKIP = "skip"
"""The id of the button under an invitation to write."""


RESERVED = (*(way.value for way in Way), "phrases", "directory")
"""Names that mean something else, in a `go` or to translators."""


def build_script(book: Book) -> tuple[Script, list[Finding]]:
    """Build the script out of every dialog that could be read.

    A reference that leads nowhere becomes a finding and leads to the menu, so that the other rules can still look.
    """
    findings: list[Finding] = []
    dialogs = {each.id: _DialogBuilder(book, each, findings).build() for each in book.dialogs.values()}
    return Script(MappingProxyType(dialogs), MappingProxyType(_phrases(book))), findings


def _phrases(book: Book) -> dict[str, Text]:
    if book.phrases is None:
        return {}
    return {
        key: Text(phrase if isinstance(phrase, str) else phrase.text, f"phrases/{key}")
        for key, phrase in book.phrases[1].phrases.items()
    }


class _DialogBuilder:
    """Builds one dialog."""

    def __init__(self, book: Book, source: DialogFile, findings: list[Finding]) -> None:
        self._book = book
        self._source = source
        self._findings = findings

    def build(self) -> Dialog:
        shape = self._source.shape
        nodes = {name: self._node(name, node) for name, node in shape.nodes.items()}
        if shape.start not in shape.nodes:
            self._add(
                "unknown-target",
                ("start",),
                f'There is no node "{shape.start}".{meant(shape.start, shape.nodes)}',
            )
        self._refuse_ambiguous_names()
        reviewed = shape.reviewed
        return Dialog(
            id=self._source.id,
            kind=self._source.kind,
            title=Text(shape.title, self._source.id),
            start=self._source.first,
            nodes=MappingProxyType(nodes),
            aside=bool(shape.aside) or self._source.kind is not Kind.TOPIC,
            offers_check_in=bool(shape.check_in) or self._source.kind is Kind.TOPIC,
            sources=tuple(shape.sources),
            related=tuple(shape.related),
            reviewed=None if reviewed is None else Review(reviewed.by, reviewed.on),
            triggers=_triggers(shape.triggers),
            remembered=frozenset(_conditions_on_choices(nodes)),
        )

    def _refuse_ambiguous_names(self) -> None:
        if self._source.id in RESERVED:
            message = f'A dialog cannot be called "{self._source.id}": that name means something else already.'
            self._add("ambiguous-name", ("dialog",), message)
        for name in self._source.shape.nodes:
            if name in self._book.known_ids or name in RESERVED:
                other = "a dialog" if name in self._book.known_ids else "something else"
                message = f'A node cannot be called "{name}": `go: {name}` leads to {other} already. Rename the node.'
                self._add("ambiguous-name", ("nodes", name), message, key=True)

    def _add(self, code: str, path: KeyPath, message: str, *, key: bool = False) -> None:
        self._findings.append(self._source.located.finding(code, path, message, key=key))

    def _node(self, name: str, shape: NodeShape) -> Node:
        context = f"{self._source.id}/{name}"
        return Node(
            name=name,
            lines=tuple(_line(say, context) for say in shape.say),
            signpost=tuple(shape.signpost or ()),
            onward=self._onward(name, shape, context),
        )

    def _onward(self, name: str, shape: NodeShape, context: str) -> Onward:
        path: KeyPath = ("nodes", name)
        written = [key for key in ("choices", "ask", "go", "end") if getattr(shape, key) is not None]
        if not written:
            message = f'"{name}" has no way on: give it choices, ask, go, or end: true.'
            self._add("no-way-on", path, message, key=True)
            return End()
        if len(written) > 1:
            both = " and ".join(written)
            message = f'"{name}" goes on in more than one way ({both}); keep one, and give the other a node of its own.'
            self._add("two-ways-on", (*path, written[1]), message, key=True)
        if shape.choices is not None:
            if not shape.choices:
                message = f'"{name}" has no choices, and a parent is stuck there: write one, or end: true instead.'
                self._add("no-way-on", (*path, "choices"), message, key=True)
                return End()
            return Choices(
                tuple(
                    self._choice(choice_id, choice, context, (*path, "choices", choice_id))
                    for choice_id, choice in shape.choices.items()
                )
            )
        if shape.ask is not None:
            skip = shape.ask.skip
            go = self._target(skip.go, (*path, "ask", "skip", "go"))
            return Ask(
                go=self._target(shape.ask.go, (*path, "ask", "go")),
                skip=Choice(SKIP, Text(skip.label, context), go),
                keep=bool(shape.ask.keep),
            )
        if shape.go is not None:
            return Go(self._target(shape.go, (*path, "go")))
        return End()

    def _choice(self, choice_id: str, shape: ChoiceShape, context: str, path: KeyPath) -> Choice:
        return Choice(
            id=choice_id,
            label=Text(shape.label, context),
            go=self._target(shape.go, (*path, "go")),
            when=_condition(shape.when),
            sets_region=shape.set.region if shape.set else None,
            sets_language=shape.set.language if shape.set else None,
            effect=Effect(shape.do) if shape.do else None,
        )

    def _target(self, word: str, path: KeyPath) -> Target:
        """The place a `go` names; the menu, with a finding, when it names nothing."""
        if word == Way.RETURN.value:
            return Way.RETURN
        dialog_id, _, node = word.partition("/")
        if not node and word in self._source.shape.nodes:
            return Place(self._source.id, word)
        dialog = self._book.dialogs.get(dialog_id)
        if dialog is not None and not node:
            return Place(dialog_id, dialog.first)
        if dialog is not None and node in dialog.shape.nodes:
            return Place(dialog_id, node)
        self._book.loose.add(Place(self._source.id, str(path[1])))
        if dialog_id not in self._book.broken:
            self._add("unknown-target", path, self._nowhere(word, dialog))
        return Place(MENU, "hello")

    def _nowhere(self, word: str, dialog: DialogFile | None) -> str:
        dialog_id, _, node = word.partition("/")
        if dialog is not None:
            hint = meant(node, dialog.shape.nodes) or f" It has: {', '.join(dialog.shape.nodes)}."
            return f'The dialog "{dialog_id}" has no node "{node}".{hint}'
        if node:
            return f'There is no dialog "{dialog_id}".{meant(dialog_id, self._book.known_ids)}'
        elsewhere = sorted(f"{each.id}/{word}" for each in self._book.dialogs.values() if word in each.shape.nodes)
        known = {*self._source.shape.nodes, *self._book.known_ids, Way.RETURN.value}
        hint = f' Did you mean "{elsewhere[0]}"?' if len(elsewhere) == 1 else meant(word, known)
        return f'There is no node or dialog "{word}".{hint}'


def _line(say: SayShape, context: str) -> Line:
    if isinstance(say, LineShape):
        return Line(Text(say.text, context), _condition(say.when))
    if isinstance(say, PacedShape):
        body = say.paced
        frames = tuple(Frame(Text(frame.text, context), frame.seconds) for frame in body.frames)
        return Line(Paced(body.rounds, frames, Text(body.last, context)), _condition(say.when))
    return Line(Text(say, context))


def _condition(when: WhenShape | None) -> Condition:
    return ALWAYS if when is None else Condition(when.time, when.region, when.chosen)


def _triggers(triggers: dict[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({language: tuple(phrases) for language, phrases in triggers.items()})


def _conditions_on_choices(nodes: Mapping[str, Node]) -> set[str]:
    asked: set[str] = set()
    for node in nodes.values():
        conditions = [line.when for line in node.lines]
        if isinstance(node.onward, Choices):
            conditions += [choice.when for choice in node.onward.choices]
        asked |= {when.chosen for when in conditions if when.chosen is not None}
    return asked
