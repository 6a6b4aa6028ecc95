"""Which care cards the writer of a letter sees, for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from columns.models import Column
from inbox.letters.care import needs
from inbox.letters.care.texts import GENERAL
from inbox.screening.concerns import TITLES, Level

register = template.Library()


@register.inclusion_tag("desk/inbox/_care_small.html")
def care_small(column: Column, words: Mapping[str, Any]) -> dict[str, Any]:
    """The titles of the kinds whose cards the writer of these opened words sees open, and whether the general card is
    among them. No query: the cards themselves stand on the owner's page."""
    wanted = needs.of_sealed(words, column_language=column.language)
    own = [need.kind for need in wanted if need.kind != GENERAL and need.level == Level.NOW]
    return {
        "care_kinds": [gettext(TITLES[kind]) for kind in own],
        "care_general": bool(wanted) and (not own or any(need.kind == GENERAL for need in wanted)),
    }
