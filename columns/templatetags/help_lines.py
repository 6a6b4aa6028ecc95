"""The help lines for the kinds of concern of an article."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from columns.help_lines import Group, for_kinds
from columns.models import Column, HelpLine

register = template.Library()


@register.filter
def help_for(column: Column, kinds: str) -> list[Group]:
    """The column's help lines for these kinds (with spaces), by country."""
    return for_kinds(column, kinds.split(), country="").first


@register.filter
def in_words(groups: Iterable[Group]) -> list[str]:
    """Each line as its name, with its country and how to reach it."""
    return [_in_words(line, country) for country, lines in groups for line in lines]


def _in_words(line: HelpLine, country: str) -> str:
    name, reached = f"{line.name} ({country})" if country else line.name, line.number or line.url
    return f"{name}: {reached}" if reached else name
