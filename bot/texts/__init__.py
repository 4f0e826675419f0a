"""What a parent reads, in the parent's language: gettext catalogs through Babel, Dutch where there is none."""

from bot.texts.catalogs import (
    PLACEHOLDER,
    SOURCE_LANGUAGE,
    CatalogError,
    Texts,
    load_texts,
    placeholders,
    read_catalog,
)

__all__ = ["PLACEHOLDER", "SOURCE_LANGUAGE", "CatalogError", "Texts", "load_texts", "placeholders", "read_catalog"]
