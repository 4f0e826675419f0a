"""Webhooks: setting them, and posting updates to them until they are taken."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from . import rules
from .state import World
from .updates import TERMINATED_BY_WEBHOOK, Update
from .wire import Json, Params, bad_request

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}\Z")
FIRST_WAIT, LONGEST_WAIT = 0.05, 1.0  # Telegram waits longer; a test should not


def set_webhook(world: World, params: Params) -> bool:
    """Updates go to this URL from now on; an empty one means no webhook."""
    url = params.text("url")
    if not url:
        return delete_webhook(world, params)
    parts = urlsplit(url)
    # Telegram wants https; a test has no certificate, so plain http to this machine is allowed too.
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if secret and not SECRET.match(secret):
        raise bad_request("secret token contains unallowed characters")
    most = params.integer("max_connections", 40)
    if not 1 <= most <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    world.updates.allow(rules.allowed_updates(params))
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = {"url": url, "secret": secret, "max_connections": most}
    world.updates.end_poll(TERMINATED_BY_WEBHOOK)
    world.updates.news.set()
    return True


def delete_webhook(world: World, params: Params) -> bool:
    """Back to getUpdates."""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = {}
    return True


def get_webhook_info(world: World, params: Params) -> Json:
    """Where updates go, how many wait, and what went wrong last."""
    info: Json = {
        "url": world.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    for name in ("max_connections", "last_error_date", "last_error_message"):
        if name in world.webhook:
            info[name] = world.webhook[name]
    if world.updates.allowed is not None:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


@dataclass(frozen=True)
class Delivery:
    """One try to hand over an update, and what the webhook said (None: no answer)."""

    update_id: int
    status: int | None


class Postman:
    """Posts updates: of one chat in order, of different chats side by side."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.deliveries: list[Delivery] = []
        self.may_go = asyncio.Event()
        self.may_go.set()
        self._under_way: dict[int, asyncio.Task[None]] = {}  # by chat

    async def run(self) -> None:
        """Work until cancelled."""
        news = self.world.updates.news
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
            try:
                while True:
                    await news.wait()
                    news.clear()
                    self._send_out(session)
            finally:
                tasks = list(self._under_way.values())
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def _send_out(self, session: aiohttp.ClientSession) -> None:
        hook = self.world.webhook
        if not hook:
            return
        for update in self.world.updates.due():
            if update.chat_id not in self._under_way and len(self._under_way) < hook["max_connections"]:
                task = asyncio.create_task(self._deliver(session, update, hook))
                self._under_way[update.chat_id] = task

    async def _deliver(self, session: aiohttp.ClientSession, update: Update, hook: Json) -> None:
        wait = FIRST_WAIT
        try:
            while self.world.webhook is hook and update in self.world.updates.due():
                await self.may_go.wait()
                if await self._post(session, update, hook):
                    self.world.updates.forget(update)
                    return
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
        finally:
            del self._under_way[update.chat_id]
            self.world.updates.news.set()

    async def _post(self, session: aiohttp.ClientSession, update: Update, hook: Json) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
        status = None
        try:
            async with session.post(hook["url"], json=update.as_json(), headers=headers) as answer:
                await answer.read()
                status = answer.status
                why = f"Wrong response from the webhook: {status} {answer.reason}"
        except aiohttp.ClientConnectorError:
            why = "Connection refused"
        except (aiohttp.ClientError, TimeoutError):
            why = "Connection closed, or no answer in time"
        self.deliveries.append(Delivery(update.id, status))
        if status is not None and 200 <= status < 300:
            return True
        hook |= {"last_error_date": int(self.world.now()), "last_error_message": why}
        return False
