"""What somebody hostile can send through the front door, behind a webhook: forged buttons, links to anywhere, texts of
anything. Each gets an answer, no rule of the Bot API is broken on the way, and no secret comes out anywhere.

What a stranger meets at the webhook stands in `test_webhook_server`, what polling brings in `test_taps` and
`test_whatever_is_sent`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.engine.buttons import choice_token
from bot.engine.phrases import Phrase
from tests.botapi import TOKEN, BotApi, Parent
from tests.botapi.rules import TEXT_LIMIT, length
from tests.telegram.kitchen import Kitchen
from tests.telegram.oracle import companion, phrase, sent_texts, way_to
from tests.telegram.serving import SECRET, Settings, free_port, serving
from tests.telegram.traces import found, traces_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

KNOCK, PATH = "voordeur-" + "k" * 20, "/heel-zwaar-te-raden"
SECRETS = (TOKEN, TOKEN.partition(":")[2], SECRET, KNOCK, PATH.strip("/"))
ARGUMENTS = Path("/proc/self/cmdline")


def behind_a_webhook(listen: str) -> Settings:
    """Its settings, at the level that tells most."""
    webhook = {"WEBHOOK_URL": f"http://{listen}{PATH}", "WEBHOOK_LISTEN": listen, "WEBHOOK_SECRET": KNOCK}
    return {"LOG_LEVEL": "DEBUG", **webhook}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def kitchen(tmp_path_factory: pytest.TempPathFactory, dutch: Path) -> AsyncIterator[Kitchen]:
    """A server and a process for this file; at its end no rule was broken, nothing crashed, and no secret is out."""
    folder: Path = tmp_path_factory.mktemp("surface")
    settings = {**behind_a_webhook(f"127.0.0.1:{free_port()}"), "LOCALES": str(dutch)}
    async with BotApi(seed=11) as api, serving(folder, api, settings) as process:
        yield Kitchen(api, process)
        assert await process.stop() == 0, process.log
        assert api.violations == []
        assert [line for line in process.complaints if " DEBUG " not in line] == []
        assert found([folder], traces_of([], SECRETS)) == []
        assert len(process.log) > 5000, "there was something to look through"


FORGED = {
    "giant": "x" * 100_000,
    "a giant that begins well": "01:lost_patience/hello/" + "x" * 100_000,
    "giant and of many bytes": "\N{LOUDLY CRYING FACE}" * 50_000,
    "a serial of another alphabet": "ZZ:lost_patience/hello/calm",
    "a serial of three signs": "001:lost_patience/hello/calm",
    "digits of others": "٠١:lost_patience/hello/calm",
    "a line more": "01:lost_patience/hello/calm\n",
    "nothing in the middle": "01:lost_patience//calm",
    "a note of nobody": "01:!note/999999",
    "a note of a huge number": "01:!note/" + "9" * 50,
    "notes that are not there": "01:!dropped/all",
    "a language that is none": "01:!speak/qq",
    "a language of other signs": "01:!speak/../etc",
    "an order of the engine that is none": "01:!forget",
    "NUL": "01:menu/hello/child\0",
    "a pair the wrong way round": "01:\udc7a\ud83d",
    "JSON": '{"update_id": 1, "message": {}}',
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED)
async def test_a_forged_button(kitchen: Kitchen, data: str) -> None:
    """It is answered, stops glowing, and the conversation goes on."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start lost_patience")
    tap = await parent.taps_data(data, parent.newest)
    answer = await kitchen.agree(parent)
    assert answer.bubbles
    assert await parent.waits_for_answer(tap, timeout=20) == ""
    await kitchen.asks(parent, "/menu")


async def test_a_button_of_another_dialog(kitchen: Kitchen) -> None:
    """A choice that this keyboard does not have, but another dialog does, leads there: all of it is public text."""
    parent = kitchen.parent()
    await kitchen.asks(parent, "/start breathe")
    place = companion().script.start_of("lost_patience")
    node = companion().script.node(place)
    assert node is not None
    choice = node.buttons[0]
    await parent.taps_data(choice_token(77, place, choice.id), parent.newest)
    assert (await kitchen.agree(parent)).place == choice.go


LINKS = {
    "64 letters": "a" * 64,
    "64 signs that a link may have": "Az09_-" * 10 + "Az09",
    "64 signs that it may not have": "'\";--<b>${x}%00" * 4 + "abcd",
    "a safety dialog and more": "safety_suicide_" + "x" * 49,
    "a way up": "../../../../etc/passwd",
    "a way up, written otherwise": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "a way up with backslashes": "..\\..\\dialogs\\menu.yaml",
    "an absolute path": "/etc/passwd",
    "a file": "topics/lost_patience.yaml",
    "NUL behind a name": "lost_patience\0.yaml",
    "a line behind a name": "lost_patience\nbreathe",
    "a name twice": "lost_patience lost_patience",
    "a name in letters of others": "lost_раtience",
    "emoji": "\N{LOUDLY CRYING FACE}" * 32,
    "right to left": "\N{RIGHT-TO-LEFT OVERRIDE}ecneitap_tsol",
    "half a pair": "lost_patience\ud83d",
    "an order of the engine": "!open/breathe",
    "a dunder": "__class__",
}


@pytest.mark.parametrize("payload", LINKS.values(), ids=LINKS)
async def test_a_link_to_anywhere(kitchen: Kitchen, payload: str) -> None:
    """It says that this topic is not there, and shows the menu."""
    parent = kitchen.parent()
    answer = await kitchen.asks(parent, f"/start {payload}")
    assert sent_texts(parent)[0] == phrase(Phrase.UNKNOWN_LINK)
    assert answer.place is not None and answer.place.dialog == "menu"


TEXTS = {
    "NUL": "\0",
    "NUL in a word": "qw\0xz ",
    "half a pair": "\ud83d",
    "the other half": "\udc7a",
    "halves the wrong way round": "\udc7a\ud83d",
    "half a pair in words": "qwxz\ud83dqwxz ",
    "right to left": "طفلي \N{RIGHT-TO-LEFT MARK}",
    "right to left and back": "\N{RIGHT-TO-LEFT ISOLATE}\N{LEFT-TO-RIGHT OVERRIDE}א1",
    "directions never taken back": "\N{LEFT-TO-RIGHT EMBEDDING}",
    "a flag without an end": "\N{REGIONAL INDICATOR SYMBOL LETTER N}",
    "skin and tags": "\N{BABY}\N{EMOJI MODIFIER FITZPATRICK TYPE-5}\N{TAG LATIN SMALL LETTER B}",
    "nothing to see": "\N{HANGUL FILLER}\N{INVISIBLE SEPARATOR}\N{ZERO WIDTH NO-BREAK SPACE}",
    "signs that are none": "\uffff\ufffe\U0010ffff",
    "signs of one's own": "\ue000\U000f0000",
    "letters that grow": "ﷺﬃİŉ",
    "letters in pieces": "각",
    "lines": "x\n",
    "other lines": "x\u2028\u2029\r\v\f",
    "a path": "../",
    "JSON": '{"a":[',
    "YAML": "&a [*a]\n",
    "escapes of a terminal": "\x1b[2J\x1b]0;x\x07",
}


def full(sign: str) -> str:
    """The longest text that a phone sends, of nothing but this."""
    return sign * (TEXT_LIMIT // length(sign))


@pytest.mark.parametrize("sign", TEXTS.values(), ids=TEXTS)
async def test_a_huge_text(kitchen: Kitchen, sign: str) -> None:
    """4096 signs of it are answered, typed and as a command, and the conversation goes on."""
    parent = kitchen.parent()
    there = await kitchen.asks(parent, "/start lost_patience")
    assert (await kitchen.asks(parent, full(sign))).bubbles
    assert (await kitchen.asks(parent, f"/x{full(sign)}"[:1000])).bubbles
    answer = await kitchen.asks(parent, "/start lost_patience")
    assert answer.place == there.place


async def kept(kitchen: Kitchen, parent: Parent, text: str) -> str:
    """Have this kept as a note; gives how it reads when it is shown again."""
    answer = await kitchen.asks(parent, "/start good_moment")
    for label in way_to(answer, lambda there: str(there.place) == "good_moment/keep"):
        await kitchen.chooses(parent, label)
    await parent.says(text)
    await parent.waits_for_quiet(0.3)
    before = len(sent_texts(parent))
    await parent.says("/terugblik")
    await parent.waits_for(lambda message: bool(message.buttons), timeout=20)
    return "\n".join(sent_texts(parent)[before:])


@pytest.mark.parametrize(
    "sign", ["qw\0xz ", "qwxz\ud83d ", "<b>&amp;*_`[x](tg://user?id=1)", "{emergency}", "\u202eqwxz"]
)
async def test_a_note_of_anything(kitchen: Kitchen, sign: str) -> None:
    """It is kept, and shown again as it was typed; half a pair, which is no text, is left out."""
    shown = await kept(kitchen, kitchen.parent(), full(sign))
    assert sign.replace("\ud83d", "").strip() in shown


async def test_a_burst_of_strangers(kitchen: Kitchen) -> None:
    """Hundreds who know nothing and hold their connections open keep no parent from being answered for long."""
    host, _, port = kitchen.process.env["WEBHOOK_LISTEN"].partition(":")
    strangers = [await asyncio.open_connection(host, int(port)) for _ in range(400)]
    for _, writer in strangers:
        writer.write(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n")
    await kitchen.asks(kitchen.parent(), "/start")
    for _, writer in strangers:
        writer.close()


@pytest.mark.skipif(not ARGUMENTS.exists(), reason="this system does not show processes as files")
async def test_no_secret_in_the_list_of_processes(kitchen: Kitchen) -> None:
    """Everybody on the machine can read how a program was called."""
    called = await asyncio.to_thread(Path(f"/proc/{kitchen.process.pid}/cmdline").read_bytes)
    assert b"serve" in called
    assert [secret for secret in SECRETS if secret.encode() in called] == []
