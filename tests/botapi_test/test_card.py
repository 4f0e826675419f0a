"""The bot's card: its commands, its name and what it says about itself."""

from __future__ import annotations

import pytest
from telegram import BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest

from .meeting import meeting

pytestmark = pytest.mark.asyncio


async def test_commands() -> None:
    """The menu of commands is kept per scope and language."""
    async with meeting() as (api, bot, _):
        private = BotCommandScopeAllPrivateChats()
        await bot.set_my_commands([("start", "Begin")], scope=private, language_code="nl")
        assert await bot.get_my_commands(private, "nl") == (BotCommand("start", "Begin"),)
        assert await bot.get_my_commands() == ()
        await bot.delete_my_commands(private, "nl")
        assert await bot.get_my_commands(private, "nl") == ()
        assert api.violations == []


@pytest.mark.parametrize(
    ("commands", "description"),
    [
        ([], "Expected an array of botcommand"),
        ([("c", "d")] * 101, "Bot_commands_too_much"),
        ([("Start", "d")], "Bot_command_invalid"),
        ([("/start", "d")], "Bot_command_invalid"),
        ([("x" * 33, "d")], "Command length must not exceed 32"),
        ([("start", " ")], "Command description must be non-empty"),
        ([("start", "d" * 257)], "Command description length must not exceed 256"),
    ],
)
async def test_refused_commands(commands: list[tuple[str, str]], description: str) -> None:
    """1 to 100 commands, names of 1 to 32 from a-z, 0-9 and _, and descriptions of 1 to 256 characters."""
    async with meeting() as (_, bot, _p):
        with pytest.raises(BadRequest, match=f"(?i){description}"):
            await bot.set_my_commands(commands)


async def test_the_card() -> None:
    """Name, description and short description are kept per language, up to 64, 512 and 120 characters."""
    async with meeting() as (api, bot, _):
        await bot.set_my_description("Een luisterend oor", "nl")
        await bot.set_my_short_description("x" * 120)
        await bot.set_my_name("Tafel")
        assert (await bot.get_my_description("nl")).description == "Een luisterend oor"
        assert (await bot.get_my_short_description("nl")).short_description == "x" * 120
        assert (await bot.get_me()).first_name == "Tafel"
        for call in (
            bot.set_my_description("x" * 513),
            bot.set_my_short_description("x" * 121),
            bot.set_my_name("x" * 65),
        ):
            with pytest.raises(BadRequest, match=r"(?i)too_long"):
                await call
        with pytest.raises(BadRequest, match="Invalid language code"):
            await bot.set_my_description("x", "nl-BE")
        assert len(api.violations) == 4
