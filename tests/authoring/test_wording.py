"""How hard sentences are to read, numbers and names in them, and what safety dialogs ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.check import Checked
from bot.authoring.rules.contacts import number_or_address, service_names
from bot.authoring.rules.reading import Measured
from bot.authoring.tone_shape import ToneShape
from bot.authoring.wording import sentences, tokens_of
from tests.authoring.content import CATALOG, copy_base, findings_of, translate, write
from tests.authoring.saying import SAFETY, codes, found


@pytest.fixture
def tone(shipped: Checked) -> ToneShape:
    """The shipped rules."""
    assert shipped.book.tone is not None
    return shipped.book.tone[1]


# Reading


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("Een zin. Nog een zin!", [2, 3]),
        ("Wacht… en kijk", [1, 2]),
        ("Zo: een lijst, en nog een.", [6]),
        ("Zeg dit: ‘Ik ben bang. Kom je?’ Dan wachten.", [2, 3, 2, 2]),
        ("Bel nu: {emergency}\nDan wachten", [2, 2]),
        ("Foto's, 's nachts en burn-out: 38,5 graden", [7]),
    ],
)
def test_sentences(text: str, lengths: list[int]) -> None:
    assert [len(words) for words in sentences(tokens_of(text))] == lengths


def test_lix_as_bjornsson_counts_it() -> None:
    """Two sentences of five words, two of the ten words of more than six letters: 5 + 20."""
    measured = Measured()
    for words in sentences(tokens_of("De verpleegkundige luistert naar je. Daarna drink je samen thee.")):
        measured.add(words)
    assert (measured.sentences, measured.words, measured.long_words) == (2, 10, 2)
    assert measured.lix == 25


def test_hyphens_and_elisions_make_no_long_words() -> None:
    measured = Measured()
    measured.add(tokens_of("burn-out l'enfant peut-être d’avril"))
    assert measured.long_words == 0


def test_the_limits_are_those_of_plain_language(tone: ToneShape) -> None:
    """The limits leave no room for a newspaper, which Björnsson puts at 40 and more."""
    assert {language: tone.limits[language].words for language in tone.limits} == {"nl": 20, "en": 22, "fr": 24}
    assert all(limit.lix < 40 for limit in tone.limits.values())


# Numbers, addresses, names


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Bel 112.", "112"),
        ("Bel 078 15 00 10 nu", "078 15 00 10"),
        ("Bel +32 2 524 98 89", "+32 2 524 98 89"),
        ("06-13863803", "06-13863803"),
        ("Kijk op zelfmoord1813.be.", "zelfmoord1813.be."),
        ("Ga naar https://x", "https://x"),
        ("Mail hulp@lijn.example", "hulp@lijn.example"),
        ("Zoek @keukentafel_bot", "@keukentafel_bot"),
        ("38,5 of 38 graden", None),
        ("Om 22:00, of om 6.30 uur", None),
        ("10-15 minuten, of 20 - 30", None),
        ("De eerste 1000 dagen", None),
        ("De eerste 1000 weken", "1000"),
        ("95 van de 100 baby's, 1 op 1000", None),
        ("Typ /hulp of /vergeet.", None),
        ("In 3 of 4 weken. Daarna niet", None),
    ],
)
def test_numbers_and_addresses(text: str, there: str | None) -> None:
    assert number_or_address(text, ["dagen"]) == there


def test_names_of_services(shipped: Checked, tone: ToneShape) -> None:
    """Whole, in their telling parts, and those of tone.yaml; common ones and bare numbers are no names."""
    names = set(service_names(shipped.book, tone))
    assert {"Tele-Onthaal", "Zelfmoordlijn", "Luisterlijn", "CAW", "ONE", "Veilig Thuis", "DrugLijn", "Awel"} <= names
    assert not names & {"112", "1712", "Politie", "Huisartsenpost", "Consultatiebureau", "OCMW", "De", "Kind", ""}


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        ("Bel Luisterhuis.", ["service-name-in-text"]),
        ("Een luisterhuis is er ook.", []),
        ("In het Luisterhuisje.", []),
    ],
)
def test_a_name_is_a_whole_word_with_its_capitals(tmp_path: Path, say: str, expected: list[str]) -> None:
    assert codes(found(tmp_path, f'      - "{say}"\n')) == expected


# Safety dialogs


@pytest.mark.parametrize(
    ("bubbles", "right"),
    [
        (['"Ben je alleen?"'], True),
        (['"Alleen? Bel dan. Ben je bang?"'], True),
        (['"Adem uit."'], False),
        (['"Ben je alleen?"', '"Adem uit."'], False),
        (['"Ben je alleen?"', '"Ben je bang?"'], False),
        (['{when: {time: night}, text: "Nog op?"}', '{when: {time: day}, text: "Ben je bang?"}'], True),
        (['{when: {time: night}, text: "Nog op?"}', '"Ben je bang?"'], False),
        (['"Zeg: ‘Denkt u mee?’"', '"Ben je bang?"'], True),
    ],
)
def test_one_direct_question(tmp_path: Path, bubbles: list[str], right: bool) -> None:
    """Last, and alone, whatever the hour."""
    say = ", ".join(['"Bel: {emergency}"', *bubbles])
    text = f'dialog: safety_example\ntitle: "Nood"\nstart: hello\nnodes:\n  hello:\n    say: [{say}]\n    end: true\n'
    write(copy_base(tmp_path), SAFETY, text)
    (tmp_path / CATALOG).unlink()
    translate(tmp_path)
    assert codes(findings_of(tmp_path)) == ([] if right else ["safety-question"])


def test_a_translation_has_to_ask_too(tmp_path: Path) -> None:
    english = 'msgctxt "safety_example/hello"\nmsgid "Ben je alleen?"\nmsgstr "Tell me if you are alone."\n'
    (finding,) = found(tmp_path, '      - "Adem uit."\n', SAFETY, english)
    assert finding.code == "safety-question" and finding.message.startswith("In 'en'")


def test_methods_on_a_button_and_in_quotes(tmp_path: Path) -> None:
    assert codes(found(tmp_path, '      - "Zeg: ‘Het touw ligt hier.’"\n', SAFETY)) == ["method-words"]
    assert codes(found(tmp_path / "b", '      - "Het touw ligt hier."\n')) == []
