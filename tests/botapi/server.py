"""The server: real sockets on this machine, real rules, and misbehaviour on request."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from .door import Door, hang_up
from .groups import Channel, Group
from .methods import BY_LOWER_NAME, METHODS
from .parents import Parent
from .records import Call, Violation
from .state import Account, World
from .trouble import AFTER, BAD_GATEWAY_PAGE, FORBIDDEN_PAGE, MALFORMED, Kind, Limits, Trouble, Troubles
from .watching import LOOK_AGAIN, Watcher
from .webhook import Postman
from .wire import Params, Refusal, read_params

TOKEN = "7000000001:AAkeukentafel-een-token-voor-de-tests"
LIMITED = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup"})
Someone = Watcher | int | None


class BotApi:
    """A Bot API server for one bot: `async with BotApi() as api: … TELEGRAM_API_URL=api.url`."""

    def __init__(self, token: str = TOKEN, *, seed: int | None = None) -> None:
        self.token = token
        head = token.partition(":")[0]
        number = int(head) if head.isdigit() else 7_000_000_001
        self.world = World(Account(number, "Keukentafel", username="keukentafel_test_bot", is_bot=True), seed)
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.hasty: list[Call] = []  # made before the wait that a 429 told was over
        self.postman = Postman(self.world)
        self._troubles = Troubles()
        self._limits: Limits | None = None
        self._not_before: dict[tuple[str, int | None], float] = {}
        self._door = Door(self._serve)

    # --- its life

    async def __aenter__(self) -> Self:
        await self._door.open()
        self._delivering = asyncio.create_task(self.postman.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._delivering.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._delivering
        await self._door.close()

    @property
    def url(self) -> str:
        """The base URL, for TELEGRAM_API_URL; python-telegram-bot's base_url is this with /bot behind it."""
        return f"http://127.0.0.1:{self._door.port}"

    async def down(self) -> None:
        """An outage: connections are cut and refused, and no webhook is called. The port stays ours."""
        self.postman.may_go.clear()
        await self._door.shut()

    async def up(self) -> None:
        """The outage is over."""
        await self._door.open()
        self.postman.may_go.set()

    # --- people

    def parent(self, language_code: str = "nl", name: str | None = None, *, known: bool = False) -> Parent:
        """A new parent. The bot cannot write first, unless it is `known` from before."""
        return Parent(self.world, name, language_code, known=known)

    def group(self, title: str | None = None, kind: str = "supergroup") -> Group:
        """A new group, without the bot."""
        return Group(self.world, title, kind)

    def channel(self, title: str | None = None) -> Channel:
        """A new channel, without the bot."""
        return Channel(self.world, title)

    def time_passes(self, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Put the clock of the server forward: messages and taps get older."""
        self.world.skew += hours * 3600 + minutes * 60 + seconds

    # --- misbehaviour

    def misbehave(
        self,
        kind: Kind,
        method: str | None = None,
        *,
        chat: Someone = None,
        times: int | None = 1,
        retry_after: int = 1,
        seconds: float = 1.0,
        description: str | None = None,
    ) -> Trouble:
        """Treat the next `times` calls badly (None: all), of one method or any, about one chat or any."""
        if method is not None and method not in METHODS:
            raise ValueError(f"there is no method {method!r}")
        trouble = Trouble(kind, method, _chat_id(chat), times, retry_after, seconds, description)
        self._troubles.all.append(trouble)
        return trouble

    def behave(self) -> None:
        """Forget all misbehaviour that was asked for, and the limits."""
        self._troubles.all.clear()
        self._limits = None

    def limits(
        self, per_chat_per_second: float = 1, overall_per_second: float = 30, burst: float | None = None
    ) -> None:
        """Answer 429 to messages and edits above this rate; `burst` is how many may go to a chat at once."""
        self._limits = Limits(per_chat_per_second, overall_per_second, burst)

    def redeliver(self, update_id: int) -> None:
        """Give an update again that the bot may have confirmed already."""
        self.world.updates.redeliver(update_id)

    # --- records

    def calls_of(self, method: str, chat: Someone = None) -> list[Call]:
        """The calls of one method, perhaps about one chat only."""
        number = _chat_id(chat)
        return [call for call in self.calls if call.method == method and number in (None, call.chat_id)]

    def sent_to(self, chat: Someone) -> list[Call]:
        """The messages that really went to this chat, also those of which the bot did not get to know."""
        return [call for call in self.calls_of("sendMessage", chat) if call.carried_out]

    def is_confirmed(self, update_id: int) -> bool:
        """Whether the bot said that it has this update: Telegram will not give it again."""
        return self.world.updates.is_confirmed(update_id)

    async def until(self, condition: Callable[[], bool], timeout: float = 5.0) -> None:  # noqa: ASYNC109 - says what was waited for
        """Wait until something is so."""
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"not so within {timeout} s; the last calls: {self.calls[-5:]}")
            await asyncio.sleep(LOOK_AGAIN)

    # --- one call

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"], {}, time.monotonic())
        self.calls.append(call)
        try:
            return await self._answer(request, call)
        except Refusal as refusal:
            return self._refused(request, call, refusal)
        except asyncio.CancelledError:
            call.outcome = "connection ended" if call.outcome == "under way" else call.outcome
            raise

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        self._check_token(request.match_info["token"])
        params = await read_params(request)
        call.params = params.readable()
        call.method = BY_LOWER_NAME.get(call.method.lower(), call.method)
        if call.method not in METHODS:
            raise Refusal(404, "Not Found: method not found")
        call.chat_id = self._chat_meant(params)
        if time.monotonic() < self._not_before.get((call.method, call.chat_id), 0):
            self.hasty.append(call)
        trouble = self._troubles.next_for(call.method, call.chat_id)
        if trouble is not None and trouble.kind not in AFTER:
            return self._trouble_before(request, call, trouble)
        if self._limits is not None and call.method in LIMITED and call.chat_id is not None:
            self._limits.count(call.chat_id)
        result: Any = METHODS[call.method](self.world, params)
        if asyncio.iscoroutine(result):
            result = await result
        call.outcome, call.carried_out = "ok", True
        if trouble is not None:
            call.outcome = trouble.kind
            if trouble.kind == "malformed":
                return web.Response(text=MALFORMED, content_type="application/json")
            if trouble.kind == "lost":
                return hang_up(request, reset=False)
            await asyncio.sleep(trouble.seconds)
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if ":" not in token:
            raise Refusal(404, "Not Found")
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    def _chat_meant(self, params: Params) -> int | None:
        tap = self.world.taps.get(params.text("callback_query_id"))
        return tap.message.chat.id if tap else params.integer("chat_id") or None

    def _trouble_before(self, request: web.Request, call: Call, trouble: Trouble) -> web.StreamResponse:
        call.outcome = trouble.kind
        if trouble.kind == "reset":
            return hang_up(request, reset=True)
        if trouble.kind == "502-html":
            return web.Response(status=502, text=BAD_GATEWAY_PAGE, content_type="text/html")
        if trouble.kind == "403-html":
            return web.Response(status=403, text=FORBIDDEN_PAGE, content_type="text/html")
        refusal = trouble.refusal()
        self._remember_wait(call, refusal)
        return web.json_response(refusal.as_json(), status=refusal.code)

    def _refused(self, request: web.Request, call: Call, refusal: Refusal) -> web.StreamResponse:
        call.outcome = f"{refusal.code}: {refusal.description}"
        self._remember_wait(call, refusal)
        gone = request.transport is None or request.transport.is_closing()
        if refusal.code not in (403, 429) and not gone:  # to be blocked or to be slowed down breaks no rule
            self.violations.append(Violation(call, refusal.code, refusal.description))
        return web.json_response(refusal.as_json(), status=refusal.code)

    def _remember_wait(self, call: Call, refusal: Refusal) -> None:
        if wait := refusal.parameters.get("retry_after"):
            self._not_before[call.method, call.chat_id] = time.monotonic() + wait


def _chat_id(chat: Someone) -> int | None:
    return chat.room.id if isinstance(chat, Watcher) else chat
