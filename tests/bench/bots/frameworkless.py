"""A bot without any framework: one aiohttp client, two calls for each tap, nothing stored, nothing checked."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import aiohttp

from tests.bench.bots import loop

API = f"{os.environ['TELEGRAM_API_URL']}/bot{os.environ['BOT_TOKEN']}"
KEYBOARD = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}], [{"text": "Nee", "callback_data": "no"}]]}


async def call(client: aiohttp.ClientSession, method: str, **params: object) -> Any:
    """One call of the Bot API."""
    async with client.post(f"{API}/{method}", json=params) as answer:
        return await answer.json()


async def answer(client: aiohttp.ClientSession, update: dict[str, Any]) -> None:
    """Answer one update."""
    tap = update.get("callback_query")
    if tap is not None:
        await call(client, "answerCallbackQuery", callback_query_id=tap["id"])
        chat, text = tap["message"]["chat"]["id"], f"Je koos {tap['data']}."
    else:
        chat, text = update["message"]["chat"]["id"], update["message"]["text"]
    await call(client, "sendMessage", chat_id=chat, text=text, reply_markup=KEYBOARD)


async def main() -> None:
    """Poll for ever."""
    offset, tasks = 0, set()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        while True:
            got = await call(client, "getUpdates", offset=offset, timeout=30, limit=100)
            for update in got["result"]:
                offset = update["update_id"] + 1
                task = asyncio.create_task(answer(client, update))
                tasks.add(task)
                task.add_done_callback(tasks.discard)


loop.run(main())
