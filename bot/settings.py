"""From the environment to frozen settings. Every error names the variable, and no secret is ever shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.engine.model import REGIONS
from bot.telegram.account import Account, Webhook
from bot.texts import SOURCE_LANGUAGE

TELEGRAM_API_URL = "https://api.telegram.org"
DEFAULT_DATABASE = "data/keukentafel.db"
MIN_SECRET = 32
"""Signs of BOT_SECRET: 32 hexadecimal ones are 128 bits."""

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_LISTEN = re.compile(r"(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one line and names the variable."""


@dataclass(frozen=True, slots=True)
class Content:
    """Which sentences, and how they are shown; what every channel needs."""

    dialogs: Path
    locales: Path
    default_language: str = SOURCE_LANGUAGE
    default_region: str = REGIONS[0]
    pace: float = 0.6


@dataclass(frozen=True, slots=True)
class Storage:
    """Where the database is, and the secret that opens it: ``secret``, or else what stands in ``secret_file``.

    ``named`` tells that the operator named that file, and sees to who can read it.
    """

    database: Path
    secret: str | None = field(repr=False)
    secret_file: Path
    named: bool


@dataclass(frozen=True, slots=True)
class Listen:
    """Where this process listens, for programs on this machine."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything `serve` needs. ``retention_days`` are days without a visit; ``metrics`` None means no such page."""

    account: Account
    storage: Storage
    retention_days: int
    metrics: Listen | None
    content: Content


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How the log is written: ``text`` or ``json``, from which level on."""

    format: str
    level: str


def read_content(env: Mapping[str, str], home: Path) -> Content:
    """The content settings. ``home`` is the folder that holds ``dialogs`` and ``locales`` unless told otherwise."""
    return Content(
        dialogs=_folder(env, "DIALOGS", home / "dialogs"),
        locales=_folder(env, "LOCALES", home / "locales"),
        default_language=_one_of(env, "DEFAULT_LANGUAGE", SOURCE_LANGUAGE, None),
        default_region=_one_of(env, "DEFAULT_REGION", REGIONS[0], REGIONS),
        pace=_number(env, "PACE", 0.6, 0, 10),
    )


def read_settings(env: Mapping[str, str], home: Path) -> Settings:
    """All settings of `serve`. Raises SettingsError."""
    token = _secret(env, "BOT_TOKEN")
    if token is None:
        raise SettingsError("BOT_TOKEN is not set; get a token from @BotFather in Telegram (or set BOT_TOKEN_FILE)")
    if not _TOKEN.fullmatch(token):
        raise SettingsError(
            "BOT_TOKEN does not look like a token; one reads like 123456:ABC-DEF… as @BotFather gave it"
        )
    storage = read_storage(env)
    content = read_content(env, home)
    api_url = _url(env, "TELEGRAM_API_URL", TELEGRAM_API_URL, ("http", "https")).rstrip("/")
    return Settings(
        account=Account(token, api_url, content.pace, _webhook(env)),
        storage=storage,
        retention_days=int(_number(env, "RETENTION_DAYS", 90, 1, 3650)),
        metrics=_listen(env, "METRICS_LISTEN", "127.0.0.1:9464") if env.get("METRICS_LISTEN") else None,
        content=content,
    )


def read_storage(env: Mapping[str, str]) -> Storage:
    """What the database and its secret are. Raises SettingsError."""
    database = Path(env.get("DATABASE") or DEFAULT_DATABASE)
    _long_enough("BOT_SECRET", _secret(env, "BOT_SECRET", made_when_absent=True))
    file = env.get("BOT_SECRET_FILE")
    return Storage(
        database=database,
        secret=(env.get("BOT_SECRET") or "").strip() or None,
        secret_file=Path(file) if file else database.with_name("keukentafel.secret"),
        named=bool(file),
    )


def read_new_secret(env: Mapping[str, str]) -> str | None:
    """The secret that is to take the place of the present one, when the operator chose it. Raises SettingsError."""
    return _long_enough("BOT_SECRET_NEW", _secret(env, "BOT_SECRET_NEW"))


def read_log_settings(env: Mapping[str, str]) -> LogSettings:
    """How to log. Raises SettingsError."""
    return LogSettings(
        format=_one_of(env, "LOG_FORMAT", "text", ("text", "json")),
        level=_one_of({**env, "LOG_LEVEL": (env.get("LOG_LEVEL") or "INFO").upper()}, "LOG_LEVEL", "INFO", _LEVELS),
    )


def _long_enough(name: str, secret: str | None) -> str | None:
    if secret is not None and len(secret) < MIN_SECRET:
        raise SettingsError(f"{name} has {len(secret)} signs; at least {MIN_SECRET} are needed")
    return secret


def _listen(env: Mapping[str, str], name: str, default: str) -> Listen:
    listen = _LISTEN.fullmatch(env.get(name) or default)
    if listen is None or not 0 < int(listen[2]) < 65536:
        raise SettingsError(f"{name} is host:port, such as {default}")
    return Listen(listen[1].strip("[]"), int(listen[2]))


def _webhook(env: Mapping[str, str]) -> Webhook | None:
    if not env.get("WEBHOOK_URL"):
        return None
    url = _url(env, "WEBHOOK_URL", "", ("https", "http"))
    if not urlsplit(url).path.strip("/"):
        raise SettingsError(
            "WEBHOOK_URL needs a path that is hard to guess, such as https://example.org/keukentafel-x7"
        )
    listen = _listen(env, "WEBHOOK_LISTEN", "127.0.0.1:8080")
    secret = env.get("WEBHOOK_SECRET", "")
    if not _WEBHOOK_SECRET.fullmatch(secret):
        raise SettingsError("WEBHOOK_SECRET is needed with WEBHOOK_URL: 16 to 256 letters, digits, _ or -")
    return Webhook(url, listen.host, listen.port, secret)


def _secret(env: Mapping[str, str], name: str, *, made_when_absent: bool = False) -> str | None:
    """The value of ``name``, or of the file that ``name_FILE`` points to."""
    if env.get(name):
        return env[name].strip()
    file = env.get(f"{name}_FILE")
    if not file:
        return None
    try:
        return Path(file).read_text("utf-8").strip()
    except FileNotFoundError:
        if made_when_absent:
            return None
        raise SettingsError(f"{name}_FILE points to a file that is not there") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name}_FILE cannot be read: {type(error).__name__}") from None


def _folder(env: Mapping[str, str], name: str, default: Path) -> Path:
    folder = Path(env[name]) if env.get(name) else default
    if not folder.is_dir():
        raise SettingsError(f"{name}: there is no folder {folder}")
    return folder


def _one_of(env: Mapping[str, str], name: str, default: str, known: tuple[str, ...] | None) -> str:
    value = env.get(name) or default
    if known is not None and value not in known:
        raise SettingsError(f"{name} is one of {', '.join(known)}")
    return value


def _number(env: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = env.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise SettingsError(f"{name} is a number from {least:g} to {most:g}")
    return value


def _url(env: Mapping[str, str], name: str, default: str, schemes: tuple[str, ...]) -> str:
    url = env.get(name) or default
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(f"{name} is not a web address such as https://example.org/path")
    return url
