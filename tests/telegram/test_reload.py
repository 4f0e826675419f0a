"""SIGHUP: another edition of the dialogs while parents are talking."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.conversation.incoming import Typed
from bot.engine.phrases import Phrase
from bot.engine.session import Session
from tests.botapi import BotApi, Parent
from tests.telegram import oracle
from tests.telegram.editions import Edition
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import phrase
from tests.telegram.serving import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The dialogs that the tests of this file change, one after the other."""
    return Edition(tmp_path_factory.mktemp("edition"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def kitchen(changing: Edition) -> AsyncIterator[Kitchen]:
    """A kitchen that speaks them."""
    async with BotApi(seed=4) as api, serving(changing.dialogs.parent, api, changing.settings) as process:
        yield Kitchen(api, process)
        assert await process.stop() == 0, process.log
        assert "Traceback" not in process.log
        assert api.violations == []


@pytest_asyncio.fixture(loop_scope="module")
async def edition(kitchen: Kitchen, changing: Edition) -> AsyncIterator[Edition]:
    """The dialogs of one test, as they are in the repository at first."""
    yield changing
    changing.restore()
    await reloads(kitchen)


async def reloads(kitchen: Kitchen, says: str = "dialogs reloaded") -> list[str]:
    """Send SIGHUP, and wait for what the bot says about it; gives all that it says."""
    before = len(kitchen.process.log)
    kitchen.process.signal(signal.SIGHUP)
    await kitchen.process.logs(says, after=before)
    return kitchen.process.log[before:].splitlines()


async def hears(parent: Parent, text: str) -> None:
    """Wait for this sentence, in answer to what the parent did last."""
    await parent.waits_for(lambda message: message.text == text, timeout=20)
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)


async def test_a_new_sentence(kitchen: Kitchen, edition: Edition) -> None:
    """After SIGHUP the new edition speaks."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    edition.change("phrases.yaml", r"^  stopped:\n    text: .*$", '  stopped:\n    text: "Tot gauw dan."')
    await reloads(kitchen)
    await parent.says("/stop")
    await hears(parent, "Tot gauw dan.")


async def test_a_button_that_is_gone(kitchen: Kitchen, edition: Edition) -> None:
    """A button of the old edition whose choice is gone gets a kind answer and a way on."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    label = parent.newest.labels[0]
    edition.change("menu.yaml", r"^      child: ", "      infant: ")
    await reloads(kitchen)
    tap = await parent.taps(label)
    await hears(parent, phrase(Phrase.GONE))
    assert await parent.waits_for_answer(tap, timeout=20) == ""
    await parent.taps(phrase(Phrase.GO_ON_HERE))
    await parent.waits_for(lambda message: label in message.labels, timeout=20)
    await parent.taps(label)
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)


async def test_a_place_that_is_gone(kitchen: Kitchen, edition: Edition) -> None:
    """Who stands in a place that the new edition lacks is told so, and finds a way on."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    await kitchen.chooses(parent, parent.newest.labels[0])
    edition.change("menu.yaml", r"^  child:", "  infant:")
    edition.change("menu.yaml", r"go: child}", "go: infant}")
    await reloads(kitchen)
    await parent.says("qwxz")
    await hears(parent, phrase(Phrase.MOVED))


async def test_broken_dialogs(kitchen: Kitchen, edition: Edition) -> None:
    """Broken dialogs are reported with file, line and code; the old ones go on, and mended ones are taken."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    edition.change("menu.yaml", r"go: guilt}", "go: guild}", count=1)
    edition.change("topics/breathe.yaml", r"^start: hello", "start: [")
    said = await reloads(kitchen, "the old ones are kept")
    for place in ("menu.yaml:", "breathe.yaml:"):
        assert any(place in line and " ERROR " in line for line in said)
    await kitchen.chooses(parent, parent.newest.labels[1])
    edition.change("menu.yaml", r"go: guild}", "go: guilt}")
    edition.change("topics/breathe.yaml", r"^start: \[", "start: hello")
    await reloads(kitchen)
    await kitchen.asks(parent, "/start breathe")


@pytest.mark.parametrize("gone", ["", "directory/nl.yaml"])
async def test_missing_dialogs(kitchen: Kitchen, edition: Edition, gone: str) -> None:
    """A folder or file that is not there is reported, and the old dialogs go on."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    edition.lose(gone)
    await reloads(kitchen, "kept")
    await kitchen.chooses(parent, parent.newest.labels[0])


async def test_a_broken_translation(kitchen: Kitchen, edition: Edition) -> None:
    """A catalog that cannot be read is reported, and the old dialogs go on."""
    catalog = edition.locales / "en" / "LC_MESSAGES" / "dialogs.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_bytes(b'msgid "\xff\nmsgstr nothing')
    said = await reloads(kitchen, "kept")
    assert any("dialogs.po" in line for line in said)
    await kitchen.asks(kitchen.parent(), "/start")


async def test_a_model_that_is_stale_or_missing(kitchen: Kitchen, edition: Edition) -> None:
    """The new dialogs are taken, with one line that the model that hears is not theirs, or is not there."""
    with (edition.dialogs / "heard" / "nl" / "none.txt").open("a", encoding="utf-8") as examples:
        examples.write("\nhet regent pannenkoeken in de Kempen\n")
    said = await reloads(kitchen)
    assert [line for line in said if " WARNING " in line and "ear.npz was not made of the examples" in line] != []
    edition.lose("heard/ear.npz")
    said = await reloads(kitchen)
    (line,) = [line for line in said if " WARNING " in line]
    assert "ear.npz is missing, so less danger is heard; `python -m bot train` makes it" in line
    await kitchen.asks(kitchen.parent(), "/start")


async def test_a_start_without_a_model(tmp_path: Path) -> None:
    """It serves, and says so in one line; hearing goes by rules and triggers."""
    edition = Edition(tmp_path / "edition")
    edition.lose("heard/ear.npz")
    async with BotApi(seed=4) as api, serving(tmp_path / "bot", api, edition.settings) as process:
        await process.logs("ear.npz is missing, so less danger is heard")
        (line,) = process.complaints
        assert " WARNING " in line
        parent = api.parent()
        await parent.says("ik wil niet meer leven")
        await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
        heard = oracle.companion().answer(Session(), Typed("ik wil niet meer leven"), datetime.now(UTC))
        assert [message.text for message in parent.chat if message.from_bot] == oracle.texts(heard)
