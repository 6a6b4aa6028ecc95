"""Signs of danger in a letter. A concern raises the letter for a person to see first; it never hides or refuses it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from inbox.i18n import gettext_noop as _
from inbox.screening import lexicons
from inbox.screening.classifier import Classification, classify

#: The name of each kind, as people read it.
TITLES = {
    "self_harm": _("self-harm"),
    "abuse": _("abuse"),
    "assault": _("sexual assault"),
    "coercion": _("coercion"),
    "emergency": _("an emergency"),
    "minor": _("somebody under 18"),
}


class Level(IntEnum):
    """How soon a person should read the letter."""

    NONE = 0
    SOON = 1
    NOW = 2


@dataclass(frozen=True)
class Concern:
    """A phrase from ``start`` to ``end`` (character offsets into the text as written) that a person should look at.

    ``certainty``: in 0..1. ``rule``: the name of the rule that found it, or ``classifier``.
    """

    kind: str
    start: int
    end: int
    certainty: float
    rule: str = ""

    @property
    def explicit(self) -> bool:
        """Whether the words say it plainly: only such may be named to the writer."""
        return self.certainty >= _SURE

    @property
    def level(self) -> Level:
        return Level.NOW if self.explicit else Level.SOON


def need(found: Iterable[Concern]) -> Level:
    """The highest level of the concerns."""
    return max((concern.level for concern in found), default=Level.NONE)


Phrase = tuple[str, re.Pattern[str], float]
#: Phrases joined into one pattern: hardly ever does one match, and a letter may be long.
_AT_ONCE = 8
#: The letters beyond ASCII that stand for one of ASCII where case does not count (Python's ``re.IGNORECASE``).
_ALIKE = str.maketrans("İıſ\u212a", "iisk")


@functools.lru_cache(maxsize=1)
def _phrases() -> list[tuple[re.Pattern[str], list[Phrase]]]:
    """The phrases in groups of ``_AT_ONCE``, each group after a pattern that matches the lower-cased text wherever a
    phrase of the group does. A case-sensitive match in lower-cased text takes a fifth of the time; a pattern with a
    capital would never match there, so a group with one is matched with ``re.IGNORECASE``."""
    found = [
        (kind, pattern, float(group["certainty"]))
        for kind, groups in lexicons.load("concerns").items()
        for group in groups
        for pattern in group["patterns"]
    ]
    gated = []
    for flags, some in (
        (re.NOFLAG, [one for one in found if one[1] == one[1].lower()]),
        (re.IGNORECASE, [one for one in found if one[1] != one[1].lower()]),
    ):
        for few in (some[at : at + _AT_ONCE] for at in range(0, len(some), _AT_ONCE)):
            gate = lexicons.whole(*(pattern for _, pattern, _ in few), flags=flags)
            gated.append((gate, [(kind, lexicons.whole(pattern), certainty) for kind, pattern, certainty in few]))
    return gated


@functools.lru_cache(maxsize=1)
def _harmless() -> re.Pattern[str]:
    return lexicons.whole(*lexicons.load("concerns_harmless")["patterns"])


#: A denial right before the phrase: "I am not suicidal", "he has never hit me".
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|nor|neither|without|isnt|wasnt|arent|dont|doesnt|didnt|hasnt|havent)\b|n't)"
    r"(?: (?:really|even|actually|once|ever|at all|been|a|an|any|feeling|feel|being|my|her|his|he|she|has|have|had))"
    r"{0,3}"
    r" ?$",
    re.IGNORECASE,
)
#: Characters before a phrase in which it can be denied.
_BEFORE = 40
#: Words that say a thing is long past, which lowers its certainty.
_PAST = re.compile(
    r"\b(?:years ago|decades ago|as a (?:child|kid|teenager)"
    r"|when i was (?:a (?:child|kid|teen)|little|young|small|\d{1,2})"
    r"|in my (?:childhood|teens|twenties)|back then|used to|my ex[- ](?:husband|wife|boyfriend|girlfriend))\b",
    re.IGNORECASE,
)
#: Words that say it of somebody else: a friend who wants to die is a concern too, a little less certain.
_OTHERS = re.compile(
    r"\b(?:my|a|her|his) (?:best )?"
    r"(?:friend|sister|brother|cousin|colleague|flatmate|neighbou?r|roommate|niece|nephew)\b",
    re.IGNORECASE,
)
#: Ages are said with at least so much certainty. Below it stands what a life at school tells ("my form tutor").
#: Teachers, parents and people who look back have words for that too: whoever also tells of a grown-up's life is none.
_AGE_SAID = 0.6
_GROWN = re.compile(
    r"\bmy (?:\w+ )?(?:husband|wife|fianc\w+|kids?|child|children|sons?|daughters?|step\w+|grand(?:son|daughter)s?"
    r"|grandchild\w*|nephews?|nieces?|pupils?|students?|mortgage|marriage|divorce|classroom|colleagues?)\b"
    r"|\b(?:i|we|and) (?:teach|taught|tutor|work (?:in|at|as)|worked (?:in|at|as)|graduated|got married)\b|\bteaching\b"
    r"|\bi(?:'m| am|m) (?:an? )?(?:\w+ )?(?:teacher|tutor|ta|headteacher|mum|mom|mother|dad|father|parent|married"
    r"|1[89]|[2-9]\d)\b(?! ?%)"
    r"|\b(?:years ago|decades ago|when i was|used to|back then|back in (?:school|\d+)|at the time|as a teen\w*)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?\n]")
#: The factor for a phrase in the past or about somebody else.
_LESS = 0.8


def find_concerns(text: str) -> list[Concern]:
    """Every concern in the text, in order of position. Offsets are into ``text`` as given.

    A phrase that is denied right before it, or that is part of a figure of speech, is none; one that is long past or
    about somebody else counts less. Where no phrase matches, the ``classifier`` may still find one.
    """
    flat = text.replace("’", "'")
    found = _found(flat, list(_standing(flat)))
    return sorted(_weighed(found, classify(text)), key=lambda concern: (concern.start, concern.kind))


def _standing(flat: str) -> Iterator[Phrase]:
    """The phrases that may match in the text."""
    small = flat.translate(_ALIKE).lower()
    for any_of_them, few in _phrases():
        if any_of_them.search(small):
            yield from few


def _found(flat: str, phrases: list[Phrase]) -> list[Concern]:
    if not phrases:
        return []
    harmless = [match.span() for match in _harmless().finditer(flat)]
    grown = _GROWN.search(flat) is not None
    found = []
    for kind, pattern, certainty in phrases:
        for match in pattern.finditer(flat):
            start, end = match.span()
            if any(begin <= start < stop or start <= begin < end for begin, stop in harmless):
                continue
            before = _SENTENCE_END.split(flat[max(0, start - _BEFORE) : start])[-1]
            if kind != "minor" and _DENIED.search(before):
                continue
            if kind == "minor" and certainty < _AGE_SAID and grown:
                continue
            found.append(Concern(kind, start, end, certainty * _counts(flat, start, end)))
    return found


#: A phrase at least so certain needs nothing else; another one is none in a letter of ``_ENOUGH`` words that otherwise
#: reads like one of somebody who is far from need ("she beat me at chess"). An emergency and an age stand for
#: themselves. Missing somebody is worse than a false alarm, so the letter must speak against the phrase clearly: the
#: bound is the lowest at which few enough of those who are well are raised (``bench/concerns.py``).
_SURE, _ENOUGH, _WELL = 0.86, 30, -2.0
#: With fewer words the score must be higher.
_FEW = 0.4
_ALONE = frozenset({"emergency", "minor"})
_SCORE_ALONE = 0.4


def _weighed(found: list[Concern], classification: Classification | None) -> list[Concern]:
    """The concerns that the classifier's score does not contradict, and the concern that only that score shows."""
    if classification is None:
        return found
    if classification.words >= _ENOUGH and classification.score < _WELL:
        return [one for one in found if one.certainty >= _SURE or one.kind in _ALONE]
    least = _FEW if classification.words < _ENOUGH else 0.0
    if classification.score > least and classification.kind not in {one.kind for one in found}:
        found.append(Concern(classification.kind, classification.start, classification.end, _SCORE_ALONE))
    return found


def _counts(flat: str, start: int, end: int) -> float:
    """The factor in 0..1 by which a phrase counts in its sentence."""
    begin = max(
        (match.end() for match in _SENTENCE_END.finditer(flat, max(0, start - 200), start)), default=max(0, start - 200)
    )
    after = _SENTENCE_END.search(flat, end, end + 200)
    sentence = flat[begin : after.start() if after else end + 200]
    return (_LESS if _PAST.search(sentence) else 1.0) * (_LESS if _OTHERS.search(sentence) else 1.0)


#: What the form's question about age adds to the letter's own words.
_MINOR_AGES = frozenset({"Under 16", "16 or 17"})


def kinds(text: str, *, age_band: str = "") -> set[str]:
    """The kinds of concern in the text, and ``minor`` where the writer gave such an age."""
    found = {concern.kind for concern in find_concerns(text)}
    return found | {"minor"} if age_band in _MINOR_AGES else found
