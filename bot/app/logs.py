"""The log: dialog, node and kind of event, never text, names, chat ids or the token.

Our own lines are written that way. Libraries are not: python-telegram-bot logs whole updates when it cannot read one,
its HTTP client logs addresses with the token in it. So a library's line is cut down to what cannot hold any of that.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from bot.settings import LogSettings

OURS = "bot"


class _Discreet(logging.Filter):
    """Takes everything out of a library's line but where it comes from and the kind of error."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == OURS or record.name.startswith(f"{OURS}."):
            return True
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "no error"
        record.msg = "from a library: %s in %s:%d (content withheld)"
        record.args = (error, record.funcName, record.lineno)
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return f"{moment} {record.levelname:<7} {record.name}: {_message(record)}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        row = {"time": moment, "level": record.levelname, "logger": record.name, "message": _message(record)}
        return json.dumps(row, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """One line; of an error its kind, not its content."""
    said = record.getMessage()
    if record.exc_info and record.exc_info[0]:
        said = f"{said} ({record.exc_info[0].__name__})"
    return said.replace("\n", " ")


def set_up_logs(settings: LogSettings) -> None:
    """Log to stderr, from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if settings.format == "json" else _Text())
    handler.addFilter(_Discreet())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(settings.level)
    # It tells of each refusal of Telegram; our own line about it says more. A handler that fails is news.
    logging.getLogger("telegram.ext").setLevel(logging.CRITICAL)
    logging.captureWarnings(True)
