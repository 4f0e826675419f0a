"""The fixed sentences by name. Their words stand in ``dialogs/phrases.yaml``; the checker holds both lists equal."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Phrase(StrEnum):
    """A fixed sentence or label; the value is its key in ``dialogs/phrases.yaml``."""

    # Labels on buttons.
    HELP_NOW = "help_now"
    BACK = "back"
    TO_MENU = "to_menu"
    GO_ON_HERE = "go_on_here"
    GO_ON_IN_LANGUAGE = "go_on_in_language"

    # What the engine says around the dialogs.
    SCRIPT_LINE = "script_line"
    WELCOME_BACK = "welcome_back"
    FALLBACK = "fallback"
    FALLBACK_NEAR = "fallback_near"
    FALLBACK_PERSON = "fallback_person"
    FALLBACK_SAFETY = "fallback_safety"
    ASK_GENTLY = "ask_gently"
    SOMETHING_ELSE = "something_else"
    SAME_TOPIC = "same_topic"
    GONE = "gone"
    MOVED = "moved"
    STARTED_ANEW = "started_anew"
    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_LINK = "unknown_link"
    NOT_TEXT = "not_text"
    EDITED = "edited"
    STOPPED = "stopped"
    WENT_WRONG = "went_wrong"

    # Who reviewed the texts, where `about` tells it.
    REVIEWED = "reviewed"
    REVIEWED_NONE = "reviewed_none"

    # Services.
    ALWAYS_OPEN = "always_open"
    OPEN_NOW = "open_now"
    OPEN_UNTIL = "open_until"
    OPENS_TODAY = "opens_today"
    OPENS_TOMORROW = "opens_tomorrow"
    OPENS_ON = "opens_on"
    OFFICE_HOURS = "office_hours"
    CHAT = "chat"
    INLINE_REGION = "inline_region"
    FREE = "free"
    ANONYMOUS = "anonymous"
    REGION_BE = "region_be"
    REGION_NL = "region_nl"
    REGION_ELSEWHERE = "region_elsewhere"

    # Telegram around the conversation.
    PRIVATE_ONLY = "private_only"
    BOT_DESCRIPTION = "bot_description"
    BOT_SHORT_DESCRIPTION = "bot_short_description"
    COMMAND_START = "command_start"
    COMMAND_MENU = "command_menu"
    COMMAND_HELP = "command_help"
    COMMAND_LANGUAGE = "command_language"
    COMMAND_REGION = "command_region"
    COMMAND_PRIVACY = "command_privacy"
    COMMAND_FORGET = "command_forget"
    COMMAND_STOP = "command_stop"


PLACEHOLDERS: Mapping[Phrase, frozenset[str]] = MappingProxyType(
    {
        Phrase.FALLBACK_SAFETY: frozenset({"listening_line"}),
        Phrase.REVIEWED: frozenset({"title", "name", "day"}),
        Phrase.OPEN_UNTIL: frozenset({"time"}),
        Phrase.OPENS_TODAY: frozenset({"time"}),
        Phrase.OPENS_TOMORROW: frozenset({"time"}),
        Phrase.OPENS_ON: frozenset({"day", "time"}),
        Phrase.CHAT: frozenset({"address"}),
        Phrase.INLINE_REGION: frozenset({"region", "service"}),
    }
)
"""Which ``{placeholders}`` a phrase has to hold; every other phrase holds none."""
