"""The sources of the care cards that ship (``sources.toml``)."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CareSource:
    """Where a card takes its advice from. ``limits``: the time limits that it states, in the words of the cards."""

    publisher: str
    title: str
    url: str
    dated: dt.date
    limits: tuple[str, ...]
    cards: tuple[str, ...]


@functools.cache
def _all() -> list[CareSource]:
    content = tomllib.loads((Path(__file__).parent / "sources.toml").read_text("utf-8"))
    return [
        CareSource(
            one["publisher"],
            one["title"],
            one["url"],
            one["dated"],
            tuple(one.get("limits", ())),
            tuple(one["for"]),
        )
        for one in content["source"]
    ]


def of_card(kind: str) -> list[CareSource]:
    """The sources of the card for this kind of concern."""
    return [one for one in _all() if kind in one.cards]
