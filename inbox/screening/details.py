"""Phrases that could identify somebody: what the reader's check page underlines. Nothing is stored or logged.

What is told by its form (``patterns``) comes first; then the words are read one by one (``tokens``, ``words``) for
signatures, places and names. It misses things, and the pages that show it say so. The time it takes grows with the
length of the text and with nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from inbox.screening import names, patterns, places, signatures, workplaces
from inbox.screening.tokens import Words


@dataclass(frozen=True)
class Detail:
    """A phrase from ``start`` to ``end`` (character offsets). ``kind``: name, place, age, contact, date, organisation,
    id or relation."""

    start: int
    end: int
    kind: str


def find_details(text: str) -> list[Detail]:
    """Every detail in the text, in order, without overlaps. Offsets are into ``text`` as given."""
    found: list[Detail] = []
    taken = bytearray(len(text))
    for kind, start, end in patterns.by_form(text):
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Detail(start, end, kind))
    words = Words(text, taken)
    workplaces.find(words)
    signatures.find(words)
    places.find_certain(words)
    names.find(words)
    places.find_listed(words)
    found += [Detail(*one) for one in words.found]
    return sorted(found, key=lambda detail: detail.start)
