"""What the server knows: accounts, chats, messages, taps and the bot's own card."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace
from typing import Any

from .updates import UpdateQueue
from .wire import Json, Refusal, bad_request

TAP_LIFETIME = 30.0


@dataclass(frozen=True)
class Button:
    """An inline button: its label, and what it carries."""

    text: str
    data: str | None
    url: str | None
    raw: Json = field(repr=False)


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Account:
    """A person or the bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False

    def as_json(self) -> Json:
        """The account as a Telegram User."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                user[name] = value
        return user


@dataclass(frozen=True)
class Version:
    """What a message said before it was edited."""

    text: str
    keyboard: Keyboard


@dataclass(eq=False)
class Message:
    """One message as it stands in a chat now, with its earlier versions."""

    id: int
    chat: Chat = field(repr=False)
    sender: Account | None
    date: float
    text: str = ""
    keyboard: Keyboard = ()
    content: Json = field(default_factory=dict)
    reply_markup: Json | None = None
    silent: bool = False
    edits: list[Version] = field(default_factory=list)
    edit_date: float | None = None
    deleted: bool = False
    changed: int = 0
    update_id: int | None = None

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it."""
        return self.sender is not None and self.sender.is_bot

    @property
    def buttons(self) -> list[Button]:
        """The inline buttons that are on it now, row by row."""
        return [button for row in self.keyboard for button in row]

    @property
    def labels(self) -> list[str]:
        """The labels of these buttons."""
        return [button.text for button in self.buttons]

    def as_json(self) -> Json:
        """The message as Telegram gives it to a bot."""
        body: Json = {"message_id": self.id, "date": int(self.date), "chat": self.chat.as_json()}
        if self.sender is not None:
            body["from"] = self.sender.as_json()
        if self.chat.type == "channel":
            body["sender_chat"] = self.chat.as_json()
        if self.edit_date is not None:
            body["edit_date"] = int(self.edit_date)
        if self.text:
            body["text"] = self.text
        if self.keyboard:
            body["reply_markup"] = {"inline_keyboard": [[b.raw for b in row] for row in self.keyboard]}
        return body | self.content


@dataclass(eq=False)
class Chat:
    """A private chat, a group or a channel, and where the bot stands in it."""

    id: int
    type: str
    card: Json
    bot_status: str = "left"  # in a private chat: "left" until the parent first writes, "kicked" when blocked
    messages: list[Message] = field(default_factory=list)

    @property
    def visible(self) -> list[Message]:
        """The messages that are not deleted, oldest first."""
        return [message for message in self.messages if not message.deleted]

    def as_json(self) -> Json:
        """The chat as a Telegram Chat."""
        return {"id": self.id, "type": self.type, **self.card}

    def message(self, message_id: int) -> Message | None:
        """The message with this id, unless it was deleted."""
        return next((message for message in self.visible if message.id == message_id), None)

    def check_may_send(self) -> None:
        """Refuse, as Telegram does, what the bot wants to send where it is not welcome."""
        if self.bot_status in ("member", "administrator"):
            return
        if self.type == "private":
            if self.bot_status == "left":
                raise bad_request("chat not found")
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if self.bot_status == "kicked":
            raise Refusal(403, f"Forbidden: bot was kicked from the {self.type} chat")
        raise Refusal(403, f"Forbidden: bot is not a member of the {self.type} chat")


@dataclass(eq=False)
class Tap:
    """A tap on a button, and the answer the bot gave to it."""

    id: str
    by: Account
    message: Message
    data: str
    at: float
    update_id: int = 0
    answer: Json | None = None

    @property
    def answered(self) -> bool:
        """Whether the phone has stopped showing the little clock."""
        return self.answer is not None


class World:
    """All of it, with a clock that a test can put forward."""

    def __init__(self, bot: Account, seed: int | None) -> None:
        self.random = random.Random(seed)
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}  # ("description", language) -> what setMyDescription said
        self.updates = UpdateQueue(self.random.randint(10**8, 9 * 10**8))
        self.webhook: Json = {}
        self.tap_lifetime = TAP_LIFETIME
        self.skew = 0.0
        self.ticks = 0
        self._next_message_id = self.random.randint(1_000, 90_000)
        self._used: set[int] = set()

    def now(self) -> float:
        """The time here, in seconds since 1970."""
        return time.time() + self.skew

    def tick(self) -> int:
        """A number that only grows, to say what came before what."""
        self.ticks += 1
        return self.ticks

    def new_id(self, low: int, high: int) -> int:
        """A random number that nobody here has yet."""
        while (number := self.random.randint(low, high)) in self._used:
            pass
        self._used.add(number)
        return number

    def chat(self, chat_id: str) -> Chat:
        """The chat that the bot means, or the refusal that there is none."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        for chat in self.chats.values():
            if chat_id in (str(chat.id), f"@{chat.card.get('username', '')}"):
                return chat
        raise bad_request("chat not found")

    def new_message(self, chat: Chat, sender: Account | None, **fields: Any) -> Message:
        """Put a message into a chat."""
        self._next_message_id += 1
        message = Message(self._next_message_id, chat, sender, self.now(), changed=self.tick(), **fields)
        chat.messages.append(message)
        return message

    def change(self, message: Message, text: str, keyboard: Keyboard) -> None:
        """Edit a message, and remember what it said."""
        message.edits.append(Version(message.text, message.keyboard))
        message.text, message.keyboard = text, keyboard
        message.edit_date = self.now()
        message.changed = self.tick()

    def membership(self, chat: Chat, status: str, by: Account) -> int:
        """The bot's place in a chat changes; says so in a my_chat_member update. Returns the update id."""
        old, chat.bot_status = chat.bot_status, status
        body = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": int(self.now()),
            "old_chat_member": _member(self.bot, old),
            "new_chat_member": _member(self.bot, status),
        }
        return self.updates.add("my_chat_member", body, chat.id)

    def rename_bot(self, name: str) -> None:
        """The bot calls itself something else."""
        self.bot = replace(self.bot, first_name=name)


def _member(bot: Account, status: str) -> Json:
    member: Json = {"user": bot.as_json(), "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        rights = (
            "be_edited manage_chat delete_messages manage_video_chats restrict_members promote_members "
            "change_info invite_users post_stories edit_stories delete_stories post_messages edit_messages"
        )
        member |= {f"can_{right}": right in ("manage_chat", "post_messages") for right in rights.split()}
        member["is_anonymous"] = False
    return member
