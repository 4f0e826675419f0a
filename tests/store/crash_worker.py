"""Writes as fast as it can until it is killed, and tells what was confirmed. Run by ``test_crash``; no test itself.

Each line on stdout is written after the store returned: ``put 12 3``: update 12 of chat 3 is stored, ``done 12 3``:
its session, which names the update, is stored, ``gone 12 3``: the chat was forgotten because of update 12.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from pathlib import Path

from bot.store import Keys, Store

CHATS = 24


async def main(path: Path, secret: str, first: int) -> None:
    numbers = itertools.count(first)
    async with await Store.open(path, Keys.from_secret(secret), empty_wal_after=0.05) as store:
        for each in await store.waiting():
            tell("waited", each.update_id, int(each.body.split()[0]))
            chat = int(each.body.split()[0])
            await store.commit(store.chat_key(chat), session(each.update_id), update_id=each.update_id, day=1)
            tell("done", each.update_id, chat)
        await asyncio.gather(*(converse(store, chat, numbers) for chat in range(CHATS)))


async def converse(store: Store, chat: int, numbers: itertools.count[int]) -> None:
    key = store.chat_key(chat)
    while True:
        update_id = next(numbers)
        assert await store.put_update(update_id, key, b"%d %s" % (chat, b"words " * (update_id % 200)))
        tell("put", update_id, chat)
        await asyncio.sleep(0.001 * (update_id % 3))
        if chat % 6 == 0 and update_id % 5 == 0:
            await store.forget(key, update_id=update_id, day=1)
            tell("gone", update_id, chat)
        else:
            await store.commit(key, session(update_id), update_id=update_id, day=1)
            tell("done", update_id, chat)


def session(update_id: int) -> str:
    return f"{update_id} {'menu/welcome ' * (update_id % 9)}"


def tell(what: str, update_id: int, chat: int) -> None:
    os.write(1, f"{what} {update_id} {chat}\n".encode())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
