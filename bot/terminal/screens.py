"""How a turn looks: for a person with colours and pauses, for a program as one JSON object."""

from __future__ import annotations

import json
import textwrap
import time
from typing import TextIO

from bot.conversation.answers import Answer, Bubble, PacedBubble
from bot.engine.replies import Role

_WIDTH = 72


class JsonScreen:
    """One JSON object a turn, one turn a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def show(self, answer: Answer) -> None:
        """Write the turn."""
        json.dump(as_row(answer), self._out, ensure_ascii=False)
        self._out.write("\n")
        self._out.flush()


def as_row(answer: Answer) -> dict[str, object]:
    """A turn as plain data: where it stands, what is said, what can be chosen, which services are named."""
    services = {
        (service.service, service.name, service.phone, service.open): None
        for bubble in answer.bubbles
        if isinstance(bubble, Bubble)
        for service in bubble.services
    }
    return {
        "dialog": answer.place.dialog if answer.place else None,
        "node": answer.place.node if answer.place else None,
        "say": [text for bubble in answer.bubbles for text in _texts(bubble)],
        "choices": [{"id": key.id, "label": key.label, "go": key.go} for key in answer.keyboard],
        "signposts": [
            {"service": service, "name": name, "phone": phone, "open": open_now}
            for service, name, phone, open_now in services
        ],
        "end": answer.ended,
    }


def _texts(bubble: Bubble | PacedBubble) -> list[str]:
    if isinstance(bubble, Bubble):
        return [bubble.text]
    return [*(text for text, _ in bubble.frames), bubble.last]


class PersonScreen:
    """Bubbles with pauses, choices with numbers, Hulp nu in its own colour."""

    def __init__(self, out: TextIO, pace: float, *, colours: bool) -> None:
        self._out = out
        self._pace = pace
        self._colours = colours

    def show(self, answer: Answer) -> None:
        """Write the turn, at the pace of talking."""
        self._out.write("\n")
        for index, bubble in enumerate(answer.bubbles):
            if index:
                self._wait(self._pace)
            if isinstance(bubble, PacedBubble):
                self._breathe(bubble)
            else:
                self._bubble(bubble.text)
        for number, key in enumerate(answer.keyboard, start=1):
            colour = "1;31" if key.role is Role.HELP else "36"
            self._out.write(self._coloured(f"  {number}  {key.label}", colour) + "\n")
        self._out.flush()

    def _bubble(self, text: str) -> None:
        lines = [line for part in text.split("\n") for line in textwrap.wrap(part, _WIDTH) or [""]]
        self._out.write("\n".join(f"  {line}".rstrip() for line in lines) + "\n\n")
        self._out.flush()

    def _breathe(self, bubble: PacedBubble) -> None:
        """Ctrl-C stops the minute, not the conversation."""
        try:
            for _ in range(bubble.rounds if self._pace else 1):
                for text, seconds in bubble.frames:
                    self._bubble(text)
                    self._wait(seconds)
        except KeyboardInterrupt:
            self._out.write("\n")
        self._bubble(bubble.last)

    def _wait(self, seconds: float) -> None:
        if self._pace:
            time.sleep(seconds)

    def _coloured(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colours else text
