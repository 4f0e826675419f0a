"""Sends a turn: leaves the chosen answer readable, then the bubbles at the pace of talking."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from telegram import Bot
from telegram.constants import MessageLimit

from bot.conversation.answers import Answer, Bubble, PacedBubble
from bot.conversation.turns import ParentGone
from bot.telegram.calls import Calls
from bot.telegram.keyboards import markup
from bot.telegram.limits import Limits
from bot.telegram.patience import Patience, Stopping
from bot.telegram.received import Keyboard, Received

CHOSEN = "▸ "
"""Stands before the label that a parent tapped, under the message it was tapped on."""
MOST_DELETED = 100
"""Messages in one deleteMessages (Bot API)."""


class Messenger:
    """Speaks to one bot account's chats."""

    def __init__(self, bot: Bot, patience: Patience, limits: Limits, pace: float) -> None:
        self._bot = bot
        self._calls = Calls(bot)
        self._patience = patience
        self._limits = limits
        self._pace = pace
        self._breathing: dict[int, asyncio.Task[None]] = {}

    async def deliver(self, received: Received, answer: Answer, wiped: Sequence[int] = ()) -> list[int]:
        """Show ``answer`` to the parent who sent ``received``, in the place of the messages ``wiped``.

        The tapped keyboard goes while the answer comes. Gives the ids of what stands on the screen since: the
        parent's message and the bot's. Raises ParentGone or Stopping.
        """
        try:
            return await self._deliver(received, answer, wiped)
        except BaseExceptionGroup as several:
            problems = several.exceptions
            raise next((each for each in problems if isinstance(each, ParentGone)), problems[0]) from None

    async def _deliver(self, received: Received, answer: Answer, wiped: Sequence[int]) -> list[int]:
        chat = received.chat_id
        shown = [] if received.message_id is None else [received.message_id]
        if not answer.bubbles:
            if received.keyboard is not None:
                await self._answer_tap(received.keyboard)
            return shown
        await self.stop_breathing(chat)
        if wiped:
            await self._take_away(chat, [*wiped, *shown])
            shown = []
        if received.keyboard is None:
            return shown + await self._speak(chat, answer)
        async with asyncio.TaskGroup() as beside:
            beside.create_task(self._tapped(chat, received.keyboard, None if wiped else answer))
            shown += await self._speak(chat, answer)
        return shown

    async def _speak(self, chat: int, answer: Answer) -> list[int]:
        """Send the bubbles at the pace of talking; gives the ids of the messages."""
        shown: list[int] = []
        keyboard = markup(answer.keyboard)
        last = len(answer.bubbles) - 1
        for index, bubble in enumerate(answer.bubbles):
            if index:
                await self._take_time(chat)
            under = keyboard if index == last else None
            if isinstance(bubble, PacedBubble):
                sent = await self._breathe(chat, bubble, under)
            else:
                sent = await self._send(chat, bubble, under)
            if sent is not None:
                shown.append(sent)
        return shown

    async def apologise(self, received: Received, text: str) -> list[int]:
        """Say that something went wrong here. The menu and Hulp nu are in the text's own words: typing works.

        Gives the ids of what stands on the screen since, as ``deliver`` does.
        """
        if received.keyboard is not None:
            await self._answer_tap(received.keyboard)
        sent = await self._send(received.chat_id, Bubble(text), None)
        return [each for each in (received.message_id, sent) if each is not None]

    async def say_and_leave(self, received: Received, text: str | None) -> None:
        """Say once that this is for private chats only, if anything, and leave the group or channel."""
        chat = received.chat_id
        try:
            if text is not None:
                await self._patience.call("sendMessage", lambda: self._bot.send_message(chat, text), tries=3)
            await self._patience.call("leaveChat", lambda: self._bot.leave_chat(chat), tries=3)
        except ParentGone:
            return  # it was put out before it could leave

    async def stop_breathing(self, chat: int) -> None:
        """End a minute that is still being paced in this chat."""
        task = self._breathing.pop(chat, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def close(self) -> None:
        """End every minute that is still being paced."""
        for chat in list(self._breathing):
            await self.stop_breathing(chat)

    async def _tapped(self, chat: int, keyboard: Keyboard, answer: Answer | None) -> None:
        """Let the button stop glowing, then leave what was chosen under its message, if that still stands."""
        await self._answer_tap(keyboard)
        if answer is not None:
            await self._put_away(chat, keyboard, answer.tapped)

    async def _answer_tap(self, keyboard: Keyboard) -> None:
        """Let the button stop glowing; too late is no harm."""
        query = keyboard.query_id
        await self._patience.call("answerCallbackQuery", lambda: self._calls.answer_callback_query(query), tries=1)

    async def _take_away(self, chat: int, ids: Sequence[int]) -> None:
        """Delete messages; those that are gone or too old are passed over."""
        known = list(dict.fromkeys(ids))
        for first in range(0, len(known), MOST_DELETED):
            some = known[first : first + MOST_DELETED]
            gone = await self._patience.call(
                "deleteMessages",
                lambda some=some: self._calls.delete_messages(chat, some),  # type: ignore[misc]
            )
            for each in some if gone is None else ():  # one that cannot be deleted must not save the others
                await self._patience.call(
                    "deleteMessage",
                    lambda each=each: self._calls.delete_message(chat, each),  # type: ignore[misc]
                    tries=3,
                )

    async def _put_away(self, chat: int, keyboard: Keyboard, chosen: str | None) -> None:
        """Take the tapped keyboard away and leave the chosen answer under its message."""
        message_id = keyboard.message_id
        if message_id is None:
            return
        text = f"{keyboard.text}\n\n{CHOSEN}{chosen}" if keyboard.text and chosen else None
        if text is not None and len(text) <= MessageLimit.MAX_TEXT_LENGTH:
            await self._patience.call(
                "editMessageText",
                lambda: self._calls.edit_message_text(chat, message_id, text),
                tries=2,
            )
        else:
            await self._patience.call(
                "editMessageReplyMarkup",
                lambda: self._calls.take_keyboard(chat, message_id),
                tries=2,
            )

    async def _send(self, chat: int, bubble: Bubble, under: str | None) -> int | None:
        await self._limits.wait(chat)
        return await self._patience.call("sendMessage", lambda: self._calls.send_message(chat, bubble.text, under))

    async def _take_time(self, chat: int) -> None:
        if not self._pace or self._patience.stopping:
            return
        await self._patience.call("sendChatAction", lambda: self._calls.send_typing(chat), tries=1)
        await self._patience.rest(self._pace)

    async def _breathe(self, chat: int, bubble: PacedBubble, under: str | None) -> int | None:
        """Send the first frame, and let the rest go on beside the conversation until the parent does something."""
        sent = await self._send(chat, Bubble(bubble.frames[0][0]), under)
        if sent is not None:
            task = asyncio.create_task(self._pace_on(chat, sent, bubble, under))
            self._breathing[chat] = task
            task.add_done_callback(lambda ended: self._breathed(chat, ended))
        return sent

    def _breathed(self, chat: int, task: asyncio.Task[None]) -> None:
        if self._breathing.get(chat) is task:
            del self._breathing[chat]

    async def _pace_on(self, chat: int, message_id: int, bubble: PacedBubble, under: str | None) -> None:
        shown = bubble.frames[0][0]
        try:
            for text, seconds in bubble.frames * bubble.rounds:
                if text != shown:
                    await self._turn_frame(chat, message_id, text, under)
                    shown = text
                await self._patience.pause(seconds)
            await self._turn_frame(chat, message_id, bubble.last, under)
        except (ParentGone, Stopping):
            return  # the keyboard stands under the message, so nothing is lost

    async def _turn_frame(self, chat: int, message_id: int, text: str, under: str | None) -> None:
        await self._patience.call(
            "editMessageText",
            lambda: self._calls.edit_message_text(chat, message_id, text, under),
            tries=1,
        )
