"""A stored session that cannot be read, and a store that cannot now."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.conversation import turns as turns_module
from bot.conversation.answers import Bubble
from bot.conversation.incoming import Commanded, Incoming, SentOther, Tapped, Typed
from bot.conversation.ports import NO_CHANGES, Changes, StoreUnavailable
from bot.conversation.turns import Turns
from bot.engine.model import MAX_BUBBLES
from bot.engine.phrases import Phrase
from bot.store import Keys, Store
from tests.conversation.small_companion import small_companion
from tests.conversation.talking import CHAT, DAY, SECRET, Conversation, stored

UNREADABLE = {
    "another version": '{"v":99,"at":0,"s":0,"p":"soup/hot"}',
    "no session": '{"v":1}',
    "no JSON": "nonsense",
    "an endless number": '{"v":1,"at":Infinity,"s":0}',
    "too deep": "[" * 50_000,
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize(
    "incoming", [Commanded("start"), Typed("lied"), Typed("?"), SentOther(), Tapped("00:soup/hello/hot")]
)
async def test_a_session_that_cannot_be_read(
    talk: Conversation, store: Store, caplog: pytest.LogCaptureFixture, text: str, incoming: Incoming
) -> None:
    """The conversation begins anew, says so first, answers what came, and is readable from then on."""
    await store.commit(CHAT, text, update_id=None, day=DAY)
    with caplog.at_level(logging.WARNING):
        answer = await talk.does(incoming)
    assert answer is not None
    assert answer.bubbles[0] == Bubble(Phrase.STARTED_ANEW.value)
    assert 2 <= len(answer.bubbles) <= MAX_BUBBLES
    assert answer.keyboard
    assert await stored(store) == answer.session
    assert "starts anew" in caplog.text and "soup" not in caplog.text
    after = await talk.does(Typed("?"))
    assert after is not None and Bubble(Phrase.STARTED_ANEW.value) not in after.bubbles


async def test_starting_anew_takes_nothing_away(talk: Conversation, store: Store) -> None:
    """Where the answer fills three bubbles already, all three are said, and that it starts anew stands above them."""
    await store.commit(CHAT, "nonsense", update_id=None, day=DAY)
    answer = await talk.does(Tapped("00:song/hello/chain"))
    assert answer is not None
    assert answer.bubbles == (Bubble(f"{Phrase.STARTED_ANEW.value}\n\none"), Bubble("two"), Bubble("three"))


class Flaky(Store):
    """A store that cannot, the first times."""

    refusals = 0

    def refuses(self) -> None:
        """Cannot, four times from now on."""
        self.refusals = 4

    async def session(self, chat: bytes) -> str | None:
        self._refuse()
        return await super().session(chat)

    async def commit(
        self, chat: bytes, session_json: str, *, update_id: int | None, day: int, also: Changes = NO_CHANGES
    ) -> None:
        self._refuse()
        await super().commit(chat, session_json, update_id=update_id, day=day, also=also)

    def _refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StoreUnavailable("the disk is full")


@pytest.mark.parametrize("when", ["reading", "storing"])
async def test_a_store_that_cannot_now_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, when: str
) -> None:
    """A full disk is waited for, ever longer; the parent gets one answer, and the turn is stored in the end."""
    monkeypatch.setattr(turns_module, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(turns_module, "LONGEST_WAIT", 0.02)
    async with await Flaky.open(tmp_path / "keukentafel.db", Keys.from_secret(SECRET)) as store:
        assert isinstance(store, Flaky)
        talk = Conversation(Turns(small_companion(), store))
        if when == "reading":
            store.refuses()
        else:
            talk.after_reading = store.refuses  # type: ignore[method-assign]  # from then on
        answer = await talk.does(Commanded("start"))
        assert store.refusals == 0
        assert talk.read == [answer] and answer is not None
        assert await stored(store) == answer.session
    waits = [record.args[1] for record in caplog.records if isinstance(record.args, tuple)]
    assert waits == [0.01, 0.02, 0.02, 0.02]
