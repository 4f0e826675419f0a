"""The figures of hearing as tables, and what changed between two measurements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.understanding.evaluation import Figure, Message, Report

LANGUAGES = {
    "nl": "Dutch",
    "en": "English",
    "fr": "French",
    "de": "German",
    "tr": "Turkish",
    "ar": "Arabic",
    "pl": "Polish",
    "uk": "Ukrainian",
}
BEGIN, END = "<!-- figures of hearing: begin -->", "<!-- figures of hearing: end -->"
"""Between these two lines a page holds the tables; ``python -m bot evaluate --record`` writes them."""
SHOWN = 15

_ACROSS = {
    "danger found": "danger found",
    "direct words": "danger found, direct",
    "opens on ordinary": "false alarm, ordinary, sure",
    "asks on ordinary": "false alarm, ordinary, asked",
    "look-alikes: opens": "false alarm, look-alike, sure",
    "look-alikes: asks": "false alarm, look-alike, asked",
    "topic first": "topic first",
    "topic in three": "topic among three",
    "junk left alone": "small talk and junk left alone",
    "offers its language": "language told",
}


def tables(report: Report) -> str:
    """Markdown: a row a language; then, of Dutch, a row a figure with its interval."""
    languages = sorted({name.partition(" ")[0] for name in report.figures}, key=_rank)
    rows = ["| | " + " | ".join(_ACROSS) + " |", "| --- |" + " ---: |" * len(_ACROSS)]
    for language in languages:
        cells = [_short(report.figures.get(f"{language} {figure}")) for figure in _ACROSS.values()]
        rows.append(f"| {LANGUAGES.get(language, language)} | " + " | ".join(cells) + " |")
    rows += ["", "| figure (Dutch) | share | 95 % interval | messages |", "| --- | ---: | --- | ---: |"]
    rows += [_long(figure) for name, figure in sorted(report.figures.items()) if name.startswith("nl ")]
    return "\n".join(rows)


def written_into(page: str, report: Report) -> str:
    """``page`` with the tables between its two marks. Raises ValueError when it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no place for the figures: {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{tables(report)}\n{END}{after}"


def misses(report: Report) -> str:
    """The dangers that were not heard, one a line: language, dialog, message."""
    return "".join(f"{each.language}\t{each.dialog}\t{each.text}\n" for each in sorted(report.missed, key=_order))


def changes(before: Mapping[Message, bool], after: Mapping[Message, bool]) -> Iterator[str]:
    """What got right and what got wrong, as lines to read."""
    right = [each for each in after if after[each] and not before.get(each, False)]
    wrong = [each for each in after if not after[each] and before.get(each, False)]
    yield from _listed("newly right", right)
    yield from _listed("newly wrong", wrong)


def _listed(title: str, messages: Sequence[Message]) -> Iterator[str]:
    yield f"{title}: {len(messages)}"
    for each in sorted(messages, key=_order)[:SHOWN]:
        yield f"  {each.language} {each.dialog} ({each.style}): {each.text}"
    if len(messages) > SHOWN:
        yield f"  ... and {len(messages) - SHOWN} more"


def moved(before: Report, after: Report) -> Iterator[str]:
    """Every figure whose share changed, with both shares."""
    for name, figure in sorted(after.figures.items()):
        was = before.figures.get(name)
        if was is None or was.right != figure.right or was.of != figure.of:
            yield f"{name:<44} {was.share if was else 0:7.1%} -> {figure.share:7.1%}"


def _order(message: Message) -> tuple[int, str, str]:
    return _rank(message.language)[0], message.dialog, message.text


def _rank(language: str) -> tuple[int, str]:
    known = list(LANGUAGES)
    return (known.index(language) if language in known else len(known)), language


def _short(figure: Figure | None) -> str:
    return f"{figure.share:.1%}" if figure is not None else ""


def _long(figure: Figure) -> str:
    low, high = figure.interval
    return f"| {figure.name.partition(' ')[2]} | {figure.share:.1%} | {low:.1%} to {high:.1%} | {figure.of} |"
