"""A real bot that talks to the little server, and a bare client for what such a bot never sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.botapi import BotApi, Parent


@asynccontextmanager
async def bot_at(api: BotApi, token: str | None = None) -> AsyncIterator[Bot]:
    """A real bot at this server."""
    async with Bot(
        token or api.token,
        base_url=f"{api.url}/bot",
        request=HTTPXRequest(connection_pool_size=64, read_timeout=1, connect_timeout=1),
        get_updates_request=HTTPXRequest(connection_pool_size=8, read_timeout=1, connect_timeout=1),
    ) as bot:
        yield bot


@asynccontextmanager
async def meeting() -> AsyncIterator[tuple[BotApi, Bot, Parent]]:
    """A server, a bot, and a parent who has written once."""
    async with BotApi() as api, bot_at(api) as bot:
        parent = api.parent()
        await parent.says("/start")
        yield api, bot, parent


async def raw(api: BotApi, method: str, http: str = "POST", **kwargs: Any) -> tuple[int, Any]:
    """One call by hand: the status and the body."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(http, f"{api.url}/bot{api.token}/{method}", **kwargs) as answer,
    ):
        return answer.status, await answer.json()


def inline(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    """An inline keyboard as it goes over the wire."""
    return {"inline_keyboard": list(rows)}
