"""What translators get: what Babel extracts is exactly what the script and the directory say, with their notes."""

from __future__ import annotations

import tomllib
from importlib import import_module
from io import BytesIO

import pytest

from bot.authoring.extract import extract_dialog
from tests.authoring.content import BASE, check_folder
from tests.authoring.sentences import METHOD, ROOT, extracted, mapping, same_sentences


def test_what_is_extracted_is_what_is_said() -> None:
    """Titles, bubbles, paced frames, labels, the label for skipping, phrases and the directory: no more, no less."""
    same_sentences(check_folder(BASE).book, BASE, 50)


def test_every_message_names_its_line_and_its_notes() -> None:
    found = extracted(BASE)
    tired = "dialogs/topics/tired.yaml"
    assert found["tired", "Ik ben moe"] == (tired, 2, ("Title of the dialog, also a button label.",))
    assert found["tired/hello", "Dat is zwaar."] == (tired, 13, ("A parent at night.",))
    assert found["tired/hello", "Zeker 's nachts."] == (tired, 14, ("A parent at night. Softly.",))
    assert found["tired/hello", "Even rust"] == (tired, 19, ("Button label, at most 36 characters.",))
    assert found["tired/paper", "Liever niet"] == (tired, 33, ("Button label, at most 36 characters.",))
    assert found["tired/pause", "Adem uit"] == (tired, 41, ())
    assert found["tired/pause", "Dat was het."] == (tired, 42, ())
    assert found["phrases/fallback", "Dat verstond het script niet."][2] == ("The same choices follow.",)
    assert found["directory/helpline", "de eerste deur"][0].startswith("dialogs/directory/")
    assert ("directory/helpline", "De lijn") not in found, "a proper name is not translated"


def test_notes_and_labels_of_choices_come_along() -> None:
    text = """\
dialog: x
title: T
start: a
nodes:
  a:
    note: "For all."
    say: [{paced: {frames: [{text: b, seconds: 3}], last: c}, note: "Slowly."}]
    choices:
      d: {label: e, go: a, note: "Informal."}
"""
    rows = list(extract_dialog(BytesIO(text.encode()), (), (), {}))
    assert rows == [
        (2, "pgettext", ("x", "T"), ["Title of the dialog, also a button label."]),
        (7, "pgettext", ("x/a", "b"), ["For all. Slowly."]),
        (7, "pgettext", ("x/a", "c"), ["For all. Slowly."]),
        (9, "pgettext", ("x/a", "e"), ["Button label, at most 36 characters. Informal."]),
    ]


@pytest.mark.parametrize("text", ["", "a: [b", "- a\n", "sources: {a: {title: x}}\n", "dialog: x\n", "a: b\n", "\xff"])
def test_what_holds_no_sentences_gives_none(text: str) -> None:
    """A broken file, or one of another kind; nothing raises."""
    assert list(extract_dialog(BytesIO(text.encode("latin-1")), (), (), {})) == []


def test_the_entry_point_is_the_method_of_the_mapping() -> None:
    """An installed Babel finds it by its name, a checkout by its module; both are the same function."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["entry-points"]["babel.extractors"] == {"keukentafel_dialogs": METHOD}
    assert mapping()[0] == [("dialogs/**.yaml", METHOD)]
    module, _, function = METHOD.partition(":")
    assert getattr(import_module(module), function) is extract_dialog
