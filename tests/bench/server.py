"""The neutral Bot API server with its parents, a process of its own: `python -m tests.bench.server PLAN`.

PLAN is a JSON object. It says what happens in JSON lines on stdout, and ends when stdin does.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from typing import Any

from tests.bench.crowd import Crowd
from tests.bench.parents import BOT, Plan
from tests.bench.wire import Connection, Params, Reply, refusal

_TRUE = b'{"ok":true,"result":true}'
_ABILITIES = ',"can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false}'
_KNOWN = {
    "getMe": f'{{"ok":true,"result":{BOT.replace("}", _ABILITIES)}}}'.encode(),
    "getWebhookInfo": b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}',
    "getMyCommands": b'{"ok":true,"result":[]}',
    "getMyDescription": b'{"ok":true,"result":{"description":""}}',
    "getMyShortDescription": b'{"ok":true,"result":{"short_description":""}}',
}
_SAID = ("sendMessage", "editMessageText", "editMessageReplyMarkup")


class BotApi:
    """One bot account: the updates that wait, and the answers to its calls."""

    def __init__(self, plan: Plan) -> None:
        self.crowd = Crowd(plan, self._queue)
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._poll: tuple[int, Reply, asyncio.TimerHandle] | None = None
        self._allowed = plan.allowed
        self._left = plan.allowed
        self._counted = time.monotonic()

    def answer(self, method: str, params: Params, reply: Reply) -> None:
        """Answer one call."""
        self.crowd.calls[method] += 1
        if method == "getUpdates":
            self._get_updates(params, reply)
        elif method not in _SAID:
            reply(_KNOWN.get(method, _TRUE))
        elif self._too_many(method):
            self.crowd.refused += 1
            reply(refusal(429, "Too Many Requests: retry after 1", retry_after=1))
        else:
            reply(self._message(method, params))

    def _message(self, method: str, params: Params) -> bytes:
        crowd, sends = self.crowd, method == "sendMessage"
        chat, text, markup = params.number("chat_id"), params.text("text"), params.text("reply_markup")
        message = crowd.desk.new_message() if sends else params.number("message_id")
        keyboard = f',"reply_markup":{markup}' if markup else ""
        body = (
            f'{{"ok":true,"result":{{"message_id":{message},"from":{BOT},"chat":{{"id":{chat},"first_name":"Noor",'
            f'"type":"private"}},"date":{int(time.time())},"text":{json.dumps(text)}{keyboard}}}}}'
        )
        crowd.sent(chat, message, text, markup, edited=not sends)
        return body.encode()

    def _too_many(self, method: str) -> bool:
        """Whether this message is above what Telegram allows; a burst of one second is fine."""
        if not self._allowed or method == "editMessageReplyMarkup":
            return False
        now = time.monotonic()
        self._left = min(self._allowed, self._left + (now - self._counted) * self._allowed)
        self._counted = now
        if self._left < 1:
            return True
        self._left -= 1
        return False

    def _get_updates(self, params: Params, reply: Reply) -> None:
        offset, limit = params.number("offset"), params.number("limit", 100)
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        if self._poll is not None:  # the bot gave up on its former poll
            self._poll[2].cancel()
            self._poll = None
        if self._waiting or not params.number("timeout"):
            reply(self._batch(limit))
            return
        timer = asyncio.get_running_loop().call_later(params.number("timeout"), self._serve_poll)
        self._poll = (limit, reply, timer)

    def _queue(self, update: bytes) -> None:
        self._waiting.append((self.crowd.desk.next_update, update))
        if self._poll is not None:
            self._serve_poll()

    def _serve_poll(self) -> None:
        """Answer the poll that waits; in the next round of the loop, so that what comes in this one goes together."""
        assert self._poll is not None
        limit, reply, timer = self._poll
        self._poll = None
        timer.cancel()
        asyncio.get_running_loop().call_soon(lambda: reply(self._batch(limit)))

    def _batch(self, limit: int) -> bytes:
        some = [self._waiting[index][1] for index in range(min(limit, 100, len(self._waiting)))]
        return b'{"ok":true,"result":[' + b",".join(some) + b"]}"


def _tell(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


async def _serve(plan: Plan) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(over), sys.stdin)
    api = BotApi(plan)
    server = await loop.create_server(lambda: Connection(api.answer, plan.late), "127.0.0.1", 0, backlog=1024)
    _tell({"event": "ready", "port": server.sockets[0].getsockname()[1]})
    crowd = api.crowd
    crowd.begin(crowd.desk.parent(0))

    async def play() -> None:
        await crowd.first_ended.wait()
        _tell({"event": "first", "moment": crowd.first_sent})
        await crowd.play(_tell)

    playing = asyncio.create_task(play())
    try:
        await over.read()
    finally:
        playing.cancel()
        server.close()


def main() -> None:
    """Serve until stdin ends."""
    plan = Plan(**json.loads(sys.argv[1]))
    try:
        import uvloop
    except ModuleNotFoundError:
        asyncio.run(_serve(plan))
    else:
        uvloop.run(_serve(plan))


if __name__ == "__main__":
    main()
