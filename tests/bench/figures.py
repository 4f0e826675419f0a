"""The figures, one function each, with what is to be reached (issue 6). Ratios are taken within one round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.commands import heard, timed
from tests.bench.filling import bytes_a_chat, template
from tests.bench.lineup import BOTS
from tests.bench.processes import Broken
from tests.bench.stage import Scene, Seen, Stage

FEW, MANY = 1_000, 1_000_000
COUNTED_CHATS = 100_000
MIB = 2**20

OURS = Scene("keukentafel")
SHORT = Scene("keukentafel", says="/menu")
"""Turns of two calls, as an echo has them; a tap is four: it is answered, the old keyboard goes, two bubbles come."""
CROWDED = Scene("keukentafel", parents=500)
LATE, LATE_BARE = (Scene(bot, late=0.030) for bot in ("keukentafel", "frameworkless"))
PACED, PACED_BARE = (Scene(bot, parents=200, rate=100, length=2) for bot in ("keukentafel", "frameworkless"))
FEW_STORED, MANY_STORED = (Scene("keukentafel", stored=n, pool=n, says="/menu") for n in (FEW, MANY))


@dataclass(frozen=True)
class Figure:
    """One figure. ``least`` is to be reached, ``aim`` is hoped for; ``more`` is better, or less. None: no target."""

    name: str
    title: str
    unit: str
    value: Callable[[Stage], float]
    scenes: tuple[Scene, ...] = ()
    least: float | None = None
    aim: float | None = None
    more: bool = False
    digits: int = 2


def _speed(bot: str) -> Figure:
    scene = Scene(bot)
    return Figure(
        f"speed_{bot}",
        f"{BOTS[bot].title}: interactions a second, 50 parents",
        "/s",
        lambda stage: stage.play(scene).per_second,
        (scene,),
        more=True,
        digits=0,
    )


def _against(ours: Scene, *peers: str) -> Callable[[Stage], float]:
    """How many times as many turns a second as the fastest of these peers."""
    return lambda stage: stage.play(ours).per_second / max(stage.play(Scene(peer)).per_second for peer in peers)


def _ratios(name: str, title: str, ours: Scene) -> tuple[Figure, ...]:
    """Against python-telegram-bot on our client and loop (the faster of its two ways to handle updates), against it and
    aiogram as they come."""
    asked = (
        ("same_client", "python-telegram-bot echo, same client and loop", ("ptb_client", "ptb_beside"), 0.85, 1.2),
        ("ptb", "python-telegram-bot echo", ("ptb_echo",), 4, 7),
        ("aiogram", "aiogram echo", ("aiogram_echo",), 1.7, 2.8),
    )
    return tuple(
        Figure(
            f"{name}{peer}",
            f"{title} / {what}",
            "×",
            _against(ours, *bots),
            (ours, *map(Scene, bots)),
            least,
            aim,
            more=True,
        )
        for peer, what, bots, least, aim in asked
    )


def crowded(stage: Stage) -> float:
    """Ten times the parents."""
    return stage.play(CROWDED).per_second / stage.play(OURS).per_second


def unanswered(stage: Stage) -> float:
    """Turns that were never answered, of all scenes of ours that are played for other figures."""
    return sum(stage.play(scene).unanswered for scene in (OURS, SHORT, CROWDED, LATE, PACED))


def late(stage: Stage) -> float:
    """With every answer of the API 30 ms late."""
    return stage.play(LATE).per_second / stage.play(LATE_BARE).per_second


def paced(stage: Stage) -> float:
    """Milliseconds that the slowest of a hundred waits longer, at 100 interactions a second."""
    return (stage.play(PACED).p99 - stage.play(PACED_BARE).p99) * 1000


def memory(stage: Stage) -> float:
    """The most that the process ever had."""
    return stage.play(CROWDED).peak / MIB


def start(stage: Stage) -> float:
    """From the start of the process to its first message, a parent waiting."""
    return stage.play(OURS).first_reply


def stored_bytes(stage: Stage) -> float:
    """The file as it has grown, not after VACUUM."""
    return _bytes(stage)["grown"]


def packed_bytes(stage: Stage) -> float:
    """The file after VACUUM."""
    return _bytes(stage)["packed"]


def _bytes(stage: Stage) -> dict[str, float]:
    return stage.once("bytes", lambda: bytes_a_chat(template(COUNTED_CHATS, stage.say), COUNTED_CHATS))


def slowed(stage: Stage) -> float:
    """Percent by which a turn takes longer when each time another one of many more stored chats comes."""
    return (stage.play(FEW_STORED).per_second / stage.play(MANY_STORED).per_second - 1) * 100


def transactions(stage: Stage) -> float:
    """Transactions, counted by SQLite itself, for each turn."""
    seen: Seen = stage.play(OURS)
    if seen.transactions is None:
        raise Broken("the database keeps no count beside it (no -shm file)")
    return seen.transactions / seen.turns


def checked(stage: Stage) -> float:
    """`python -m bot check`, its start with it."""
    return timed(["bot", "check"], fine=(0, 1))[0]


def heard_p99(stage: Stage) -> float:
    """Milliseconds to hear a message, in process, over all test messages."""
    return stage.once("heard", heard)["p99"] * 1000


def heard_p50(stage: Stage) -> float:
    """The same, of the message in the middle."""
    return stage.once("heard", heard)["p50"] * 1000


FIGURES = (
    *(_speed(bot) for bot in BOTS),
    Figure(
        "calls",
        "API calls an interaction",
        "",
        lambda stage: stage.play(OURS).calls_a_turn,
        (OURS,),
    ),
    Figure(
        "speed_short",
        "Keukentafel: turns of two calls a second, 50 parents",
        "/s",
        lambda stage: stage.play(SHORT).per_second,
        (SHORT,),
        more=True,
        digits=0,
    ),
    *_ratios("", "50 parents", OURS),
    *_ratios("short_", "turns of two calls", SHORT),
    Figure("crowded", "500 / 50 parents", "×", crowded, (OURS, CROWDED), 0.9, 1.0, True),
    Figure("unanswered", "turns never answered", "", unanswered, (OURS, SHORT, CROWDED, LATE, PACED), 0, 0, digits=0),
    Figure("late", "API 30 ms late / frameworkless bot", "×", late, (LATE, LATE_BARE), 0.6, 0.75, True),
    Figure("paced", "100 a second: p99 above the frameworkless bot", "ms", paced, (PACED, PACED_BARE), 5, 1.5),
    Figure("memory", "peak memory at 500 parents", "MiB", memory, (CROWDED,), 80, 65, digits=0),
    Figure("start", "from start to first reply", "s", start, (OURS,), 0.8, 0.45),
    Figure("bytes", "bytes a stored chat, as the file grows", "B", stored_bytes, (), 150, 100, digits=0),
    Figure("packed", "bytes a stored chat, after VACUUM", "B", packed_bytes, digits=0),
    Figure(
        "slowed",
        "slow-down of a turn, 1,000 to 1,000,000 chats",
        "%",
        slowed,
        (FEW_STORED, MANY_STORED),
        5,
        2,
        digits=1,
    ),
    Figure("transactions", "transactions a turn, 50 parents", "", transactions, (OURS,), 0.2, 0.05),
    Figure("check", "`check`, whole script, every language", "s", checked, (), 3, 1),
    Figure("heard", "one typed message heard, p99", "ms", heard_p99, (), 5, 2),
    Figure("heard_p50", "one typed message heard, p50", "ms", heard_p50),
)
