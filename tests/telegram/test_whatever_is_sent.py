"""Everything else that a person can send gets an answer: huge texts, strange signs, pictures, voices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.engine.phrases import Phrase
from tests.botapi import Message, Parent
from tests.botapi.rules import TEXT_LIMIT, length
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion, phrase, sent_texts

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIGNS = {
    "letters": "a",
    "words": "qwxz ",
    "emoji": "\N{LOUDLY CRYING FACE}",
    "a family": "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{BABY}",
    "zero width": "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{WORD JOINER}",
    "direction marks": "\N{RIGHT-TO-LEFT OVERRIDE}\N{ARABIC LETTER ALEF}\N{LEFT-TO-RIGHT MARK}",
    "accents on accents": "e" + "\N{COMBINING ACUTE ACCENT}" * 20,
    "HTML": "<b onclick='x()'>&amp;</b><script>",
    "Markdown": "*_`[x](tg://user?id=1)~||",
    "braces": "{listening_line}{}{0}%s",
    "controls": "".join(chr(code) for code in range(1, 32)) + "\x7f\x85x",
    "slashes": "/ ",
    "quotes": "'\"; DROP TABLE session; --",
    "long s": "ﬁſßİı",
    "digits of others": "٣०３",
    "a number": "1",
}
SENDERS: dict[str, Callable[[Parent], Awaitable[Message]]] = {
    "photo": lambda parent: parent.sends_photo(),
    "sticker": lambda parent: parent.sends_sticker(),
    "voice": lambda parent: parent.sends_voice(),
    "document": lambda parent: parent.sends_document(),
    "location": lambda parent: parent.sends_location(),
    "contact": lambda parent: parent.sends_contact(),
}


def as_long_as_possible(sign: str) -> str:
    """The longest text that a phone sends, of nothing but this."""
    return sign * (TEXT_LIMIT // length(sign))


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
async def test_texts_that_say_nothing(kitchen: Kitchen, sign: str) -> None:
    """A short and a huge text of nothing but this sign are answered, and the conversation goes on."""
    parent = kitchen.parent()
    there = await kitchen.asks(parent, "/start lost_patience")
    for text in (sign, as_long_as_possible(sign)):
        if text.strip():
            answer = await kitchen.asks(parent, text)
            assert answer.bubbles and answer.place == there.place
    assert len(sent_texts(parent)) > len(there.bubbles)
    await kitchen.asks(parent, "/menu")


async def test_two_misses_lead_to_a_person(kitchen: Kitchen) -> None:
    """After two texts in a row that were not understood, people are named."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    for text in ("qwxz", "zxwq"):
        await kitchen.asks(parent, text)
    assert sent_texts(parent)[-2] == phrase(Phrase.FALLBACK_PERSON)


@pytest.mark.parametrize("send", SENDERS.values(), ids=SENDERS)
async def test_what_is_no_text(kitchen: Kitchen, send: Callable[[Parent], Awaitable[Message]]) -> None:
    """It gets a friendly line and the same choices again."""
    parent = kitchen.parent()
    there = await kitchen.asks(parent, "/start lost_patience")
    await send(parent)
    answer = await kitchen.agree(parent)
    assert sent_texts(parent)[-1] == phrase(Phrase.NOT_TEXT)
    assert answer.place == there.place and answer.keyboard


async def test_words_under_a_picture_are_heard(kitchen: Kitchen) -> None:
    """A caption is a text: danger in it opens the safety dialog."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    await parent.sends_photo(companion().script.dialogs["safety_suicide"].triggers["nl"][0])
    answer = await kitchen.agree(parent)
    assert answer.place is not None and answer.place.dialog == "safety_suicide"


async def test_an_edited_message(kitchen: Kitchen) -> None:
    """Changing an older message is not answered anew, but danger in it is heard."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    mine = await parent.says("hmmm")
    await kitchen.agree(parent)
    await parent.edits(mine, "hmmmmm")
    await kitchen.agree(parent)
    assert sent_texts(parent)[-1] == phrase(Phrase.EDITED)
    await parent.edits(mine, companion().script.dialogs["safety_suicide"].triggers["nl"][0])
    answer = await kitchen.agree(parent)
    assert answer.place is not None and answer.place.dialog == "safety_suicide"


async def test_an_edited_command(kitchen: Kitchen) -> None:
    """A message changed into a command is an edited message, not a command."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start")
    mine = await parent.says("/menu")
    await kitchen.agree(parent)
    await parent.edits(mine, "/stop")
    answer = await kitchen.agree(parent)
    assert answer.place == companion().script.menu
