"""The bot's commands and descriptions, in every language; set only where Telegram has others."""

from __future__ import annotations

import logging

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.conversation.companion import Companion
from bot.engine.commands import COMMANDS, CommandSpec
from bot.engine.phrases import Phrase
from bot.telegram.patience import Patience
from bot.texts import SOURCE_LANGUAGE

_log = logging.getLogger(__name__)


async def introduce(bot: Bot, patience: Patience, companion: Companion) -> None:
    """Tell Telegram the commands and descriptions in each language; those of the default language are for phones in a
    language that is not offered, too.
    """
    for language in companion.texts.languages:
        code = "" if language == companion.default_language else language
        try:
            await _commands(bot, patience, companion, language, code)
            await _descriptions(bot, patience, companion, language, code)
        except TelegramError as problem:  # never in the way of a conversation
            _log.warning("profile for %r not set: %s", language, type(problem).__name__)


async def _commands(bot: Bot, patience: Patience, companion: Companion, language: str, code: str) -> None:
    wanted = [BotCommand(_name(spec, language), companion.phrase(spec.description, language)) for spec in COMMANDS]
    present = await patience.call("getMyCommands", lambda: bot.get_my_commands(language_code=code or None), tries=5)
    if present is None or list(present) != wanted:
        await patience.call("setMyCommands", lambda: bot.set_my_commands(wanted, language_code=code or None), tries=5)


async def _descriptions(bot: Bot, patience: Patience, companion: Companion, language: str, code: str) -> None:
    wanted = companion.phrase(Phrase.BOT_DESCRIPTION, language)
    described = await patience.call(
        "getMyDescription", lambda: bot.get_my_description(language_code=code or None), tries=5
    )
    if described is None or described.description != wanted:
        await patience.call(
            "setMyDescription", lambda: bot.set_my_description(wanted, language_code=code or None), tries=5
        )
    short = companion.phrase(Phrase.BOT_SHORT_DESCRIPTION, language)
    shown = await patience.call(
        "getMyShortDescription", lambda: bot.get_my_short_description(language_code=code or None), tries=5
    )
    if shown is None or shown.short_description != short:
        await patience.call(
            "setMyShortDescription", lambda: bot.set_my_short_description(short, language_code=code or None), tries=5
        )


def _name(spec: CommandSpec, language: str) -> str:
    """The Dutch name for Dutch, the English alias for every other language, whichever of them is the default."""
    return spec.name if language == SOURCE_LANGUAGE or not spec.aliases else spec.aliases[0]
