"""Names of people, found by the word lists or by the words around them. Nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.screening.details import names_announced
from inbox.screening.details.dictionary import (  # fmt: skip
    CASED,
    ENGLISH,
    EPONYM,
    FIRST,
    LAST,
    NOT,
    PLACE,
    RARE,
    SURE,
    THING,
    TOWN,
    cue,
)
from inbox.screening.details.name_rules import (  # fmt: skip
    LONGEST,
    PARTICLES,
    SURNAME,
    an_illness,
    breaks,
    common,
    first_name,
    follows,
    foreign,
    name_end,
    precedes,
    slip,
    two_foreign,
)
from inbox.screening.details.tokens import CAPITAL, LOWER, SHOUTED, TokenList

_SPEAKS = cue("speaks")
_DOES = cue("does") | _SPEAKS
#: Cues after which an unknown capitalised word is a name; after the second kind the next words decide.
_TO = cue("to")
_MAYBE = cue("maybe")
_BOTH = cue("both")
#: A word that ends in open syllables, as many names and few English words do.
_OPEN = re.compile(r"[aeiouy][bcdfghjklmnprstvwxyz]{1,2}[aiou]$")
_BEFORE_THINGS = cue("before_things")
#: Words before a full name; words that go on about a person.
_WITH = frozenset(("with", "help", "by", "to", "give", "for", "named", "and", "from", "of"))
_PERSONAL = frozenset(("he", "she", "him", "her", "his", "hers"))
#: Words before the name of a month.
_TIMES = frozenset(("last", "next", "this", "in", "since", "until", "by", "from", "mid", "early", "late", "of"))
#: Words that come before a thing, not before a name.
_ARTICLES = frozenset(("the", "a", "an", "this", "that", "some", "any", "no", "every", "my", "your"))


def find(words: TokenList) -> None:
    """Mark names after cues, then names in the lists, then repetitions of both."""
    names_announced.find(words)
    for begin, end in _runs(words):
        _read_run(words, begin, end)
    for at in range(words.count):
        if words.case[at] == LOWER and not words.kind[at] and _is_small_name(words, at):
            words.mark(at, name_end(words, at), "name")
    _beside(words)
    _repeated(words)


# --- capitals --------------------------------------------------------------------------------------------------------


def _runs(words: TokenList) -> Iterator[tuple[int, int]]:
    """Start and end of runs of capitalised words that are not part of a detail yet."""
    at = 0
    while at < words.count:
        end = at
        while end < words.count and words.case[end] and not words.kind[end] and (end == at or _together(words, end)):
            end += 1
        if end > at:
            yield at, end
        at = max(end, at + 1)


def _together(words: TokenList, at: int) -> bool:
    return words.near(at) and not words.owns[at - 1]


def _read_run(words: TokenList, begin: int, end: int) -> None:
    at = begin
    while at < end:
        stop = at + 1
        if not common(words, at) and len(words.folded[at]) > 1 and not words.kind[at]:
            while stop < min(end, at + LONGEST) and not words.flags[stop] & NOT:
                stop += 1
            if not an_illness(words, stop - 1) and _is_name(words, at, stop):
                stop = name_end(words, at)
                words.mark(at, stop, "name")
            else:
                stop = at + 1
        at = stop


def _is_name(words: TokenList, at: int, stop: int) -> bool:
    flags, after = words.flags[at], follows(words, at)
    if _is_a_day(words, at):
        return False
    if words.case[at] == SHOUTED and (stop == at + 1 or not flags & (SURE | FIRST)):
        return bool(flags & SURE) or (bool(flags & FIRST) and len(words.folded[at]) > 4)
    if first_name(words, at):
        a_thing = words.owns[at] and an_illness(words, at)
        return not (a_thing or (flags & CASED and precedes(words, at) in _ARTICLES))
    if flags & (CASED | FIRST) and flags & (CASED | ENGLISH):
        return after in _SPEAKS or (stop - at > 1 and bool(words.flags[at + 1] & LAST))
    long = [one for one in range(at, stop) if len(words.folded[one]) > 2]
    if len(long) > 1 and not any(words.flags[one] & (PLACE | ENGLISH) for one in long):
        return any(_supported(words, one) for one in long) or _placed(words, at, stop)
    return not flags & PLACE and len(words.folded[at]) > 2 and _is_somebody(words, at, after)


def _is_a_day(words: TokenList, at: int) -> bool:
    """ "last Jan", "Christmas Eve"."""
    before = precedes(words, at)
    if words.folded[at] == "eve":
        return before in ("christmas", "year's", "years", "new", "year")
    return words.folded[at] in ("jan", "april", "june", "may") and before in _TIMES


def _supported(words: TokenList, at: int) -> bool:
    return bool(words.flags[at] & (FIRST | RARE | LAST)) or bool(SURNAME.search(words.folded[at]))


def _placed(words: TokenList, at: int, stop: int) -> bool:
    """Whether the words around say that a full name of unknown words is a person's."""
    before, after = precedes(words, at), follows(words, stop - 1)
    return words.first[at] or before in _TO or before in _MAYBE or before in PARTICLES or after in _DOES


def _is_somebody(words: TokenList, at: int, after: str) -> bool:
    """Whether a capitalised word that is in no list of first names is a name, by the words around it."""
    before = precedes(words, at)
    if before in _TO or after in _SPEAKS or after in ("who", "whose"):
        return True
    if before in ("of", "for", "with") and words.word(at + 1) == "who" and words.gap[at + 1] == ", ":
        return not words.flags[at] & (TOWN | EPONYM | THING)
    if words.flags[at] & LAST or SURNAME.search(words.folded[at]):
        return before in _MAYBE or after in _DOES
    with_us = after == "and" and words.word(at + 2) in ("i", "me", "my", "we", "his", "her")
    town = words.flags[at] & TOWN and not words.flags[at] & (FIRST | RARE | LAST)
    if not words.medical and before and before not in _BEFORE_THINGS and not words.first[at] and not town:
        return words.case[at] == CAPITAL and (words.case[at - 1] == LOWER or words.first[at - 1])
    return before in _MAYBE and (words.owns[at] or after in _DOES or with_us)


# --- small letters ---------------------------------------------------------------------------------------------------


def _is_small_name(words: TokenList, at: int) -> bool:
    """Whether a word without a capital is a name: a sure one of the lists, or where the sentence needs a person."""
    flags = words.flags[at]
    if flags & SURE:
        return not an_illness(words, at)
    if flags & (NOT | PLACE) or (flags & TOWN and not flags & (FIRST | RARE | LAST)) or an_illness(words, at):
        return False
    before, after = precedes(words, at), follows(words, at)
    if first_name(words, at):
        return words.careless or before in _TO or before in _MAYBE or after in _SPEAKS
    if not words.careless or not foreign(words, at):
        return False
    return _is_anybody(words, at, before, after) or _two_unknown(words, at) or _begins(words, at, after)


def _two_unknown(words: TokenList, at: int) -> bool:
    """Whether two words that no list has end a sentence after a word that a person follows."""
    if precedes(words, at) not in _WITH or not words.near(at + 1) or words.kind[at + 1] or not breaks(words, at + 1):
        return False
    both = (at, at + 1)
    return all(foreign(words, one) and len(words.folded[one]) > 3 and not slip(words, one) for one in both)


def _begins(words: TokenList, at: int, after: str) -> bool:
    """Whether an unknown word begins a sentence that goes on with "she" or "his"."""
    if not words.first[at] or after not in _DOES or len(words.folded[at]) < 4 or slip(words, at):
        return False
    return not _PERSONAL.isdisjoint(words.folded[at + 2 : at + 14])


def _is_anybody(words: TokenList, at: int, before: str, after: str) -> bool:
    """Whether an unknown word (or a rare name) is a name in a text without capitals, by the words around it."""
    if words.flags[at] & (RARE | LAST) and len(words.folded[at]) > 3:
        if not words.medical and before not in _BEFORE_THINGS:
            return not slip(words, at) or before in _TO or after in _DOES
        return before in _TO or before in _MAYBE or after in _DOES or words.owns[at]
    if two_foreign(words, at):
        return True
    sounds = not words.medical and len(words.folded[at]) > 4 and _OPEN.search(words.folded[at])
    if sounds and before and before not in _BEFORE_THINGS:
        return not slip(words, at)
    somewhere = before in _TO or (before in _MAYBE and (after in _DOES or not words.medical))
    stands = after in _SPEAKS or words.owns[at] or (somewhere and (after in _DOES or breaks(words, at)))
    return stands and not slip(words, at)


# --- by other names --------------------------------------------------------------------------------------------------


def _beside(words: TokenList) -> None:
    """Mark names joined by "and" to a name that was found."""
    for at in range(1, words.count - 1):
        if words.folded[at] != "and" or not (words.near(at) and words.near(at + 1)):
            continue
        if _could_be(words, at - 1) and _could_be(words, at + 1) and follows(words, at + 1) in _BOTH:
            words.mark(at - 1, at, "name")
        if words.kind[at - 1] == "name" and _could_be(words, at + 1):
            words.mark(at + 1, name_end(words, at + 1), "name")
        elif words.kind[at + 1] == "name" and _could_be(words, at - 1):
            words.mark(at - 1, at, "name")


def _could_be(words: TokenList, at: int) -> bool:
    if words.kind[at] or not foreign(words, at):
        return False
    known = bool(words.flags[at] & (FIRST | RARE | LAST))
    return words.case[at] == CAPITAL or (words.careless and (known or not slip(words, at)))


def _repeated(words: TokenList) -> None:
    """Mark every other place where a found name is written in the same way."""
    proved = {words.folded[at] for at in range(words.count) if words.kind[at] == "name" and _proves(words, at)}
    if not proved:
        return
    for at in range(words.count):
        if words.folded[at] in proved and not words.kind[at] and (words.case[at] or words.careless):
            words.mark(at, name_end(words, at), "name")


def _proves(words: TokenList, at: int) -> bool:
    if len(words.folded[at]) < 3 or words.flags[at] & (NOT | EPONYM | THING):
        return False
    return not words.flags[at] & (ENGLISH | PLACE | CASED) or bool(words.flags[at] & SURE)
