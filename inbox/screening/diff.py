"""A word-by-word difference of two texts. Pure."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from typing import Literal

from inbox.screening.normalise import normalise

Kind = Literal["same", "gone", "new"]
#: The most pairs of equal words for an exact comparison; with more, the commonest words are no anchors. A letter of
#: 16,000 characters has far fewer; a letter that repeats a word a thousand times must not slow the page down.
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
    """Runs of at least ``least`` words of ``published`` that are in ``original`` too, where a search engine would find
    them.

    In the order and spelling of ``published``; their position in ``original``, capitals, punctuation and the ways of
    writing that ``normalise`` undoes do not matter.
    """
    old = [word.lower() for word in re.findall(r"\w+", normalise(original).text)]
    known = {tuple(old[start : start + least]) for start in range(len(old) - least + 1)}
    normal = normalise(published)
    found = list(re.finditer(r"\w+", normal.text))
    new = [match.group().lower() for match in found]
    runs: list[list[int]] = []
    for start in range(len(new) - least + 1):
        if tuple(new[start : start + least]) not in known:
            continue
        if runs and start < runs[-1][1]:
            runs[-1][1] = start + least
        else:
            runs.append([start, start + least])
    return [normal.written(found[start].start(), found[end - 1].end()) for start, end in runs]


def _split(text: str) -> list[str]:
    return re.findall(r"\S+ ?|\s+", text)


def _pairs(old: list[str], new: list[str]) -> int:
    """The number of pairs of equal words: the cost of an exact comparison."""
    counted = Counter(new)
    return sum(number * counted[word] for word, number in Counter(old).items())
