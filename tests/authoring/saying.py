"""A dialog that says something, laid over the base, for tests about words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.authoring.findings import Finding
from tests.authoring.content import CATALOG, copy_base, findings_of, translate, write

TOPIC = "dialogs/topics/example.yaml"
SAFETY = "dialogs/safety/safety_example.yaml"


def found(folder: Path, say: str, file: str = TOPIC, english: str = "") -> list[Finding]:
    """What is found in a dialog that says ``say`` (YAML, the items of a list) and points to people."""
    name = Path(file).stem
    text = f'dialog: {name}\ntitle: "Een voorbeeld"\nstart: hello\nnodes:\n  hello:\n    say:\n'
    if file == SAFETY:
        text += '      - "Bel: {emergency}"\n      - "Ben je alleen?"\n'
        text += '    choices: {on: {label: "Verder", go: more}}\n  more:\n    say:\n'
    write(copy_base(folder), file, f"{text}{say}    signpost: [listening_line]\n    end: true\n")
    if english:
        write(folder, CATALOG, english)
    else:
        (folder / CATALOG).unlink()
    translate(folder)
    return list(findings_of(folder))


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]
