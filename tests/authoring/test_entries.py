"""Reading plain catalogs by ourselves gives what Babel gives, entry for entry; all else is left to Babel."""

from io import StringIO
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError, read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.catalogs import _UNCLOSED
from bot.texts.entries import Entry, plain_entries

SHIPPED = sorted(Path("locales").glob("*/LC_MESSAGES/*.po"))

HEADER = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
PLAIN = """
#. A note
#: dialogs/menu.yaml
msgctxt "menu/hello"
msgid "Nog wakker?"
msgstr "Still \\"awake\\"?"

# said by hand
#, python-format, fuzzy
msgctxt "menu/hello"
msgid ""
"Een\\n"
"twee"
msgstr ""
"One\\n"
"two"

msgid "Zonder plaats"
msgstr ""
"""


def by_babel(text: str) -> list[Entry] | None:
    """Every entry as Babel reads it; None for a text that it refuses."""
    try:
        catalog = read_po(StringIO(text), locale="en", abort_invalid=True)
    except (PoFileError, ValueError):
        return None
    return [
        Entry(each.context, each.id, each.string, each.fuzzy, each.lineno)  # type: ignore[arg-type]
        for each in catalog
        if each.id
    ]


@pytest.mark.parametrize("path", SHIPPED, ids=str)
def test_shipped_catalogs_are_plain(path: Path) -> None:
    """So that reading them is quick; and they are read as Babel reads them."""
    text = path.read_text("utf-8")
    plain = plain_entries(text)
    assert plain is not None
    assert plain[1] == by_babel(text)


def test_there_are_shipped_catalogs() -> None:
    assert SHIPPED


def test_an_entry_is_read_whole() -> None:
    """Its context, escapes, several lines, flags, and where its msgid stands."""
    plain = plain_entries(HEADER + PLAIN)
    assert plain == (
        HEADER + "\n",
        [
            Entry("menu/hello", "Nog wakker?", 'Still "awake"?', False, 9),
            Entry("menu/hello", "Een\ntwee", "One\ntwo", True, 15),
            Entry(None, "Zonder plaats", "", False, 22),
        ],
    )


@pytest.mark.parametrize(
    "extra",
    [
        'msgid "Een"\nmsgid_plural "Enen"\nmsgstr[0] "One"\nmsgstr[1] "Ones"\n',
        'msgid "Zonder plaats"\nmsgstr "Twice"\n',
        '#~ msgid "Oud"\n#~ msgstr "Old"\n',
        'msgid "Een"\n  msgstr "One"\n',
        'msgid "Een"\nmsgstr "One\n',
        'msgid "Een"\n',
        'msgctxt ""\nmsgid "Een"\nmsgstr "One"\n',
        'msgid "Een"\r\nmsgstr "One"\r\n',
        '#: \u2068een naam\nmsgid "Een"\nmsgstr "One"\n',
        'msgid ""\nmsgstr "X: y\\n"\n',
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_babel(extra: str) -> None:
    assert plain_entries(HEADER + PLAIN + "\n" + extra) is None
    assert plain_entries(PLAIN) is None, "without a header Babel says what it makes of it"


said = st.lists(st.sampled_from(["a", "b ", "é", "\\n", '\\"', "\\\\", "\\x", '"\n"', "#, fuzzy"]), max_size=4).map(
    "".join
)
entries = st.lists(
    st.tuples(
        st.sampled_from(["", "# x\n", "#, fuzzy\n", "#,fuzzy ,c-format\n", "#. #, fuzzy\n", "#| msgid\n", "#\n\n"]),
        st.sampled_from(["", 'msgctxt "a"\n', 'msgctxt "a"\n"b"\n', 'msgctxt "\\t"\n']),
        said.map(lambda text: f'msgid "{text}"\n'),
        said.map(lambda text: f'msgstr ""\n"{text}"\n'),
        st.sampled_from(["", "\n", "\n\n\n"]),
    ).map("".join),
    max_size=3,
)
SIGNS = ["\n", " ", "\\", '"', "#", "#~ ", "#, fuzzy\n", "\t", "é😀", "\r", "\x85", "\u2028", "\u2069", "msgstr[0] "]
LINES = [*HEADER.splitlines(True), 'msgid "Een"\n', 'msgctxt "a"\n', 'msgstr "One"\n']
pieces = st.just("") | st.lists(st.sampled_from(SIGNS + LINES), max_size=12).map("".join)


@given(st.sampled_from([HEADER, f"{HEADER}\n", ""]), entries, pieces)
def test_it_never_reads_other_than_babel(header: str, whole: list[str], broken: str) -> None:
    """Whatever stands there: what is read here is read so by Babel too, and every quote in it is closed."""
    text = header + "".join(whole) + broken
    plain = plain_entries(text)
    if plain is not None:
        assert plain[1] == by_babel(text)
        assert _UNCLOSED.search(text) is None
