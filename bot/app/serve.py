"""`serve`: everything built, wired, run, and put away again."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime, timedelta

from bot.app.content import ContentBroken, compile_beside, load_companion
from bot.app.health import pulse_file
from bot.app.logs import set_up_logs
from bot.app.secret import keys_of
from bot.app.systemd import READY, STOPPING, Manager
from bot.conversation.companion import Companion
from bot.conversation.ports import StoreUnavailable
from bot.conversation.tally import Tally
from bot.conversation.turns import WIPED_HOURS, Turns, day_of, hour_of
from bot.settings import LogSettings, Settings, SettingsError
from bot.store import Keys, Store, StoreUnusable
from bot.store.errors import WrongSecret
from bot.telegram.beside import beside
from bot.telegram.pulse import Pulse
from bot.telegram.service import CannotServe, TelegramService

_log = logging.getLogger(__name__)

TIDY_SECONDS = 3600.0
HANDLED_DAYS = 2
"""Telegram keeps an update for 24 hours; ids of handled ones are kept a little longer."""
READY_SECONDS = 1.0
"""After the start."""
GARBAGE = (10_000, 20, 50)
"""Looked for when so many new objects are there (then, among older ones, after so many times). Fifty conversations at
once hold more than Python's 700: it looked through them for garbage ten times in each turn, a tenth of the work, and
found nothing, as hardly any of it hangs together in circles."""
COUNT_SECONDS = 60.0
"""Between storings of what was counted."""
COUNTED_DAYS = 400
"""For which counts are kept: a year, and a month to compare it with."""


def serve(settings: Settings, logs: LogSettings) -> int:
    """Serve Telegram until SIGTERM or SIGINT.

    Raises ContentBroken before anything is opened, and SettingsError, also for what Telegram refuses later.
    """
    set_up_logs(logs)
    companion = _load(settings)
    gc.freeze()  # what is kept for good is not looked through for garbage again and again
    gc.set_threshold(*GARBAGE)
    keys = keys_of(settings.storage)
    try:
        with asyncio.Runner(loop_factory=_fast_loop()) as runner:
            return runner.run(_serve(settings, companion, keys))
    except WrongSecret as problem:
        raise SettingsError(str(problem)) from None
    except StoreUnusable as problem:
        raise SettingsError(f"DATABASE: {problem}") from None
    except CannotServe as problem:
        raise SettingsError(str(problem)) from None


def _load(settings: Settings) -> Companion:
    compile_beside(settings.content)
    return load_companion(settings.content, _now().date())


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """How to make uvloop's event loop; None, for asyncio's own, where uvloop is not installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _now() -> datetime:
    return datetime.now(UTC)


async def _serve(settings: Settings, companion: Companion, keys: Keys) -> int:
    stop, manager = asyncio.Event(), Manager(os.environ)
    loop = asyncio.get_running_loop()

    def ask_to_stop() -> None:
        manager.tell(STOPPING)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask_to_stop)
    async with await Store.open(settings.storage.database, keys) as store:
        turns, asked = Turns(companion, store), asyncio.Event()
        loop.add_signal_handler(signal.SIGHUP, asked.set)
        pulse = Pulse(pulse_file(settings.storage.database))
        service = TelegramService(settings.account, turns, store, pulse, _now)
        tasks = [
            beside(pulse.run(), "the sign of life"),
            beside(_tidy(store, settings.retention_days), "tidying"),
            beside(_reload(settings, turns, asked), "reloading"),
            beside(_store_counts(turns.tally, store), "counting"),
            beside(_get_ready(turns), "getting ready to hear"),
            beside(manager.watch(lambda: not pulse.stuck), "the watchdog"),
        ]
        try:
            async with _metrics(settings, turns, store):
                manager.tell(READY)
                await service.serve(stop)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await _store_now(turns.tally, store)
    return 0


def _metrics(settings: Settings, turns: Turns, store: Store) -> AbstractAsyncContextManager[None]:
    """The page for Prometheus, when it is asked for; its package is not needed otherwise. Raises SettingsError."""
    if settings.metrics is None:
        return nullcontext()
    try:
        from bot.app.metrics import served_metrics
    except ModuleNotFoundError as missing:
        raise SettingsError(f"METRICS_LISTEN needs the package prometheus-client ({missing.name} is missing)") from None
    return served_metrics(settings.metrics, turns.figures, store)


async def _get_ready(turns: Turns) -> None:
    """The model and the rules are read once the first replies are on their way."""
    await asyncio.sleep(READY_SECONDS)
    await turns.get_ready(turns.companion)
    _is_ready(turns.companion)


def _is_ready(companion: Companion) -> None:
    """It hears: warn when the model is not the one of these dialogs."""
    if companion.ailment is not None:
        _log.warning("%s", companion.ailment)
    gc.freeze()


async def _store_counts(tally: Tally, store: Store) -> None:
    """Once a minute; a crash loses the counts since."""
    while True:
        await asyncio.sleep(COUNT_SECONDS)
        await _store_now(tally, store)


async def _store_now(tally: Tally, store: Store) -> None:
    for day, counts in tally.take().items():
        try:
            await store.count_up(day, counts)
        except StoreUnavailable as problem:
            _log.error("counts: %s", problem)
            tally.put_back(day, counts)


async def _reload(settings: Settings, turns: Turns, asked: asyncio.Event) -> None:
    """At each SIGHUP read the dialogs anew, beside the conversations. Broken ones are reported, the old ones kept."""
    while await asked.wait():
        asked.clear()
        try:
            companion = await asyncio.to_thread(_load, settings)
            await turns.get_ready(companion)
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
            turns.companion = companion
            _is_ready(companion)
            _log.info("dialogs reloaded")


async def _tidy(store: Store, retention_days: int) -> None:
    """Once an hour: delete chats without a visit for too long, and what nobody can have a use for any more."""
    while True:
        now = _now()
        try:
            expired = await store.expire(day_of(now - timedelta(days=retention_days)))
            await store.prune_handled(day_of(now - timedelta(days=HANDLED_DAYS)))
            await store.prune_shown(hour_of(now - timedelta(hours=WIPED_HOURS)))
            await store.prune_counts(day_of(now - timedelta(days=COUNTED_DAYS)))
            if expired:
                _log.info("%d chats deleted after %d days without a visit", expired, retention_days)
        except StoreUnavailable as problem:
            _log.error("storage: %s", problem)
        await asyncio.sleep(TIDY_SECONDS)
