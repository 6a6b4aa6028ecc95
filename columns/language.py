"""In which language a column's pages are: its own where the site has a catalogue for it, else the site's."""

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
    """Show what follows in the column's language. Only inside ``site_language()``, whose end undoes it."""
    translation.activate(shown(column))


def site_language() -> translation.override:
    """Begin in the site's language and return to what was before: languages stay within one request."""
    return translation.override(settings.LANGUAGE_CODE)
