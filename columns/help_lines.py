"""The order of help lines, by the country that a person gives."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from columns import countries
from columns.models import Column, HelpLine

Group = tuple[str, list[HelpLine]]
#: Other names of countries that people type, by code.
_ALSO = {
    "GB": "uk, united kingdom, great britain, britain, england, scotland, wales, northern ireland, gb",
    "US": "usa, us, america, united states of america, the states, states",
    "IE": "republic of ireland, eire, éire",
    "NL": "holland, the netherlands",
    "CZ": "czechia",
    "KR": "south korea, korea",
    "KP": "north korea",
    "AE": "uae, emirates, dubai",
    "NZ": "aotearoa",
    "DE": "deutschland",
    "AT": "österreich",
    "CH": "schweiz, suisse, svizzera",
    "ES": "españa",
    "MX": "méxico",
    "BR": "brasil",
    "TR": "türkiye",
    "CI": "ivory coast",
    "CD": "drc, dr congo",
}


@dataclass(frozen=True)
class Help:
    """``first``: lines shown at once. ``others``: lines of other countries only."""

    first: list[Group]
    others: list[Group]


@functools.cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in countries.names().items():
        found[_plain(name)] = code
        found.setdefault(re.sub(r" \(.*", "", _plain(name)), code)
    return found | {_plain(name): code for code, names in _ALSO.items() for name in names.split(",")}


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[.,!]", "", name.casefold()).split()).removeprefix("the ")


def country_code(typed: str) -> str:
    """The two letters of the country that was typed; "" where the list has no such country."""
    name = _plain(typed)
    return _codes().get(name) or (name.upper() if name.upper() in countries.names() else "")


@functools.cache
def country_names() -> frozenset[str]:
    """Names of countries in small letters, as people write them in a letter."""
    return frozenset(name for name in _codes() if len(name) > 2 and name not in ("dubai", "states"))


def lines(column: Column, country: str) -> Help:
    """The column's help lines. Those of the typed country come first, then those for everybody; lines of other
    countries are in ``others``, unless there are no others."""
    groups, name = column.help_groups(), countries.names().get(country_code(country), "")
    first = [group for group in groups if name and group[0] == name] + [group for group in groups if not group[0]]
    if not name or not first:
        return Help(groups, [])
    return Help(first, [group for group in groups if group not in first])
