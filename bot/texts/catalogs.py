"""Gettext catalogs under ``locales/<language>/LC_MESSAGES/dialogs.po``, read with Babel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from bot.engine.model import Text

SOURCE_LANGUAGE = "nl"
"""The language the dialogs are written in; it needs no catalog."""

DOMAIN = "dialogs"

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""A service or a value that is put into a sentence."""

Translations = Mapping[tuple[str, str], str]
"""(context, Dutch source) to the translation."""


class CatalogError(ValueError):
    """A catalog that cannot be read; the message names the file."""


class Texts:
    """All translations. A missing or fuzzy one falls back to the Dutch source."""

    def __init__(self, catalogs: Mapping[str, Translations]) -> None:
        self._catalogs = dict(catalogs)
        self.languages: tuple[str, ...] = (SOURCE_LANGUAGE, *sorted(catalogs))
        self._locales = {language: Locale.parse(language) for language in self.languages}

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


def read_catalog(path: Path) -> Catalog:
    """Read one ``.po`` file (UTF-8). Raises CatalogError with the file and the line."""
    language = path.parent.parent.name
    try:
        Locale.parse(language)
        with path.open("rb") as file:
            return read_po(file, locale=language, domain=DOMAIN, charset="utf-8", abort_invalid=True)
    except PoFileError as error:
        raise CatalogError(f"{path}:{error.lineno}: {error}") from error
    except (UnknownLocaleError, ValueError) as error:
        raise CatalogError(f"{path}: {error}") from error
    except OSError as error:
        raise CatalogError(f"{path}: {error.strerror}") from error


def load_texts(folder: Path) -> Texts:
    """Load every catalog below ``folder``. Raises CatalogError."""
    return Texts({language: _translations(read_catalog(path)) for language, path in catalog_paths(folder).items()})


def placeholders(text: str) -> list[str]:
    """The names between braces in ``text``, sorted."""
    return sorted(PLACEHOLDER.findall(text))


def _translations(catalog: Catalog) -> Translations:
    return {
        (message.context or "", message.id): message.string
        for message in catalog
        if isinstance(message.id, str)
        and message.id
        and isinstance(message.string, str)
        and message.string
        and not message.fuzzy
        and placeholders(message.id) == placeholders(message.string)  # else a number would be lost
    }
