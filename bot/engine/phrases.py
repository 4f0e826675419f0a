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
    LATE = "late"
    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_LINK = "unknown_link"
    NOT_TEXT = "not_text"
    EDITED = "edited"
    STOPPED = "stopped"
    CHECK_IN_SET = "check_in_set"
    CHECK_IN_OFF = "check_in_off"
    SLOW_DOWN = "slow_down"

    # What is stored about this chat, line by line.
    DATA_NOTHING = "data_nothing"
    DATA_INTRO = "data_intro"
    DATA_PLACE = "data_place"
    DATA_CHOSEN = "data_chosen"
    DATA_LANGUAGE = "data_language"
    DATA_REGION = "data_region"
    DATA_VISIT = "data_visit"
    DATA_NOTES = "data_notes"
    DATA_CHECK_IN = "data_check_in"
    DATA_DETAILS = "data_details"
    DATA_MESSAGES = "data_messages"
    DATA_NOT = "data_not"

    # Notes.
    NOTE_KEPT = "note_kept"
    NOTES_FULL = "notes_full"
    NOTES_NONE = "notes_none"
    NOTE_OF = "note_of"
    NOTE_UNREADABLE = "note_unreadable"
    NOTE_OLDER = "note_older"
    NOTE_NEWER = "note_newer"
    NOTE_DROP = "note_drop"
    NOTES_DROP = "notes_drop"
    NOTE_DROP_ASK = "note_drop_ask"
    NOTES_DROP_ASK = "notes_drop_ask"
    NOTE_DROP_YES = "note_drop_yes"
    NOTES_DROP_YES = "notes_drop_yes"
    NOTE_DROP_NO = "note_drop_no"
    NOTE_DROPPED = "note_dropped"
    NOTES_DROPPED = "notes_dropped"
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
    COMMAND_DATA = "command_data"
    COMMAND_NOTES = "command_notes"
    COMMAND_WIPE = "command_wipe"
    COMMAND_FORGET = "command_forget"
    COMMAND_STOP = "command_stop"


LABELS = frozenset(
    {
        Phrase.HELP_NOW,
        Phrase.BACK,
        Phrase.TO_MENU,
        Phrase.GO_ON_HERE,
        Phrase.GO_ON_IN_LANGUAGE,
        Phrase.SOMETHING_ELSE,
        Phrase.NOTE_OLDER,
        Phrase.NOTE_NEWER,
        Phrase.NOTE_DROP,
        Phrase.NOTES_DROP,
        Phrase.NOTE_DROP_YES,
        Phrase.NOTES_DROP_YES,
        Phrase.NOTE_DROP_NO,
        Phrase.COMMAND_NOTES,
    }
)
"""Which phrases stand on buttons, so that they have to fit there."""

PLACEHOLDERS: Mapping[Phrase, frozenset[str]] = MappingProxyType(
    {
        Phrase.FALLBACK_SAFETY: frozenset({"listening_line", "emergency"}),
        Phrase.CHECK_IN_SET: frozenset({"moment"}),
        Phrase.DATA_PLACE: frozenset({"title"}),
        Phrase.DATA_LANGUAGE: frozenset({"language"}),
        Phrase.DATA_REGION: frozenset({"region"}),
        Phrase.DATA_VISIT: frozenset({"moment"}),
        Phrase.DATA_NOTES: frozenset({"count"}),
        Phrase.DATA_CHECK_IN: frozenset({"moment"}),
        Phrase.NOTE_OF: frozenset({"moment"}),
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
