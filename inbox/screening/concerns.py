"""Signs of danger in a letter. A concern raises the letter for a person to see first; it never hides or refuses it."""

from __future__ import annotations

import bisect
import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from inbox.i18n import gettext_noop as _
from inbox.screening import classifier, lexicons
from inbox.screening.classifier import Classification, classify
from inbox.screening.normalise import Normalised, normalise
from inbox.screening.phrases import EXPLICIT, Phrase, candidates

#: The name of each kind, as people read it.
TITLES = {
    "self_harm": _("self-harm"),
    "abuse": _("abuse"),
    "assault": _("sexual assault"),
    "coercion": _("coercion"),
    "emergency": _("an emergency"),
    "minor": _("somebody under 18"),
    "time_critical": _("help that is of use only for days"),
}


#: The rule of a concern that no phrase shows, only the score of the ``classifier``.
CLASSIFIER = "classifier"
#: How certain such a concern is, where the score is high and where it is middling. Never explicit: it has no words.
_STRONG, _MIDDLING = 0.7, 0.4


class Level(IntEnum):
    """How soon a person should read the letter."""

    NONE = 0
    SOON = 1
    NOW = 2


@dataclass(frozen=True)
class Concern:
    """A phrase from ``start`` to ``end`` (character offsets into the text as written) that a person should look at.

    ``certainty``: in 0..1. ``rule``: the name of the rule that found it (``self_harm.wish_to_die``), or ``CLASSIFIER``.
    """

    kind: str
    start: int
    end: int
    certainty: float
    rule: str = ""

    @property
    def explicit(self) -> bool:
        """Whether the words say it plainly: only such may be named to the writer."""
        return self.certainty >= EXPLICIT

    @property
    def level(self) -> Level:
        strong = self.rule == CLASSIFIER and self.certainty >= _STRONG
        return Level.NOW if self.explicit or strong else Level.SOON


def need(found: Iterable[Concern]) -> Level:
    """The highest level of the concerns."""
    return max((concern.level for concern in found), default=Level.NONE)


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
#: Rules of what is told of the past and of who did it: neither takes anything from them.
_OF_THE_PAST = frozenset({"abuse.long_ago", "abuse.what_is_left", "assault.long_ago"})
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
#: The factor for a weak phrase in the past or about somebody else.
_LESS = 0.8


def find_concerns(text: str) -> list[Concern]:
    """Every concern in the text, in order of position. Offsets are into ``text`` as given.

    An explicit phrase always counts: no denial, tense, person, list or score takes anything from it. A weak one is none
    where it is denied right before it or part of a figure of speech, counts less where it is long past or about
    somebody else, and is none where the classifier's score speaks clearly against it. The score alone may raise too.
    """
    normal = normalise(text)
    found = [
        Concern(one.kind, *normal.span(one.start, one.end), one.certainty, one.rule) for one in _surest(_found(normal))
    ]
    return sorted(_weighed(found, classify(text)), key=lambda concern: (concern.start, concern.kind))


def _surest(found: Iterable[Concern]) -> list[Concern]:
    """Of the concerns of a kind that overlap the surest alone, of those as sure the longest."""
    kept: dict[str, list[Concern]] = {}
    for one in sorted(set(found), key=lambda one: (-one.certainty, one.start - one.end, one.start, one.rule)):
        some = kept.setdefault(one.kind, [])
        # sorted by their places: only the neighbours can overlap
        at = bisect.bisect(some, one.start, key=lambda other: other.start)
        if (at == 0 or some[at - 1].end <= one.start) and (at == len(some) or one.end <= some[at].start):
            some.insert(at, one)
    return [one for some in kept.values() for one in some]


#: The letters beyond ASCII that stand for one of ASCII where case does not count (Python's ``re.IGNORECASE``).
_ALIKE = str.maketrans("İıſ\u212a", "iisk")


def _small(text: str) -> str:
    """The text in small letters, as long as the text."""
    return text.translate(_ALIKE).lower()


def _found(normal: Normalised) -> Iterator[Concern]:
    """What the phrases find. Offsets are into the normalised text."""
    small = _small(normal.text)
    grown = _GROWN.search(small) is not None
    for begin, end in _sentences(small):
        sentence = small[begin:end]
        harmless: list[tuple[int, int]] | None = None
        for phrase in candidates(sentence):
            for match in phrase.pattern.finditer(sentence):
                if harmless is None:
                    harmless = [figure.span() for figure in _harmless().finditer(sentence)]
                if certainty := _counts(phrase, sentence, *match.span(), harmless, grown=grown):
                    start, stop = match.span()
                    yield Concern(phrase.kind, begin + start, begin + stop, certainty, phrase.rule)
    yield from _run_together(normal, small)


#: Phrases are looked for in a sentence, of a long one in pieces: each begins before the one before it ends.
_LONGEST, _OVERLAP = 600, 200
_SENTENCE = re.compile(r"(?:[^.!?\n。！？।؟۔]|\.(?=[^\s.]))+")


def _sentences(small: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends. One of more than ``_LONGEST`` characters is cut, between words where there
    are any, into pieces that share ``_OVERLAP`` characters."""
    for match in _SENTENCE.finditer(small):
        begin, end = match.span()
        while end - begin > _LONGEST:
            cut = small.rfind(" ", begin + _LONGEST - 50, begin + _LONGEST) + 1 or begin + _LONGEST
            yield begin, cut
            at = small.rfind(" ", cut - _OVERLAP, cut - _OVERLAP + 50) + 1
            begin = at or cut - _OVERLAP
        yield begin, end


def _counts(
    phrase: Phrase, sentence: str, start: int, end: int, harmless: Iterable[tuple[int, int]], *, grown: bool
) -> float:
    """How certain the phrase is in its sentence; 0 where it is none. An explicit one is as certain as it says.

    ``harmless``: the spans of the sentence's figures of speech.
    """
    if phrase.explicit:
        return phrase.certainty
    if any(begin <= start < stop or start <= begin < end for begin, stop in harmless):
        return 0.0
    if phrase.kind == "minor":
        return 0.0 if phrase.certainty < _AGE_SAID and grown else phrase.certainty
    if _DENIED.search(sentence[max(0, start - _BEFORE) : start]):
        return 0.0
    if phrase.rule in _OF_THE_PAST:
        return phrase.certainty
    past = _LESS if _PAST.search(sentence) else 1.0
    return phrase.certainty * past * (_LESS if _OTHERS.search(sentence) else 1.0)


@functools.lru_cache(maxsize=1)
def _harmless() -> re.Pattern[str]:
    return lexicons.whole(*lexicons.load("concerns_harmless")["patterns"])


_PIECE = re.compile(r"[^\W_]+|'")
#: Fewer letters say nothing.
_FEWEST = 6


def _run_together(normal: Normalised, small: str) -> Iterator[Concern]:
    """Explicit phrases in letters with spaces between them, of which nothing shows for sure where a word ends."""
    for places in _spread(normal, small):
        letters = "".join(small[at] for at in places)
        for phrase in candidates(letters):
            for found in phrase.run_together.finditer(letters) if phrase.explicit else ():
                start, end = places[found.start()], places[found.end() - 1] + 1
                yield Concern(phrase.kind, start, end, phrase.certainty, phrase.rule)


def _spread(normal: Normalised, small: str) -> Iterator[list[int]]:
    """The places of the letters of each stretch of single letters, among them those that ``normalise`` joined: as
    written they take twice their room."""
    places: list[int] = []
    for match in _PIECE.finditer(small):
        start, end = match.span()
        begin, stop = normal.span(start, end)
        if end - start > 1 and stop - begin < 2 * (end - start) - 1:
            if len(places) >= _FEWEST:
                yield places
            places = []
        else:
            places += range(start, end)
    if len(places) >= _FEWEST:
        yield places


#: A phrase at least so certain stays whatever the score: it says what happens, though not plainly. One sentence of that
#: kind hardly moves the score of a long letter about something else.
FIRM = 0.76
#: A weak phrase of these kinds counts whatever the score, which has learned little of them.
_ALONE = frozenset({"emergency", "minor", "time_critical"})
#: Of so few words a score says little: it takes nothing from a phrase, and must be higher to raise.
_ENOUGH = 30


def _weighed(found: list[Concern], classification: Classification | None) -> list[Concern]:
    """The concerns with which the classifier's score has to do: an explicit one stays, a weak one stays unless the
    score of enough words lies below ``WEAK``, for several of one kind below ``WEAK_OF_SEVERAL``. A score from ``SOON``
    on raises alone."""
    if classification is None:
        return found
    enough = classification.words >= _ENOUGH
    if enough and classification.score < classifier.WEAK:
        several = Counter(one.kind for one in found)
        return [
            one
            for one in found
            if one.certainty >= FIRM
            or one.kind in _ALONE
            or (several[one.kind] > 1 and classification.score >= classifier.WEAK_OF_SEVERAL)
        ]
    least = classifier.SOON if enough else classifier.SOON_OF_FEW
    if classification.score > least and classification.kind not in {one.kind for one in found}:
        # of a few words a score says that a person should look, and not how soon
        strong = classification.words >= classifier.SHORT and classification.score > classifier.NOW
        certainty = _STRONG if strong else _MIDDLING
        found.append(Concern(classification.kind, classification.start, classification.end, certainty, CLASSIFIER))
    return found


#: What the form's question about age adds to the letter's own words.
_MINOR_AGES = frozenset({"Under 16", "16 or 17"})


def kinds(text: str, *, age_band: str = "") -> set[str]:
    """The kinds of concern in the text, and ``minor`` where the writer gave such an age."""
    found = {concern.kind for concern in find_concerns(text)}
    return found | {"minor"} if age_band in _MINOR_AGES else found
