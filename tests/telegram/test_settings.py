"""A setting that cannot be used: `serve` ends with 2 and one line on stderr that names the variable."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.settings import SettingsError, read_settings
from tests.botapi import TOKEN, BotApi
from tests.telegram.conftest import Serve
from tests.telegram.editions import Edition
from tests.telegram.serving import ROOT, SECRET, Settings, command, environment

NOBODY = "http://127.0.0.1:9"
WEBHOOK: dict[str, str | None] = {"WEBHOOK_URL": "https://example.org/keukentafel-x7", "WEBHOOK_SECRET": "x" * 32}
BAD: dict[str, tuple[str, dict[str, str | None]]] = {
    "no token": ("BOT_TOKEN", {"BOT_TOKEN": None}),
    "malformed token": ("BOT_TOKEN", {"BOT_TOKEN": "not-a-token"}),
    "token file missing": ("BOT_TOKEN_FILE", {"BOT_TOKEN": None, "BOT_TOKEN_FILE": "/nowhere/token"}),
    "short secret": ("BOT_SECRET", {"BOT_SECRET": "short"}),
    "no web address": ("WEBHOOK_URL", WEBHOOK | {"WEBHOOK_URL": "example.org/x7"}),
    "no path": ("WEBHOOK_URL", WEBHOOK | {"WEBHOOK_URL": "https://example.org/"}),
    "no webhook secret": ("WEBHOOK_SECRET", WEBHOOK | {"WEBHOOK_SECRET": None}),
    "bad address to listen on": ("WEBHOOK_LISTEN", WEBHOOK | {"WEBHOOK_LISTEN": "localhost"}),
    "bad pace": ("PACE", {"PACE": "abc"}),
    "no retention": ("RETENTION_DAYS", {"RETENTION_DAYS": "0"}),
    "unknown language": ("DEFAULT_LANGUAGE", {"DEFAULT_LANGUAGE": "xx"}),
    "unknown region": ("DEFAULT_REGION", {"DEFAULT_REGION": "xx"}),
    "dialogs nowhere": ("DIALOGS", {"DIALOGS": "/nowhere"}),
    "locales nowhere": ("LOCALES", {"LOCALES": "/nowhere"}),
    "bad log level": ("LOG_LEVEL", {"LOG_LEVEL": "LOUD"}),
    "bad log format": ("LOG_FORMAT", {"LOG_FORMAT": "xml"}),
    "bad API address": ("TELEGRAM_API_URL", {"TELEGRAM_API_URL": "nothing"}),
}
ALSO_BAD: dict[str, tuple[str, dict[str, str | None]]] = {
    "empty token": ("BOT_TOKEN", {"BOT_TOKEN": ""}),
    "token with a blank": ("BOT_TOKEN", {"BOT_TOKEN": f"{TOKEN[:20]} {TOKEN[20:]}"}),
    "token file is a folder": ("BOT_TOKEN_FILE", {"BOT_TOKEN": None, "BOT_TOKEN_FILE": "/"}),
    "another scheme": ("WEBHOOK_URL", WEBHOOK | {"WEBHOOK_URL": "ftp://example.org/x7"}),
    "no such port": ("WEBHOOK_URL", WEBHOOK | {"WEBHOOK_URL": "https://example.org:99999/x7"}),
    "short webhook secret": ("WEBHOOK_SECRET", WEBHOOK | {"WEBHOOK_SECRET": "short"}),
    "odd webhook secret": ("WEBHOOK_SECRET", WEBHOOK | {"WEBHOOK_SECRET": "é" * 32}),
    "no such port to listen on": ("WEBHOOK_LISTEN", WEBHOOK | {"WEBHOOK_LISTEN": "localhost:70000"}),
    "pace is no number": ("PACE", {"PACE": "nan"}),
    "pace below nothing": ("PACE", {"PACE": "-1"}),
    "endless pace": ("PACE", {"PACE": "inf"}),
    "retention is a word": ("RETENTION_DAYS", {"RETENTION_DAYS": "forever"}),
    "API address without host": ("TELEGRAM_API_URL", {"TELEGRAM_API_URL": "http://"}),
}


def refused(folder: Path, settings: Settings, api_url: str = NOBODY) -> list[str]:
    """Run `serve` to its end, which has to be 2; gives the lines on stderr."""
    env = environment(folder, api_url, settings)
    ended = subprocess.run(command("serve"), env=env, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)
    assert ended.returncode == 2, ended.stderr
    assert ended.stdout == ""
    for hidden in (TOKEN, SECRET, "x" * 32):
        assert hidden not in ended.stderr
    return ended.stderr.splitlines()


def names(lines: list[str], variable: str) -> bool:
    """Whether this is one line, and about this variable."""
    (line,) = lines
    return line.startswith("keukentafel: ") and variable in line.split()[1]


@pytest.fixture(scope="module")
def lines_of(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What `serve` says to each bad setting, in a folder of its own; some at a time."""
    folders = {name: tmp_path_factory.mktemp("bad") for name in BAD}
    with ThreadPoolExecutor(4) as threads:
        said = threads.map(lambda name: refused(folders[name], BAD[name][1]), BAD)
        lines = dict(zip(BAD, said, strict=True))
    assert [list(folder.iterdir()) for folder in folders.values()] == [[]] * len(BAD), "something was made"
    return lines


@pytest.mark.parametrize("name", BAD)
def test_a_bad_setting(name: str, lines_of: dict[str, list[str]]) -> None:
    """It is named in one line, nothing is opened or made, and no secret is shown."""
    assert names(lines_of[name], BAD[name][0]), lines_of[name]


@pytest.mark.parametrize(("variable", "settings"), ALSO_BAD.values(), ids=ALSO_BAD)
def test_more_bad_settings(tmp_path: Path, variable: str, settings: Settings) -> None:
    """More of these, without a process for each."""
    with pytest.raises(SettingsError, match=f"^{variable} ") as caught:
        read_settings(environment(tmp_path, NOBODY, settings), ROOT)
    assert "\n" not in str(caught.value) and TOKEN not in str(caught.value)


def test_no_secret_is_shown(tmp_path: Path) -> None:
    """Neither token, secrets nor the path of the webhook stand in what settings look like, as a whole or in part."""
    settings = read_settings(environment(tmp_path, NOBODY, WEBHOOK), ROOT)
    shown = f"{settings!r} {settings} {settings.account!r} {settings.account.webhook!r} {settings.storage!r}"
    assert settings.account.token == TOKEN and settings.storage.secret == SECRET and settings.account.webhook
    assert "8080" in shown
    assert [each for each in (TOKEN, SECRET, "x" * 32, settings.account.webhook.path) if each in shown] == []


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("https://api.telegram.org", "https://api.telegram.org"),
        ("http://pan:zwartekraai@127.0.0.1:8081/x/", "http://127.0.0.1:8081"),
        ("https://zwartekraai@[::1]:8081", "https://[::1]:8081"),
        ("https://pan:zwarte@kraai@example.org/zwartekraai?zwartekraai", "https://example.org"),
    ],
)
def test_where_the_bot_api_is(tmp_path: Path, url: str, where: str) -> None:
    """Of the address of the Bot API server only scheme, host and port are ever shown: the rest may be a password."""
    account = read_settings(environment(tmp_path, url, {}), ROOT).account
    assert account.where == where
    assert "kraai" not in repr(account)


def test_a_database_in_a_file(tmp_path: Path, dutch: Path) -> None:
    """A database that cannot be made is one line about DATABASE, with a secret and without."""
    (tmp_path / "file").write_text("")
    settings = {"DATABASE": str(tmp_path / "file" / "keukentafel.db"), "LOCALES": str(dutch)}
    assert names(refused(tmp_path, settings), "DATABASE")
    (line,) = refused(tmp_path, settings | {"BOT_SECRET": None})
    assert line.startswith("keukentafel: BOT_SECRET, kept beside DATABASE: ")


@pytest.mark.parametrize("what", ["a folder", "no database"])
def test_something_else_in_its_place(tmp_path: Path, dutch: Path, what: str) -> None:
    """So is a folder, or a file that is no database; it is left as it is."""
    path = tmp_path / "keukentafel.db"
    if what == "a folder":
        path.mkdir()
    else:
        path.write_bytes(b"These are my holiday pictures." * 200)
    assert names(refused(tmp_path, {"DATABASE": str(path), "LOCALES": str(dutch)}), "DATABASE")
    assert path.is_dir() or path.read_bytes() == b"These are my holiday pictures." * 200


async def test_a_database_of_another(serve: Serve, api: BotApi, tmp_path: Path, dutch: Path) -> None:
    """A second process on the same database is refused, and the first goes on; so is another secret, later."""
    process = await serve()
    assert names(refused(tmp_path, {"LOCALES": str(dutch)}, api.url), "DATABASE")
    parent = api.parent()
    await parent.says("/start")
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    assert await process.stop() == 0
    lines = refused(tmp_path, {"BOT_SECRET": SECRET[::-1], "LOCALES": str(dutch)}, api.url)
    assert names(lines, "BOT_SECRET"), lines


async def ends(serve: Serve, settings: Settings) -> list[str]:
    """Start it where Telegram can be reached; it ends with 2. Gives the lines on stderr."""
    process = await serve(settings, ready=False)
    assert await process.ends(within=60) == 2
    return process.log.splitlines()


async def test_a_token_that_telegram_refuses(serve: Serve) -> None:
    """A well-formed token that Telegram does not know is one line about BOT_TOKEN."""
    lines = await ends(serve, {"BOT_TOKEN": f"{TOKEN[:-4]}wxyz"})
    assert names(lines, "BOT_TOKEN"), lines


async def test_a_token_that_a_server_with_a_password_refuses(serve: Serve, api: BotApi) -> None:
    """The line names the server, and not what lets the bot in there."""
    with_password = api.url.replace("http://", "http://pan:zwartekraai@")
    lines = await ends(serve, {"BOT_TOKEN": f"{TOKEN[:-4]}wxyz", "TELEGRAM_API_URL": with_password})
    assert names(lines, "BOT_TOKEN"), lines
    assert f"refused by {api.url};" in lines[0] and "zwartekraai" not in lines[0]


async def test_a_webhook_that_telegram_refuses(serve: Serve, port: int) -> None:
    """An address that Telegram does not accept (no https) is one line about WEBHOOK_URL."""
    address = {"WEBHOOK_URL": "http://example.org/x7", "WEBHOOK_LISTEN": f"127.0.0.1:{port}"}
    lines = await ends(serve, WEBHOOK | address)
    assert names(lines, "WEBHOOK_URL"), lines


@pytest.mark.parametrize("host", ["a..b", "203.0.113.1"], ids=["no name", "an address of others"])
async def test_a_place_to_listen_that_is_not_here(serve: Serve, host: str) -> None:
    """A host that is not this machine, or none at all, is one line about WEBHOOK_LISTEN."""
    lines = await ends(serve, WEBHOOK | {"WEBHOOK_LISTEN": f"{host}:8080"})
    assert names(lines, "WEBHOOK_LISTEN"), lines


async def test_a_port_that_is_taken(serve: Serve, api: BotApi) -> None:
    """A port on which something else listens is one line about WEBHOOK_LISTEN."""
    lines = await ends(serve, WEBHOOK | {"WEBHOOK_LISTEN": api.url.removeprefix("http://")})
    assert names(lines, "WEBHOOK_LISTEN"), lines


def test_broken_dialogs(tmp_path: Path, edition: Edition) -> None:
    """All errors of the dialogs are shown, each with its place and code, before the line that names DIALOGS."""
    edition.change("menu.yaml", r"go: guilt}", "go: guild}", count=1)
    edition.change("topics/breathe.yaml", r"^start: hello", "start: [")
    *errors, last = refused(tmp_path, edition.settings)
    assert names([last], "DIALOGS")
    for file in ("menu.yaml", "breathe.yaml"):
        assert any(f"{file}:" in error and " error [" in error for error in errors), errors
    assert all(" error [" in error for error in errors)
    assert not (tmp_path / "data").exists()
