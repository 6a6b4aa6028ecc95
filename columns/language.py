"""The language of a column's pages: the column's own where the site has a catalogue for it, else the site's."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from columns.models import Column


def shown(column: Column) -> str:
    """The code of ``LANGUAGES`` in which the column's pages are shown."""
    try:
        return translation.get_supported_language_variant(column.language)
    except LookupError:
        return settings.LANGUAGE_CODE


def of(column: Column) -> translation.override:
    """A context in which the column's language is active: for what its writers read."""
    return translation.override(shown(column))


def activate(column: Column) -> None:
    """Activate the column's language. To be called inside ``site_language()``, which restores the language at its
    end."""
    translation.activate(shown(column))


def site_language() -> translation.override:
    """A context with the site's language active, which restores the language before at its end."""
    return translation.override(settings.LANGUAGE_CODE)
