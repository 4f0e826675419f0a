"""The methods that a bot can call, by name. Each takes the world and the parameters and gives the result."""

from __future__ import annotations

from . import rules
from .card import Method, delete_my_commands, get_my_commands, getter, set_my_commands, setter
from .state import Chat, Message, World
from .webhook import delete_webhook, get_webhook_info, set_webhook
from .wire import Json, Params, Refusal, bad_request

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"

WEBHOOK_IS_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def get_me(world: World, params: Params) -> Json:
    """The bot itself."""
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, params: Params) -> list[Json]:
    """Long polling."""
    if world.webhook:
        raise Refusal(409, WEBHOOK_IS_ACTIVE)
    world.updates.allow(rules.allowed_updates(params))
    limit = max(1, min(100, params.integer("limit", 100)))
    batch = await world.updates.poll(params.integer("offset"), limit, params.integer("timeout"))
    return [update.as_json() for update in batch]


def send_message(world: World, params: Params) -> Json:
    """A new message in a chat."""
    text = rules.message_text(params)
    markup = rules.reply_markup(params)
    keyboard = rules.inline_keyboard(markup)
    chat = world.chat(params.text("chat_id"))
    chat.check_may_send()
    rules.check_reply(params, chat)
    text = rules.trimmed(text, "message is too long")
    message = world.new_message(
        chat,
        world.bot,
        text=text,
        keyboard=keyboard,
        reply_markup=markup,
        silent=params.flag("disable_notification"),
    )
    return message.as_json()


def edit_message_text(world: World, params: Params) -> Json:
    """Another text on a message of the bot; without a reply_markup its keyboard goes, as with Telegram."""
    text = rules.message_text(params)
    return _edit(world, params, text)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Another keyboard on a message of the bot, or none."""
    return _edit(world, params, None)


def _edit(world: World, params: Params, text: str | None) -> Json:
    keyboard = rules.inline_keyboard(rules.reply_markup(params))
    chat = world.chat(params.text("chat_id"))
    chat.check_may_send()
    message = _message(chat, params, "message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    new_text = message.text if text is None else rules.trimmed(text, "MESSAGE_TOO_LONG")
    if new_text == message.text and keyboard == message.keyboard:
        raise bad_request(NOT_MODIFIED)
    world.change(message, new_text, keyboard)
    return message.as_json()


def delete_message(world: World, params: Params) -> bool:
    """One message goes."""
    chat = world.chat(params.text("chat_id"))
    _check_deletable(world, message := _message(chat, params, "message to delete not found"))
    _delete(world, message)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """Several messages go; those that are not there are passed over."""
    ids = rules.message_ids(params)
    chat = world.chat(params.text("chat_id"))
    messages = [message for number in ids if (message := chat.message(number))]
    for message in messages:
        _check_deletable(world, message)
    for message in messages:
        _delete(world, message)
    return True


def _message(chat: Chat, params: Params, otherwise: str) -> Message:
    if params.has("inline_message_id"):
        raise bad_request("this little server knows no inline messages")
    if not params.has("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.message(params.integer("message_id"))
    if message is None:
        raise bad_request(otherwise)
    return message


def _check_deletable(world: World, message: Message) -> None:
    if world.now() - message.date > rules.DELETE_WITHIN:
        raise bad_request("message can't be deleted for everyone")
    if not message.from_bot and message.chat.type != "private":
        raise bad_request("message can't be deleted")


def _delete(world: World, message: Message) -> None:
    message.deleted = True
    message.changed = world.tick()


def answer_callback_query(world: World, params: Params) -> bool:
    """Stop the little clock on a button, perhaps with a line of text."""
    text = params.text("text")
    tap = world.taps.get(params.text("callback_query_id"))
    if tap is None or tap.answered or world.now() - tap.at > world.tap_lifetime:
        raise bad_request(QUERY_TOO_OLD)
    if rules.length(text) > rules.ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    if params.has("url"):  # only for games and t.me links to the bot itself
        raise bad_request("URL_INVALID")
    tap.answer = {"text": text, "show_alert": params.flag("show_alert")}
    world.tick()
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """ "typing…"."""
    chat = world.chat(params.text("chat_id"))
    if params.text("action") not in rules.CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.check_may_send()
    return True


def leave_chat(world: World, params: Params) -> bool:
    """The bot leaves a group or channel."""
    chat = world.chat(params.text("chat_id"))
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.check_may_send()
    world.membership(chat, "left", world.bot)
    return True


def get_chat(world: World, params: Params) -> Json:
    """All about a chat."""
    chat = world.chat(params.text("chat_id"))
    if chat.bot_status == "left":
        raise bad_request("chat not found")
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return chat.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": setter("description", 512),
    "getMyDescription": getter("description"),
    "setMyShortDescription": setter("short_description", 120),
    "getMyShortDescription": getter("short_description"),
    "setMyName": setter("name", 64),
    "getMyName": getter("name"),
    "leaveChat": leave_chat,
    "getChat": get_chat,
}
BY_LOWER_NAME = {name.lower(): name for name in METHODS}  # Telegram does not care about case
