"""What the shipped dialogs never do and always do, where a wrong sentence could hurt a child or give a parent away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.conversation.answers import Answer, Bubble
from bot.conversation.companion import Companion
from bot.conversation.incoming import Commanded, Tapped, Typed
from bot.directory.spoken import SpokenService
from bot.engine.commands import COMMANDS
from bot.engine.model import MAX_CHARACTERS, Effect, Kind, Node, Paced, Place, Text
from bot.engine.session import Session
from bot.texts import PLACEHOLDER
from bot.texts.normalise import normalise

NIGHT = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
DOCTOR = {"emergency", "gp", "gp_out_of_hours", "poison"}
DOSE = re.compile(r"\b\d+(?:[.,]\d+)?\s*(?:mg|ml|milligram\w*|milliliter|millilit\w*|druppels|drops|gouttes)\b", re.I)
DRUGS = re.compile(r"paracetamol|perdolan|dafalgan|ibuprofen|ibuprofène|nurofen|junifen|aspirin\w*|valium|xanax", re.I)
YOUNG_WITH_FEVER = (
    ("nl", "mijn baby van 6 weken heeft 38,5 koorts"),
    ("en", "my baby is 6 weeks old and has a fever of 38.5"),
    ("fr", "mon bébé de 6 semaines a 38,5 de fièvre"),
)


def texts(node: Node) -> Iterator[Text]:
    """Every sentence of a node that a parent reads, in bubbles and on buttons."""
    for line in node.lines:
        if isinstance(line.content, Paced):
            yield from (frame.text for frame in line.content.frames)
            yield line.content.last
        else:
            yield line.content
    yield from (choice.label for choice in node.buttons)


def people(node: Node) -> set[str]:
    """The kinds of service that a node points to, in a sentence or below it."""
    return {*node.signpost, *(kind for text in texts(node) for kind in PLACEHOLDER.findall(text.source))}


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_no_medicine_and_no_dose(companion: Companion, language: str) -> None:
    """No sentence names a medicine or how much of it; whoever asks is sent to a doctor."""
    said = [
        companion.texts.say(language, text)
        for dialog in companion.script.dialogs.values()
        for node in dialog.nodes.values()
        for text in texts(node)
    ]
    assert len(said) > 1000
    assert [text for text in said if DOSE.search(text) or DRUGS.search(text)] == []
    medicine = companion.script.node(Place("safety_medical", "medicine"))
    assert medicine is not None and people(medicine) >= {"gp", "gp_out_of_hours"}


@pytest.mark.parametrize("happened", ["shaken", "fall", "burn", "swallowed", "other"])
def test_a_child_that_may_be_hurt_is_seen(companion: Companion, happened: str) -> None:
    """After a shake, a fall or anything else, the first thing said is whom to call, also when the child seems fine."""
    dialog = companion.script.dialogs["safety_child_hurt"]
    for name in ("hello", happened):
        assert people(dialog.nodes[name]) & DOCTOR, name
    reached = {choice.go for name in ("hello", "what") for choice in dialog.nodes[name].buttons}
    assert Place("safety_child_hurt", happened) in reached
    for choice in dialog.nodes[happened].buttons:
        after = companion.script.node(choice.go) if isinstance(choice.go, Place) else None
        assert after is not None and people(after), choice.id


@pytest.mark.parametrize(("language", "text"), YOUNG_WITH_FEVER)
def test_a_young_baby_with_fever_sees_a_doctor(companion: Companion, language: str, text: str) -> None:
    """It is heard; below three months the way leads to a doctor and past the list of signs; no list ends in comfort."""
    answer = companion.answer(Session(language=language, greeted=True), Typed(text), NIGHT)
    assert answer.place == Place("safety_medical", "hello")
    dialog = companion.script.dialogs["safety_medical"]
    young = next(choice for choice in dialog.nodes["fever"].buttons if choice.id == "young")
    assert young.go == Place("safety_medical", "fever_young")
    assert people(dialog.nodes["fever_young"]) >= {"gp", "gp_out_of_hours", "emergency"}
    assert "look" not in {getattr(choice.go, "node", "") for choice in dialog.nodes["fever_young"].buttons}
    assert people(dialog.nodes["no_signs"]) >= {"gp", "gp_out_of_hours", "emergency"}


@pytest.mark.parametrize(
    ("command", "dialog"),
    [
        (Commanded("stop", "ik wil niet meer leven"), "safety_suicide"),
        (Commanded("ik", "wil dood"), "safety_suicide"),
        (Commanded("ik_wil_dood"), "safety_suicide"),
        (Commanded("help", "mijn kind ademt niet"), "safety_medical"),
        (Commanded("start", "ik heb mijn baby geschud"), "safety_child_hurt"),
        (Commanded("wis", "mijn man slaat mij"), "safety_violence"),
    ],
)
def test_danger_behind_a_slash_is_heard(companion: Companion, command: Commanded, dialog: str) -> None:
    """Who begins with a slash in an emergency is answered as without it."""
    answer = companion.answer(Session(greeted=True), command, NIGHT)
    assert answer.place == Place(dialog, "hello")
    assert not answer.effects


@pytest.mark.parametrize("name", [name for spec in COMMANDS for name in (spec.name, *spec.aliases)])
def test_a_command_is_no_danger(companion: Companion, name: str) -> None:
    """A command alone does what it does."""
    assert not companion.answer(Session(greeted=True), Commanded(name), NIGHT).heard_danger
    assert not companion.answer(Session(greeted=True), Commanded(name, "graag even, dank je"), NIGHT).heard_danger


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_what_is_said_after_forgetting_is_true(companion: Companion, language: str) -> None:
    """With the numbers of the messages gone nothing can be wiped: neither /wis nor “all” is promised."""
    session = Session(language=language, greeted=True)
    answer = companion.answer(session, Commanded("vergeet"), NIGHT)
    assert [key.id for key in answer.keyboard][:3] == ["both", "forget", "keep"]
    both, only = (companion.answer(answer.session, Tapped(key.token), NIGHT) for key in answer.keyboard[:2])
    assert (both.effects, only.effects) == ((Effect.WIPE_AND_FORGET,), (Effect.FORGET,))
    for said in (*both.bubbles, *only.bubbles):
        assert isinstance(said, Bubble) and not re.search(r"/wis|/wipe", said.text)
    wiped = companion.answer(Session(language=language), Commanded("wis"), NIGHT)
    after = companion.answer(wiped.session, Tapped(wiped.keyboard[0].token), NIGHT)
    assert after.effects == (Effect.WIPE,)
    for said in (*after.bubbles, *both.bubbles):
        own_hands = {"nl": "druk in je lijst lang", "en": "press and hold", "fr": "appuyez longuement"}
        assert isinstance(said, Bubble) and own_hands[language] in said.text


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_everything_stored_fits(companion: Companion, language: str) -> None:
    """However much is stored, /gegevens tells it in bubbles that a phone shows whole."""
    seen = int(NIGHT.timestamp())
    for dialog in companion.script.dialogs.values():
        place = Place(dialog.id, dialog.start)
        full = Session(
            place, (place,), (place,), frozenset({f"{dialog.id}/x"}), language, "elsewhere", True, True, 2, 9
        )
        full = full._replace(tapped="00:!here", seen=seen, notes=tuple(range(1, 201)), notes_made=200, check_in=seen)
        answer = companion.answer(full, Commanded("gegevens"), NIGHT)
        told = [bubble.text for bubble in answer.bubbles if isinstance(bubble, Bubble)]
        assert [text for text in told if len(text) > MAX_CHARACTERS] == []
        assert sum(text.count("• ") for text in told) == 9


def test_a_safety_dialog_offers_to_come_back(companion: Companion) -> None:
    """At its end, beside a person who can be called; not where somebody at home may read along."""
    offered = {
        each.id for each in companion.script.dialogs.values() if each.offers_check_in and each.kind is Kind.SAFETY
    }
    assert offered >= {"safety_suicide", "safety_confused", "safety_harm_child"}
    assert not offered & {"safety_violence", "safety_child_unsafe"}
    assert companion.script.dialogs["low_mood"].offers_check_in
    for dialog in offered:
        before = Session(place=Place(dialog, "stay"), region="be", greeted=True)
        end = companion.answer(before, Tapped(f"00:{dialog}/stay/enough"), NIGHT)
        assert end.ended and named(end)
        asked = companion.answer(end.session, Tapped(token_of(end, "open/check_in")), NIGHT)
        back = companion.answer(asked.session, Tapped(token_of(asked, "morning")), NIGHT)
        assert back.session.check_in is not None
        assert back.place == end.place and named(back)


def named(answer: Answer) -> list[SpokenService]:
    """The services that an answer names."""
    return [each for bubble in answer.bubbles if isinstance(bubble, Bubble) for each in bubble.services]


def token_of(answer: Answer, id_: str) -> str:
    """What the button carries that leads there."""
    return next(key.token for key in answer.keyboard if id_ in (key.id, f"open/{key.id}"))


def test_a_check_in_tells_a_looker_on_nothing(companion: Companion) -> None:
    """The message that may light up on a screen names no topic, no service and no danger, in no language."""
    titles = [dialog.title for dialog in companion.script.dialogs.values() if dialog.kind in (Kind.TOPIC, Kind.SAFETY)]
    node = companion.script.dialogs["check_in"].nodes["due"]
    assert not node.signpost
    for language in companion.texts.languages:
        for line in node.lines:
            assert isinstance(line.content, Text)
            said = companion.texts.say(language, line.content)
            assert not PLACEHOLDER.search(said)
            assert companion.hear(said, language).safety is None
            assert [
                title for title in titles if normalise(companion.texts.say(language, title)) in normalise(said)
            ] == []
