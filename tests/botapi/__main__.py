"""Try it: `python -m tests.botapi` prints the URL, and lets one converse as a parent from stdin."""

from __future__ import annotations

import asyncio
import sys

from . import BotApi, Message, Parent

HELP = """A Bot API server for trying. Start a bot with
  BOT_TOKEN={token} TELEGRAM_API_URL={url}
and talk to it here: a number taps that button, anything else is text (/start begins). End with Ctrl-D."""


async def show(parent: Parent) -> None:
    """Print what the bot says and changes, as it comes."""
    shown: dict[int, int] = {}
    while True:
        for message in [m for m in parent.chat if m.from_bot and shown.get(m.id) != m.changed]:
            shown[message.id] = message.changed
            print(("(edited) " if message.edits else "") + f"bot: {message.text}", flush=True)
            for number, button in enumerate(message.buttons, 1):
                print(f"  {number} [{button.text}]{' ' + button.url if button.url else ''}", flush=True)
        await asyncio.sleep(0.05)


def last_with_buttons(parent: Parent) -> Message | None:
    """The message whose buttons the numbers stand for."""
    return next((message for message in reversed(parent.chat) if message.buttons), None)


async def converse() -> None:
    """The server and one parent, until stdin ends."""
    async with BotApi() as api:
        parent = api.parent()
        print(HELP.format(token=api.token, url=api.url), flush=True)
        showing = asyncio.create_task(show(parent))
        while line := await asyncio.to_thread(sys.stdin.readline):
            message, text = last_with_buttons(parent), line.strip()
            if message and text.isdigit() and 1 <= int(text) <= len(message.buttons):
                button = message.buttons[int(text) - 1]
                if button.data is None:
                    print(f"(opens {button.url})", flush=True)
                else:
                    await parent.taps_data(button.data, message)
            elif text:
                await parent.says(text)
        await asyncio.sleep(0.5)
        showing.cancel()


if __name__ == "__main__":
    asyncio.run(converse())
