"""From replies to words, with the real directory: placeholders become services, those that are open first."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.answers import Bubble, PacedBubble
from bot.conversation.companion import Companion
from bot.conversation.incoming import Commanded
from bot.engine.events import Sent
from bot.engine.model import HELP_NOW, MAX_BUBBLES, MAX_CHARACTERS, REGIONS, Effect, Frame, Paced, Text
from bot.engine.phrases import Phrase
from bot.engine.replies import Ended, Invite, Offer, Pace, Perform, Say, Signpost
from bot.engine.session import Session
from bot.engine.step import step

BRUSSELS = ZoneInfo("Europe/Brussels")
NIGHT = datetime(2026, 11, 24, 3, 10, tzinfo=BRUSSELS)
DAY = datetime(2026, 11, 24, 11, 0, tzinfo=BRUSSELS)
CHRISTMAS = datetime(2026, 12, 25, 11, 0, tzinfo=BRUSSELS)
SATURDAY_NIGHT = datetime(2026, 11, 28, 23, 30, tzinfo=BRUSSELS)
MOMENTS = {"night": NIGHT, "day": DAY, "Christmas": CHRISTMAS, "Saturday night": SATURDAY_NIGHT}
EVERYWHERE = (None, *REGIONS)

moments = pytest.mark.parametrize("at", MOMENTS.values(), ids=MOMENTS)
regions = pytest.mark.parametrize("region", EVERYWHERE)


def say(companion: Companion, text: str, region: str | None, at: datetime, language: str = "nl") -> Bubble:
    """One sentence as a parent reads it."""
    (bubble,) = companion.renderer.bubbles((Say(Text(text, "a test")),), language, region, at)
    assert isinstance(bubble, Bubble)
    return bubble


def signpost(companion: Companion, kinds: tuple[str, ...], region: str | None, at: datetime) -> Bubble:
    """One signpost as a parent reads it."""
    (bubble,) = companion.renderer.bubbles((Signpost(kinds),), "nl", region, at)
    assert isinstance(bubble, Bubble)
    return bubble


@moments
@regions
def test_placeholders_are_replaced(companion: Companion, region: str | None, at: datetime) -> None:
    """In the place of each {kind} comes a service, and the bubble tells which ones it names."""
    bubble = say(companion, "Eerst: {listening_line}\nBij gevaar: {emergency}", region, at)
    assert "{" not in bubble.text
    assert bubble.text.startswith("Eerst:")
    assert "112 (dag en nacht open)" in bubble.text.splitlines()[-1]
    assert len(bubble.services) >= 2
    assert all(service.open is not None or service.phone is None for service in bubble.services)


def test_one_region_one_line(companion: Companion) -> None:
    """Where the region is known, its own service stands on the line."""
    for region, number in {"be": "106", "nl": "088 0767 000"}.items():
        bubble = say(companion, "Iemand luistert: {listening_line}", region, NIGHT)
        assert len(bubble.text.splitlines()) == 1
        assert number in bubble.text
        assert [service.phone for service in bubble.services] == [number]
        assert bubble.services[0].open


def test_no_region_each_country(companion: Companion) -> None:
    """While it is not known, each country's service stands on a line of its own, and no space is left before them."""
    bubble = say(companion, "Iemand luistert: {listening_line}\nEn nu?", None, NIGHT)
    lines = bubble.text.splitlines()
    assert lines[0] == "Iemand luistert:"
    assert lines[1].startswith("België: ") and "106" in lines[1]
    assert lines[2].startswith("Nederland: ") and "088 0767 000" in lines[2]
    assert lines[3:] == ["En nu?"]
    assert len(bubble.services) == 2


def test_no_region_the_same_number(companion: Companion) -> None:
    """Where both countries have the same number, it is said once."""
    assert say(companion, "Bel {emergency}", None, NIGHT).text == "Bel 112 (dag en nacht open)"


@moments
@regions
def test_open_ones_come_first(companion: Companion, region: str | None, at: datetime) -> None:
    """In every list what is open now stands before what is not, country by country."""
    for kinds in [
        ("parenting_line", "listening_line", "emergency"),
        ("gp", "suicide_line"),
        ("violence_line", "police"),
    ]:
        bubble = signpost(companion, kinds, region, at)
        belgian = bubble.text.split("\n\n")[0].count("\n") if region is None else len(bubble.services)
        for services in (bubble.services[:belgian], bubble.services[belgian:]):
            states = [service.open is True for service in services]
            assert states == sorted(states, reverse=True)


@regions
def test_a_signpost_for_every_region(companion: Companion, region: str | None) -> None:
    """A signpost names services of the region, or of both countries under their names, and never nobody."""
    bubble = signpost(companion, ("parenting_line", "listening_line"), region, DAY)
    assert bubble.services
    assert ("België\n" in bubble.text and "\n\nNederland\n" in bubble.text) is (region is None)


def test_closed_says_when_it_opens(companion: Companion) -> None:
    """By night, at a weekend and on a holiday a closed line says when it opens; by day until when it is open."""
    line = "{parenting_line}"
    assert say(companion, line, "be", DAY).text == "Kind en Gezin-Lijn: 078 150 100 (nu open, tot 20:00)"
    assert "nu dicht, vandaag open om 08:00" in say(companion, line, "be", NIGHT).text
    for closed in (CHRISTMAS, SATURDAY_NIGHT):
        assert "nu dicht, open op maandag om 08:00" in say(companion, line, "be", closed).text


def test_the_format_of_the_language(companion: Companion) -> None:
    """Times and days are written as the parent's language writes them."""
    said = {lang: say(companion, "{parenting_line}", "be", CHRISTMAS, lang).text for lang in ("nl", "en", "fr")}
    assert "maandag" in said["nl"] and "08:00" in said["nl"]
    assert "Monday" in said["en"] and "8:00\u202fAM" in said["en"]
    assert "lundi" in said["fr"] and "08:00" in said["fr"]


def test_a_paced_bubble(companion: Companion) -> None:
    """A paced bubble keeps its frames, seconds and rounds, in the parent's language."""
    frames = (Frame(Text("in", "a test"), 4.0), Frame(Text("uit", "a test"), 6.5))
    shown = companion.renderer.bubbles((Pace(Paced(3, frames, Text("klaar", "a test"))),), "en", None, NIGHT)
    assert shown == (PacedBubble((("in", 4.0), ("uit", 6.5)), 3, "klaar"),)


def test_what_is_no_bubble(companion: Companion) -> None:
    """A keyboard, an invitation, an effect and an end are no messages; without a keyboard there are no keys."""
    replies = (Invite(), Perform(Effect.FORGET), Ended())
    assert companion.renderer.bubbles((*replies, Offer(())), "nl", None, NIGHT) == ()
    assert companion.renderer.keyboard(replies, "nl") == ()


def test_the_keyboard_in_each_language(companion: Companion) -> None:
    """Labels are translated; what the buttons carry is the same in every language."""
    place = companion.script.start_of(HELP_NOW)
    turn = step(companion.script, Session(place=place), Sent(NIGHT))
    keyboards = {lang: companion.renderer.keyboard(turn.replies, lang) for lang in companion.texts.languages}
    assert len({tuple(key.token for key in keys) for keys in keyboards.values()}) == 1
    assert len({keys[-1].label for keys in keyboards.values()}) > 1
    for language, keys in keyboards.items():
        assert keys[-1].label == companion.phrase(Phrase.HELP_NOW, language)


def test_a_sentence_above_another(companion: Companion) -> None:
    """Both stand in one bubble as long as they fit; else the one that was there."""
    above = Text("Dit is een script.", "a test")
    for room in (0, 1):
        text = "x" * (MAX_CHARACTERS - len(above.source) - 2 + room)
        (bubble,) = companion.renderer.bubbles((Say(Text(text, "a test"), above=above),), "nl", "be", DAY)
        assert bubble == Bubble(text if room else f"{above.source}\n\n{text}")


def test_a_link_to_any_dialog_in_a_new_chat(companion: Companion) -> None:
    """At most three bubbles, nothing of the dialog left out, and where it fits it is told that this is a script."""
    for language in companion.texts.languages:
        for dialog in companion.script.dialogs:
            for at in (DAY, NIGHT):
                new = Session(language=language)
                linked = companion.answer(new, Commanded("start", dialog), at)
                known = companion.answer(new._replace(greeted=True), Commanded("start", dialog), at)
                said, own = [[_words(each) for each in answer.bubbles] for answer in (linked, known)]
                line = companion.phrase(Phrase.SCRIPT_LINE, language)
                assert len(said) <= MAX_BUBBLES and all(len(each) <= MAX_CHARACTERS for each in said)
                apart, joined = [line, *own], [f"{line}\n\n{own[0]}", *own[1:]]
                full = joined if len(joined[0]) <= MAX_CHARACTERS else own
                assert said == (apart if len(apart) <= MAX_BUBBLES else full), (language, dialog)


def _words(bubble: Bubble | PacedBubble) -> str:
    return bubble.text if isinstance(bubble, Bubble) else bubble.last
