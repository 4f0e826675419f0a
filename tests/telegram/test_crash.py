"""`kill -9` at any moment: a message may come twice, never not at all, and no chat is half a step ahead.

It is killed 25 times; ``KILLS=100 make test`` (or any other number) kills it more often, in two seconds each.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi import BotApi
from tests.telegram import oracle
from tests.telegram.crashes import Evening, evening, traces
from tests.telegram.traces import files, found

pytestmark = pytest.mark.asyncio(loop_scope="module")

KILLS = int(os.environ.get("KILLS") or 25)
GUESTS, DEEDS = max(25, KILLS // 2), 12
"""So many that updates wait in nearly every life, and so few that nobody waits for a minute: a button that is tapped
twice counts as two visits by then, and twenty waiting updates count as a flood."""
DONE_ALREADY = ("message is not modified", "query is too old")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def ended(tmp_path_factory: pytest.TempPathFactory, dutch: Path) -> AsyncIterator[Evening]:
    """One evening, for all tests of this file."""
    folder, settings = tmp_path_factory.mktemp("crash"), {"LOCALES": str(dutch)}
    async with BotApi(seed=11) as api:
        yield await evening(folder, api, guests=GUESTS, deeds=DEEDS, kills=KILLS, seed=11, settings=settings)


async def test_it_was_an_evening(ended: Evening, capsys: pytest.CaptureFixture[str]) -> None:
    """Enough happened: kills of every kind, many updates; what came twice is counted."""
    assert ended.kills.total() == KILLS
    assert len(ended.kills) >= min(4, KILLS)
    updates = len(ended.api.world.updates.history)
    assert updates >= GUESTS * DEEDS
    with capsys.disabled():
        twice, sent = sum(map(ended.duplicates, ended.guests)), len(ended.api.calls_of("sendMessage"))
        print(f"\n{updates} updates, {sent} messages, {KILLS} kills, {twice} messages came twice; {dict(ended.kills)}")


async def test_every_update_is_answered(ended: Evening) -> None:
    """Each parent read each answer, in order; what is read last is the last answer, with its buttons."""
    for guest in ended.guests:
        texts, last = [], None
        moments = (ended.began, ended.ended)
        for early, late in zip(*(ended.answers(guest, at) for at in moments), strict=True):
            texts += list(zip(oracle.texts(early), oracle.texts(late), strict=True))
            last = late if late.bubbles else last
        read = oracle.sent_texts(guest.parent)
        rest = iter(read)
        for possible in texts:
            assert any(text in possible for text in rest), f"{possible} is missing:\n{guest.parent.transcript()}"
        assert last is not None and read[-1] in texts[-1]
        newest = [message for message in guest.parent.chat if message.from_bot][-1]
        shown = newest.edits[0].keyboard if newest.edits else newest.keyboard
        assert [button.text for row in shown for button in row] == oracle.labels(last)


async def test_what_comes_twice(ended: Evening) -> None:
    """Each life of the process says the answers in order and none of them twice; it begins with the one over which the
    life before it was killed, or with the next. So no kill repeats more than one turn of a chat."""
    for guest in ended.guests:
        early, late = (ended.answers(guest, at) for at in (ended.began, ended.ended))
        turns = [list(zip(*map(oracle.texts, pair), strict=True)) for pair in zip(early, late, strict=True)]
        script = [(said, number == 0) for turn in turns for number, said in enumerate(turn)]
        stands = {(0, False)}
        for life in ended.read_in_each_life(guest):
            stands = {again for at, fresh in stands for again in _takes_up(script, at, fresh)}
            for text in life:
                stands = {
                    (at + 1, at + 1 == len(script) or script[at + 1][1])
                    for at, _ in stands
                    if at < len(script) and text in script[at][0]
                }
                assert stands, f"{text!r} out of turn:\n{guest.parent.transcript()}"
        assert len(script) in {at for at, _ in stands}, guest.parent.transcript()
        assert 0 <= ended.duplicates(guest) <= 3 * KILLS


def _takes_up(script: list[tuple[tuple[str, str], bool]], at: int, fresh: bool) -> set[tuple[int, bool]]:
    """Where a new life begins, when the last one came to ``at``; ``fresh``: it had just said a turn to its end, and may
    have been killed before that was stored."""
    if at == 0:
        return {(0, False)}
    begin = next(index for index in range(at - 1, -1, -1) if script[index][1])
    if fresh:
        return {(at, False), (begin, False)}
    return {(at, False)} if at == len(script) or script[at][1] else {(begin, False)}


async def test_every_chat_stands_where_it_should(ended: Evening) -> None:
    """The stored session of each chat is the one that the oracle has, to the last detail; nothing waits."""
    assert ended.left_over == 0
    for guest in ended.guests:
        expected = ended.answers(guest, ended.ended)[-1].session
        stored = ended.sessions[guest.parent.id]
        assert stored._replace(seen=0) == expected._replace(seen=0), guest.parent.transcript()


async def test_telegrams_rules_were_kept(ended: Evening) -> None:
    """Refused is only what was done already before the crash: an edit, or the answer to a tap."""
    refused = {each.description for each in ended.api.violations}
    assert [each for each in refused if not any(known in each for known in DONE_ALREADY)] == []


async def test_nobody_stands_in_the_files(ended: Evening) -> None:
    """In no file, neither after any of the kills nor at the end, stands a chat id, a name, a typed word, the token or
    the secret."""
    assert ended.hits == []
    assert found([ended.process.folder], traces(ended.guests, ended.api)) == []
    assert {"keukentafel.db", "keukentafel.db.lock", "start-1.log"} <= set(files(ended.process.folder))
