"""HTTP as far as a client of the Bot API speaks it: one small parser that costs every bot the same.

The neutral server must never be the brake, so this is a plain protocol and no web framework.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TYPE = re.compile(rb"\r\ncontent-type: *([^\r;]+)", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"
_JSON = b"application/json"
_FORM = b"application/x-www-form-urlencoded"

Reply = Callable[[bytes], None]
"""Takes the JSON of the answer, now or later."""


class Params:
    """The parameters of one call; each is decoded when it is asked for, and only then."""

    __slots__ = ("_form", "_json")

    def __init__(self, query: bytes, kind: bytes, body: bytes) -> None:
        self._json: dict[str, object] = {}
        self._form: dict[bytes, bytes] = {}
        for pairs in (query, body if kind == _FORM else b""):
            for pair in pairs.split(b"&") if pairs else ():
                name, _, value = pair.partition(b"=")
                self._form[name] = value
        if kind == _JSON and body:
            self._json = json.loads(body)
        elif body and kind not in (_FORM, _JSON):
            raise ValueError(f"a body of type {kind.decode()!r} is not understood here")

    def text(self, name: str) -> str:
        """The parameter as text; JSON stays JSON; empty when it was not sent."""
        if self._json:
            value = self._json.get(name)
            if value is None or isinstance(value, str):
                return value or ""
            return json.dumps(value, separators=(",", ":"))
        found = self._form.get(name.encode())
        return "" if found is None else unquote_to_bytes(found.replace(b"+", b" ")).decode()

    def number(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number."""
        text = self.text(name)
        return int(text) if text else default


Answer = Callable[[str, Params, Reply], None]
"""Is given the method, its parameters, and how to answer."""


class Connection(asyncio.Protocol):
    """One connection of the bot, kept alive."""

    def __init__(self, answer: Answer, late: float) -> None:
        self._answer = answer
        self._late = late
        self._buffer = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The bot connected."""
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The bot is gone; what is still to be answered is not."""
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole by now."""
        buffer = self._buffer + data if self._buffer else data
        while (end := buffer.find(_HEAD_END)) >= 0:
            head = buffer[:end]
            found = _LENGTH.search(head)
            total = end + 4 + (int(found[1]) if found else 0)
            if len(buffer) < total:
                break
            self._request(head, buffer[end + 4 : total])
            buffer = buffer[total:]
        self._buffer = buffer

    def _request(self, head: bytes, body: bytes) -> None:
        target = head.split(b" ", 2)[1]
        path, _, query = target.partition(b"?")
        kind = _TYPE.search(head)
        try:
            params = Params(query, kind[1].strip().lower() if kind else b"", body)
        except ValueError as problem:
            self._write(refusal(400, str(problem)))
            return
        self._answer(path.rpartition(b"/")[2].decode(), params, self._reply)

    def _reply(self, body: bytes) -> None:
        if self._late:
            asyncio.get_running_loop().call_later(self._late, self._write, body)
        else:
            self._write(body)

    def _write(self, body: bytes) -> None:
        if self._transport is None:
            return
        status = b"200 OK"
        if body.startswith(b'{"ok":false'):
            status = b"429 Too Many Requests" if b'"error_code":429' in body else b"400 Bad Request"
        self._transport.write(
            b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)
        )


def refusal(code: int, description: str, retry_after: int = 0) -> bytes:
    """A refusal, in the words of Telegram."""
    body: dict[str, object] = {"ok": False, "error_code": code, "description": description}
    if retry_after:
        body["parameters"] = {"retry_after": retry_after}
    return json.dumps(body, separators=(",", ":")).encode()
