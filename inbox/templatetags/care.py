"""The care cards of a letter, small, for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from columns import language
from columns.models import Column
from inbox.letters.care import cards, needs

register = template.Library()


@register.inclusion_tag("desk/inbox/_care_small.html")
def care_small(column: Column, words: Mapping[str, Any]) -> dict[str, Any]:
    """The cards that the writer of these opened words sees, in the language of the column. Nothing where there are
    none."""
    wanted = needs.of_sealed(words, column_language=column.language)
    country = str(words.get("about", {}).get("country", ""))
    with language.of(column):
        return {"care": cards.cards(column, wanted, country=country)}
