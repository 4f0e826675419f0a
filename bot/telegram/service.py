"""Runs the bot on Telegram: long polling, or a webhook; stops cleanly, loses nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import Updater

from bot.conversation.turns import Turns
from bot.store import Store
from bot.telegram.account import Account, Webhook
from bot.telegram.beside import beside
from bot.telegram.check_ins import CheckIns
from bot.telegram.flood import Flood, matters_to
from bot.telegram.inbox import InboxQueue
from bot.telegram.limits import Limits
from bot.telegram.messenger import Messenger
from bot.telegram.order import ChatOrder
from bot.telegram.patience import Patience
from bot.telegram.polling import PollRefused, PollRequest
from bot.telegram.profile import introduce
from bot.telegram.pulse import Pulse
from bot.telegram.reading import ALLOWED_UPDATES
from bot.telegram.received import Received
from bot.telegram.reception import Reception
from bot.telegram.transport import AiohttpRequest

_log = logging.getLogger(__name__)

POLL_SECONDS = 30
CONNECTIONS = 64
WEBHOOK_CONNECTIONS = 40
"""How many updates Telegram delivers at once."""
STOP_SECONDS = 8.0
"""How long a stop waits for turns that are being sent; Docker kills after ten."""
FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
"""Seconds between tries to meet Telegram, doubled from the first to the longest."""


class CannotServe(Exception):
    """Telegram or this machine refuses a setting; the message is one line that names the variable."""


@dataclass(slots=True)
class TelegramService:
    """One bot account, served until ``stop`` is set."""

    account: Account
    turns: Turns
    store: Store
    pulse: Pulse
    clock: Callable[[], datetime]
    _shared: bool = field(default=False, init=False)
    """Another process was seen to poll with the same token; said once."""
    _doubt: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Set when Telegram refused a poll as if it did not know the token."""

    async def serve(self, stop: asyncio.Event) -> None:
        """Answer updates until ``stop``. Raises CannotServe."""
        limits = Limits(kept=self.account.is_telegrams_own)
        patience = Patience(limits, self.turns.figures)
        inbox = InboxQueue(
            self.store,
            Flood(matters_to(self.turns)),
            self.turns.figures,
            confirms_each=self.account.webhook is not None,
        )
        bot = self._bot(inbox)
        messenger = Messenger(bot, patience, limits, self.account.pace)
        order = ChatOrder(Reception(self.turns, self.store, inbox, messenger, patience, self.clock).handle)
        updater = Updater(bot, inbox)
        try:
            if not await _unless(stop, self._patiently(bot.initialize)):
                return
            work = [
                beside(introduce(bot, patience, self.turns.companion), "introducing the bot"),
                beside(CheckIns(self.store, inbox, self.clock).run(), "sending check-ins"),
                beside(_hand_on(inbox, order), "handing on updates"),
            ]
            try:
                await _unless(stop, self._take_up(bot, updater, inbox))
            finally:
                patience.stop()
                for task in work:
                    task.cancel()
                await self._stop(updater, order)
                await inbox.close()
                await messenger.close()
            _log.info("stopped")
        finally:
            await bot.shutdown()

    def _bot(self, inbox: InboxQueue) -> Bot:
        return Bot(
            self.account.token,
            base_url=f"{self.account.api_url}/bot",
            base_file_url=f"{self.account.api_url}/file/bot",
            request=AiohttpRequest(connection_pool_size=CONNECTIONS, pool_timeout=10),
            get_updates_request=PollRequest(self.pulse, "poll", inbox, connection_pool_size=2),
        )

    async def _take_up(self, bot: Bot, updater: Updater, inbox: InboxQueue) -> None:
        """Finish what a former process left, then listen; ends only by being cancelled, or with CannotServe."""
        if count := await inbox.restore():
            _log.info("%d updates left by a former process", count)
        if self.account.webhook is not None:
            await self._answer_webhook(self.account.webhook, bot, inbox)
            return
        await updater.initialize()
        await self._patiently(lambda: self._poll(updater))
        while await self._doubt.wait():
            self._doubt.clear()
            await self._patiently(bot.get_me)

    async def _poll(self, updater: Updater) -> None:
        await updater.start_polling(
            timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES, error_callback=self._poll_failed
        )
        self.pulse.expect("poll")
        _log.info("serving by long polling")

    async def _answer_webhook(self, webhook: Webhook, bot: Bot, inbox: InboxQueue) -> None:
        """Listen, then tell Telegram where; ends only by being cancelled, or with CannotServe."""
        from bot.telegram.webhook import WebhookServer, watched  # a poll needs no HTTP server

        server = WebhookServer(webhook, watched(inbox.take, self.pulse))
        try:
            await server.open()
        except OSError as problem:
            raise CannotServe(f"WEBHOOK_LISTEN: cannot listen there: {problem.strerror or problem}") from None
        try:
            await self._patiently(lambda: self._announce(webhook, bot))
            _log.info("serving by webhook on %s:%d", webhook.host, webhook.port)
            await asyncio.Event().wait()
        finally:
            await server.close()

    async def _announce(self, webhook: Webhook, bot: Bot) -> None:
        try:
            await bot.set_webhook(
                webhook.url,
                max_connections=WEBHOOK_CONNECTIONS,
                secret_token=webhook.secret,
                allowed_updates=ALLOWED_UPDATES,
            )
        except BadRequest as refused:
            raise CannotServe(f"WEBHOOK_URL is refused by Telegram: {refused.message}") from None

    async def _patiently(self, meet: Callable[[], Awaitable[object]]) -> None:
        """Wait for Telegram while it is out of reach. Raises CannotServe when it does not know the token."""
        wait = FIRST_WAIT
        while True:
            try:
                await meet()
            except InvalidToken:
                where = self.account.where
                raise CannotServe(f"BOT_TOKEN is refused by {where}; ask @BotFather for the present one") from None
            except TelegramError as problem:
                _log.warning("Telegram is out of reach (%s); trying again in %.0f s", type(problem).__name__, wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                return

    def _poll_failed(self, problem: TelegramError) -> None:
        if isinstance(problem, Conflict):
            if not self._shared:
                _log.error("another process gets the updates of this bot (same BOT_TOKEN, or a webhook): stop one")
            self._shared = True
            return
        _log.warning("getUpdates: %s", type(problem).__name__)
        if isinstance(problem, PollRefused):
            self._doubt.set()

    async def _stop(self, updater: Updater, order: ChatOrder) -> None:
        """Confirm what is stored, let turns that are being sent end, leave the rest in the inbox."""
        stops = [order.done()]
        if updater.running:
            stops.append(updater.stop())
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(*stops)
        except TimeoutError:
            _log.warning("stopped before every turn was sent; the next start takes them up again")
            await order.cancel()


async def _hand_on(inbox: InboxQueue, order: ChatOrder) -> None:
    """What is stored is handled."""
    while True:
        received = await inbox.get()
        assert isinstance(received, Received), "the inbox holds nothing else"
        order.put(received)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> bool:
    """Whether ``work`` was done before the stop came; else it is cancelled."""
    working, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopped), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            return False
        working.result()
        return True
    finally:
        for task in (working, stopped):
            task.cancel()
        await asyncio.gather(working, stopped, return_exceptions=True)
