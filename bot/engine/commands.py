"""The commands a parent can give, each by its Dutch name and its aliases."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.engine.model import HELP_NOW, LANGUAGE, MENU, REGION
from bot.engine.phrases import Phrase


class Deed(Enum):
    """A command that does something beside opening a place."""

    START = "start"
    STOP = "stop"
    DATA = "data"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command: its name, the aliases it answers to, its description, and what it opens or does.

    ``opens`` is ``dialog`` or ``dialog/node``.
    """

    name: str
    aliases: tuple[str, ...]
    description: Phrase
    opens: str | None = None
    deed: Deed | None = None


COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec("start", (), Phrase.COMMAND_START, deed=Deed.START),
    CommandSpec("menu", (), Phrase.COMMAND_MENU, opens=MENU),
    CommandSpec("hulp", ("help",), Phrase.COMMAND_HELP, opens=HELP_NOW),
    CommandSpec("taal", ("language",), Phrase.COMMAND_LANGUAGE, opens=LANGUAGE),
    CommandSpec("regio", ("region",), Phrase.COMMAND_REGION, opens=REGION),
    CommandSpec("privacy", (), Phrase.COMMAND_PRIVACY, opens="about/privacy"),
    CommandSpec("gegevens", ("mydata",), Phrase.COMMAND_DATA, deed=Deed.DATA),
    CommandSpec("terugblik", ("notes",), Phrase.COMMAND_NOTES, deed=Deed.NOTES),
    CommandSpec("vergeet", ("forget",), Phrase.COMMAND_FORGET, opens="forget"),
    CommandSpec("wis", ("wipe",), Phrase.COMMAND_WIPE, opens="wipe"),
    CommandSpec("stop", (), Phrase.COMMAND_STOP, deed=Deed.STOP),
)

_BY_NAME = {name: spec for spec in COMMANDS for name in (spec.name, *spec.aliases)}


def command_named(name: str) -> CommandSpec | None:
    """The command that answers to ``name`` (without slash, any case), or None."""
    return _BY_NAME.get(name.lower())
