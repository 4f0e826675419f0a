"""The commands, in Dutch and English, and how Telegram is told about them."""

from __future__ import annotations

import pytest

from bot.engine.commands import COMMANDS
from bot.engine.phrases import Phrase
from tests.botapi import BotApi
from tests.telegram.conftest import Serve
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion, phrase, sent_texts
from tests.telegram.serving import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPENS = {
    "menu": "menu/hello",
    "hulp": "help_now/hello",
    "help": "help_now/hello",
    "taal": "language/hello",
    "language": "language/hello",
    "regio": "region/hello",
    "region": "region/hello",
    "privacy": "about/privacy",
    "vergeet": "forget/hello",
    "forget": "forget/hello",
}


@pytest.mark.parametrize(("command", "place"), OPENS.items(), ids=OPENS)
async def test_a_command_opens_its_place(kitchen: Kitchen, command: str, place: str) -> None:
    """By its Dutch name and its alias, in any case, and addressed to the bot by name."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    for written in (f"/{command}", f"/{command.upper()}", f"/{command}@keukentafel_test_bot"):
        answer = await kitchen.asks(parent, written)
        assert str(answer.place) == place
        await kitchen.asks(parent, "/menu")


async def test_return_after_a_look(kitchen: Kitchen) -> None:
    """Who looks at /regio in the middle of a topic is brought back to it."""
    parent = kitchen.parent()
    there = await kitchen.asks(parent, "/start lost_patience")
    await kitchen.asks(parent, "/regio")
    answer = await kitchen.chooses(parent, parent.newest.labels[1])
    assert answer.place == there.place
    assert answer.session.region == "nl"


async def test_stop(kitchen: Kitchen) -> None:
    """/stop says goodbye; whoever writes again is welcome."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    answer = await kitchen.asks(parent, "/stop")
    assert answer.place is None
    assert sent_texts(parent)[-1] == phrase(Phrase.STOPPED)
    answer = await kitchen.asks(parent, "/start")
    assert str(answer.place) == "menu/welcome"


@pytest.mark.parametrize("text", ["/stop ik wil niet meer leven", "/stop\nik wil niet meer leven", "/ik wil dood"])
async def test_danger_behind_a_command(kitchen: Kitchen, text: str) -> None:
    """It is heard as without the slash, on the same line or on the next."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    answer = await kitchen.asks(parent, text)
    assert str(answer.place) == "safety_suicide/hello"


async def test_a_command_and_a_new_line(kitchen: Kitchen) -> None:
    """A command ends at a new line as it does at a space."""
    answer = await kitchen.asks(kitchen.parent(), "/menu\nlekker weertje")
    assert str(answer.place) == "menu/hello"


@pytest.mark.parametrize("text", ["/nonsense", "/startx", "/" + "a" * 64, "/start@another_bot"])
async def test_an_unknown_command(kitchen: Kitchen, text: str) -> None:
    """It is answered, and the place is kept. (In a private chat every command is meant for this bot.)"""
    parent = kitchen.parent()
    there = await kitchen.asks(parent, "/start lost_patience")
    answer = await kitchen.asks(parent, text)
    assert answer.place == there.place
    expected = Phrase.WELCOME_BACK if "@" in text else Phrase.UNKNOWN_COMMAND
    assert sent_texts(parent)[-1] == phrase(expected)


async def test_telegram_knows_the_commands(kitchen: Kitchen) -> None:
    """Every language gets its own list: Dutch names in Dutch, English aliases elsewhere."""
    world = kitchen.api.world
    languages = companion().texts.languages
    await kitchen.api.until(lambda: len(world.texts) == 2 * len(languages), timeout=10)
    for language in languages:
        shown = world.commands["default", "" if language == "nl" else language]
        names = [row["command"] for row in shown]
        assert names == [spec.name if language == "nl" else [*spec.aliases, spec.name][0] for spec in COMMANDS]
        assert [row["description"] for row in shown] == [phrase(spec.description, language) for spec in COMMANDS]


@pytest.mark.asyncio(loop_scope="function")
async def test_another_default_language(serve: Serve, api: BotApi) -> None:
    """Where the default is English, phones in English and in unknown languages get /help, those in Dutch /hulp."""
    languages = companion().texts.languages
    await serve({"DEFAULT_LANGUAGE": "en", "LOCALES": str(ROOT / "locales")})
    await api.until(lambda: len(api.world.texts) == 2 * len(languages), timeout=20)
    names = {code: [row["command"] for row in rows] for (_, code), rows in api.world.commands.items()}
    assert set(names) == {"", "nl", "fr"}
    assert {"help", "language", "region"} <= set(names[""]) and set(names["fr"]) == set(names[""])
    assert {"hulp", "taal", "regio"} <= set(names["nl"]) and not {"help", "language", "region"} & set(names["nl"])
    described = [row["description"] for row in api.world.commands["default", ""]]
    assert described == [phrase(spec.description, "en") for spec in COMMANDS]


async def test_telegram_knows_what_the_bot_is(kitchen: Kitchen) -> None:
    """The descriptions are set in every language."""
    world = kitchen.api.world
    languages = companion().texts.languages
    await kitchen.api.until(lambda: len(world.texts) == 2 * len(languages), timeout=10)
    for language in languages:
        code = "" if language == "nl" else language
        assert world.texts["description", code] == phrase(Phrase.BOT_DESCRIPTION, language)
        assert world.texts["short_description", code] == phrase(Phrase.BOT_SHORT_DESCRIPTION, language)
