"""aiogram-dialog: a dialog of two buttons, its state in memory, as its examples do it."""

# mypy: ignore-errors
# As its users write it; and the peers are installed where mypy does not look.

from __future__ import annotations

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.kbd import Button
from aiogram_dialog.widgets.text import Const, Format


class Talk(StatesGroup):
    """The places of the dialog."""

    table = State()


async def tapped(query: CallbackQuery, button: Button, manager: DialogManager) -> None:
    """Remember what was tapped."""
    manager.dialog_data["taps"] = manager.dialog_data.get("taps", 0) + 1
    manager.dialog_data["last"] = button.widget_id


async def said(dialog_manager: DialogManager, **_: object) -> dict[str, object]:
    """What the window shows."""
    data = dialog_manager.dialog_data
    return {"last": data.get("last", "niets"), "taps": data.get("taps", 0)}


async def start(message: Message, dialog_manager: DialogManager) -> None:
    """Begin."""
    await dialog_manager.start(Talk.table, mode=StartMode.RESET_STACK)


async def main() -> None:
    """Poll for ever."""
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.message.register(start, CommandStart())
    window = Window(
        Format("Je koos {last} ({taps})."),
        Button(Const("Ja"), id="yes", on_click=tapped),
        Button(Const("Nee"), id="no", on_click=tapped),
        state=Talk.table,
        getter=said,
    )
    dispatcher.include_router(Dialog(window))
    setup_dialogs(dispatcher)
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"]))
    await dispatcher.start_polling(Bot(os.environ["BOT_TOKEN"], session=session))


asyncio.run(main())
