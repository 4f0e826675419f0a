"""Everything that a parent can read, in every language, with the exceptions that stand beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.authoring.book import Book
from bot.authoring.extract import Sentence, dialog_sentences, phrase_sentences
from bot.authoring.located import KeyPath, LocatedFile, Value
from bot.engine.model import Kind, Text
from bot.engine.phrases import LABELS
from bot.texts import SOURCE_LANGUAGE, Texts

TONE = "tone"
"""The key of the exceptions beside a line."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """One text in each language it is translated to. ``kind`` and ``dialog`` are None for the fixed phrases."""

    located: LocatedFile
    path: KeyPath
    kind: Kind | None
    dialog: str | None
    is_label: bool
    texts: Mapping[str, str]
    holder: KeyPath
    """Where the line or choice stands that this text is of, and so its exceptions."""
    exceptions: Mapping[str, str]
    """The reason for each rule that this text may break, in every language."""


def everything_said(book: Book, texts: Texts) -> Iterator[Said]:
    """Every text of the dialogs and the phrases; not of the directory, which is made of names and numbers."""
    for file in book.dialogs.values():
        for sentence in dialog_sentences(file.shape):
            yield _said(file.located, sentence, texts, file.kind, file.id)
    if book.phrases is not None:
        for sentence in phrase_sentences(book.phrases[1]):
            yield _said(book.phrases[0], sentence, texts, None, None)


def _said(located: LocatedFile, sentence: Sentence, texts: Texts, kind: Kind | None, dialog: str | None) -> Said:
    path = sentence.path
    text = Text(sentence.source, sentence.context)
    in_languages = {SOURCE_LANGUAGE: sentence.source}
    for language in texts.languages:
        if (said := texts.say(language, text)) != sentence.source:
            in_languages[language] = said
    holder = path[:4] if "say" in path[2:3] else path[:2] if path[0] == "phrases" else path[:-1]
    is_label = path[-1] in ("label", "title") or (path[0] == "phrases" and path[1] in LABELS)
    exceptions = _inside(located.data, (*holder, TONE))
    return Said(
        located,
        path,
        kind,
        dialog,
        is_label,
        in_languages,
        holder,
        {rule: str(reason) for rule, reason in exceptions.items()} if isinstance(exceptions, dict) else {},
    )


def _inside(data: Value, path: KeyPath) -> Value | None:
    """What stands at ``path``; None when nothing does."""
    for part in path:
        if isinstance(data, dict) and isinstance(part, str):
            inner = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            inner = data[part]
        else:
            return None
        if inner is None:
            return None
        data = inner
    return data
