"""Phrases that could identify somebody: what the reader's check page underlines. Nothing is stored or logged."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Detail:
    """A phrase from ``start`` to ``end`` (character offsets). ``kind``: name, place, age, contact, date, organisation,
    id or relation."""

    start: int
    end: int
    kind: str


_WORD = r"[A-Z][\w'’-]+"
_PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    ("contact", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("contact", re.compile(r"(?:https?://|www\.)\S+")),
    ("contact", re.compile(r"(?<![\w@])@[A-Za-z0-9_.]{3,}")),
    ("contact", re.compile(r"(?<![\w.])\+?\d(?:[ ().-]?\d){7,14}(?!\w)")),
    ("age", re.compile(r"(?<!\w)\(?[1-9]\d ?(?:[mfMF]|nb|NB)\)?(?!\w)")),
    ("age", re.compile(r"(?i)(?<!\w)(?:i'?m|i am|aged?|turn(?:ed|ing)?) [1-9]\d(?!\w| ?(?:weeks|days|months|kg|hours|minutes|times|%))")),
    ("age", re.compile(r"(?i)(?<!\w)[1-9]?\d[- ]?(?:years?[- ]old|y/?o)(?!\w)")),
    ("date", re.compile(r"(?<!\w)\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?!\w)|(?<!\w)\d{4}-\d{2}-\d{2}(?!\w)")),
    (
        "date",
        re.compile(
            r"(?<!\w)\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?(?!\w)",
            re.IGNORECASE,
        ),
    ),
    ("id", re.compile(r"(?<!\w)(?:NHS|passport|policy|case|patient)(?: (?:number|no\.?))? ?[:#]? ?[\dA-Z-]{5,}(?!\w)", re.IGNORECASE)),
    ("name", re.compile(rf"(?:(?i:my name is|i am called|signed|called|named)) ({_WORD}(?: {_WORD})?)")),
    ("name", re.compile(rf"(?:Dr|Mr|Mrs|Ms|Miss|Prof|Nurse)\.? ({_WORD}(?: {_WORD})?)")),
    (
        "name",
        re.compile(
            rf"(?i:my (?:husband|wife|partner|boyfriend|girlfriend|son|daughter|sister|brother|friend|boss|ex|fianc[eé]e?)),? ({_WORD})"
        ),
    ),
    ("organisation", re.compile(rf"(?i:work(?:s|ed|ing)? (?:at|for)|boss at|employed by|teach(?:es|ing)? at) (?:the )?({_WORD}(?: {_WORD}){{0,3}})")),
    ("place", re.compile(rf"(?i:live[sd]? in|living in|moved to|moved from|i'?m from|i am from|here in|a village near|a town near|near) ({_WORD}(?:[ -]{_WORD}){{0,2}})")),
]


def find_details(text: str) -> list[Detail]:
    """Every detail in the text, in order, without overlaps. Offsets are into ``text`` as given."""
    found: list[Detail] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span(match.lastindex or 0)
            if not any(start < other.end and other.start < end for other in found):
                found.append(Detail(start, end, kind))
    return sorted(found, key=lambda detail: detail.start)
