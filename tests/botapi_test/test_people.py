"""Simulated people: what a real bot gets from them, and what they see of it."""

from __future__ import annotations

import asyncio

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest, Forbidden

from tests.botapi import BotApi

from .meeting import bot_at, meeting

pytestmark = pytest.mark.asyncio
FEELING = InlineKeyboardMarkup(
    [[InlineKeyboardButton(label, callback_data=label.lower())] for label in ("Boos", "Moe")]
)


def message_of(update: Update) -> Message:
    """The message in an update."""
    assert update.message
    return update.message


async def test_who_a_parent_is() -> None:
    """A parent has an id of more than 32 bits, a name nobody else has, and the language of the phone."""
    async with BotApi() as api, bot_at(api) as bot:
        parents = [api.parent(language_code="fr") for _ in range(20)]
        await parents[0].says("bonjour")
        message = message_of((await bot.get_updates())[0])
        assert message.from_user and message.from_user.language_code == "fr"
        assert message.chat_id == message.from_user.id == parents[0].id > 2**32
        assert len({parent.id for parent in parents}) == len({parent.account.first_name for parent in parents}) == 20
        assert str(parents[0].id).encode() in parents[0].traces()
        assert parents[0].account.first_name.encode() in parents[0].traces()
        assert api.parent(name="Zohra").account.first_name == "Zohra"


async def test_commands_have_entities() -> None:
    """A /command carries a bot_command entity, counted in UTF-16; a slash inside a word does not."""
    async with meeting() as (_, bot, parent):
        for text in ("/start lost_patience", "😭 /menu@keukentafel_test_bot", "en/of"):
            await parent.says(text)
        updates = (await bot.get_updates())[1:]
        found = [[(e.type, e.offset, e.length) for e in message_of(update).entities] for update in updates]
        assert found == [[("bot_command", 0, 6)], [("bot_command", 3, 26)], []]


async def test_everything_that_is_not_text() -> None:
    """Pictures, stickers, voice, files, places and contacts arrive as what they are."""
    async with meeting() as (_, bot, parent):
        await parent.sends_photo(caption="kijk")
        await parent.sends_sticker()
        await parent.sends_voice()
        await parent.sends_document()
        await parent.sends_location()
        await parent.sends_contact()
        photo, sticker, voice, document, location, contact = map(message_of, (await bot.get_updates())[1:])
        assert (len(photo.photo), photo.caption) == (3, "kijk")
        assert sticker.sticker and voice.voice and document.document and location.location and contact.contact


async def test_edited_messages() -> None:
    """An edit by a parent is an edited_message with the old message id."""
    async with meeting() as (_, bot, parent):
        said = await parent.says("ik ben bos")
        await parent.edits(said, "ik ben boos")
        edited = (await bot.get_updates())[-1].edited_message
        assert edited and (edited.message_id, edited.text) == (said.id, "ik ben boos")
        assert [version.text for version in said.edits] == ["ik ben bos"]


async def test_taps() -> None:
    """A tap finds the newest message with that button, or one given; it carries the data and the message."""
    async with meeting() as (_, bot, parent):
        first = await bot.send_message(parent.id, "Toen?", reply_markup=FEELING)
        await bot.send_message(parent.id, "Nu?", reply_markup=FEELING)
        await parent.taps("Boos")
        await parent.taps(lambda button: button.data == "moe", parent.chat[1])
        newest, given = [update.callback_query for update in (await bot.get_updates())[1:]]
        assert newest and newest.data == "boos" and newest.message and newest.from_user.id == parent.id
        assert given and given.data == "moe" and given.message and given.message.message_id == first.message_id
        with pytest.raises(AssertionError, match="no button 'Blij' to tap; the chat:\n> /start\nbot: Toen"):
            await parent.taps("Blij")


async def test_taps_on_what_is_gone() -> None:
    """A phone that did not see an edit or a deletion yet can still tap; any data can be forged."""
    async with meeting() as (_, bot, parent):
        sent = await bot.send_message(parent.id, "Nu?", reply_markup=FEELING)
        shown = parent.newest
        await bot.edit_message_reply_markup(parent.id, sent.message_id)
        with pytest.raises(AssertionError, match="no button"):
            await parent.taps("Boos")
        await parent.taps("Boos", stale=True)
        await bot.delete_message(parent.id, sent.message_id)
        await parent.taps_data("'; drop table", shown)
        stale, forged = [update.callback_query for update in (await bot.get_updates())[1:]]
        assert stale and stale.data == "boos" and stale.message and stale.message.is_accessible
        assert forged and forged.data == "'; drop table" and forged.message and not forged.message.is_accessible


async def test_links_are_no_taps() -> None:
    """A button with a URL sends the bot nothing."""
    async with meeting() as (_, bot, parent):
        link = InlineKeyboardMarkup([[InlineKeyboardButton("Site", url="https://opgroeien.be")]])
        await bot.send_message(parent.id, "Kijk", reply_markup=link)
        with pytest.raises(AssertionError, match=r"it opens https://opgroeien\.be"):
            await parent.taps("Site")


async def test_waiting() -> None:
    """A parent waits for an answer to what they did last, sees edits too, and says what there was instead."""
    async with meeting() as (_, bot, parent):
        await bot.send_message(parent.id, "Dag")
        await parent.says("en nu?")

        async def answer() -> None:
            await asyncio.sleep(0.1)
            sent = await bot.send_message(parent.id, "Even denken")
            await asyncio.sleep(0.1)
            await bot.edit_message_text("Dag nog eens", parent.id, sent.message_id)

        answering = asyncio.create_task(answer())
        assert (await parent.waits_for("Dag")).text == "Dag nog eens"
        await answering
        assert (await parent.waits_for(lambda message: message.text == "Dag", anywhere=True)).text == "Dag"
        await parent.waits_for_quiet(0.1)
        with pytest.raises(
            AssertionError, match=r"no message fits 'Hallo' within 0\.1 s; the chat:\n> /start\nbot: Dag"
        ):
            await parent.waits_for("Hallo", timeout=0.1)


async def test_blocking() -> None:
    """Blocking and unblocking are told to the bot; writing again unblocks first."""
    async with meeting() as (_, bot, parent):
        await parent.blocks()
        with pytest.raises(Forbidden):
            await bot.send_message(parent.id, "Dag")
        await parent.says("/start")
        await bot.send_message(parent.id, "Dag")
        _, blocked, unblocked, start = await bot.get_updates()
        assert blocked.my_chat_member and unblocked.my_chat_member and start.message
        statuses = [u.my_chat_member.new_chat_member.status for u in (blocked, unblocked) if u.my_chat_member]
        assert statuses == ["kicked", "member"]
        assert blocked.my_chat_member.from_user.id == parent.id


async def test_groups() -> None:
    """The bot hears of a group when it is added, hears what is said, can leave, and is then kept out."""
    async with meeting() as (api, bot, parent):
        group = api.group()
        await group.says("zonder bot", parent)
        await group.adds_bot(parent)
        await group.says("met bot", parent)
        _, added, service, said = await bot.get_updates()
        assert added.my_chat_member and added.my_chat_member.new_chat_member.status == "member"
        assert added.my_chat_member.chat.type == "supergroup" and added.my_chat_member.chat.id == group.id < 0
        assert [user.id for user in message_of(service).new_chat_members] == [bot.id]
        assert message_of(said).text == "met bot"
        await bot.send_message(group.id, "Ik praat alleen onder vier ogen")
        assert group.newest.text == "Ik praat alleen onder vier ogen"
        await bot.leave_chat(group.id)
        assert not group.has_bot
        with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
            await bot.send_message(group.id, "Dag")
        await group.adds_bot(parent)
        await group.removes_bot(parent)
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await bot.leave_chat(group.id)
        with pytest.raises(BadRequest, match=r"(?i)private chats"):
            await bot.leave_chat(parent.id)


async def test_channels() -> None:
    """A post in a channel that the bot administers is a channel_post without a sender."""
    async with meeting() as (api, bot, parent):
        channel = api.channel()
        await channel.adds_bot(parent)
        await channel.posts("Nieuws")
        _, added, post = await bot.get_updates()
        assert added.my_chat_member and added.my_chat_member.new_chat_member.status == "administrator"
        assert post.channel_post and post.channel_post.text == "Nieuws" and post.channel_post.from_user is None
        assert post.channel_post.chat.id == channel.id
