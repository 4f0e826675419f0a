"""The rules of the Bot API that a bot can break; each refusal in Telegram's own words where known."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from .state import Button, Chat, Keyboard
from .wire import Json, Params, bad_request

TEXT_LIMIT = 4096
BUTTON_LIMIT = 100
ANSWER_LIMIT = 200
COMMAND_LIMIT = 100
DELETE_LIMIT = 100
DELETE_WITHIN = 48 * 3600
LANGUAGE = re.compile(r"[a-z]{2}\Z")
COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_MEDIA = ("photo", "video", "voice", "audio", "document", "video_note")
CHAT_ACTIONS = frozenset(
    ["typing", "choose_sticker", "find_location"]
    + [f"upload_{what}" for what in _MEDIA]
    + [f"record_{what}" for what in _MEDIA if what not in ("photo", "document")]
)


def length(text: str) -> int:
    """The length as Telegram counts it: in UTF-16 units, so most emoji count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def message_text(params: Params) -> str:
    """The text of a message, before anything else is looked at."""
    text = params.text("text")
    if not text:
        raise bad_request("message text is empty")
    if params.has("parse_mode"):
        if params.text("parse_mode").lower() not in ("html", "markdown", "markdownv2"):
            raise bad_request("unsupported parse_mode")
        raise bad_request("this little server parses no entities: send plain text, without parse_mode")
    params.json("entities", "entities")
    return text


def trimmed(text: str, too_long: str) -> str:
    """The text as Telegram keeps it; refuses what is only blanks, or too long."""
    text = text.strip()
    if not text:
        raise bad_request("text must be non-empty")
    if length(text) > TEXT_LIMIT:
        raise bad_request(too_long)
    return text


def reply_markup(params: Params) -> Json | None:
    """The reply_markup as sent; None when there is none."""
    markup = params.json("reply_markup", "reply keyboard markup")
    if markup is not None and not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    return markup


def inline_keyboard(markup: Json | None) -> Keyboard:
    """The inline keyboard in a reply_markup, with every button looked at."""
    rows = (markup or {}).get("inline_keyboard", [])
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    keyboard = tuple(tuple(_button(button) for button in row) for row in rows if row)
    if sum(len(row) for row in keyboard) > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    return keyboard


def _button(raw: Any) -> Button:
    def cannot_parse(why: str) -> Exception:
        return bad_request(f"can't parse inline keyboard button: {why}")

    if not isinstance(raw, dict):
        raise cannot_parse("InlineKeyboardButton must be an Object")
    if "text" not in raw:
        raise cannot_parse('Can\'t find field "text"')
    if not isinstance(raw["text"], str):
        raise cannot_parse('Field "text" must be of type String')
    if not raw["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    actions = [name for name in ACTIONS if raw.get(name) not in (None, False)]
    actions = [name for name in actions if raw[name] or name not in ("url", "callback_data")]
    if not actions:
        raise cannot_parse("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:  # Telegram takes the first one it knows; its documentation says "exactly one"
        raise cannot_parse(f"exactly one action expected, not {', '.join(actions)}")
    if actions[0] in ("callback_game", "pay"):
        raise bad_request("BUTTON_TYPE_INVALID")
    data, url = raw.get("callback_data"), raw.get("url")
    if data is not None and (not isinstance(data, str) or len(data.encode("utf-8", "surrogatepass")) > 64):
        raise bad_request("BUTTON_DATA_INVALID")
    if url is not None:
        _check_url(str(url))
    return Button(raw["text"], data, url, raw)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    why = ""
    if not parts.scheme:
        why = "Wrong HTTP URL"
    elif parts.scheme not in ("http", "https", "tg"):
        why = "Unsupported URL protocol"
    elif not parts.netloc:
        why = "URL host is empty"
    if why:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {why}")


def check_reply(params: Params, chat: Chat) -> None:
    """Refuse a reply to a message that is not there."""
    reply = params.json("reply_parameters", "reply parameters") or {}
    if not isinstance(reply, dict) or (reply and "message_id" not in reply):
        raise bad_request('can\'t find field "message_id"')
    if reply and chat.message(reply["message_id"]) is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")


def allowed_updates(params: Params) -> list[str] | None:
    """The kinds of update asked for; None when the parameter was not sent."""
    given = params.json("allowed_updates", "allowed_updates")
    if given is not None and not (isinstance(given, list) and all(isinstance(kind, str) for kind in given)):
        raise bad_request("expected an Array of String as allowed_updates")
    return given


def language(params: Params) -> str:
    """The language_code: two letters, or empty for everyone else."""
    code = params.text("language_code")
    if code and not LANGUAGE.match(code):
        raise bad_request("invalid language code specified")
    return code


def scope(params: Params) -> str:
    """The scope of commands, as a key to keep them under."""
    given = params.json("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(given, dict) or given.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    kind = str(given["type"])
    for name in SCOPES[kind]:
        if not given.get(name):
            raise bad_request(f"can't parse BotCommandScope: Can't find field \"{name}\"")
    return ":".join([kind, *(str(given[name]) for name in SCOPES[kind])])


def commands(params: Params) -> list[Json]:
    """The commands for the menu."""
    given = params.json("commands", "commands")
    if not isinstance(given, list) or not given:  # Telegram takes an empty list for deleteMyCommands
        raise bad_request("expected an Array of BotCommand")
    if len(given) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(command) for command in given]


def _command(raw: Any) -> Json:
    if not isinstance(raw, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(raw.get("command", "")), str(raw.get("description", "")).strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not COMMAND.match(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    return {"command": name, "description": description}


def message_ids(params: Params) -> list[int]:
    """The ids for deleteMessages."""
    if not params.has("message_ids"):
        raise bad_request("message identifiers are not specified")
    given = params.json("message_ids", "message_ids")
    if not isinstance(given, list):
        raise bad_request("expected an Array of message identifiers")
    if not given:
        raise bad_request("message identifiers are not specified")
    if len(given) > DELETE_LIMIT:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(number, int) and number > 0 for number in given):
        raise bad_request("invalid message identifier specified")
    return given
