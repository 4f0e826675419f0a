"""The dialogs, the directory and the translations of this repository: shipped content has no findings."""

from __future__ import annotations

from bot.authoring.check import Checked
from bot.authoring.findings import Severity
from tests.authoring.sentences import ROOT, same_sentences


def test_shipped_content_has_no_findings(shipped: Checked) -> None:
    """Not one error and not one warning; the first twenty are shown."""
    assert len(shipped.book.dialogs) > 20
    shown = [f"{each.file}:{each.line}:{each.column} [{each.code}] {each.message}" for each in shipped.findings]
    assert shown[:20] == []


def test_shipped_content_can_be_used(shipped: Checked) -> None:
    """Whatever translations still lack, the dialogs themselves have no error."""
    assert shipped.script is not None, [each for each in shipped.findings if each.severity is Severity.ERROR][:20]
    assert shipped.directory is not None and shipped.texts is not None


def test_what_is_extracted_from_the_shipped_dialogs_is_what_is_said(shipped: Checked) -> None:
    same_sentences(shipped.book, ROOT, 1000)
