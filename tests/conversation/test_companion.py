"""The companion: which language and clock a parent has, and which labels are typed and tapped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.answers import Answer, Bubble
from bot.conversation.companion import Companion
from bot.conversation.incoming import Commanded, Incoming, SentOther, Tapped, Typed
from bot.engine.events import Hearing
from bot.engine.model import Kind, Place
from bot.engine.phrases import Phrase
from bot.engine.session import Session
from tests.conversation.small_companion import small_companion
from tests.engine.parent import NOON, stored
from tests.engine.small_script import SCRIPT, choice, choices, dialog, edition, node

SMALL = small_companion()
CODES = {
    "nl": "nl", "nl-BE": "nl", "NL": "nl", "en": "en", "en-US": "en", "en_GB": "en", "EN-us": "en", "fr": "nl",
    "tr-TR": "nl", "": "nl", "-": "nl", "nl_": "nl", "english": "nl", "🇬🇧": "nl", "e": "nl",
}  # fmt: skip


@dataclass
class Hears:
    """Hears the same in every text."""

    hearing: Hearing

    def hear(self, text: str, language: str) -> Hearing:
        """That."""
        return self.hearing


def at(place: str, language: str | None = None) -> Session:
    """A session that stands there."""
    name, _, inner = place.partition("/")
    return Session(place=Place(name, inner), language=language, region="be", greeted=True)


def types(place: str, text: str, language: str | None = None, companion: Companion = SMALL) -> Answer:
    """The answer to a text that is typed there."""
    return companion.answer(at(place, language), Typed(text), NOON)


def taps(place: str, token: str, language: str | None = None) -> Answer:
    """The answer to a button that is tapped there."""
    return SMALL.answer(at(place, language), Tapped(token), NOON)


@pytest.mark.parametrize(("code", "language"), CODES.items())
def test_the_language_of_the_phone(code: str, language: str) -> None:
    """Until one is chosen, the phone tells the language; one that is not offered becomes the default."""
    answer = SMALL.answer(Session(), Commanded("start", "soup"), NOON, code)
    assert answer.language == language
    assert answer.session.language is None


def test_no_phone_and_another_default() -> None:
    """Without a phone, and for languages that are not offered, the default counts."""
    companion = small_companion(default_language="en")
    for code in (None, "fr"):
        assert companion.answer(Session(), Commanded("menu"), NOON, code).language == "en"
    assert companion.answer(Session(), Commanded("menu"), NOON, "nl").language == "nl"


def test_a_chosen_language_wins() -> None:
    """What was chosen counts, from the very answer on, whatever the phone says."""
    asked = SMALL.answer(at("soup/hot"), Commanded("taal"), NOON, "nl")
    english = next(key.token for key in asked.keyboard if key.id == "en")
    answer = SMALL.answer(asked.session, Tapped(english), NOON, "nl")
    assert answer.language == "en"
    assert answer.bubbles == (Bubble("It is hot."),)
    assert answer.keyboard[-2].label == "Go back"


@pytest.mark.parametrize("stored", ["tr", "", "EN"])
def test_a_language_that_is_not_offered_any_more(stored: str) -> None:
    """A language that another edition offered falls back to that of the phone."""
    assert SMALL.answer(at("soup/hot", stored), Commanded("menu"), NOON, "en").language == "en"


@pytest.mark.parametrize(
    ("region", "default", "said"),
    [("be", "be", "night"), ("elsewhere", "be", "day"), (None, "be", "night"), (None, "elsewhere", "day")],
)
def test_the_clock_of_the_region(region: str | None, default: str, said: str) -> None:
    """At 22:30 in Brussels it is night there, and day still in London: the clock is that of the parent's region."""
    now = datetime(2026, 11, 24, 22, 30, tzinfo=ZoneInfo("Europe/Brussels"))
    companion = small_companion(default_region=default)
    answer = companion.answer(Session(region=region, greeted=True), Commanded("start", "song"), now)
    assert answer.bubbles[0] == Bubble(f"{said} song")


@pytest.mark.parametrize("text", ["[hot]", "hot", " HOT!! ", "h\u200bot", "\u202ehot\u202c", "Hót"])
def test_a_label_that_is_typed(text: str) -> None:
    """A label typed out is that choice, whatever its case, accents and punctuation."""
    assert types("soup/hello", text).place == Place("soup", "hot")


def test_a_label_in_another_language() -> None:
    """Labels are read in the language that they are shown in."""
    assert types("soup/hello", "too hot", "en").place == Place("soup", "hot")
    assert types("soup/hello", "hot", "en").place == Place("soup", "hello")
    assert types("soup/write", "rather not", "en").place == Place("soup", "hello")


@pytest.mark.parametrize(
    ("text", "place"),
    [("back", "menu/hello"), ("help_now", "help_now/hello"), ("to_menu", "menu/hello"), ("go_on_here", "soup/hot")],
)
def test_a_fixed_label_that_is_typed(text: str, place: str) -> None:
    """The labels that the bot itself puts on buttons can be typed as well."""
    answer = types("soup/hot", SCRIPT.phrases[text].source)
    assert str(answer.place) == place
    assert not any(bubble == Bubble(Phrase.FALLBACK.value) for bubble in answer.bubbles)


def test_a_title_that_is_typed() -> None:
    """The topics that are offered after a text that was not understood can be typed by their title."""
    offered = types("soup/hot", "iets")
    assert [key.label for key in offered.keyboard][:2] == ["Song", "Soup"]
    assert SMALL.answer(offered.session, Typed("song"), NOON).place == Place("song", "hello")
    assert types("fire/hello", "soup of the day", "en").place == Place("soup", "hello")


def test_the_choice_at_hand_comes_first() -> None:
    """Where a choice has the same label as a topic or a fixed button, typing means the choice."""
    here = dialog("here", Kind.TOPIC, node("hello", choices(choice("song", "soup/hot"), choice("back", "soup/write"))))
    companion = small_companion(edition(SCRIPT, instead=[here]))
    assert types("here/hello", "song", companion=companion).place == Place("soup", "hot")
    assert types("here/hello", "back", companion=companion).place == Place("soup", "write")


@pytest.mark.parametrize("text", ["", "   ", "!!!", "👍", "\u200f", "[]"])
def test_a_text_without_words_is_no_label(text: str) -> None:
    """Signs without a word are no label, also where a label has signs only."""
    bare = dialog("bare", Kind.TOPIC, node("hello", choices(choice("👍", "soup/hot"))))
    companion = small_companion(edition(SCRIPT, instead=[bare]))
    answer = types("bare/hello", text, companion=companion)
    assert answer.place == Place("bare", "hello")
    assert answer.bubbles == (Bubble(Phrase.FALLBACK.value),)


def test_safety_wins_from_a_label() -> None:
    """A label that is also about safety opens the safety dialog."""
    here = dialog("here", Kind.TOPIC, node("hello", choices(choice("brand", "soup/hot"))))
    companion = small_companion(edition(SCRIPT, instead=[here]))
    assert types("here/hello", "brand", companion=companion).place == Place("fire", "hello")


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (Commanded("stop", "brand"), "fire/hello"),
        (Commanded("hulp", "brand"), "fire/hello"),
        (Commanded("brand"), "fire/hello"),
        (Commanded("BRAND", ""), "soup/hot"),  # the small ear knows one way to write it
        (Commanded("menu", "lied"), "menu/hello"),
        (Commanded("lied"), "soup/hot"),
        (Commanded("start", "brand"), "menu/hello"),
        (Commanded("start", "song"), "song/hello"),
    ],
)
def test_danger_behind_a_command(command: Commanded, place: str) -> None:
    """Danger in the words behind a command goes before the command. Nothing else in them does; a link is no word."""
    answer = SMALL.answer(at("soup/hot"), command, NOON)
    assert str(answer.place) == place
    assert answer.heard_danger is (place == "fire/hello")


def test_another_language_behind_a_command() -> None:
    """Whoever types danger in another language is offered that language, as without the slash."""
    english = Hearing(safety="fire", language="en")
    companion = small_companion()
    companion._understanding = Hears(english)
    answer = companion.answer(at("soup/hot"), Commanded("stop", "fire"), NOON)
    assert "speak" in [key.id for key in answer.keyboard]


TAPPED = {
    "00:soup/hello/hot": "[hot]",
    "00:soup/write/skip": "[skip]",
    "00:!back": "back",
    "00:!here": "go_on_here",
    "00:!open/help_now": "help_now",
    "00:!open/menu": "to_menu",
    "00:!open/song": "Song",
    "00:!open/gone": None,
    "00:soup/hello/gone": None,
    "00:soup/gone/hot": None,
    "00:soup/write/hot": None,
    "00:soup/enough/hot": None,
    "forged": None,
    "": None,
}


@pytest.mark.parametrize(("token", "label"), TAPPED.items())
def test_the_label_that_was_tapped(token: str, label: str | None) -> None:
    """The answer tells what stood on the button, so that it stays readable in the chat; nothing for a forged one."""
    assert taps("soup/hot", token).tapped == label


def test_only_a_tap_has_a_label() -> None:
    """What was typed leaves no label behind."""
    for incoming in (Typed("hot"), Commanded("menu"), SentOther()):
        assert SMALL.answer(at("soup/hello"), incoming, NOON).tapped is None


def test_the_label_in_the_language_of_the_conversation() -> None:
    """A tapped label is told in the language in which it is read."""
    assert taps("soup/hello", "00:soup/hello/hot", "en").tapped == "Too hot!"
    assert taps("soup/hello", "00:!open/soup", "en").tapped == "Soup of the day"


def test_a_double_tap_has_no_answer() -> None:
    """The second of two taps shows nothing."""
    first = taps("soup/hello", "00:soup/hello/hot")
    again = SMALL.answer(first.session, Tapped("00:soup/hello/hot"), NOON)
    assert (again.bubbles, again.keyboard, again.effects) == ((), (), ())
    assert again.session == first.session


def test_where_words_are_invited() -> None:
    """The answer tells whether free text is invited, and whether a dialog ended."""
    assert taps("soup/hello", "00:soup/hello/write").invited
    assert taps("soup/hot", "00:soup/hot/enough").ended
    assert not (taps("soup/hello", "00:soup/hello/hot").invited or taps("soup/hello", "00:soup/hello/hot").ended)


def test_typed_words_are_nowhere() -> None:
    """What was typed stands neither in the answer nor in the session, nor in what is printed of it."""
    secret = "zwijgwoord"
    for place in ("soup/hello", "soup/write", "fire/hello"):
        answer = types(place, secret)
        assert secret not in repr(answer) and secret not in answer.session.to_json()
    assert secret not in repr(Typed(secret)) and secret not in repr(Commanded(secret, secret))


anything = st.one_of(
    st.builds(Typed, st.text(max_size=100), st.booleans()),
    st.builds(Tapped, st.text(max_size=70)),
    st.builds(Commanded, st.text(max_size=20), st.text(max_size=20)),
    st.just(SentOther()),
)


@given(anything, st.sampled_from(["soup/hello", "soup/write", "fire/hello", "gone/hello", "soup/enough"]))
def test_whatever_comes_is_answered(incoming: Incoming, place: str) -> None:
    """Any text, button or command, anywhere, gets words and a way on."""
    answer = SMALL.answer(at(place), incoming, NOON)
    assert answer.bubbles and answer.keyboard
    assert stored(answer.session) == answer.session


def test_a_text_in_another_language() -> None:
    """The button to go on in it is read in that language; one without a catalog is not offered."""
    keys = {key.id: key.label for key in types("soup/hot", "something").keyboard}
    assert keys["speak"] == "Go on in English"
    assert "speak" not in {key.id for key in types("soup/hot", "something", "en").keyboard}
    assert "speak" not in {key.id for key in types("soup/hot", "etwas").keyboard}


def test_the_offer_of_a_language_typed_out() -> None:
    """Its label, typed instead of tapped, is the same."""
    assert types("soup/hot", "go on in english!").session.language == "en"


def test_the_offer_of_a_language_tapped() -> None:
    """The transcript keeps what stood on the button."""
    token = next(key.token for key in types("soup/hot", "something").keyboard if key.id == "speak")
    answer = taps("soup/hot", token)
    assert (answer.language, answer.tapped) == ("en", "Go on in English")
