"""The order of help lines, by the country that a person gives, and the national lines that ship (``data/``)."""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    groups = column.help_groups()
    first = _near(groups, country)
    return Help(first, [group for group in groups if group not in first]) if first else Help(groups, [])


def for_kinds(column: Column, kinds: Sequence[str], country: str) -> Help:
    """The column's help lines for these kinds of concern, as ``lines``: those that state one of them, in the order of
    the kinds. Where the person can reach none of them, those that state nothing, and at last all."""
    every = column.help_groups()
    for some in (
        [(place, _of_kinds(few, kinds)) for place, few in every],
        [(place, [line for line in few if not line.concerns]) for place, few in every],
        every,
    ):
        groups = [group for group in some if group[1]]
        if first := _near(groups, country) or (groups if not country_code(country) else []):
            return Help(first, [group for group in groups if group not in first])
    return Help(every, [])


def near(column: Column, kind: str, country: str) -> list[HelpLine]:
    """The lines that state this kind of concern, of the typed country and for everybody; never of a country that nobody
    has given."""
    groups = column.help_groups()
    first = _near(groups, country) or [group for group in groups if not group[0]]
    return [line for _place, few in first for line in few if line.is_for(kind)]


def _of_kinds(few: Sequence[HelpLine], kinds: Sequence[str]) -> list[HelpLine]:
    """Each line that states one of the kinds once, in the order of the kinds."""
    found = [line for kind in kinds for line in few if line.is_for(kind)]
    return list(dict.fromkeys(found))


def _near(groups: Sequence[Group], country: str) -> list[Group]:
    """The lines of the typed country, and those for everybody; none where the country is not known."""
    name = countries.names().get(country_code(country), "")
    if not name:
        return []
    return [group for group in groups if group[0] == name] + [group for group in groups if not group[0]]


@dataclass(frozen=True)
class KnownLine:
    """A national help line that ships, for an owner to take over: the fields of its ``HelpLine``, where it was looked
    up (address, and the day that the page names or ``None``), and when. ``key``: its country and name."""

    fields: dict[str, str]
    sources: tuple[tuple[str, dt.date | None], ...]
    looked_up: dt.date

    @property
    def key(self) -> str:
        return f"{self.fields['country']} {self.fields['name']}"

    def row(self, column: Column) -> HelpLine:
        """The unsaved line of the column."""
        return HelpLine(column=column, **self.fields)


@functools.cache
def known() -> tuple[KnownLine, ...]:
    """Every national line that ships, by country."""
    content = tomllib.loads((Path(__file__).parent / "data" / "help_lines.toml").read_text("utf-8"))
    return tuple(_known(entry) for entry in content["line"])


def _known(entry: dict[str, Any]) -> KnownLine:
    sources = tuple((one["url"], one.get("dated")) for one in entry.pop("sources"))
    looked_up = entry.pop("looked_up")
    return KnownLine(entry, sources, looked_up)
