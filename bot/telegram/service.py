"""Runs the bot on Telegram: long polling, or a webhook; stops cleanly, loses nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, TypeHandler

from bot.conversation.turns import Turns
from bot.store import Store
from bot.telegram.account import Account
from bot.telegram.inbox import InboxQueue
from bot.telegram.messenger import Messenger
from bot.telegram.order import ChatOrder
from bot.telegram.patience import Patience
from bot.telegram.profile import introduce
from bot.telegram.pulse import Pulse, WatchedRequest
from bot.telegram.received import ALLOWED_UPDATES, Received
from bot.telegram.reception import Reception

_log = logging.getLogger(__name__)

POLL_SECONDS = 30
CONNECTIONS = 64
STOP_SECONDS = 8.0
"""How long a stop waits for turns that are being sent; Docker kills after ten."""


class TokenRefused(Exception):
    """Telegram does not know this token."""


@dataclass(slots=True)
class TelegramService:
    """One bot account, served until ``stop`` is set."""

    account: Account
    turns: Turns
    store: Store
    pulse: Pulse
    clock: Callable[[], datetime]

    async def serve(self, stop: asyncio.Event) -> None:
        """Answer updates until ``stop``. Raises TokenRefused."""
        patience = Patience()
        inbox = InboxQueue(self.store)
        application = self._application(inbox)
        messenger = Messenger(application.bot, patience, self.account.pace)
        reception = Reception(self.turns, self.store, inbox, messenger, patience, self.clock)
        application.add_handler(TypeHandler(Received, reception.handle))
        if not await self._initialize(application, stop):
            return
        introduction = asyncio.create_task(introduce(application.bot, patience, self.turns.companion))
        await application.start()
        try:
            await self._take_up(application, inbox, stop)
        finally:
            patience.stop()
            await asyncio.gather(introduction, return_exceptions=True)
            await self._stop(application, messenger)

    def _application(self, inbox: InboxQueue) -> Application[Any, Any, Any, Any, Any, Any]:
        return (
            ApplicationBuilder()
            .token(self.account.token)
            .base_url(f"{self.account.api_url}/bot")
            .base_file_url(f"{self.account.api_url}/file/bot")
            .request(WatchedRequest(self.pulse, "send", connection_pool_size=CONNECTIONS, pool_timeout=10))
            .get_updates_request(WatchedRequest(self.pulse, "poll", connection_pool_size=2))
            .rate_limiter(AIORateLimiter(max_retries=0))
            .update_queue(inbox)
            .concurrent_updates(ChatOrder())
            .build()
        )

    async def _initialize(self, application: Application[Any, Any, Any, Any, Any, Any], stop: asyncio.Event) -> bool:
        """Meet Telegram; wait for it while it is out of reach. False when the stop came first."""
        wait = 1.0
        while not stop.is_set():
            try:
                await application.initialize()
            except InvalidToken:
                await application.shutdown()
                raise TokenRefused from None
            except TelegramError as problem:
                _log.warning("Telegram is out of reach (%s); trying again in %.0f s", type(problem).__name__, wait)
                self.pulse.beat("poll")
                try:
                    async with asyncio.timeout(wait):
                        await stop.wait()
                except TimeoutError:
                    wait = min(wait * 2, 30.0)
            else:
                return True
        await application.shutdown()
        return False

    async def _take_up(
        self, application: Application[Any, Any, Any, Any, Any, Any], inbox: InboxQueue, stop: asyncio.Event
    ) -> None:
        """Finish what a former process left, then listen."""
        restoring = asyncio.create_task(inbox.restore())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((restoring, stopped), return_when=asyncio.FIRST_COMPLETED)
        if restoring.done():
            if count := restoring.result():
                _log.info("%d updates left by a former process", count)
            await self._listen(application)
        else:
            restoring.cancel()
            await asyncio.gather(restoring, return_exceptions=True)
        await stopped

    async def _listen(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        updater = application.updater
        assert updater is not None, "the builder makes one"
        webhook = self.account.webhook
        if webhook is None:
            await updater.start_polling(
                timeout=POLL_SECONDS,
                bootstrap_retries=-1,
                allowed_updates=ALLOWED_UPDATES,
                error_callback=self._poll_failed,
            )
            _log.info("serving by long polling")
            return
        self.pulse.forget("poll")
        await updater.start_webhook(
            listen=webhook.host,
            port=webhook.port,
            url_path=webhook.path,
            webhook_url=webhook.url,
            secret_token=webhook.secret,
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
        )
        _log.info("serving by webhook on %s:%d", webhook.host, webhook.port)

    def _poll_failed(self, problem: TelegramError) -> None:
        if isinstance(problem, Conflict):
            _log.error("another process gets the updates of this bot (same BOT_TOKEN, or a webhook): stop one of them")
        else:
            _log.warning("getUpdates: %s", type(problem).__name__)

    async def _stop(self, application: Application[Any, Any, Any, Any, Any, Any], messenger: Messenger) -> None:
        """Confirm what is stored, let turns that are being sent end, leave the rest in the inbox."""
        updater = application.updater
        try:
            async with asyncio.timeout(STOP_SECONDS):
                if updater is not None and updater.running:
                    await updater.stop()
                await application.stop()
        except TimeoutError:
            _log.warning("stopped before every turn was sent; the next start takes them up again")
        await messenger.close()
        await application.shutdown()
        _log.info("stopped")
