"""What a person should see first. A concern may only raise a letter, never hide or refuse one."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from inbox.screening import lexicons


@dataclass(frozen=True)
class Concern:
    """A phrase from ``start`` to ``end`` (character offsets) that a person should look at; ``certainty`` in 0..1."""

    kind: str
    start: int
    end: int
    certainty: float


@functools.lru_cache(maxsize=1)
def _phrases() -> list[tuple[str, re.Pattern[str], float]]:
    return [
        (kind, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), float(group["certainty"]))
        for kind, groups in lexicons.load("concerns").items()
        for group in groups
        for pattern in group["patterns"]
    ]


def find_concerns(text: str) -> list[Concern]:
    """Every concern in the text, in order of its place. Offsets are into ``text`` as given."""
    flat = text.replace("’", "'")
    found = [
        Concern(kind, match.start(), match.end(), certainty)
        for kind, pattern, certainty in _phrases()
        for match in pattern.finditer(flat)
    ]
    return sorted(found, key=lambda concern: (concern.start, concern.kind))


#: What the form's question about age adds to the letter's own words.
_MINOR_AGES = frozenset({"Under 16", "16 or 17"})


def kinds(text: str, *, age_band: str = "") -> set[str]:
    """The kinds of concern in the text, and ``minor`` where the writer gave such an age."""
    found = {concern.kind for concern in find_concerns(text)}
    return found | {"minor"} if age_band in _MINOR_AGES else found
