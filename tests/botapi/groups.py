"""Groups and channels, where this bot does not belong."""

from __future__ import annotations

from .parents import Parent, strange_name
from .state import Chat, Message, World
from .watching import Watcher


class Group(Watcher):
    """A group. The bot sees nothing of it until somebody adds it."""

    def __init__(self, world: World, title: str | None, kind: str = "supergroup") -> None:
        low, high = (-1_009_999_999_999, -1_001_000_000_000) if kind != "group" else (-9_999_999_999, -5_000_000_000)
        number = world.new_id(low, high)
        chat = Chat(number, kind, {"title": title or f"{strange_name(world)} {strange_name(world)}"})
        world.chats[number] = chat
        super().__init__(world, chat)

    @property
    def id(self) -> int:
        """The chat id; negative."""
        return self.room.id

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in it."""
        return self.room.bot_status in ("member", "administrator")

    async def adds_bot(self, by: Parent) -> int:
        """Somebody adds the bot: a my_chat_member update (its id is returned) and a line in the group."""
        number = self.world.membership(self.room, "member", by.account)
        bot = self.world.bot.as_json()
        self._post(by, "", {"new_chat_members": [bot], "new_chat_member": bot, "new_chat_participant": bot})
        return number

    async def removes_bot(self, by: Parent) -> int:
        """Somebody removes the bot. Returns the update id."""
        return self.world.membership(self.room, "kicked", by.account)

    async def says(self, text: str, by: Parent) -> Message:
        """Somebody says something; the bot gets it when it is in the group."""
        return self._post(by, text, {})

    def _post(self, by: Parent, text: str, content: dict[str, object]) -> Message:
        message = self.world.new_message(self.room, by.account, text=text, content=content)
        self.mark = self.world.tick()
        if self.has_bot:
            message.update_id = self.world.updates.add("message", message.as_json(), self.id)
        return message


class Channel(Group):
    """A channel, in which nobody in particular speaks."""

    def __init__(self, world: World, title: str | None) -> None:
        super().__init__(world, title, "channel")

    async def adds_bot(self, by: Parent) -> int:
        """Somebody makes the bot an administrator, the only way into a channel. Returns the update id."""
        return self.world.membership(self.room, "administrator", by.account)

    async def posts(self, text: str) -> Message:
        """A post; the bot gets it when it is in the channel."""
        message = self.world.new_message(self.room, None, text=text)
        self.mark = self.world.tick()
        if self.has_bot:
            message.update_id = self.world.updates.add("channel_post", message.as_json(), self.id)
        return message
