"""Details that another text has already: what the letter names is found again in the answer. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inbox.screening.details.dictionary import ENGLISH, NOT, PLACE, fold
from inbox.screening.details.tokens import LOWER, TokenList, words_of

#: Kinds that are found by their words; contacts and numbers look the same everywhere.
_KINDS = frozenset(("name", "place", "organisation"))
_SHORTEST = 3
Phrases = dict[tuple[str, ...], str]


def phrases(details: Iterable[tuple[str, str]]) -> Phrases:
    """The folded words of details (phrase and kind), with their kinds; of a name also each of its words."""
    found: Phrases = {}
    for phrase, kind in details:
        if kind in _KINDS and (words := tuple(fold(word.removesuffix("'s")) for word in words_of(phrase))):
            found[words] = kind
            for word in words if kind == "name" else ():
                if len(word) >= _SHORTEST:
                    found.setdefault((word,), kind)
    return found


def find(words: TokenList, known: Mapping[tuple[str, ...], str]) -> None:
    """Mark the phrases wherever they stand; an ordinary word ("Hope", "Will") with a capital within a sentence."""
    longest: dict[str, int] = {}
    for phrase in known:
        longest[phrase[0]] = max(len(phrase), longest.get(phrase[0], 0))
    for at in range(words.count if known else 0):
        for length in range(longest.get(words.folded[at], 0), 0, -1):
            kind = known.get(tuple(words.folded[at : at + length]))
            if kind and (length > 1 or _stands(words, at)) and words.mark(at, at + length, kind):
                break


def _stands(words: TokenList, at: int) -> bool:
    ordinary = words.flags[at] & (ENGLISH | NOT) and not words.flags[at] & PLACE
    if len(words.folded[at]) < _SHORTEST:
        return False
    return not ordinary or (words.case[at] != LOWER and not words.first[at])
