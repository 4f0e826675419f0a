"""Which language a parent reads, and when the bot asks where they live."""

from __future__ import annotations

import pytest

from bot.conversation.answers import Bubble
from bot.engine.model import REGION
from bot.engine.phrases import Phrase
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion, phrase, sent_texts, way_to

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONES = {"nl": "nl", "nl-BE": "nl", "en": "en", "en-GB": "en", "fr": "fr", "fr-BE": "fr", "de": "nl", "": "nl"}


@pytest.mark.parametrize(("code", "language"), PHONES.items(), ids=PHONES)
async def test_the_language_of_the_phone(kitchen: Kitchen, code: str, language: str) -> None:
    """The phone's language decides, whatever its country; one that is not spoken here gets the default."""
    parent = kitchen.parent(code)
    answer = await kitchen.asks(parent, "/start")
    assert answer.language == language
    assert parent.newest.labels[-1] == phrase(Phrase.HELP_NOW, language)


@pytest.mark.parametrize(("label", "language"), [("Nederlands", "nl"), ("English", "en"), ("Français", "fr")])
async def test_the_language_that_was_chosen(kitchen: Kitchen, label: str, language: str) -> None:
    """What was chosen with /taal holds from the next bubble on, whatever the phone says."""
    parent = kitchen.parent("tr")
    await kitchen.asks(parent, "/start")
    await kitchen.asks(parent, "/taal")
    answer = await kitchen.chooses(parent, label)
    assert answer.language == language
    await kitchen.asks(parent, "/stop")
    assert sent_texts(parent)[-1] == phrase(Phrase.STOPPED, language)


async def test_the_region_is_asked_once(kitchen: Kitchen) -> None:
    """When a topic first points to a service, the bot asks where the parent lives, goes on there, and asks no more."""
    asking = companion().script.start_of(REGION)
    parent = kitchen.parent()
    answer = await kitchen.asks(parent, "/start exhausted")
    for label in way_to(answer, lambda there: there.place == asking):
        answer = await kitchen.chooses(parent, label)
    answer = await kitchen.chooses(parent, parent.newest.labels[1])
    assert answer.session.region == "nl"
    assert any(isinstance(bubble, Bubble) and bubble.services for bubble in answer.bubbles)
    for topic in ("exhausted", "lost_patience"):
        answer = await kitchen.asks(parent, f"/start {topic}")
        with pytest.raises(AssertionError, match="not reached"):
            way_to(answer, lambda there: there.place == asking)


async def test_whoever_does_not_say_where_is_not_asked_again(kitchen: Kitchen) -> None:
    """A parent who goes on without an answer about the region gets the services of everywhere, and no question."""
    asking = companion().script.start_of(REGION)
    parent = kitchen.parent()
    answer = await kitchen.asks(parent, "/start exhausted")
    for label in way_to(answer, lambda there: there.place == asking):
        answer = await kitchen.chooses(parent, label)
    answer = await kitchen.asks(parent, "/start exhausted")
    assert answer.session.region is None
    with pytest.raises(AssertionError, match="not reached"):
        way_to(answer, lambda there: there.place == asking)
