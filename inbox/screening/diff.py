"""Word by word, what changed between two texts, and what stayed as it was. Pure."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from typing import Literal

Kind = Literal["same", "gone", "new"]
#: Up to so many pairs of equal words every one is compared; beyond, the commonest words hold no place by themselves. A
#: letter of 16,000 characters stays far below; one that repeats a word a thousand times must not hold up the page.
_EXACT = 400_000


def words(before: str, after: str) -> list[tuple[Kind, str]]:
    """Parts of both texts in reading order: unchanged, only in ``before`` (gone), only in ``after`` (new).

    All parts that are not gone, joined, are ``after``; all that are not new are ``before``.
    """
    old, new = _split(before), _split(after)
    parts: list[tuple[Kind, str]] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=_pairs(old, new) > _EXACT)
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            parts.append(("same", "".join(old[i:j])))
            continue
        if j > i:
            parts.append(("gone", "".join(old[i:j])))
        if m > k:
            parts.append(("new", "".join(new[k:m])))
    return parts


def verbatim(original: str, published: str, *, least: int = 8) -> list[str]:
    """Runs of at least ``least`` words of ``published`` that stand in ``original`` too: what a search would find.

    In the order of ``published`` and as written there; wherever they stand in ``original``, capitals and signs aside.
    """
    old = [word.lower() for word in re.findall(r"\w+", original)]
    known = {tuple(old[start : start + least]) for start in range(len(old) - least + 1)}
    found = list(re.finditer(r"\w+", published))
    new = [match.group().lower() for match in found]
    runs: list[list[int]] = []
    for start in range(len(new) - least + 1):
        if tuple(new[start : start + least]) not in known:
            continue
        if runs and start < runs[-1][1]:
            runs[-1][1] = start + least
        else:
            runs.append([start, start + least])
    return [published[found[start].start() : found[end - 1].end()] for start, end in runs]


def _split(text: str) -> list[str]:
    return re.findall(r"\S+ ?|\s+", text)


def _pairs(old: list[str], new: list[str]) -> int:
    """How many pairs of equal words there are: what a comparison has to look at."""
    counted = Counter(new)
    return sum(number * counted[word] for word, number in Counter(old).items())
