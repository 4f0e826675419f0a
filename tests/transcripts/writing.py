"""A conversation as plain text that a nurse can read and sign."""

from __future__ import annotations

import textwrap
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.conversation.answers import Answer, Bubble
from bot.conversation.companion import Companion
from bot.conversation.incoming import Commanded, Tapped, Typed
from bot.engine.model import Dialog
from bot.engine.replies import Role
from bot.engine.session import Session
from tests.transcripts.paths import TYPED, Step

ZONE = ZoneInfo("Europe/Brussels")
NIGHT = datetime(2026, 11, 24, 3, 10, tzinfo=ZONE)
DAY = datetime(2026, 11, 24, 14, 0, tzinfo=ZONE)
TYPED_WORDS = "…"
WAYS = {
    "quickest": ("the quickest way through", NIGHT, "be"),
    "longest": ("by its farthest node", DAY, "nl"),
    "more": ("it is more than that", NIGHT, "be"),
}
_WIDTH = 88


def transcript(companion: Companion, dialog: Dialog, way: str, steps: list[Step], language: str) -> str:
    """The conversation along ``steps``, as it is read in ``language``."""
    told, now, region = WAYS[way]
    reviewed = f"{dialog.reviewed.by}, {dialog.reviewed.on}" if dialog.reviewed else "not yet"
    lines = [
        f"# {dialog.id}: {companion.texts.say(language, dialog.title)}",
        f"# {told} · {now:%Y-%m-%d %H:%M} · region {region} · {language} · reviewed: {reviewed}",
    ]
    session = Session(language=language, region=region, greeted=True)
    answer = companion.answer(session, Commanded("start", dialog.id), now)
    lines += _answer(answer)
    for step in steps:
        key = next((key for key in answer.keyboard if key.id == step), None)
        if step == TYPED:
            lines += ["", f"> {TYPED_WORDS}"]
            answer = companion.answer(answer.session, Typed(TYPED_WORDS), now)
        else:
            assert key is not None, f"{dialog.id}: no choice {step!r} at {answer.place}"
            lines += ["", f"> {key.label}"]
            answer = companion.answer(answer.session, Tapped(key.token), now)
        lines += _answer(answer)
    return "\n".join(lines) + "\n"


def _answer(answer: Answer) -> list[str]:
    lines = ["", f"({answer.place})"]
    for bubble in answer.bubbles:
        if isinstance(bubble, Bubble):
            lines += _bubble(bubble.text)
        else:
            for text, seconds in bubble.frames:
                lines += _bubble(f"{text} ({seconds:g} s)")
            lines += _bubble(bubble.last)
    lines.append("  ".join(f"[{key.label}]" for key in answer.keyboard if key.role is Role.CHOICE))
    return lines


def _bubble(text: str) -> list[str]:
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, _WIDTH) or [""]]
    return [f"{'bot:' if number == 0 else '    '} {line}".rstrip() for number, line in enumerate(lines)]
