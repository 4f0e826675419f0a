"""`serve`: everything built, wired, run, and put away again."""

from __future__ import annotations

import asyncio
import logging
import signal
from datetime import UTC, datetime, timedelta

from bot.app.content import ContentBroken, load_companion
from bot.app.health import pulse_file
from bot.app.logs import set_up_logs
from bot.conversation.companion import Companion
from bot.conversation.ports import StoreUnavailable
from bot.conversation.turns import Turns, day_of
from bot.settings import LogSettings, Settings, SettingsError
from bot.store import Keys, SecretUnusable, Store, StoreUnusable, load_or_make_secret
from bot.store.errors import WrongSecret
from bot.telegram.pulse import Pulse
from bot.telegram.service import CannotServe, TelegramService

_log = logging.getLogger(__name__)

TIDY_SECONDS = 3600.0
HANDLED_DAYS = 2
"""Telegram keeps an update for 24 hours; ids of handled ones are kept a little longer."""


def serve(settings: Settings, logs: LogSettings) -> int:
    """Serve Telegram until SIGTERM or SIGINT. Raises SettingsError and ContentBroken before anything is opened."""
    set_up_logs(logs)
    companion = load_companion(settings.content, _now().date())
    try:
        keys = Keys.from_secret(settings.secret or load_or_make_secret(settings.secret_file))
    except SecretUnusable as problem:
        beside = settings.secret_file.parent == settings.database.parent
        raise SettingsError(f"BOT_SECRET{', kept beside DATABASE' if beside else ''}: {problem}") from None
    try:
        return asyncio.run(_serve(settings, companion, keys))
    except WrongSecret as problem:
        raise SettingsError(str(problem)) from None
    except StoreUnusable as problem:
        raise SettingsError(f"DATABASE: {problem}") from None
    except CannotServe as problem:
        raise SettingsError(str(problem)) from None


def _now() -> datetime:
    return datetime.now(UTC)


async def _serve(settings: Settings, companion: Companion, keys: Keys) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with await Store.open(settings.database, keys) as store:
        turns, asked = Turns(companion, store), asyncio.Event()
        loop.add_signal_handler(signal.SIGHUP, asked.set)
        pulse = Pulse(pulse_file(settings.database))
        service = TelegramService(settings.account, turns, store, pulse, _now)
        beside = [
            asyncio.create_task(pulse.run()),
            asyncio.create_task(_tidy(store, settings.retention_days)),
            asyncio.create_task(_reload(settings, turns, asked)),
        ]
        try:
            await service.serve(stop)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
    return 0


async def _reload(settings: Settings, turns: Turns, asked: asyncio.Event) -> None:
    """At each SIGHUP read the dialogs anew, beside the conversations. Broken ones are reported, the old ones kept."""
    while await asked.wait():
        asked.clear()
        try:
            turns.companion = await asyncio.to_thread(load_companion, settings.content, _now().date())
        except ContentBroken as broken:
            for finding in broken.findings:
                place = f"{finding.file}:{finding.line}:{finding.column}"
                _log.error("%s: %s [%s] %s", place, finding.severity, finding.code, finding.message)
            _log.error("the dialogs have errors; the old ones are kept")
        except SettingsError as problem:
            _log.error("%s; the old dialogs are kept", problem)
        except Exception as error:  # a folder that goes while it is read; the bot has to go on
            _log.error("the dialogs cannot be read (%s); the old ones are kept", type(error).__name__)
        else:
            _log.info("dialogs reloaded")


async def _tidy(store: Store, retention_days: int) -> None:
    """Once an hour: delete chats without a visit for too long, and ids that Telegram cannot redeliver any more."""
    while True:
        now = _now()
        try:
            expired = await store.expire(day_of(now - timedelta(days=retention_days)))
            await store.prune_handled(day_of(now - timedelta(days=HANDLED_DAYS)))
            if expired:
                _log.info("%d chats deleted after %d days without a visit", expired, retention_days)
        except StoreUnavailable as problem:
            _log.error("storage: %s", problem)
        await asyncio.sleep(TIDY_SECONDS)
