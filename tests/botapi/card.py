"""The bot's own card: its menu of commands, its name and what it says about itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import rules
from .state import World
from .wire import Json, Params, bad_request

Method = Callable[[World, Params], Any]


def set_my_commands(world: World, params: Params) -> bool:
    """The menu of commands for one scope and language."""
    commands = rules.commands(params)
    world.commands[rules.scope(params), rules.language(params)] = commands
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """The menu of exactly this scope and language."""
    return world.commands.get((rules.scope(params), rules.language(params)), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """That menu goes."""
    world.commands.pop((rules.scope(params), rules.language(params)), None)
    return True


def setter(name: str, limit: int) -> Method:
    def set_text(world: World, params: Params) -> bool:
        """A text on the bot's card, for one language."""
        text = params.text(name).strip()
        if rules.length(text) > limit:
            raise bad_request(f"{name.upper()}_TOO_LONG")  # Telegram's own wording is not known
        language = rules.language(params)
        world.texts[name, language] = text
        if name == "name" and text and not language:
            world.rename_bot(text)
        return True

    return set_text


def getter(name: str) -> Method:
    def get_text(world: World, params: Params) -> Json:
        """A text on the bot's card: of this language, else the one for everybody."""
        own = world.texts.get((name, rules.language(params)))
        return {name: own or world.texts.get((name, ""), world.bot.first_name if name == "name" else "")}

    return get_text
