"""Simulated parents: each sends /start, then taps a button of the newest keyboard, over and over."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, field

FIRST_CHAT = 1_000_000_001
BOT = '{"id":123456,"is_bot":true,"first_name":"Bench","username":"bench_bot"}'


@dataclass(frozen=True)
class Plan:
    """What the parents do.

    ``ends``: what ends a turn: a message with a ``keyboard``, any ``text``, or also an ``edit`` that brings a keyboard.
    ``rate``: interactions a second, planned beforehand; 0 when each parent acts as soon as the last turn ended.
    ``pool``: that many chats take part, ``parents`` of them at once, drawn anew for each turn; 0 when the same go on.
    ``says``: what every parent types each time, in the place of tapping. ``late``: seconds by which answers are late.
    ``allowed``: messages a second that Telegram takes; what is above is refused with 429; 0 for no limit.
    """

    parents: int = 50
    seconds: float = 5.0
    warm: float = 1.0
    ends: str = "keyboard"
    rate: float = 0.0
    pool: int = 0
    says: str = ""
    late: float = 0.0
    allowed: float = 0.0
    seed: int = 0


@dataclass(slots=True)
class Parent:
    """One chat. ``began`` is when the turn began that is not ended yet, or was planned to; 0 when none is open."""

    chat: int
    began: float = 0.0
    turns: int = 0
    message: int = 0
    text: str = ""
    markup: str = ""
    tokens: tuple[str, ...] = ()

    @property
    def person(self) -> str:
        """Who it is, as Telegram tells."""
        return f'{{"id":{self.chat},"is_bot":false,"first_name":"Noor","language_code":"nl"}}'

    @property
    def room(self) -> str:
        """The private chat, as Telegram tells."""
        return f'{{"id":{self.chat},"first_name":"Noor","type":"private"}}'

    def sees(self, message: int, text: str, markup: str) -> None:
        """The newest keyboard is this one."""
        self.message, self.text, self.markup = message, text, markup
        rows = json.loads(markup).get("inline_keyboard", ())
        self.tokens = tuple(key["callback_data"] for row in rows for key in row if key.get("callback_data"))


@dataclass
class Desk:
    """Makes the updates: what a parent does, as Telegram would tell it."""

    plan: Plan
    chance: random.Random = field(init=False)
    parents: dict[int, Parent] = field(default_factory=dict)
    next_update: int = 500_000_001
    next_message: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.plan.seed)

    def parent(self, number: int) -> Parent:
        """The parent of this number."""
        chat = FIRST_CHAT + number
        found = self.parents.get(chat)
        if found is None:
            found = self.parents[chat] = Parent(chat)
        return found

    def new_message(self) -> int:
        """The id of the next message."""
        self.next_message += 1
        return self.next_message

    def act(self, parent: Parent) -> bytes:
        """The next thing that this parent does, as an update."""
        self.next_update += 1
        head = f'{{"update_id":{self.next_update},'
        if parent.tokens and not self.plan.says:
            return (head + self._tap(parent)).encode()
        text = self.plan.says or ("/start" if not parent.turns or self.plan.ends != "text" else "Hoe gaat het?")
        entity = f',"entities":[{{"type":"bot_command","offset":0,"length":{len(text)}}}]' if text[0] == "/" else ""
        return (
            f'{head}"message":{{"message_id":{self.new_message()},"from":{parent.person},"chat":{parent.room},'
            f'"date":{int(time.time())},"text":"{text}"{entity}}}}}'
        ).encode()

    def _tap(self, parent: Parent) -> str:
        token = json.dumps(self.chance.choice(parent.tokens))
        return (
            f'"callback_query":{{"id":"{self.next_update}77","from":{parent.person},"chat_instance":"{parent.chat}",'
            f'"message":{{"message_id":{parent.message},"from":{BOT},"chat":{parent.room},'
            f'"date":{int(time.time())},"text":{json.dumps(parent.text)},"reply_markup":{parent.markup}}},'
            f'"data":{token}}}}}'
        )
