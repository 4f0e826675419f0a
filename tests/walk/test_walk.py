"""The exhaustive walk: every session of the shipped script meets every kind of event, in every language."""

from __future__ import annotations

from collections import deque

import pytest

from bot.conversation.answers import Bubble
from bot.conversation.companion import Companion
from bot.engine.bubbles import count
from bot.engine.model import MAX_BUBBLES, MAX_CHARACTERS, MAX_CHOICES, MAX_LABEL, REGIONS, End, Place, Text
from bot.engine.phrases import LABELS
from bot.engine.replies import Offer, Reply, Role, Say, Signpost, Turn
from bot.engine.session import Session
from tests.walk.walker import DAY, NIGHT, Key, Walk, after_restart, walk

LONGEST_LABEL_BYTES = 64


class Findings:
    """Collects what is wrong instead of stopping at the first."""

    def __init__(self) -> None:
        self.rows: list[str] = []

    def hold(self, fact: bool, row: str) -> None:
        if not fact and len(self.rows) < 50:
            self.rows.append(row)


@pytest.fixture(scope="module")
def walked(companion: Companion) -> tuple[Walk, Findings, dict[tuple[Reply, ...], set[str | None]]]:
    """The whole walk, looked at on the way; every different set of replies with the regions it was given in."""
    findings = Findings()
    said: dict[tuple[Reply, ...], set[str | None]] = {}
    record = Walk()
    for session, event, turn, so_far in walk(companion.script):
        record = so_far
        _look(findings, session, f"{session.place} + {event}", turn)
        plain = tuple(reply for reply in turn.replies if not isinstance(reply, Offer))
        labels = tuple(reply for reply in turn.replies if isinstance(reply, Offer))
        said.setdefault(plain, set()).add(turn.session.region)
        if labels and not plain:
            findings.hold(False, f"{session.place} + {event}: a keyboard without a word")
    return record, findings, said


def _look(findings: Findings, session: Session, where: str, turn: Turn) -> None:
    findings.hold(after_restart(turn.session) == turn.session, f"{where}: the session does not survive JSON")
    if not turn.replies:
        findings.hold(session.tapped != "", f"{where}: no answer, and it was no double tap")
        return
    offers = [reply for reply in turn.replies if isinstance(reply, Offer)]
    findings.hold(len(offers) == 1, f"{where}: {len(offers)} keyboards")
    if not offers:
        return
    buttons = offers[0].buttons
    findings.hold(buttons[-1].role is Role.HELP, f"{where}: no Hulp nu")
    findings.hold(1 <= len(buttons) - 1 <= MAX_CHOICES, f"{where}: {len(buttons) - 1} choices")
    tokens = [button.token for button in buttons]
    findings.hold(len(set(tokens)) == len(tokens), f"{where}: two buttons carry the same")
    findings.hold(max(len(token.encode()) for token in tokens) <= LONGEST_LABEL_BYTES, f"{where}: a long button")
    bubbles = count(turn.replies)
    findings.hold(1 <= bubbles <= MAX_BUBBLES, f"{where}: {bubbles} bubbles")


def test_every_session_answers_every_kind_of_event(
    walked: tuple[Walk, Findings, object], companion: Companion, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each reachable session answers each kind of event, within the limits, and survives storage."""
    record, findings, _ = walked
    nodes = {Place(dialog.id, name) for dialog in companion.script.dialogs.values() for name in dialog.nodes}
    with capsys.disabled():
        print(
            f"\n  walked {len(record.sessions)} sessions, {record.steps} turns, {len(record.places)} of "
            f"{len(nodes)} nodes, {len(companion.script.dialogs)} dialogs, kinds: {', '.join(sorted(record.kinds))}"
        )
    assert findings.rows == []
    assert nodes - record.places == set(), "the walk left nodes out"
    assert record.kinds == {"Tap", "Said", "Command", "Sent", "Due"}


def test_every_reply_fits_in_every_language(
    walked: tuple[Walk, Findings, dict[tuple[Reply, ...], set[str | None]]],
    companion: Companion,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each turn that the walk came by fits on a phone, in each language, each region, by day and at night."""
    said = walked[2]
    findings = Findings()
    bubbles = 0
    for language in companion.texts.languages:
        for replies, regions in said.items():
            for region in regions:
                for at in (DAY, NIGHT):
                    for bubble in companion.renderer.bubbles(replies, language, region, at):
                        bubbles += 1
                        if isinstance(bubble, Bubble) and bubble.note is not None:
                            continue  # a parent's own words come in its place
                        texts = [bubble.text] if isinstance(bubble, Bubble) else [bubble.last]
                        for text in texts:
                            fits = 0 < len(text) <= MAX_CHARACTERS and "{" not in text
                            findings.hold(fits, f"{language} {region}: {len(text)} characters: {text[:60]}")
    with capsys.disabled():
        print(f"\n  {len(said)} different turns, {bubbles} bubbles in {', '.join(companion.texts.languages)}")
    assert findings.rows == []
    assert bubbles > len(said) > 300


def test_every_label_fits_in_every_language(companion: Companion) -> None:
    """Each label that can stand on a button has 1 to 36 characters in each language."""
    findings = Findings()
    labels = {
        choice.label
        for dialog in companion.script.dialogs.values()
        for node in dialog.nodes.values()
        for choice in getattr(node.onward, "choices", ())
    } | {dialog.title for dialog in companion.script.dialogs.values()}
    labels |= {companion.script.phrases[phrase] for phrase in LABELS}
    for language in companion.texts.languages:
        for label in labels:
            text = companion.texts.say(language, label)
            findings.hold(0 < len(text) <= MAX_LABEL, f"{language}: {len(text)} characters: {text}")
    assert findings.rows == []
    assert len(labels) > 300


def test_an_end_is_in_reach_of_every_session(walked: tuple[Walk, Findings, object], companion: Companion) -> None:
    """From each session some path comes to a soft end."""
    record = walked[0]
    script = companion.script
    ended = {
        key
        for key, session in record.sessions.items()
        if session.place is not None
        and (node := script.node(session.place)) is not None
        and isinstance(node.onward, End)
    }
    assert ended
    assert set(record.sessions) - _reaching(record, ended) == set()


def test_a_human_service_is_one_tap_away(walked: tuple[Walk, Findings, object], companion: Companion) -> None:
    """Hulp nu, on every keyboard, names services that are open now: day and night, in every region."""
    script = companion.script
    node = script.node(script.start_of("help_now"))
    assert node is not None
    for language in companion.texts.languages:
        for region in (None, *REGIONS):
            for at in (DAY, NIGHT):
                said = (Say(line.content) for line in node.lines if isinstance(line.content, Text))
                replies: tuple[Reply, ...] = (*said, Signpost(node.signpost))
                shown = companion.renderer.bubbles(replies, language, region, at)
                services = [service for bubble in shown if isinstance(bubble, Bubble) for service in bubble.services]
                assert any(service.open and service.phone for service in services), (language, region, at)


def _reaching(record: Walk, goals: set[Key]) -> set[Key]:
    back: dict[Key, list[Key]] = {}
    for key, onward in record.leads_to.items():
        for following in onward:
            back.setdefault(following, []).append(key)
    reached, queue = set(goals), deque(goals)
    while queue:
        for before in back.get(queue.popleft(), []):
            if before not in reached:
                reached.add(before)
                queue.append(before)
    return reached
