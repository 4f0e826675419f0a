"""Requests in, answers out: parameters as Telegram reads them, and refusals as Telegram words them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

Json = dict[str, Any]

_SHOWN_AS_JSON = frozenset(
    {"reply_markup", "allowed_updates", "commands", "scope", "entities", "message_ids", "reply_parameters"}
)
_SHOWN_AS_NUMBER = frozenset({"chat_id", "message_id", "offset", "limit", "timeout", "max_connections"})


class Refusal(Exception):
    """The server says no; `code` and `description` are what the bot gets to read."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> Json:
        """The body of the refusal."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str) -> Refusal:
    """A 400, in the words of Telegram."""
    return Refusal(400, f"Bad Request: {what}")


def too_many_requests(retry_after: int) -> Refusal:
    """A 429 that says how long to wait."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


class Params:
    """The parameters of one call. All are text, as on the wire; each is read as what it has to be."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in raw.items()
            if value is not None
        }

    def has(self, name: str) -> bool:
        """Whether the parameter was sent and is not empty."""
        return bool(self._raw.get(name))

    def text(self, name: str) -> str:
        """The parameter as text; empty when it was not sent."""
        return self._raw.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number; what is no number counts as `default`, as with Telegram."""
        try:
            return int(self._raw[name])
        except (KeyError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """The parameter as yes or no."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def json(self, name: str, called: str) -> Any:
        """The parameter as JSON; None when it was not sent."""
        if not self.has(name):
            return None
        try:
            return json.loads(self._raw[name])
        except ValueError:
            raise bad_request(f"can't parse {called} JSON object") from None

    def readable(self) -> Json:
        """The parameters for the records of the tests: numbers as numbers, JSON as JSON where possible."""
        return {name: _readable(name, value) for name, value in self._raw.items()}


def _readable(name: str, value: str) -> Any:
    if name in _SHOWN_AS_JSON:
        try:
            return json.loads(value)
        except ValueError:
            return value
    if name in _SHOWN_AS_NUMBER and value.lstrip("-").isdigit():
        return int(value)
    return value


async def read_params(request: web.Request) -> Params:
    """The parameters from the query string and the body: JSON, form or multipart."""
    raw: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("expected a JSON object")
        raw.update(body)
    else:
        form = await request.post()
        raw.update({name: v if isinstance(v, str) else f"<file {v!r:.40}>" for name, v in form.items()})
    return Params(raw)
