"""What a parent reads, in the parent's language: gettext catalogs through Babel, Dutch where there is none."""

from bot.texts.catalogs import (
    PLACEHOLDER,
    SOURCE_LANGUAGE,
    CatalogError,
    Texts,
    has_loose_brace,
    keeps_placeholders,
    load_texts,
    placeholders,
    read_catalog,
)
from bot.texts.entries import Entry

__all__ = [
    "PLACEHOLDER",
    "SOURCE_LANGUAGE",
    "CatalogError",
    "Entry",
    "Texts",
    "has_loose_brace",
    "keeps_placeholders",
    "load_texts",
    "placeholders",
    "read_catalog",
]
