"""The rules of the Bot API, each shown with what Telegram says when it is broken."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.botapi import BotApi, Parent

from .meeting import bot_at, inline, meeting, raw

pytestmark = pytest.mark.asyncio
OK_BUTTON = {"text": "Ja", "callback_data": "yes"}


async def refused(api: BotApi, parent: Parent, **params: Any) -> str:
    """What sendMessage says to these parameters; it must be a 400, and written down as a violation."""
    status, body = await raw(api, "sendMessage", json={"chat_id": parent.id, "text": "Dag"} | params)
    assert status == body["error_code"] == 400
    assert not body["ok"]
    assert api.violations[-1].description == body["description"]
    assert api.violations[-1].call.method == "sendMessage"
    return str(body["description"])


async def test_a_bot_meets_itself() -> None:
    """getMe gives the bot whose id stands in the token."""
    async with BotApi(token="4242424242:AAgeheim") as api, bot_at(api) as bot:
        assert bot.id == 4242424242
        assert bot.username == "keukentafel_test_bot"
        assert api.violations == []


async def test_a_message_arrives_as_sent() -> None:
    """A sent message stands in the parent's chat, with its buttons, and breaks no rule."""
    async with meeting() as (api, bot, parent):
        buttons = [
            [InlineKeyboardButton("Hulp nu", callback_data="help")],
            [InlineKeyboardButton("Site", url="https://opgroeien.be")],
        ]
        sent = await bot.send_message(parent.id, "  Dag 😊 ", reply_markup=InlineKeyboardMarkup(buttons))
        assert sent.text == "Dag 😊"
        assert parent.newest.id == sent.message_id
        assert parent.newest.labels == ["Hulp nu", "Site"]
        assert sent.reply_markup == InlineKeyboardMarkup(buttons)
        assert [call.text for call in api.sent_to(parent)] == ["  Dag 😊 "]
        assert api.violations == []
        assert parent.transcript() == "> /start\nbot: Dag 😊\n[Hulp nu]\n[Site]"


@pytest.mark.parametrize("how", ["json", "form", "multipart", "query"])
async def test_parameters_come_in_every_way(how: str) -> None:
    """JSON, form, multipart and the query string all carry parameters; the name of a method has no case."""
    async with meeting() as (api, _, parent):
        fields = {"chat_id": str(parent.id), "text": "Dag", "reply_markup": json.dumps(inline([OK_BUTTON]))}
        ways: dict[str, dict[str, Any]] = {
            "json": {"json": {"chat_id": parent.id, "text": "Dag", "reply_markup": inline([OK_BUTTON])}},
            "form": {"data": fields},
            "multipart": {"data": fields | {"file": io.BytesIO(b"bytes")}},
            "query": {"params": fields, "http": "GET"},
        }
        status, body = await raw(api, "SENDmessage", **ways[how])
        assert (status, body["ok"]) == (200, True)
        assert api.calls[-1].method == "sendMessage"
        assert api.calls[-1].params["chat_id"] == parent.id
        assert api.calls[-1].params["reply_markup"] == inline([OK_BUTTON])


async def test_unknown_methods_and_tokens() -> None:
    """An unknown method and a malformed token are 404, another bot's token is 401."""
    async with meeting() as (api, _, _p):
        assert (await raw(api, "sendTelepathy"))[1]["description"] == "Not Found: method not found"
        with pytest.raises(InvalidToken, match="rejected by the server"):
            async with bot_at(api, "7000000001:anders"):
                pass
        with pytest.raises(InvalidToken, match="rejected by the server"):
            async with bot_at(api, "niks"):
                pass
        assert [violation.code for violation in api.violations] == [404, 401, 404]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": None}, "message text is empty"),
        ({"text": " \n"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😊" * 2049}, "message is too long"),
        ({"text": "*x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"text": "x", "parse_mode": "HTML"},
            "this little server parses no entities: send plain text, without parse_mode",
        ),
        ({"chat_id": None}, "chat_id is empty"),
        ({"chat_id": 12345}, "chat not found"),
        ({"reply_parameters": {"message_id": 1}}, "message to be replied not found"),
    ],
)
async def test_texts(params: dict[str, Any], description: str) -> None:
    """A message has a chat and 1 to 4096 UTF-16 units of text."""
    async with meeting() as (api, _, parent):
        assert await refused(api, parent, **params) == f"Bad Request: {description}"
        assert parent.bot_texts == []


async def test_the_longest_text() -> None:
    """4096 units are allowed."""
    async with meeting() as (api, bot, parent):
        await bot.send_message(parent.id, "😊" * 2048)
        assert api.violations == []


UNPARSED = "can't parse inline keyboard button: "


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        (inline() | {"inline_keyboard": "x"}, 'field "inline_keyboard" must be of type Array'),
        (inline({}), 'field "inline_keyboard" must be an Array of Arrays'),  # type: ignore[arg-type]  # is the point
        (inline([{"callback_data": "x"}]), UNPARSED + 'Can\'t find field "text"'),
        (inline([{"text": " ", "callback_data": "x"}]), "BUTTON_TEXT_INVALID"),
        (inline([{"text": "x"}]), UNPARSED + "Text buttons are unallowed in the inline keyboard"),
        (
            inline([{"text": "x", "callback_data": ""}]),
            UNPARSED + "Text buttons are unallowed in the inline keyboard",
        ),
        (
            inline([OK_BUTTON | {"url": "https://x.be"}]),
            UNPARSED + "exactly one action expected, not url, callback_data",
        ),
        (inline([{"text": "x", "callback_data": "x" * 65}]), "BUTTON_DATA_INVALID"),
        (inline([{"text": "x", "callback_data": "é" * 33}]), "BUTTON_DATA_INVALID"),
        (inline([{"text": "x", "pay": True}]), "BUTTON_TYPE_INVALID"),
        (
            inline([{"text": "x", "url": "tel:+3278150010"}]),
            "inline keyboard button URL 'tel:+3278150010' is invalid: Unsupported URL protocol",
        ),
        (
            inline([{"text": "x", "url": "opgroeien"}]),
            "inline keyboard button URL 'opgroeien' is invalid: Wrong HTTP URL",
        ),
        (
            inline([{"text": "x", "url": "https://"}]),
            "inline keyboard button URL 'https://' is invalid: URL host is empty",
        ),
        (inline(*[[OK_BUTTON] for _ in range(101)]), "reply markup is too long"),
    ],
)
async def test_keyboards(markup: Any, description: str) -> None:
    """A keyboard is JSON, has at most 100 buttons, each with a text and exactly one valid action."""
    async with meeting() as (api, _, parent):
        assert await refused(api, parent, reply_markup=markup) == f"Bad Request: {description}"


async def test_the_largest_keyboard() -> None:
    """100 buttons, 64 bytes of callback_data and tg links are allowed."""
    async with meeting() as (api, _, parent):
        rows = [[{"text": "x", "callback_data": "é" * 32}]] * 99 + [[{"text": "y", "url": "tg://user?id=1"}]]
        assert (await raw(api, "sendMessage", json={"chat_id": parent.id, "text": "x", "reply_markup": inline(*rows)}))[
            0
        ] == 200


async def test_edits() -> None:
    """An edit changes the text and the keyboard, and the chat remembers what was there."""
    async with meeting() as (api, bot, parent):
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Boos", callback_data="angry")]])
        sent = await bot.send_message(parent.id, "Hoe is het?", reply_markup=markup)
        await bot.edit_message_text("Hoe is het? Boos.", parent.id, sent.message_id)
        shown = parent.newest
        assert (shown.text, shown.keyboard) == ("Hoe is het? Boos.", ())
        assert [(v.text, v.keyboard[0][0].text) for v in shown.edits] == [("Hoe is het?", "Boos")]
        await bot.edit_message_reply_markup(parent.id, sent.message_id, reply_markup=markup)
        assert shown.labels == ["Boos"]
        assert api.violations == []


async def test_refused_edits() -> None:
    """Only an own message that is there can be edited, and only into something else."""
    async with meeting() as (api, bot, parent):
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Boos", callback_data="angry")]])
        sent = await bot.send_message(parent.id, "Dag", reply_markup=markup)
        with pytest.raises(BadRequest, match="Message is not modified"):
            await bot.edit_message_text("Dag ", parent.id, sent.message_id, reply_markup=markup)
        with pytest.raises(BadRequest, match="Message is not modified"):
            await bot.edit_message_reply_markup(parent.id, sent.message_id, reply_markup=markup)
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await bot.edit_message_text("Dag", parent.id, sent.message_id + 99)
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("Dag", parent.id, parent.chat[0].id)
        with pytest.raises(BadRequest, match="Message_too_long"):
            await bot.edit_message_text("x" * 4097, parent.id, sent.message_id)
        assert len(api.violations) == 5
        assert parent.newest.edits == []


async def test_deleting() -> None:
    """In a private chat both sides can be deleted, within 48 hours; deleteMessages skips what is gone."""
    async with meeting() as (api, bot, parent):
        first, second = [(await bot.send_message(parent.id, text)).message_id for text in ("een", "twee")]
        await bot.delete_message(parent.id, first)
        assert parent.bot_texts == ["twee"]
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await bot.delete_message(parent.id, first)
        with pytest.raises(BadRequest, match="not specified"):
            await bot.delete_messages(parent.id, [])
        with pytest.raises(BadRequest, match="Too many message identifiers"):
            await bot.delete_messages(parent.id, list(range(1, 102)))
        api.time_passes(hours=49)
        for delete in (bot.delete_message(parent.id, second), bot.delete_messages(parent.id, [second])):
            with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
                await delete
        api.time_passes(hours=-2)
        await bot.delete_messages(parent.id, [first, second, parent.chat[0].id])
        assert parent.chat == []


async def test_answers_to_taps() -> None:
    """A tap is answered once, in time, in at most 200 characters."""
    async with meeting() as (api, bot, parent):
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Boos", callback_data="angry")]])
        await bot.send_message(parent.id, "Hoe is het?", reply_markup=markup)
        tap, late = await parent.taps_twice("Boos")
        with pytest.raises(BadRequest, match="Message_too_long"):
            await bot.answer_callback_query(tap.id, "x" * 201)
        await bot.answer_callback_query(tap.id, "x" * 200)
        assert await parent.waits_for_answer(tap) == "x" * 200
        api.time_passes(minutes=20)
        for number in (tap.id, late.id, "1"):
            with pytest.raises(
                BadRequest, match="Query is too old and response timeout expired or query id is invalid"
            ):
                await bot.answer_callback_query(number)
        assert not late.answered


async def test_strangers_and_blockers() -> None:
    """Who never wrote cannot be written to; who blocked the bot gives 403, which is no violation."""
    async with meeting() as (api, bot, parent):
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(api.parent().id, "Dag")
        await bot.send_message(api.parent(known=True).id, "Dag")
        await parent.blocks()
        sends = bot.send_message(parent.id, "Dag"), bot.send_chat_action(parent.id, "typing")
        for send in sends:
            with pytest.raises(Forbidden, match="bot was blocked by the user"):
                await send
        assert len(api.violations) == 1


async def test_chat_actions_and_chats() -> None:
    """sendChatAction knows its actions; getChat gives what python-telegram-bot expects."""

    async def check(bot: Bot, parent: Parent) -> None:
        assert await bot.send_chat_action(parent.id, "typing")
        with pytest.raises(BadRequest, match="Wrong parameter action in request"):
            await bot.send_chat_action(parent.id, "dancing")
        chat = await bot.get_chat(parent.id)
        assert (chat.type, chat.first_name) == ("private", parent.account.first_name)

    async with meeting() as (_, bot, parent):
        await check(bot, parent)
