"""Signs of spam. A suspected letter is held for a person to look at; none is refused.

Each sign has a weight, and 1 is enough. The signs look at form and at phrases of trade, not at topics: a real letter
may tell of gambling, of a pill bought online, of despair in one word repeated, in any language and without punctuation.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from inbox.i18n import gettext_noop as _
from inbox.screening import lexicons
from inbox.screening.normalise import normalise

#: A host name is matched from its beginning alone: matching from each hyphen too would be quadratic.
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\[url|<a\s+href|(?<![\w-])[\w-]+\.(?:ru|xyz|top|club|click|shop|online|icu)\b\S*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?\n…]+")
_RUN = re.compile(r"(\S)\1{24,}")
#: Letters that follow the first one in next to no word of a language written in Latin letters.
_NEVER_NEXT = {
    "b": "ghkqvwxz", "c": "jwx", "d": "qx", "f": "bcjkqvwxz", "g": "kqxz", "h": "ghkqxz", "j": "bcfghjlmpqrtvwxyz",
    "k": "cjmqtvxz", "l": "qx", "m": "jqwxz", "p": "jqwxz", "q": "bcdefghjklmnoprstwxyz", "r": "qx", "s": "x",
    "v": "bcfghjmpqtvwxz", "w": "cfgjpquxz", "x": "fgjkmnqswz", "y": "hjkqx", "z": "bdfgjkpqstvw",
}  # fmt: skip


@dataclass(frozen=True)
class SpamVerdict:
    """``suspect``: a person should look first. ``reasons``: sentences, empty unless suspect."""

    suspect: bool
    reasons: tuple[str, ...]


@functools.lru_cache(maxsize=1)
def _phrases() -> list[tuple[str, re.Pattern[str], float]]:
    return [
        (group["reason"], lexicons.whole(*group["patterns"]), group["weight"])
        for group in lexicons.load("spam")["selling"]
    ]


def judge(text: str) -> SpamVerdict:
    """The verdict on a letter's words. Pure, and linear in their length."""
    signs = [sign for sign in _signs(normalise(text).text) if sign[1]]
    suspect = sum(weight for reason, weight in signs) >= 1
    return SpamVerdict(suspect, tuple(reason for reason, weight in signs) if suspect else ())


def _signs(text: str) -> Iterator[tuple[str, float]]:
    words = [word.casefold() for word in _WORD.findall(_LINK.sub(" ", text))]
    yield _("It holds links."), _links(text)
    for reason, pattern, weight in _phrases():
        found = {match.group().casefold() for match in pattern.finditer(text)}
        yield reason, min(2, len(found)) * weight
    yield _("One character stands in it very often in a row."), _runs(text)
    yield _("It is mostly not made of letters."), _signs_not_letters(text)
    yield _("It looks like keys pressed at random."), _gibberish(words)
    yield _("It says the same thing over and over."), _repeated(text, words)


def _links(text: str) -> float:
    links = [match.group() for match in _LINK.finditer(text)]
    share = sum(map(len, links)) / max(1, len(text))
    if len(links) >= 4 or share > 0.3:
        return 1.0
    return 0.5 if links else 0.0


def _runs(text: str) -> float:
    inside = sum(len(match.group()) for match in _RUN.finditer(text))
    return 1.0 if inside > 0.3 * len(text) else 0.0


def _signs_not_letters(text: str) -> float:
    seen = [unicodedata.category(character)[0] for character in text if not character.isspace()]
    return 1.0 if sum(kind in "LM" for kind in seen) < 0.5 * len(seen) else 0.0


def _gibberish(words: list[str]) -> float:
    """1.0 where many words of plain Latin letters have no vowel or have letter pairs of hardly any language; else
    0.0."""
    plain = [word for word in words if word.isascii() and len(word) >= 4]
    if sum(map(len, plain)) < 20:
        return 0.0
    strange = sum(map(_strange, plain))
    return 1.0 if (strange >= 3 and strange > 0.3 * len(plain)) or any(len(word) > 60 for word in plain) else 0.0


def _strange(word: str) -> bool:
    if not set(word) & set("aeiouy"):
        return True
    return any(second in _NEVER_NEXT.get(first, "") for first, second in itertools.pairwise(word))


def _repeated(text: str, words: list[str]) -> float:
    sentences = [" ".join(part.casefold().split()) for part in _SENTENCE.findall(text)]
    long = [sentence for sentence in sentences if len(sentence) >= 15]
    most = max(Counter(long).values(), default=0)
    if most >= 4 and most > 0.5 * len(long):
        return 1.0
    return 1.0 if len(words) >= 12 and len(set(words)) <= max(3, 0.06 * len(words)) and len(words) < 400 else 0.0
