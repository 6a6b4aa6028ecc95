"""Phrases that could identify somebody: what the reader's check page underlines. Nothing is stored or logged.

Patterns come first (``formats``, ``ages_and_relations``); then the words are read one by one (``tokens``,
``dictionary``) for workplaces, signatures, places and names. Some details are missed, and the pages that show them say
so. The time is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inbox.i18n import gettext_noop as _
from inbox.screening.details import ages_and_relations, formats, handles, names, places, signatures, workplaces
from inbox.screening.details.dictionary import forget_letter
from inbox.screening.details.tokens import TokenList

_AGE_AFTER_NAME = re.compile(
    r"(?: ?[,(] ?| (?:is|was|turns|turned) (?:only |just |now |about |nearly |almost )?)([1-9]\d?)"
    r"(?=[,.)!?]|$| from | and | but | years| yrs)(?![.,]\d)"
)


#: The kinds of detail, and their names as people read them.
KIND_NAMES: dict[str, str] = {
    "name": _("name"),
    "place": _("place"),
    "age": _("age"),
    "contact": _("contact"),
    "date": _("date"),
    "organisation": _("work or school"),
    "id": _("number"),
    "relation": _("person"),
}


@dataclass(frozen=True)
class Detail:
    """A phrase from ``start`` to ``end`` (character offsets). ``kind``: one of ``KIND_NAMES``."""

    start: int
    end: int
    kind: str


def find_details(text: str) -> list[Detail]:
    """Every detail in the text, in order, without overlaps. Offsets are into ``text`` as given."""
    try:
        return _found(text)
    finally:
        forget_letter()


def _found(text: str) -> list[Detail]:
    found: list[Detail] = []
    taken = bytearray(len(text))

    def take(start: int, end: int, kind: str) -> None:
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Detail(start, end, kind))

    for find in (formats.find, ages_and_relations.find):
        for start, end, kind in find(text):
            take(start, end, kind)
    words = TokenList(text, taken)
    for reader in (handles.find, workplaces.find, signatures.find, places.find_certain, names.find, places.find_listed):
        reader(words)
    for start, end, kind in words.found:
        take(start, end, kind)
        age = _AGE_AFTER_NAME.match(text, end) if kind == "name" else None
        if age:
            take(*age.span(1), "age")
    return sorted(found, key=lambda detail: detail.start)
