"""The phrases of ``lexicons/concerns*.toml``: named, with their forms written out, and quick to look for.

A phrase is a regular expression over one sentence in small letters. Hardly any of them matches in a letter, so each is
asked only where one of its *needles* stands: strings of letters, one of which every match contains.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from inbox.screening import lexicons
from inbox.screening.needles import closing, needles

#: A phrase at least so certain says it plainly: it counts whatever else the letter says.
EXPLICIT = 0.86
#: The lists of phrases. An owner's file extends the first.
LISTS = ("concerns", "concerns_told", "concerns_languages")


@dataclass(frozen=True, eq=False)
class Phrase:
    """``rule``: the name of the kind and of its group of phrases, ``self_harm.wish_to_die``."""

    kind: str
    rule: str
    certainty: float
    said: str = field(repr=False)
    #: None: the phrase has to be asked of every sentence.
    needles: frozenset[str] | None = field(repr=False)

    @property
    def explicit(self) -> bool:
        return self.certainty >= EXPLICIT

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text first has one of the needles: most phrases never are, and all of them take seconds."""
        return lexicons.whole(atomic(self.said), flags=self._flags)

    @functools.cached_property
    def run_together(self) -> re.Pattern[str]:
        """The same without borders of words, for a text in which nothing shows where a word ends."""
        return re.compile(f"(?:{atomic(self.said.replace(_BORDER, ''))})", self._flags)

    @property
    def _flags(self) -> re.RegexFlag:
        # a match of a pattern without capitals in small letters takes a fifth of the time
        return re.NOFLAG if self.said == self.said.lower() else re.IGNORECASE


@lexicons.once
def phrases() -> tuple[Phrase, ...]:
    """Every phrase, in the order of the lists."""
    return tuple(
        _phrase(kind, group.get("rule", "own"), float(group["certainty"]), pattern)
        for name in LISTS
        for kind, groups in lexicons.load(name).items()
        for group in groups
        for pattern in group["patterns"]
    )


def _phrase(kind: str, rule: str, certainty: float, pattern: str) -> Phrase:
    # as normalise writes: Thai vowels, for one, come apart
    said = unicodedata.normalize("NFKC", lexicons.expanded(pattern))
    if certainty >= EXPLICIT:
        said = loose(said)
    return Phrase(kind, f"{kind}.{rule}", certainty, said, needles(said))


#: A border of a word.
_BORDER = r"\b"


def loose(pattern: str) -> str:
    """The pattern with every space between words made optional, as in "killmyself"."""
    return _SPACE.sub(lambda match: " ?" if match[0] == " " else match[0], pattern)


#: A space that no sign follows which says how often. Lists of characters, and what looks back, which must have one
#: length, are matched first and left alone.
_SPACE = re.compile(r"\(\?<[!=][^()]*\)|\[[^\]]*\]|(?<!\\) (?![?*+{])")


def atomic(pattern: str) -> str:
    """The pattern with each repeated group made atomic. Otherwise a word that two alternatives of the group match would
    double the work each time it is repeated."""
    found = list(pattern)
    for start, end in closing(pattern).items():
        if pattern.startswith("(?:", start) and pattern[end + 1 : end + 2] in ("*", "+"):
            found[start + 2] = ">"
    return "".join(found)


@dataclass(frozen=True)
class _Index:
    """``phrases``: those of each needle. ``needles``: those that have the same three letters within, by these letters;
    a needle of two letters by its two. ``always``: the phrases without a needle."""

    phrases: dict[str, list[Phrase]]
    needles: dict[str, list[str]]
    always: list[Phrase]


@lexicons.once
def _index() -> _Index:
    by_needle: dict[str, list[Phrase]] = {}
    for phrase in phrases():
        for needle in phrase.needles or ():
            by_needle.setdefault(needle, []).append(phrase)
    often = Counter(part for needle in by_needle for part in _parts(needle))
    by_part: dict[str, list[str]] = {}
    for needle in by_needle:
        by_part.setdefault(min(_parts(needle), key=lambda part: often[part]), []).append(needle)
    return _Index(by_needle, by_part, [phrase for phrase in phrases() if phrase.needles is None])


def _parts(needle: str) -> set[str]:
    return {needle} if len(needle) < _PART else {needle[at : at + _PART] for at in range(len(needle) - _PART + 1)}


#: Letters by which needles are looked up.
_PART = 3


def candidates(sentence: str) -> Iterator[Phrase]:
    """The phrases that may match in a sentence in small letters: every one that does, and hardly more."""
    index = _index()
    squeezed = sentence.replace(" ", "")
    parts = {squeezed[at : at + length] for length in (2, _PART) for at in range(len(squeezed) - length + 1)}
    there = {
        id(phrase): phrase
        for part in parts & index.needles.keys()
        for needle in index.needles[part]
        if needle in squeezed
        for phrase in index.phrases[needle]
    }
    yield from there.values()
    yield from index.always


def forget() -> None:
    """Read the lists again when they are next needed."""
    phrases.forget()
    _index.forget()
