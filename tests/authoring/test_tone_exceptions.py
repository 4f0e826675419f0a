"""Exceptions stand beside the line, with a reason, and cover its translations; what a finding about tone says."""

from __future__ import annotations

from pathlib import Path

from tests.authoring.content import CATALOG, copy_base, findings_of, translate, write
from tests.authoring.saying import TOPIC, codes, found


def test_an_exception_covers_its_line_and_the_translations_of_it(tmp_path: Path) -> None:
    say = '      - {text: "Je moet nu bellen.", tone: {orders: "An emergency."}}\n'
    english = 'msgctxt "example/hello"\nmsgid "Je moet nu bellen."\nmsgstr "You must call now."\n'
    assert found(tmp_path, say, english=english) == []


def test_an_exception_that_only_a_translation_needs_is_used(tmp_path: Path) -> None:
    say = '      - {text: "Bel nu.", tone: {orders: "An emergency."}}\n'
    english = 'msgctxt "example/hello"\nmsgid "Bel nu."\nmsgstr "You must call now."\n'
    assert found(tmp_path, say, english=english) == []


def test_an_exception_holds_for_its_own_rule_only(tmp_path: Path) -> None:
    say = '      - {text: "Je moet 1712 bellen.", tone: {orders: "An emergency."}}\n'
    assert codes(found(tmp_path, say)) == ["number-in-text"]


def test_exceptions_beside_everything_that_is_said(tmp_path: Path) -> None:
    """A paced bubble, a button, the button under an invitation, and a phrase."""
    write(
        copy_base(tmp_path),
        TOPIC,
        """dialog: example
title: "Een voorbeeld"
start: hello
nodes:
  hello:
    say:
      - paced:
          frames: [{text: "Je moet ademen.", seconds: 4}]
          last: "Dat was het."
        tone: {orders: "Only an example."}
    choices:
      call: {label: "Ik bel 1712", go: ask, tone: {number_in_text: "Only an example."}}
  ask:
    say: ["Schrijf maar. {listening_line}"]
    ask:
      go: bye
      skip: {label: "Naar Luisterhuis", go: bye, tone: {service_name_in_text: "Only an example."}}
  bye:
    say: ["Dag."]
    end: true
""",
    )
    phrases = tmp_path / "dialogs/phrases.yaml"
    tone = 'tone: {number_in_text: "Only an example."}'
    phrases.write_text(phrases.read_text().replace('"Zin gone"', f'{{text: "Bel 112.", note: "x", {tone}}}'))
    (tmp_path / CATALOG).unlink()
    translate(tmp_path)
    assert findings_of(tmp_path) == ()
    for path in (tmp_path / TOPIC, phrases):
        path.write_text(path.read_text().replace("tone: {", "tone: {long_sentence: x, "))
    assert codes(findings_of(tmp_path)) == ["unused-exception"] * 4


def test_a_misspelt_exception_is_named_with_what_was_meant(tmp_path: Path) -> None:
    (unknown, broken) = sorted(found(tmp_path, '      - {text: "Je moet.", tone: {order: "An emergency."}}\n'), key=str)
    assert {unknown.code, broken.code} == {"unknown-rule", "wrong-tone"}
    assert any('Did you mean "orders"?' in each.message for each in (unknown, broken))


def test_a_translation_is_looked_at_when_the_dutch_is_fine(tmp_path: Path) -> None:
    """At the Dutch line, where an exception would stand, naming the language; while the Dutch is wrong, only that."""
    say = '      - "Bel nu."\n      - "Je moet bellen."\n'
    english = (
        'msgctxt "example/hello"\nmsgid "Bel nu."\nmsgstr "You must call."\n\n'
        'msgctxt "example/hello"\nmsgid "Je moet bellen."\nmsgstr "You must call."\n'
    )
    first, second = (each for each in found(tmp_path, say, english=english) if each.code == "wrong-tone")
    assert (first.line, first.code) == (7, "wrong-tone") and first.message.startswith("In 'en': \"You must\" (orders)")
    assert (second.line, second.code) == (8, "wrong-tone") and second.message.startswith('"Je moet" (orders)')


def test_the_message_teaches(tmp_path: Path) -> None:
    """The words, the rule, the reason, the better way."""
    (finding,) = found(tmp_path, '      - "Soms moet je rusten."\n')
    assert finding.message == '"moet je" (orders): An order is one more thing to fail at. Better: Offer it.'
