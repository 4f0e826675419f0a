"""Work beside the conversations that ends by a fault is told; what is cancelled or done is not."""

from __future__ import annotations

import asyncio

import pytest

from bot.telegram.beside import beside


async def fails() -> None:
    """As with a fault of ours, with a secret in its words."""
    raise ValueError("a parent's words")


async def ends() -> None:
    """As when all was done."""


async def goes_on() -> None:
    """As a watch that never ends by itself."""
    await asyncio.Event().wait()


async def test_a_fault_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """By its name and its kind, and never by its words."""
    await asyncio.wait([beside(fails(), "tidying")])
    assert [line.getMessage() for line in caplog.records] == ["tidying has ended: ValueError"]


async def test_an_end_is_not(caplog: pytest.LogCaptureFixture) -> None:
    """Nor is what the bot ends itself."""
    tasks = [beside(ends(), "one"), beside(goes_on(), "another")]
    await tasks[0]
    tasks[1].cancel()
    await asyncio.wait(tasks)
    assert caplog.records == []
