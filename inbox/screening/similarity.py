"""The similarity of texts. Pure: words in, positions and scores out; only a ``Prepared`` holds state.

Two measures that miss different things are added up (``together``): words in common, and meaning. Neither is enough
alone: any two letters share words, and any two letters about love are near each other in meaning.

Okapi BM25 over words, pairs of words and beginnings of words. Words are brought to a common form first: small letters
without accents, without their usual endings, one word for those that mean the same (``lexicons/similar.toml``). Pairs
reward phrases, beginnings forgive endings and slips. Reference: Robertson and Zaragoza, "The Probabilistic Relevance
Framework: BM25 and Beyond" (2009).
"""

from __future__ import annotations

import base64
import bisect
import functools
import heapq
import itertools
import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence

from inbox.screening import encoder, lexicons
from inbox.screening.normalise import normalise

#: The weight of meaning beside words in common, each in 0..1. The ranking hardly changes between 0.4 and 1.5.
_MEANING = 0.8
#: BM25's saturation and length constants, as usual for texts of this length.
_K1, _B = 1.5, 0.75
#: The weight of a pair of words and of a beginning of a word, where a word has weight 1.
_PAIR, _BEGINNING = 0.4, 0.35
#: The lowest bits of a posting are the term frequency; higher frequencies are cut to the second number.
_TIMES, _MOST_TIMES = 6, 63
#: Characters of a beginning; shorter words have none.
_LETTERS = 5
#: A text is compared by its terms of greatest weight, at most so many.
_MOST_TERMS = 160
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDINGS = (
    ("ational", "ate"), ("ization", "ize"), ("isation", "ize"), ("fulness", "ful"), ("iveness", "ive"),
    ("ousness", "ous"), ("ingly", ""), ("edly", ""), ("ments", ""), ("ment", ""), ("ness", ""), ("ities", ""),
    ("ity", ""), ("ies", "y"), ("ings", ""), ("ing", ""), ("ied", "y"), ("ers", ""), ("ed", ""), ("ly", ""),
    ("ions", ""), ("ion", ""), ("s", ""),
)  # fmt: skip


def vector(text: str) -> bytes:
    """What the text means as a whole, in ``2 * encoder.SIZE`` bytes; empty for a text without words, and where the
    encoder is not installed. It says much of the text, so it is kept as the text is: sealed."""
    found = encoder.vectors(text)
    if found is None:
        return b""
    mean = found.mean(0)
    numbers: bytes = (mean / max(float((mean @ mean) ** 0.5), 1e-9)).astype("<f2").tobytes()
    return numbers


def likeness(one: bytes, other: bytes) -> float:
    """How near two texts are in meaning, by their ``vector``s: in 0..1, and 0 where one is empty or of another size."""
    if len(one) != 2 * encoder.SIZE or len(other) != len(one):
        return 0.0
    import numpy as np  # noqa: PLC0415 - only who has a vector has numpy

    first, second = (np.frombuffer(each, "<f2").astype(np.float32) for each in (one, other))
    return min(1.0, max(0.0, float(first @ second)))


def nearest(text: str, other: bytes) -> float:
    """How near the nearest sentence of a text is to another text as a whole, by its ``vector``; as ``likeness``. Most
    of a letter is not what it asks."""
    sentences = encoder.vectors(text)
    if sentences is None or len(other) != 2 * encoder.SIZE:
        return 0.0
    import numpy as np  # noqa: PLC0415 - only who has a vector has numpy

    return min(1.0, max(0.0, float((sentences @ np.frombuffer(other, "<f2").astype(np.float32)).max())))


def packed(vector: bytes) -> str:
    """A vector as a string, for a sealed letter."""
    return base64.b64encode(vector).decode("ascii")


def unpacked(stored: object) -> bytes:
    """The vector of such a string; empty for anything else."""
    try:
        return base64.b64decode(stored, validate=True) if isinstance(stored, str) else b""
    except ValueError:
        return b""


def together(words: float, meaning: float, best: float | None = None) -> float:
    """One score in 0..1 of the score of the words in common, the likeness, and that of the ``nearest`` sentence."""
    return (words + _MEANING * (meaning if best is None else (meaning + best) / 2)) / (1 + _MEANING)


#: The fewest words in common that say what a text is about, the least meaning, and the least sum in which words count
#: three times, or the score of words and the meaning that are enough together: one word alone ("laugh") and meaning
#: alone (any two letters about love) show nothing. Chosen on the letters of ``bench/answers.toml`` that are for it.
_WORDS, _NEAR, _SUM, _SOME, _CLEAR = 2, 0.45, 1.02, 0.1, 0.6
#: The same where there are words alone, for want of the encoder.
_MANY_WORDS, _BY_WORDS = 3, 0.15


def alike(words: float, meaning: float | None, shared: int) -> bool:
    """Whether two texts are alike enough to be shown, by the score of the words in common, the likeness (``None``: not
    known), and how many words they share."""
    if meaning is None:
        return shared >= _MANY_WORDS and words >= _BY_WORDS
    clear = words >= _SOME and meaning >= _CLEAR
    return shared >= _WORDS and (clear or (meaning >= _NEAR and 3 * words + meaning >= _SUM))


def rank(text: str, candidates: Sequence[str]) -> list[tuple[int, float]]:
    """All candidates, the most similar first: position and score in 0..1 (1: the score of the text itself)."""
    return Prepared(candidates).rank(text, limit=len(candidates))


class Prepared:
    """Candidates made ready to be compared with many texts; more can be added."""

    def __init__(self, candidates: Sequence[str] = ()) -> None:
        #: By term: positions and frequencies, each pair packed into one number to save memory.
        self._postings: dict[str, array[int]] = {}
        self._lengths = array("I")
        #: The common form of each word of the candidates; words of queries are not added.
        self._forms: dict[str, str] = {}
        self._total = 0
        for candidate in candidates:
            self.add(candidate)

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, text: str) -> int:
        """Add a candidate; returns its position."""
        place, terms = len(self._lengths), terms_of(text, self._forms)
        for term, times in terms.items():
            known = self._postings.get(term)
            if known is None:
                known = self._postings[term] = array("I")
            known.append(place << _TIMES | min(times, _MOST_TIMES))
        length = _length(terms)
        self._lengths.append(length)
        self._total += length
        return place

    def rank(self, text: str, limit: int = 5) -> list[tuple[int, float]]:
        """The most similar candidates, at most ``limit``: position and score in 0..1, falling; of two equal ones the
        earlier comes first."""
        scores, best = self._scores(terms_of(text))
        top = heapq.nsmallest(limit, range(len(scores)), key=lambda place: (-scores[place], place))
        return [(place, min(1.0, scores[place] / best) if best else 0.0) for place in top]

    def why(self, text: str, other: str, limit: int = 3) -> list[str]:
        """The words of ``text`` that contribute most to its similarity to ``other``, as spelt in ``text``."""
        theirs, found = terms_of(other), dict[str, str]()
        for match in _WORD.finditer(text):
            term = normal(match[0])
            if term in theirs and term not in found:
                found[term] = match[0]
        return [found[term] for term in sorted(found, key=lambda term: (-self._idf(term), term))[:limit]]

    def shared(self, text: str, place: int) -> int:
        """How many different words, of those that say what a text is about, a text has in common with a candidate."""
        return sum(self._has(term, place) for term in subject(text))

    def _has(self, term: str, place: int) -> bool:
        postings = self._postings.get(term, array("I"))
        at = bisect.bisect_left(postings, place << _TIMES)
        return at < len(postings) and postings[at] >> _TIMES == place

    def _idf(self, term: str) -> float:
        have = len(self._postings.get(term, ()))
        return math.log(1 + (len(self) - have + 0.5) / (have + 0.5))

    def _scores(self, terms: Counter[str]) -> tuple[list[float], float]:
        """The score of every candidate, and the score of a candidate with exactly the same words."""
        scores = [0.0] * len(self)
        average = self._total / len(self) if self._total else 1.0
        stretch = [_K1 * (1 - _B + _B * length / average) for length in self._lengths]
        own_stretch = _K1 * (1 - _B + _B * _length(terms) / average)
        best = 0.0
        worth = {term: self._idf(term) * _weight(term) for term in terms}
        for term in heapq.nlargest(_MOST_TERMS, terms, key=lambda term: (worth[term], term)):
            times = min(terms[term], _MOST_TIMES)
            asked = worth[term] * min(2, times) * (_K1 + 1)
            best += asked * times / (times + own_stretch)
            for packed in self._postings.get(term, ()):
                have = packed & _MOST_TIMES
                scores[packed >> _TIMES] += asked * have / (have + stretch[packed >> _TIMES])
        return scores, best


def _length(terms: Counter[str]) -> int:
    """The number of words of a text that are not common words."""
    return sum(times for term, times in terms.items() if _weight(term) == 1.0)


def terms_of(text: str, forms: dict[str, str] | None = None) -> Counter[str]:
    """The terms of a text with their frequencies: words, pairs of words ("a b") and beginnings of words ("begin-").

    ``forms``: a cache of the common forms of words, which is extended; ``None``: no cache.
    """
    text = normalise(text).text
    forms = {} if forms is None else forms
    words = []
    for match in _WORD.finditer(text):
        word = forms.get(match[0])
        if word is None:
            word = forms[match[0]] = normal(match[0])
        if word not in _common():
            words.append(word)
    found: Counter[str] = Counter(words)
    found.update(f"{one} {two}" for one, two in itertools.pairwise(words))
    found.update(f"{word[:_LETTERS]}-" for word in words if len(word) > _LETTERS)
    return found


def subject(text: str) -> frozenset[str]:
    """The words, in their common form, that say what a headline is about."""
    return frozenset(term for term in terms_of(text) if _weight(term) == 1.0) - _general()


def _weight(term: str) -> float:
    return _BEGINNING if term.endswith("-") else _PAIR if " " in term else 1.0


def normal(word: str) -> str:
    """The common form of a word."""
    flat = word if word.isascii() else _without_accents(word)
    flat = flat.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    return _same().get(flat) or _same().get(stem(flat)) or stem(flat)


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def stem(word: str) -> str:
    """The word without its usual ending; at least three letters stay."""
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "ey" else word


@functools.cache
def _same() -> dict[str, str]:
    """Each word of a group of synonyms with the first word of that group."""
    groups = lexicons.load("similar")["same"].splitlines()
    found = {}
    for words in (group.split() for group in groups):
        for word in words:
            found[word] = found[stem(word)] = stem(words[0])
    return found


@functools.cache
def _common() -> frozenset[str]:
    """Stop words of letters, in their common form."""
    words = lexicons.load("similar")["common"].split()
    return frozenset({*words, *(stem(word) for word in words), *(word for word in "abcdefghijklmnopqrstuvwxyz")})


@functools.cache
def _general() -> frozenset[str]:
    """Stop words of headlines, in their common form."""
    return frozenset(normal(word) for word in lexicons.load("similar")["general"].split())
