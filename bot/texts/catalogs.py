"""Gettext catalogs under ``locales/<language>/LC_MESSAGES/dialogs.po``, read with Babel."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from bot.engine.model import Text
from bot.texts.entries import Entry, plain_entries

SOURCE_LANGUAGE = "nl"
"""The language the dialogs are written in; it needs no catalog."""

DOMAIN = "dialogs"

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""A service or a value that is put into a sentence."""

Translations = Mapping[tuple[str, str], str]
"""(context, Dutch source) to the translation."""


_UNCLOSED = re.compile(r'^(?:msg\w+(?:\[\d+\])?[ \t]+)?"(?:[^"\\\n]|\\.)*$', re.MULTILINE)
"""A line of a catalog that ends before its text does; Babel would take away a sign of the text instead."""


class CatalogError(ValueError):
    """A catalog that cannot be read: the file, the line as far as it is known, and what is wrong."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.line = line
        self.problem = problem


class Texts:
    """All translations. A missing or fuzzy one falls back to the Dutch source."""

    def __init__(self, catalogs: Mapping[str, Translations]) -> None:
        self._catalogs = dict(catalogs)
        self.languages: tuple[str, ...] = (SOURCE_LANGUAGE, *sorted(catalogs))
        self._locales = {language: Locale.parse(language) for language in self.languages}

    def __reduce__(self) -> tuple[type[Texts], tuple[Mapping[str, Translations]]]:
        return Texts, (self._catalogs,)  # without Babel's locales, which are read from its own files

    def say(self, language: str, text: Text) -> str:
        """``text`` in ``language``; in Dutch when it has no translation."""
        catalog = self._catalogs.get(language)
        if catalog is None:
            return text.source
        return catalog.get((text.context, text.source)) or text.source

    def locale(self, language: str) -> Locale:
        """Babel's locale for the formats of ``language``. Raises KeyError for one that is not offered."""
        return self._locales[language]

    def language_for(self, code: str | None, default: str) -> str:
        """The offered language for a phone's ``language_code`` such as ``nl-BE``; else ``default``."""
        if code:
            language = code.replace("_", "-").partition("-")[0].lower()
            if language in self.languages:
                return language
        return default


def catalog_path(folder: Path, language: str) -> Path:
    """Where the catalog of ``language`` stands below ``folder``."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def catalog_paths(folder: Path) -> dict[str, Path]:
    """Every catalog below ``folder`` by its language."""
    return {path.parent.parent.name: path for path in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}


def read_catalog(path: Path) -> list[Entry]:
    """Every entry of one ``.po`` file (UTF-8). Raises CatalogError with the file and the line."""
    language = path.parent.parent.name
    if language == SOURCE_LANGUAGE:
        raise CatalogError(path, 1, "the dialogs are written in this language; it needs no catalog")
    try:
        Locale.parse(language)
        _must_be_here(path)
        text = path.read_bytes().decode("utf-8-sig")
        if (plain := plain_entries(text)) is not None:
            _by_babel(plain[0], language)  # which looks at the header: a date or a number in it can be wrong
            return plain[1]
        if unclosed := _UNCLOSED.search(text):
            raise CatalogError(path, text.count("\n", 0, unclosed.start()) + 1, "this quote is never closed")
        return [_entry(message) for message in _by_babel(text, language) if message.id]
    except CatalogError:
        raise
    except PoFileError as error:
        raise CatalogError(path, error.lineno + 1, str(error).rpartition(" on ")[0] or str(error)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogError(path, line, "this is not UTF-8 text; choose UTF-8 when saving it") from error
    except UnknownLocaleError as error:
        raise CatalogError(path, 1, f"the folder {language!r} is no language; name it such as fr or en") from error
    except ValueError as error:
        raise CatalogError(path, 1, f"a number or a date in it is not right ({error})") from error
    except OSError as error:
        raise CatalogError(path, 1, f"it cannot be read: {error.strerror or error}") from error


def _by_babel(text: str, language: str) -> Catalog:
    return read_po(StringIO(text), locale=language, domain=DOMAIN, abort_invalid=True)


def _entry(message: Message) -> Entry:
    source = message.id if isinstance(message.id, str) else tuple(message.id)
    said = message.string if isinstance(message.string, str) else tuple(message.string or ())
    return Entry(message.context, source, said, message.fuzzy, message.lineno or 1)


def _must_be_here(path: Path) -> None:
    """Raises CatalogError for what is no ordinary file, or a link that leads out of the folder of all catalogs."""
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(path.parents[2])):
        raise CatalogError(path, 1, "this link leads out of the folder; put the file itself here")
    if path.exists() and not path.is_file():
        raise CatalogError(path, 1, "this is no ordinary file")


def load_texts(folder: Path, read: Callable[[Path], Iterable[Entry]] = read_catalog) -> Texts:
    """Load every catalog below ``folder``, each by ``read``. Raises CatalogError."""
    return Texts({language: _translations(read(path)) for language, path in catalog_paths(folder).items()})


def placeholders(text: str) -> list[str]:
    """The names between braces in ``text``, sorted."""
    return sorted(PLACEHOLDER.findall(text))


def has_loose_brace(text: str) -> bool:
    """Whether a brace stands in ``text`` that belongs to no placeholder."""
    rest = PLACEHOLDER.sub("", text)
    return "{" in rest or "}" in rest


def keeps_placeholders(source: str, said: str) -> bool:
    """Whether a translation holds exactly the placeholders of its source, so that no number is lost."""
    if "{" not in source and "{" not in said and "}" not in said:
        return True  # as nearly all of them; quickly known
    return placeholders(source) == placeholders(said) and not has_loose_brace(said)


def _translations(entries: Iterable[Entry]) -> Translations:
    return {
        (entry.context or "", entry.id): entry.string
        for entry in entries
        if isinstance(entry.id, str)
        and isinstance(entry.string, str)
        and entry.string
        and not entry.fuzzy
        and keeps_placeholders(entry.id, entry.string)
    }
