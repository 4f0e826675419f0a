"""What stands on a button stays readable after a tap, and typing it does what tapping does; on every keyboard."""

from __future__ import annotations

import pytest

from bot.conversation.answers import Answer
from bot.conversation.companion import Companion
from bot.conversation.incoming import Commanded, Incoming, Tapped, Typed
from bot.engine import buttons
from bot.engine.events import NOTHING_HEARD, Hearing
from bot.engine.model import Place
from bot.engine.phrases import LABELS, Phrase
from bot.engine.session import Session
from tests.conversation.small_companion import small_companion
from tests.engine.parent import NOON

UNSURE = Hearing("fire", sure=False, topics=("song",), guessed=True)


class UnsureEar:
    """Fears the worst in one word, and in that of the button that says it is not that."""

    def hear(self, text: str, language: str) -> Hearing:
        """What is heard in exactly this text."""
        heard = {
            "rook": UNSURE,
            Phrase.SOMETHING_ELSE.value: UNSURE,
            "iets": Hearing(near=("song", "soup")),
            "something": Hearing(language="en"),
        }
        return heard.get(text, NOTHING_HEARD)


def unsure_companion() -> Companion:
    """The small companion with that ear."""
    companion = small_companion()
    companion._understanding = UnsureEar()
    return companion


COMPANION = unsure_companion()
HERE = Session(place=Place("soup", "hot"), trail=(Place("soup", "hello"),), region="be", greeted=True)
NOTED = HERE._replace(notes=(1, 2, 3), notes_made=3)
SCENES: dict[str, tuple[Session, list[Incoming]]] = {
    "a choice": (HERE, [Typed("zomaar")]),
    "a near topic": (HERE, [Typed("iets")]),
    "another language": (HERE, [Typed("something")]),
    "one gentle question": (HERE, [Typed("rook")]),
    "one gentle question in the first message": (Session(), [Typed("rook")]),
    "one gentle question where words are asked for": (
        HERE._replace(place=Place("good_moment", "keep")),
        [Typed("rook")],
    ),
    "a way back": (HERE, [Commanded("start")]),
    "a soft end": (HERE, [Tapped("00:soup/hot/enough")]),
    "everything stored": (NOTED, [Commanded("gegevens")]),
    "the newest note": (NOTED, [Commanded("terugblik")]),
    "one note": (NOTED._replace(notes=(2,)), [Commanded("terugblik")]),
    "a note between others": (NOTED, [Tapped("00:!note/2")]),
    "the oldest note": (NOTED, [Tapped("00:!older/1")]),
    "whether it may be deleted": (NOTED, [Tapped("00:!drop/2")]),
    "whether it may be deleted, where a choice says the same": (
        NOTED._replace(place=Place("wipe", "hello")),
        [Tapped("00:!drop/2")],
    ),
    "it is deleted": (NOTED, [Tapped("00:!dropped/3")]),
    "whether all may be deleted": (NOTED, [Tapped("00:!drop/all")]),
    "all are deleted": (NOTED, [Tapped("00:!dropped/all")]),
    "a note that is gone": (NOTED, [Tapped("00:!drop/9")]),
}


def shown(scene: str) -> Answer:
    """The last answer of a scene."""
    session, steps = SCENES[scene]
    for incoming in steps:
        answer = COMPANION.answer(session, incoming, NOON)
        session = answer.session
    return answer


KEYS = [(scene, key.label) for scene in SCENES for key in shown(scene).keyboard]


@pytest.mark.parametrize(("scene", "label"), KEYS)
def test_what_was_tapped_is_what_stood_on_the_button(scene: str, label: str) -> None:
    """Each button of each keyboard leaves its own words behind."""
    answer = shown(scene)
    key = next(each for each in answer.keyboard if each.label == label)
    assert COMPANION.answer(answer.session, Tapped(key.token), NOON).tapped == label


@pytest.mark.parametrize(("scene", "label"), KEYS)
def test_typing_it_is_tapping_it(scene: str, label: str) -> None:
    """The same bubbles, the same buttons and the same session, also where a guess hears danger in the words."""
    answer = shown(scene)
    key = next(each for each in answer.keyboard if each.label == label)
    tapped = COMPANION.answer(answer.session, Tapped(key.token), NOON)
    typed = COMPANION.answer(answer.session, Typed(label), NOON)
    assert typed.bubbles == tapped.bubbles
    assert typed.session._replace(tapped="") == tapped.session._replace(tapped="")
    assert [each.label for each in typed.keyboard] == [each.label for each in tapped.keyboard]


def test_the_set_of_labels_is_the_phrases_on_buttons() -> None:
    """What is measured as a label is what stands on some button here, and nothing else."""
    phrases = {phrase.value for phrase in Phrase}
    english = {"Go on in English": Phrase.GO_ON_IN_LANGUAGE.value}
    assert {english.get(label, label) for _, label in KEYS} & phrases == LABELS


def test_a_yes_that_nothing_was_asked_for() -> None:
    """The words that delete are only heard right under their question."""
    for words in (Phrase.NOTE_DROP_YES.value, Phrase.NOTES_DROP_YES.value):
        for session in (NOTED, shown("the newest note").session, shown("it is deleted").session):
            answer = COMPANION.answer(session, Typed(words), NOON)
            assert answer.session.notes == session.notes


def test_notes_that_are_not_there() -> None:
    """Without notes their labels are words like others."""
    answer = COMPANION.answer(HERE, Typed(Phrase.NOTE_DROP.value), NOON)
    assert answer.bubbles[0].text == Phrase.FALLBACK.value  # type: ignore[union-attr]


def test_a_token_of_before_the_words() -> None:
    """Which words stood on it is not known any more: nothing is said of them, and the note is shown."""
    answer = COMPANION.answer(NOTED, Tapped("00:!note/2"), NOON)
    assert (answer.tapped, [bubble.note for bubble in answer.bubbles]) == (None, [2])  # type: ignore[union-attr]


@pytest.mark.parametrize("label", [each for each in (None, *Phrase) if each in buttons._NOTE_WORDS])
def test_what_a_button_to_a_note_carries(label: Phrase | None) -> None:
    """It is read back as it was written."""
    button = buttons.ShowNote(7, label)
    assert buttons.read_token(buttons.token(0, buttons.of_notes(button))) == button
