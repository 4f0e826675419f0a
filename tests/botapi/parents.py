"""Simulated parents: they type, tap, send pictures, and block the bot."""

from __future__ import annotations

import re
from collections.abc import Callable

from .rules import TEXT_LIMIT, length
from .state import Account, Button, Chat, Message, Tap, World
from .watching import Watcher
from .wire import Json

COMMAND = re.compile(r"(?<![^\s(])/[A-Za-z0-9_]{1,64}(?:@\w+)?")
SYLLABLES = ("bra", "clo", "dwi", "fry", "glu", "jox", "kwe", "mly", "nup", "quo", "sna", "tze", "vru", "wix", "zho")

Which = str | Callable[[Button], bool]


class Parent(Watcher):
    """One parent with a phone and a private chat with the bot, empty until they write."""

    def __init__(self, world: World, name: str | None, language_code: str, *, known: bool) -> None:
        number = world.new_id(5_000_000_000, 9_999_999_999)  # more than 32 bits, as real ones have by now
        name = name or strange_name(world)
        username = f"{strange_name(world).lower()}_{world.random.randint(100, 999)}"
        self.account = Account(number, name, strange_name(world), username, language_code)
        card = {"first_name": name, "last_name": self.account.last_name, "username": username}
        chat = Chat(number, "private", card, "member" if known else "left")
        world.chats[number] = chat
        super().__init__(world, chat)

    @property
    def id(self) -> int:
        """The user id, which is the chat id as well."""
        return self.account.id

    def traces(self) -> list[bytes]:
        """What would give this parent away in a file or a log: to look for byte by byte."""
        account = self.account
        names = [account.first_name, account.last_name, account.username]
        numbers = [
            self.id.to_bytes(8, "big"),
            self.id.to_bytes(8, "little"),
            self.id.to_bytes(6, "big").lstrip(b"\0"),
        ]
        return [str(self.id).encode(), f"{self.id:x}".encode(), *(name.encode() for name in names), *numbers]

    async def says(self, text: str) -> Message:
        """Type a text, or a /command."""
        if not text.strip() or length(text) > TEXT_LIMIT:
            raise ValueError(f"a phone sends 1 to {TEXT_LIMIT} characters in one message")
        return self._send({}, text)

    async def edits(self, message: Message, text: str) -> int:
        """Change an own message. Returns the update id."""
        self.world.change(message, text, ())
        self.mark = self.world.tick()
        body = message.as_json() | _entities(text)
        return self.world.updates.add("edited_message", body, self.id)

    async def sends_photo(self, caption: str = "") -> Message:
        """Send a picture."""
        sizes = [{**self._file(), "width": side, "height": side} for side in (90, 320, 800)]
        return self._send({"photo": sizes, **({"caption": caption} if caption else {})})

    async def sends_sticker(self) -> Message:
        """Send a sticker."""
        kind = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._send({"sticker": {**self._file(), **kind, "emoji": "😭"}})

    async def sends_voice(self) -> Message:
        """Send a spoken message."""
        return self._send({"voice": {**self._file(), "duration": 7, "mime_type": "audio/ogg"}})

    async def sends_document(self, name: str = "verslag.pdf") -> Message:
        """Send a file."""
        return self._send({"document": {**self._file(), "file_name": name, "mime_type": "application/pdf"}})

    async def sends_location(self) -> Message:
        """Send where they are."""
        return self._send({"location": {"latitude": 50.8503, "longitude": 4.3517}})

    async def sends_contact(self) -> Message:
        """Send their own number."""
        return self._send({"contact": {"phone_number": "+32000000000", "first_name": self.account.first_name}})

    async def taps(self, which: Which, message: Message | None = None, *, stale: bool = False) -> Tap:
        """Tap a button: by its label, or the first that fits; on the newest message that has it, or on a
        given one. With `stale` also one that an edit took away: the phone may not know it yet."""
        for candidate in [message] if message else reversed(self.chat):
            for button in _buttons(candidate, stale):
                if button.text == which if isinstance(which, str) else which(button):
                    if button.data is None:
                        raise AssertionError(f"the button {button.text!r} sends no tap; it opens {button.url}")
                    return await self.taps_data(button.data, candidate)
        raise AssertionError(f"no button {which!r} to tap; the chat:\n{self.transcript()}")

    async def taps_twice(self, which: Which, message: Message | None = None) -> tuple[Tap, Tap]:
        """Two taps on one button before anything can happen between them."""
        return await self.taps(which, message), await self.taps(which, message)

    async def taps_data(self, data: str, message: Message) -> Tap:
        """A tap that carries any data at all, as an altered app can send it."""
        number = str(self.world.new_id(10**17, 10**18))
        tap = Tap(number, self.account, message, data, self.world.now())
        self.world.taps[number] = tap
        chat = message.chat
        gone = {"message_id": message.id, "chat": chat.as_json(), "date": 0}
        body = {
            "id": number,
            "from": self.account.as_json(),
            "chat_instance": str(chat.id * 7919),
            "message": gone if message.deleted else message.as_json(),
            "data": data,
        }
        self.mark = self.world.tick()
        tap.update_id = self.world.updates.add("callback_query", body, chat.id)
        return tap

    async def blocks(self) -> int:
        """Block the bot: sends to this parent give 403 from now on. Returns the update id."""
        return self.world.membership(self.room, "kicked", self.account)

    async def unblocks(self) -> int:
        """Let the bot in again. Returns the update id."""
        return self.world.membership(self.room, "member", self.account)

    def _send(self, content: Json, text: str = "") -> Message:
        if self.room.bot_status == "kicked":  # an app offers "restart", which unblocks first
            self.world.membership(self.room, "member", self.account)
        self.room.bot_status = "member"
        message = self.world.new_message(self.room, self.account, text=text, content=content)
        self.mark = self.world.tick()
        message.update_id = self.world.updates.add("message", message.as_json() | _entities(text), self.id)
        return message

    def _file(self) -> Json:
        name = f"{self.world.random.getrandbits(96):024x}"
        return {"file_id": f"AgAD{name}", "file_unique_id": name[:12], "file_size": 34_567}


def _buttons(message: Message, stale: bool) -> list[Button]:
    buttons = message.buttons
    for version in reversed(message.edits if stale else []):
        buttons += [button for row in version.keyboard for button in row]
    return buttons


def _entities(text: str) -> Json:
    found = [
        {"type": "bot_command", "offset": length(text[: match.start()]), "length": length(match.group())}
        for match in COMMAND.finditer(text)
    ]
    return {"entities": found} if found else {}


def strange_name(world: World) -> str:
    """A name that occurs nowhere else."""
    return "".join(world.random.choice(SYLLABLES) for _ in range(4)).capitalize()
