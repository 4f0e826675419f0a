"""Who reviewed which dialog: what `about` tells, from what stands in the dialogs' files."""

from __future__ import annotations

from babel.dates import format_date

from bot.engine.model import REVIEWS_ROOM, Dialog, Script
from bot.engine.phrases import Phrase
from bot.texts import Texts


def spoken_reviews(script: Script, texts: Texts, language: str) -> str:
    """One line a reviewed dialog, newest first, as many as a bubble holds; one honest sentence while there are none."""
    reviewed = [dialog for dialog in script.dialogs.values() if dialog.reviewed is not None]
    if not reviewed:
        return texts.say(language, script.phrases[Phrase.REVIEWED_NONE])
    rows: list[str] = []
    for dialog in sorted(reviewed, key=_moment, reverse=True):
        row = _row(script, texts, language, dialog)
        if sum(map(len, rows)) + len(rows) + len(row) > REVIEWS_ROOM:
            break
        rows.append(row)
    return "\n".join(rows)


def _moment(dialog: Dialog) -> str:
    return dialog.reviewed.on.isoformat() if dialog.reviewed is not None else ""


def _row(script: Script, texts: Texts, language: str, dialog: Dialog) -> str:
    assert dialog.reviewed is not None
    return texts.say(language, script.phrases[Phrase.REVIEWED]).format(
        title=texts.say(language, dialog.title),
        name=dialog.reviewed.by,
        day=format_date(dialog.reviewed.on, "long", locale=texts.locale(language)),
    )
