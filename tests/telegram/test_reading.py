"""Updates as Telegram sends them: what is taken of them, and what becomes of those that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import TelegramError
from telegram.ext import filters

from bot.conversation.incoming import Commanded, SentOther, Tapped, Typed
from bot.telegram.polling import PollRequest
from bot.telegram.pulse import Pulse
from bot.telegram.reading import ALLOWED_UPDATES, STATUS, read_update
from bot.telegram.received import Blocked, Crowd, Keyboard, Received

PARENT = {"id": 5, "is_bot": False, "first_name": "An", "language_code": "fr"}
PRIVATE = {"id": 5, "type": "private", "first_name": "An"}
SENT = 1_790_000_000
GROUP = {"id": -7, "type": "group", "title": "crèche"}
COMMAND: dict[str, Any] = {"entities": [{"type": "bot_command", "offset": 0, "length": 5}]}


def message(chat: Mapping[str, Any] = PRIVATE, **fields: Any) -> dict[str, Any]:
    """A message as the Bot API gives it."""
    return {"message_id": 3, "date": SENT, "chat": chat, "from": PARENT, **fields}


def query(**fields: Any) -> dict[str, Any]:
    """A tap on a button."""
    return {"callback_query": {"id": "q", "from": PARENT, "chat_instance": "1", "data": "token", **fields}}


def member(old: str, new: str, chat: Mapping[str, Any] = PRIVATE) -> dict[str, Any]:
    """What the bot is in a chat changed."""
    change = {"chat": chat, "from": PARENT, "date": 1, "old_chat_member": {"status": old}}
    return {"my_chat_member": change | {"new_chat_member": {"status": new}}}


SAID: list[tuple[dict[str, Any], Received | None]] = [
    ({"message": message(text="dag")}, Received(9, 5, Typed("dag"), "fr", message_id=3, sent=SENT)),
    (
        {"edited_message": message(text="dag", date=1, edit_date=SENT)},
        Received(9, 5, Typed("dag", edited=True), "fr", message_id=3, sent=SENT),
    ),
    ({"message": message(caption="kijk", photo=[{}])}, Received(9, 5, Typed("kijk"), "fr", message_id=3, sent=SENT)),
    (
        {"message": message(text="/stop@bot nu", **COMMAND)},
        Received(9, 5, Commanded("stop", "nu"), "fr", message_id=3, sent=SENT),
    ),
    (
        {"message": message(text="/stop\nnu", **COMMAND)},
        Received(9, 5, Commanded("stop", "nu"), "fr", message_id=3, sent=SENT),
    ),
    ({"message": message(text="/stop")}, Received(9, 5, Typed("/stop"), "fr", message_id=3, sent=SENT)),
    (
        {"edited_message": message(text="/stop", edit_date=SENT, **COMMAND)},
        Received(9, 5, Typed("/stop", edited=True), "fr", message_id=3, sent=SENT),
    ),
    ({"message": message(text=" \n")}, Received(9, 5, SentOther(), "fr", message_id=3, sent=SENT)),
    ({"message": message(sticker={}, is_new_kind=True)}, Received(9, 5, SentOther(), "fr", message_id=3, sent=SENT)),
    ({"message": message(pinned_message=message(text="dag"))}, None),
    ({"message": message(forum_topic_closed={})}, None),
    (
        {"message": message(text="dag", group_chat_created=False)},
        Received(9, 5, Typed("dag"), "fr", message_id=3, sent=SENT),
    ),
    ({"message": message(GROUP, text="dag")}, Received(9, -7, Crowd(speak=False), "fr")),
    ({"channel_post": {**message(GROUP, text="dag"), "from": None}}, Received(9, -7, Crowd(speak=False))),
    ({"poll": {}}, None),
    ({}, None),
    (query(message=message(text="?")), Received(9, 5, Tapped("token"), "fr", Keyboard("q", 3, "?"))),
    (query(message=message(text="?") | {"date": 0}), Received(9, 5, Tapped("token"), "fr", Keyboard("q"))),
    (query(data=None), Received(9, 5, Tapped(""), "fr", Keyboard("q"))),
    (query(message=message(GROUP)), Received(9, -7, Crowd(speak=False), "fr")),
    (member("member", "kicked"), Received(9, 5, Blocked())),
    (member("kicked", "member"), None),
    (member("left", "member", GROUP), Received(9, -7, Crowd(speak=True), "fr")),
    (member("member", "administrator", GROUP), None),
    (member("member", "left", GROUP), None),
]


@pytest.mark.parametrize(("update", "received"), SAID)
def test_what_is_taken(update: dict[str, Any], received: Received | None) -> None:
    """No more than an answer needs."""
    assert read_update({"update_id": 9, **update}) == received


@pytest.mark.parametrize(
    ("update", "problem"),
    [
        ({"message": "dag"}, "message is no dict"),
        ({"message": {"chat": PRIVATE, "text": "dag"}}, "message_id is missing"),
        ({"message": message() | {"chat": None}}, "chat is missing"),
        ({"message": message({"id": "5", "type": "private"})}, "id is no int"),
        ({"message": message({"id": True, "type": "private"})}, "id is no int"),
        ({"message": message(text=["geheim"])}, "text is no str"),
        (query(id=4), "id is no str"),
        ({"callback_query": {"id": "q"}}, "from is missing"),
        ({"my_chat_member": {"chat": PRIVATE}}, "new_chat_member is missing"),
    ],
)
def test_what_is_no_update(update: dict[str, Any], problem: str) -> None:
    """The field is named, its content is not."""
    with pytest.raises(ValueError, match=f"^{problem}$"):
        read_update({"update_id": 9, **update})


KEYS = ["message", "callback_query", "my_chat_member", "chat", "from", "id", "text", "entities", "type", "date", "data"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["private", "bot_command"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(ALLOWED_UPDATES), ANYTHING))
def test_whatever_comes(update: dict[str, Any]) -> None:
    """It is read, or it is a ValueError; and what was read can be stored."""
    try:
        received = read_update({"update_id": 9, **update})
    except ValueError:
        return
    if received is not None:
        assert Received.from_json(received.to_json()) == received


def test_messages_in_which_nobody_said_anything() -> None:
    """The same fields as python-telegram-bot knows: a new one is noticed when it is updated."""
    combined = {"CHAT_CREATED": "group_chat_created", "MIGRATE": "migrate_to_chat_id", "ALL": "pinned_message"}
    known = {combined.get(name, name.lower()) for name in dir(filters.StatusUpdate) if name.isupper()}
    rest = {"supergroup_chat_created", "channel_chat_created", "migrate_from_chat_id"}
    assert known | rest == STATUS


class Inbox:
    """Keeps what is expected."""

    def __init__(self) -> None:
        self.updates: dict[int, Received | None] = {}

    def expect(self, updates: Mapping[int, Received | None]) -> None:
        """Keep them."""
        self.updates = dict(updates)

    async def settled(self) -> None:
        """Nothing is under way."""


def test_a_poll(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be read is confirmed with the rest, or it would come for ever. What has no id, or one
    that the database cannot hold, is passed over.
    """
    inbox = Inbox()
    polls = PollRequest(Pulse(tmp_path / "pulse"), "poll", inbox)
    ids = (2**63, 10**30, -1, True, 5.0, "5")
    odd: list[object] = [{"poll": {}}, 7, *({"update_id": number, **SAID[0][0]} for number in ids)]
    updates = [{"update_id": 5, "message": {"chat": "geheim"}}, {"update_id": 6, **SAID[0][0]}, *odd]
    answer = polls.parse_json_payload(json.dumps({"ok": True, "result": updates}).encode())
    assert answer["result"] == [{"update_id": 6}], "the next poll confirms all up to this one"
    assert inbox.updates == {5: None, 6: Received(6, 5, Typed("dag"), "fr", message_id=3, sent=SENT)}
    assert caplog.messages == ["an update cannot be read and is left out: chat is no dict"]
    assert polls.parse_json_payload(b'{"ok": true, "result": []}')["result"] == []
    assert polls.parse_json_payload(b'{"ok": false, "description": "no"}')["description"] == "no"
    for nonsense in (b"[]", b"<html>", b'{"ok": true}', b'{"ok": true, "result": 3}'):
        with pytest.raises(TelegramError):
            polls.parse_json_payload(nonsense)
