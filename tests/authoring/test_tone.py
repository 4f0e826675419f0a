"""How the dialogs speak: every shipped rule of tone.yaml is heard where it should be; patterns; broken rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.check import Checked
from bot.authoring.findings import CODES_FOLDER
from bot.authoring.hits import EXCUSABLE
from bot.authoring.patterns import pattern
from bot.authoring.rules.tone import Ears, all_rules, rules_heard
from bot.authoring.rules.wording import MATTERS_OF_STYLE
from bot.authoring.tone_shape import ANY_LANGUAGE, ToneShape
from bot.authoring.wording import level, tokens_of, voices
from bot.engine.model import Kind
from tests.authoring.content import copy_base, findings_of

LANGUAGES = ("nl", "en", "fr")


@pytest.fixture
def tone(shipped: Checked) -> ToneShape:
    """The shipped rules."""
    assert shipped.book.tone is not None
    return shipped.book.tone[1]


# The shipped rules


def test_each_rule_is_heard_in_its_bad_example_and_nothing_in_its_good_one(tone: ToneShape) -> None:
    """Exactly that rule, among all of them; in Dutch, English and French."""
    ears = Ears(tone)
    tried = 0
    for rule_id, rule in all_rules(tone).items():
        place = (Kind.SAFETY if rule.where.dialogs == "safety" else Kind.TOPIC, False)
        assert set(rule.words) in ({ANY_LANGUAGE}, set(LANGUAGES)), f"{rule_id} lacks a language"
        for language in LANGUAGES:
            key = ANY_LANGUAGE if ANY_LANGUAGE in rule.words else language
            assert rules_heard(ears.at(language, *place), rule.bad[key]) == {rule_id}, rule.bad[key]
            assert rules_heard(ears.at(language, *place), rule.good[key]) == set(), rule.good[key]
            tried += 1
    assert tried >= 50


def test_what_contents_asks_for_has_its_rule(tone: ToneShape) -> None:
    """Judging, ordering, diagnosing, counting, promising, playing a person, and the rest of CONTENT.md."""
    asked = {"judges", "blames_others", "orders", "diagnoses", "counts", "promises", "plays_a_person", "praises"}
    asked |= {"compares", "asks_why", "dont_worry", "mothers_only", "shouts", "emoji"}
    assert asked <= set(tone.rules)
    assert not set(tone.rules) & set(EXCUSABLE)


@pytest.mark.parametrize(
    ("language", "text", "rules"),
    [
        ("nl", "Ga zitten. Je moet ook niets.", {"orders"}),
        ("nl", "Vanavond moet je baby gewoon drinken.", set()),
        ("nl", "Vraag waar je moet zijn, en wanneer je moet komen.", set()),
        ("nl", "Zeg: ‘Je moet nu komen.’", set()),
        ("nl", "JE MÓÉT niets!", {"orders"}),
        ("nl", "Het komt vast wel weer goed.", {"promises"}),
        ("nl", "Het komt allemaal nog. Goed om te weten.", set()),
        ("nl", "Ik ben er voor jou.", {"plays_a_person"}),
        ("nl", "Zo zegt een kind: bij jou wil ik zijn.", set()),
        ("nl", "Waarom huilt een baby. Wie weet het?", set()),
        ("nl", "En waarom gebeurde dat precies op dinsdag?", {"asks_why"}),
        ("nl", "Een mama en een papa. ‘Mama komt.’", set()),
        ("nl", "Een huilende mama.", {"mothers_only"}),
        ("nl", "Stop!? Nu!", {"shouts"}),
        ("nl", "Dit is geen risicogezin.", {"counts"}),
        ("en", "You’ve got to rest.", {"orders"}),
        ("en", "You don't have to rest.", set()),
        ("en", "It's not your fault.", set()),
        ("en", "This is your fault.", {"judges"}),
        ("fr", "Vous n’êtes pas seule.", {"worn"}),
        ("fr", "J’écoute.", {"plays_a_person"}),
        ("fr", "Demandez : « Je peux venir ? »", set()),
        ("fr", "Devez-vous déjà partir ?", {"orders"}),
    ],
)
def test_what_is_heard(tone: ToneShape, language: str, text: str, rules: set[str]) -> None:
    assert rules_heard(Ears(tone).at(language, Kind.TOPIC, False), text) == rules


def test_methods_are_heard_in_safety_dialogs_alone(tone: ToneShape) -> None:
    """Elsewhere a knife is for bread; there a button and a quotation count too."""
    ears = Ears(tone)
    text = "‘Leg het mes weg.’"
    assert rules_heard(ears.at("nl", Kind.SAFETY, False), text) == {"method_words"}
    assert rules_heard(ears.at("nl", Kind.SAFETY, True), text) == {"method_words"}
    assert rules_heard(ears.at("nl", Kind.TOPIC, False), text) == set()


def test_buttons_are_the_parents_own_words(tone: ToneShape) -> None:
    """A parent may blame, promise and worry; only shouting is heard on a button."""
    assert rules_heard(Ears(tone).at("nl", Kind.TOPIC, True), "Waarom ben ik zo'n slechte moeder?") == set()
    assert rules_heard(Ears(tone).at("nl", Kind.TOPIC, True), "Help!!") == {"shouts"}


# Patterns


@pytest.mark.parametrize(
    ("sought", "text", "there"),
    [
        ("je moet", "je moet", True),
        ("je moet", "je moeten", False),
        ("je moet", "wat je, moet", True),
        ("je moet", "je echt moet", False),
        ("je … moet", "je nu echt moet", True),
        ("je … moet", "je moet", True),
        ("je … moet", "je. Hij moet", False),
        ("je _ moet", "je echt moet", True),
        ("je _ moet", "je moet", False),
        ("je|jij moet", "jij moet", True),
        ("risico*", "risicogezin", True),
        ("risico*", "groepsrisico", False),
        ("*stoornis", "angststoornis", True),
        ("j'*", "j’arrive", True),
        ("één", "een", True),
        ("hoe … ?", "hoe komt dat?", True),
        ("hoe … ?", "hoe dat komt. Echt?", False),
        (": … ik", "zo: dan kom ik", True),
        ("EMOJI", "dag 👩‍👧", True),
    ],
)
def test_patterns(sought: str, text: str, there: bool) -> None:
    read = pattern(sought)
    own, _ = voices(tokens_of(text))
    levelled = [[level(token) for token in sentence] for sentence in own]
    assert any(list(read.ends(each, at)) for each in levelled for at in range(len(each))) is there


@pytest.mark.parametrize("wrong", ["", "… moet", "moet …", "_ moet", "je mo*et", "je **", "je moet.", "a||b", "(je)"])
def test_what_is_no_pattern(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"begin|word"):
        pattern(wrong)


def test_voices() -> None:
    """What is quoted is apart; a sentence that ends within the quotes has ended, another goes on behind them."""
    own, quoted = voices(tokens_of("Zeg ‘nee’ en ga. Dan: ‘Ik kom. Nu.’ Wacht! {police}"))
    assert own == [["Zeg", "‘’", "en", "ga"], ["Dan", ":", "‘’"], ["Wacht", "!"]]
    assert quoted == [["nee"], ["Ik", "kom"], ["Nu"]]


# Rules that are wrong themselves


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "hint"),
    [
        ('"moet je"]', '"moet ((je"]', 6, "wrong-value", "no word to look for"),
        ('"Offer it."', '"Offer it"', 4, "wrong-value", "with its full stop"),
        ('    good:\n      nl: "Soms', '    good:\n      de: "Soms', 3, "wrong-value", '"good" needs an example'),
        ("reason: ", "raison: ", 3, "unknown-key", 'Did you mean "reason"?'),
        ('"Je moet slapen."', '"Slaap zacht."', 11, "tone-example", "none is heard in it"),
        ('"Soms moet je kind huilen."', '"Soms moet je huilen."', 14, "tone-example", "it goes against orders"),
        ("words: 20, ", "", 29, "missing-key", '"words" is missing'),
    ],
)
def test_a_broken_rule_is_told_at_its_place(
    tmp_path: Path, old: str, new: str, line: int, code: str, hint: str
) -> None:
    path = copy_base(tmp_path) / "dialogs/tone.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    (finding,) = (each for each in findings_of(tmp_path) if each.code == code)
    assert (finding.file, finding.line) == ("dialogs/tone.yaml", line)
    assert hint in finding.message


def test_without_its_rules_the_script_is_not_whole(tmp_path: Path) -> None:
    (copy_base(tmp_path) / "dialogs/tone.yaml").unlink()
    (finding,) = findings_of(tmp_path)
    assert (finding.file, finding.code) == ("dialogs/tone.yaml", "missing-file")


def test_matters_of_style_have_their_pages() -> None:
    """They do not keep a bot from its dialogs; what is dangerous does."""
    assert all((CODES_FOLDER / f"{code}.md").is_file() for code in MATTERS_OF_STYLE)
    assert not MATTERS_OF_STYLE & {"method-words", "safety-question", "safety-person", "safety-end"}
