"""What parents should read: the same updates, taken by the companion in this process, without Telegram or storage."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.app.content import home, load_companion
from bot.conversation.answers import Answer, Key, PacedBubble
from bot.conversation.companion import Companion
from bot.conversation.incoming import Commanded, Incoming, SentOther, Tapped, Typed
from bot.engine.model import Effect
from bot.engine.phrases import Phrase
from bot.engine.replies import Role
from bot.engine.session import Session
from bot.settings import read_content
from bot.telegram.reading import read_update
from tests.botapi import BotApi, Message, Parent


@cache
def companion(locales: Path | None = None) -> Companion:
    """The companion with the dialogs of this repository, as `serve` loads it; perhaps with other translations."""
    content = read_content(os.environ, home())
    return load_companion(replace(content, locales=locales or content.locales), datetime.now(UTC).date())


def phrase(name: Phrase, language: str = "nl") -> str:
    """A fixed sentence."""
    return companion().phrase(name, language)


def answers(api: BotApi, parent: Parent, at: datetime | None = None, said_by: Companion | None = None) -> list[Answer]:
    """The answer to each thing that this parent did, in order. A double tap has one without bubbles."""
    at, said_by = at or datetime.now(UTC), said_by or companion()
    session, given = Session(), []
    for update in sorted(api.world.updates.history.values(), key=lambda each: each.id):
        if update.chat_id != parent.id:
            continue
        received = read_update(update.as_json())
        if received is None or not isinstance(received.what, Tapped | Typed | Commanded | SentOther):
            continue
        answer = said_by.answer(session, received.what, at, received.language)
        session = Session() if Effect.FORGET in answer.effects else answer.session
        given.append(answer)
    return given


def texts(answer: Answer) -> list[str]:
    """The bubbles of an answer as they are first sent."""
    return [bubble.frames[0][0] if isinstance(bubble, PacedBubble) else bubble.text for bubble in answer.bubbles]


def labels(answer: Answer) -> list[str]:
    """The buttons under its last bubble."""
    return [key.label for key in answer.keyboard]


def first_text(message: Message) -> str:
    """What a message said when it was sent."""
    return message.edits[0].text if message.edits else message.text


def sent_texts(parent: Parent) -> list[str]:
    """All that the bot sent to this parent, as it was first sent."""
    return [first_text(message) for message in parent.chat if message.from_bot]


def tap(key: Key) -> Incoming:
    """The button is tapped."""
    return Tapped(key.token)


def type_out(key: Key) -> Incoming:
    """What stands on the button is typed, in capitals."""
    return Typed(key.label.upper())


def way_to(
    answer: Answer, reached: Callable[[Answer], bool], choose: Callable[[Key], Incoming] = tap, most: int = 12
) -> list[str]:
    """The labels to choose after ``answer``, as few as possible, until an answer is what is wanted."""
    at = datetime.now(UTC)
    seen, ways = {answer.session.place}, [(answer, list[str]())]
    for here, way in ways:
        for key in (each for each in here.keyboard if each.role is Role.CHOICE):
            there = companion().answer(here.session, choose(key), at)
            if reached(there):
                return [*way, key.label]
            if there.place not in seen and len(way) < most:
                seen.add(there.place)
                ways.append((there, [*way, key.label]))
    raise AssertionError(f"not reached within {most} choices of {answer.place}")


def way_to_an_end(answer: Answer, choose: Callable[[Key], Incoming] = tap) -> list[str]:
    """The labels to choose until a dialog ends softly."""
    return way_to(answer, lambda there: there.ended, choose)
