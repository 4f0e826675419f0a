"""What fits on a phone: bubbles, characters, choices, labels, bytes of a button; in every language and region."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.authoring.book import Book
from bot.authoring.circumstances import circumstances_of, conditions_of
from bot.authoring.findings import Finding
from bot.authoring.located import KeyPath, LocatedFile
from bot.directory.spoken import ServiceSpeaker
from bot.engine.buttons import MAX_BYTES, choice_token
from bot.engine.model import (
    MAX_BUBBLES,
    MAX_CHARACTERS,
    MAX_CHOICES,
    MAX_HOPS,
    MAX_LABEL,
    REGIONS,
    REVIEWS,
    REVIEWS_ROOM,
    Ask,
    Choices,
    Dialog,
    Go,
    Kind,
    Node,
    Paced,
    Place,
    Script,
    Target,
    Text,
)
from bot.engine.moves import Circumstances
from bot.engine.phrases import LABELS, Phrase
from bot.texts import PLACEHOLDER, SOURCE_LANGUAGE, Texts

MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
MAX_COMMAND_DESCRIPTION = 256

_BRUSSELS = ZoneInfo("Europe/Brussels")
MOMENTS = (
    datetime(2026, 11, 24, 3, 10, tzinfo=_BRUSSELS),
    datetime(2026, 11, 25, 10, 0, tzinfo=_BRUSSELS),
    datetime(2026, 11, 28, 23, 30, tzinfo=_BRUSSELS),
    datetime(2026, 12, 25, 14, 0, tzinfo=_BRUSSELS),
)
"""A weeknight, a weekday, a weekend night and a public holiday: what services say differs most between these."""
_EVERYWHERE = tuple((region, at) for region in (None, *REGIONS) for at in MOMENTS)


def check_limits(book: Book, script: Script, texts: Texts, speaker: ServiceSpeaker | None) -> Iterator[Finding]:
    """Every rule about size. Without a directory (``speaker`` None) sentences with services are not measured."""
    measure = _Measure(texts, speaker)
    after_notes = _after_notes(script)
    for file in book.dialogs.values():
        dialog = script.dialogs[file.id]
        yield from _label(file.located, ("title",), dialog.title, measure)
        for name, node in dialog.nodes.items():
            yield from _bubble_lengths(file.located, name, node, measure)
            yield from _buttons(file.located, dialog, name, node, measure)
            yield from _bubble_counts(file.located, script, dialog, node, after_notes)
    yield from _phrases(book, script, measure)


class _Measure:
    """How long something is for the parents for whom it is longest."""

    def __init__(self, texts: Texts, speaker: ServiceSpeaker | None) -> None:
        self._texts = texts
        self._speaker = speaker
        self._signposts: dict[tuple[str, ...], dict[str, int]] = {}
        self._inlines: dict[tuple[str, str], list[int]] = {}

    def text(self, text: Text) -> dict[str, int]:
        """The characters of ``text`` in each language it is translated to, with the services that take most room."""
        return {
            language: self._longest(text, language)
            for language in self._texts.languages
            if language == SOURCE_LANGUAGE or self._texts.say(language, text) != text.source
        }

    def signpost(self, kinds: tuple[str, ...]) -> dict[str, int]:
        """The characters of the bubble that lists these services, in each language."""
        if self._speaker is None:
            return {}
        if kinds not in self._signposts:
            self._signposts[kinds] = {
                language: max(
                    len(self._speaker.signpost(kinds, region, language, at).text) for region, at in _EVERYWHERE
                )
                for language in self._texts.languages
            }
        return self._signposts[kinds]

    def _longest(self, text: Text, language: str) -> int:
        said = self._texts.say(language, text)
        kinds = PLACEHOLDER.findall(said)
        if not kinds or self._speaker is None:
            return len(said)
        bare = len(PLACEHOLDER.sub("", said)) + REVIEWS_ROOM * kinds.count(REVIEWS)
        try:
            lengths = [self._inline(self._speaker, kind, language) for kind in kinds if kind != REVIEWS]
        except LookupError:
            return bare  # the kind is unknown or unserved: another rule says so
        return bare + max(map(sum, zip(*lengths, strict=True)), default=0)

    def _inline(self, speaker: ServiceSpeaker, kind: str, language: str) -> list[int]:
        """The characters of the service of ``kind`` within a line, everywhere."""
        if (kind, language) not in self._inlines:
            spoken = (speaker.inline(kind, region, language, at) for region, at in _EVERYWHERE)
            self._inlines[kind, language] = [len(each.text) for each in spoken]
        return self._inlines[kind, language]


def _too_long(
    located: LocatedFile, path: KeyPath, what: str, lengths: Mapping[str, int], most: int, code: str
) -> Iterator[Finding]:
    """A finding when ``what`` has more than ``most`` characters; about translations only when the Dutch fits."""
    if lengths.get(SOURCE_LANGUAGE, 0) > most:
        message = f"{what} has {lengths[SOURCE_LANGUAGE]} characters; at most {most} fit."
        yield located.finding(code, path, message)
        return
    for language, length in lengths.items():
        if length > most:
            message = f"{what} has {length} characters in {language!r}; at most {most} fit. Shorten it in that catalog."
            yield located.finding("translation-too-long", path, message)


def _bubble_lengths(located: LocatedFile, name: str, node: Node, measure: _Measure) -> Iterator[Finding]:
    for index, line in enumerate(node.lines):
        said = (
            [*(frame.text for frame in line.content.frames), line.content.last]
            if isinstance(line.content, Paced)
            else [line.content]
        )
        for text in said:
            what = "This bubble, with its services," if "{" in text.source else "This bubble"
            path: KeyPath = ("nodes", name, "say", index)
            yield from _too_long(located, path, what, measure.text(text), MAX_CHARACTERS, "bubble-too-long")
    if node.signpost:
        lengths = measure.signpost(node.signpost)
        path = ("nodes", name, "signpost")
        yield from _too_long(
            located, path, "The bubble with these services", lengths, MAX_CHARACTERS, "bubble-too-long"
        )


def _label(located: LocatedFile, path: KeyPath, text: Text, measure: _Measure) -> Iterator[Finding]:
    yield from _too_long(located, path, f'"{text.source}"', measure.text(text), MAX_LABEL, "label-too-long")


def _buttons(located: LocatedFile, dialog: Dialog, name: str, node: Node, measure: _Measure) -> Iterator[Finding]:
    place = Place(dialog.id, name)
    match node.onward:
        case Choices(choices):
            labelled = [(("nodes", name, "choices", choice.id), choice) for choice in choices]
            for now in circumstances_of(dialog, node):
                shown = sum(now.allow(choice.when) for choice in choices)
                if shown > MAX_CHOICES:
                    message = (
                        f"{shown} choices at once; a parent sees at most {MAX_CHOICES}. Split them over two nodes."
                    )
                    yield located.finding("too-many-choices", ("nodes", name, "choices"), message, key=True)
                    break
                if not shown and choices:
                    message = f"No choice is left here {_when(now, node)}; give one of them no condition."
                    yield located.finding("no-way-on", ("nodes", name, "choices"), message, key=True)
                    break
        case Ask(skip=skip):
            labelled = [(("nodes", name, "ask", "skip"), skip)]
        case _:
            return
    for path, choice in labelled:
        yield from _label(located, (*path, "label"), choice.label, measure)
        size = len(choice_token(0, place, choice.id).encode())
        if size > MAX_BYTES:
            message = (
                f"The ids of this button take {size} bytes, and Telegram carries {MAX_BYTES}. "
                f'Shorten "{choice.id}", "{name}" or "{dialog.id}".'
            )
            yield located.finding("button-too-big", path, message, key=True)


def _bubble_counts(
    located: LocatedFile, script: Script, dialog: Dialog, node: Node, after_notes: Collection[Target]
) -> Iterator[Finding]:
    """Bubbles in a row, along `go`, in every combination of circumstances."""
    chain = _chain(script, dialog, node)
    path: KeyPath = ("nodes", node.name)
    line = _line_before(dialog, node, after_notes)
    most = MAX_BUBBLES - 1 if line else MAX_BUBBLES
    for now in circumstances_of(dialog, *(each for each in chain)):
        count = sum(sum(now.allow(line.when) for line in each.lines) + bool(each.signpost) for each in chain)
        if count > most:
            why = f" before which one line about {line} may come" if line else ""
            message = f"{count} bubbles in a row; at most {most}{why} (a signpost is one, `go` adds the next node's)."
            yield located.finding("too-many-bubbles", path, message, key=True)
            return
        if count == 0:
            message = f'"{node.name}" says nothing {_when(now, *chain)}; a parent would see buttons without words.'
            yield located.finding("nothing-said", path, message, key=True)
            return


def _after_notes(script: Script) -> set[Target]:
    """The places that are come to by keeping a note."""
    onward = (node.onward for dialog in script.dialogs.values() for node in dialog.nodes.values())
    return {each.go for each in onward if isinstance(each, Ask) and each.keep}


def _line_before(dialog: Dialog, node: Node, after_notes: Collection[Target]) -> str | None:
    """What the bot may say by itself in a bubble before this node's, so that one less fits."""
    if dialog.kind is Kind.TOPIC and node.name == dialog.start:
        return "the script"
    return "the note that was kept" if Place(dialog.id, node.name) in after_notes else None


def _when(now: Circumstances, *nodes: Node) -> str:
    """In which circumstances, as far as a condition of ``nodes`` looks at them."""
    conditions = [when for node in nodes for when in conditions_of(node)]
    parts = [f"by {now.time}"] if any(when.time for when in conditions) else []
    parts += [f"in region {now.region}"] if any(when.region for when in conditions) else []
    if any(when.chosen for when in conditions):
        parts.append(f"after {' and '.join(sorted(now.chosen))}" if now.chosen else "when none of those was chosen")
    return ", ".join(parts) or "at all"


def _chain(script: Script, dialog: Dialog, node: Node) -> list[Node]:
    """The nodes that are said in one turn. A chain that leaves the dialog is followed too."""
    chain = [node]
    while isinstance(chain[-1].onward, Go) and len(chain) <= MAX_HOPS:
        target = chain[-1].onward.target
        following = script.node(target) if isinstance(target, Place) else None
        if following is None or following in chain:
            break
        chain.append(following)
    return chain


def _phrases(book: Book, script: Script, measure: _Measure) -> Iterator[Finding]:
    if book.phrases is None:
        return
    located = book.phrases[0]
    for key, text in script.phrases.items():
        if key not in {phrase.value for phrase in Phrase}:
            continue
        most, code = MAX_CHARACTERS, "bubble-too-long"
        if key in LABELS:
            most, code = MAX_LABEL, "label-too-long"
        elif key == Phrase.BOT_DESCRIPTION:
            most = MAX_DESCRIPTION
        elif key == Phrase.BOT_SHORT_DESCRIPTION:
            most = MAX_SHORT_DESCRIPTION
        elif key.startswith("command_"):
            most = MAX_COMMAND_DESCRIPTION
        yield from _too_long(located, ("phrases", key), f'The phrase "{key}"', measure.text(text), most, code)
