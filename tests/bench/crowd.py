"""When the parents act, and how long they wait for what ends each turn."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.bench.parents import Desk, Parent, Plan

MOST_WAIT = 30.0
"""Seconds that are given at the end to turns that are still open; what is open then was not answered."""

MOST_GREETING = 20.0
"""Seconds in which every parent is to have had a first answer, before it is measured how they go on."""


class Crowd:
    """All parents of one scene. ``send`` is given each update."""

    def __init__(self, plan: Plan, send: Callable[[bytes], None]) -> None:
        self.plan = plan
        self.desk = Desk(plan)
        self.calls: Counter[str] = Counter()
        self.refused = 0
        self.first_sent = 0.0
        """The moment of the first message of the bot."""
        self.first_ended = asyncio.Event()
        self._send = send
        self._all_ended = asyncio.Event()
        self._all_greeted = asyncio.Event()
        self._greeted = 0
        self._going = False
        self._open: set[int] = set()
        self._idle: deque[Parent] = deque()
        self._planned: deque[float] = deque()
        self._took: list[float] = []
        self._measuring = False

    def begin(self, parent: Parent, planned: float = 0.0) -> None:
        """A turn begins: the parent acts."""
        parent.began = planned or time.monotonic()
        self._open.add(parent.chat)
        self._all_ended.clear()
        self._send(self.desk.act(parent))

    def sent(self, chat: int, message: int, text: str, markup: str, *, edited: bool) -> None:
        """The bot sent or edited a message; it may end a turn."""
        now = time.monotonic()
        self.first_sent = self.first_sent or now
        parent = self.desk.parents.get(chat)
        ends = self.plan.ends
        if parent is None or (edited and ends != "edit") or not (markup or ends == "text"):
            return
        if markup:
            parent.sees(message, text, markup)
        if parent.began:
            self._end(parent, now)

    def _end(self, parent: Parent, now: float) -> None:
        if self._measuring:
            self._took.append(now - parent.began)
        parent.began = 0.0
        parent.turns += 1
        self._greeted += parent.turns == 1
        if self._greeted == self.plan.parents:
            self._all_greeted.set()
        self._open.discard(parent.chat)
        if not self._open:
            self._all_ended.set()
        self.first_ended.set()
        if not self._going:
            return
        if self._planned:
            self.begin(parent, self._planned.popleft())
        elif self.plan.rate:
            self._idle.append(parent)
        else:
            self.begin(self._next(parent))

    def _next(self, parent: Parent) -> Parent:
        if not self.plan.pool:
            return parent
        while True:
            other = self.desk.parent(self.desk.chance.randrange(self.plan.pool))
            if not other.began:
                return other

    async def _pace(self) -> None:
        """Let parents act at the planned moments, whether or not the bot keeps up."""
        begin, number = time.monotonic(), 0
        while self._going:
            planned = begin + number / self.plan.rate
            wait = planned - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
                continue
            number += 1
            if self._idle:
                self.begin(self._idle.popleft(), planned)
            else:
                self._planned.append(planned)

    async def play(self, tell: Callable[[dict[str, Any]], None]) -> None:
        """Greet everybody, warm up, measure, and wait for the last answers; ``tell`` hears how it goes."""
        plan = self.plan
        self._going = True
        pacing: asyncio.Task[None] | None = None
        if plan.rate:
            self._idle.extend(self.desk.parent(number) for number in range(plan.parents))
            pacing = asyncio.create_task(self._pace())
        else:
            for number in range(plan.parents):
                self.begin(self.desk.parent(number))
        if not plan.pool and not plan.rate:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_greeted.wait(), MOST_GREETING)
        await asyncio.sleep(plan.warm)
        tell({"event": "measuring"})
        self.calls.clear()
        refused, self._measuring, begin = self.refused, True, time.monotonic()
        await asyncio.sleep(plan.seconds)
        self._measuring, took = False, time.monotonic() - begin
        calls, self._going = Counter(self.calls), False
        behind = len(self._planned)
        report = self._report(took, calls) | {"behind": behind, "refused": self.refused - refused}
        tell({"event": "measured"})
        if pacing is not None:
            await pacing
        self._planned.clear()
        if self._open:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_ended.wait(), MOST_WAIT)
        stuck = [self.desk.parents[chat].text for chat in list(self._open)[:3]]
        tell({"event": "over", "unanswered": len(self._open), "stuck": stuck} | report)

    def _report(self, seconds: float, calls: Counter[str]) -> dict[str, Any]:
        ordered = sorted(self._took)
        turns = len(ordered)
        polls = calls.pop("getUpdates", 0)
        return {
            "turns": turns,
            "seconds": seconds,
            "per_second": turns / seconds,
            "p50": percentile(ordered, 50),
            "p90": percentile(ordered, 90),
            "p99": percentile(ordered, 99),
            "worst": ordered[-1] if ordered else 0.0,
            "calls": dict(calls),
            "calls_a_turn": calls.total() / turns if turns else 0.0,
            "polls_a_turn": polls / turns if turns else 0.0,
        }


def percentile(ordered: list[float], percent: float) -> float:
    """The nearest-rank percentile; 0 of nothing."""
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
