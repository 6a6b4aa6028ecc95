"""A linear classifier that finds letters a person should see first, also where no phrase of ``concerns`` matches.

Most people in despair never write the words that a list of phrases knows. So single words, pairs and triples of words
have weights, and their sum is the score. The weights were learned by ``bin/make_classifier.py`` from made-up posts
(logistic regression over the words of a post, each counted once, divided by the root of how many there are). Pure
functions; nothing is stored.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inbox.screening import lexicons

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+")
#: A weak phrase counts unless the score of the letter is below ``WEAK``. A score above ``SOON`` raises a letter alone,
#: of a few words one above ``SOON_OF_FEW``; one above ``NOW`` makes it urgent. Missing somebody is worse than a false
#: alarm: ``WEAK`` is the lowest bound at which few enough of those who are well are raised (``bench/concerns.py``).
WEAK, SOON, SOON_OF_FEW, NOW = -2.0, 0.0, 0.4, 2.0
#: Words of one window: an urgent paragraph must not be averaged away in a long letter.
WINDOW = 160
_LONGEST = 3


class Word(NamedTuple):
    """A word without its apostrophe and with every number alike, and its place in the text."""

    said: str
    start: int
    end: int


@dataclass(frozen=True)
class Classification:
    """The score of the words from ``start`` to ``end``; above 0 where a person should look first.

    ``words``: how many words were scored. The score of a few words says little either way.
    """

    kind: str
    start: int
    end: int
    score: float
    words: int


@dataclass(frozen=True)
class _Weights:
    need: dict[str, float]
    kinds: dict[str, tuple[float, ...]]
    names: tuple[str, ...]
    bias: float


def words_of(text: str) -> list[Word]:
    """The words of the text. Offsets are into ``text``, of which only the small letters must differ in length."""
    flat = text.replace("’", "'")
    lowered = flat.lower()
    if len(lowered) != len(flat):
        lowered = "".join(one.lower() if len(one.lower()) == 1 else one for one in flat)
    return [
        Word("#" if match[0][0].isdigit() else match[0].replace("'", ""), *match.span())
        for match in _WORD.finditer(lowered)
    ]


def features(said: Sequence[str]) -> set[str]:
    """The words, and each pair and triple of adjacent words."""
    return {
        " ".join(said[at : at + length]) for length in range(1, _LONGEST + 1) for at in range(len(said) - length + 1)
    }


def classify(text: str) -> Classification | None:
    """The highest score of any window of the text; ``None`` for a text without words."""
    weights = _weights()
    words = words_of(text)
    if not words:
        return None
    looked = [(_score(features([word.said for word in window]), weights), window) for window in windows(words)]
    score, there = max(looked, key=lambda one: one[0])
    start, end = _heaviest(text, there, weights)
    return Classification(_kind(features([word.said for word in there]), weights), start, end, score, len(words))


def windows(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Windows of at most ``WINDOW`` words, each of which begins in the middle of the previous window."""
    for begin in range(0, max(len(words) - WINDOW // 2, 1), WINDOW // 2):
        yield words[begin : begin + WINDOW]


def _score(found: Iterable[str], weights: _Weights) -> float:
    known = [weights.need[one] for one in found if one in weights.need]
    return sum(known) / math.sqrt(len(known)) + weights.bias if known else weights.bias


def _kind(found: Iterable[str], weights: _Weights) -> str:
    told = [weights.kinds[one] for one in found if one in weights.kinds]
    sums = [sum(column) for column in zip(*told, strict=True)] or [0.0] * len(weights.names)
    return weights.names[sums.index(max(sums))]


def _heaviest(text: str, words: Sequence[Word], weights: _Weights) -> tuple[int, int]:
    """Start and end of the sentence with the highest sum of weights."""
    best, span, begin = -math.inf, (words[0].start, words[-1].end), 0
    for end in range(1, len(words) + 1):
        if not _breaks(text, words, end - 1):
            continue
        found = features([word.said for word in words[begin:end]])
        weight = sum(weights.need.get(one, 0.0) for one in found)
        if weight > best:
            best, span = weight, (words[begin].start, words[end - 1].end)
        begin = end
    return span


def _breaks(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether a sentence ends after the word at this position."""
    if at + 1 == len(words):
        return True
    return any(sign in ".!?\n" for sign in text[words[at].end : words[at + 1].start])


@functools.lru_cache(maxsize=1)
def _weights() -> _Weights:
    lists = lexicons.load("classifier")
    names = tuple(lists["kinds"])
    need, kinds = {}, {}
    for line in lists["weights"].strip().splitlines():
        words, _, numbers = line.rpartition("|")
        first, *others = (int(number) / 100 for number in numbers.split())
        need[words] = first
        kinds[words] = tuple(others)
    return _Weights(need, kinds, names, float(lists["bias"]))
