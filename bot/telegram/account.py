"""Which bot account to serve, and how updates reach it. Imports nothing, so that settings can be read quickly."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram delivers updates, and where this process listens for them."""

    url: str = field(repr=False)
    host: str
    port: int
    secret: str = field(repr=False)

    @property
    def path(self) -> str:
        """The path of the URL, the only one that is answered."""
        return unquote(urlsplit(self.url).path)


@dataclass(frozen=True, slots=True)
class Account:
    """One bot on one Bot API server. ``pace`` is seconds between bubbles; ``webhook`` None means long polling."""

    token: str = field(repr=False)
    api_url: str = field(repr=False)
    """It may hold a password; ``where`` does not."""
    pace: float
    webhook: Webhook | None

    @property
    def where(self) -> str:
        """The address as it can be shown: scheme, host and port."""
        parts = urlsplit(self.api_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    @property
    def is_telegrams_own(self) -> bool:
        """Whether it is reached at Telegram's own address, and not at a Bot API server of one's own."""
        return urlsplit(self.api_url).hostname == "api.telegram.org"
