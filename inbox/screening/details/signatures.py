"""Signatures: names and places at the end of a letter, and lines with only a name. Nothing is stored."""

from __future__ import annotations

import difflib
import re

from inbox.screening.details.dictionary import (
    CASED,
    ENGLISH,
    EPONYM,
    FIRST,
    LAST,
    NOT,
    PLACE,
    RARE,
    SURE,
    TOWN,
    cue,
)
from inbox.screening.details.name_rules import PARTICLES, first_name, foreign, slip, two_foreign
from inbox.screening.details.tokens import CAPITAL, TokenList

#: Closing phrases of a letter; the writer's name follows.
_CLOSINGS = cue("closings")
_DASHES = frozenset(("-", "–", "—", "~", "/", "//", "////", "--"))
_LINE, _NAME, _PLACE = 5, 4, 3
#: Phrases after which even an English word is a name: "Sincerely, Even".
_FORMAL = frozenset(("sincerely", "regards", "faithfully", "truly", "wishes", "love", "yours"))
#: "pleaseee", "heeelp".
_LENGTHENED = re.compile(r"(.)\1\1+")


def find(words: TokenList) -> None:
    """Mark a name that is alone on a line or ends the text, and the place after it."""
    begin, signed = 0, False
    for at in range(1, words.count + 1):
        if at == words.count or words.line[at]:
            signed = (signed and _below(words, begin, at)) or _line(words, begin, at)
            if at == words.count:
                _last_words(words, begin)
            begin = at


def _below(words: TokenList, begin: int, end: int) -> bool:
    """Mark a line under a signature as a place; returns whether it is one."""
    written = all(
        words.case[at] or (words.careless and foreign(words, at)) or words.folded[at] in PARTICLES
        for at in range(begin, end)
    )
    if not written or any(words.flags[at] & ENGLISH and words.flags[at] & NOT for at in range(begin, end)):
        return False
    return _place_like(words, begin, end) and words.mark(begin, end, "place")


def _line(words: TokenList, begin: int, end: int) -> bool:
    """Mark the signature on a line of a few words. The first line of the text is none."""
    if not 0 < end - begin <= _LINE or begin == 0:
        return False
    tail = words.text[words.end[end - 1] : words.start[end] if end < words.count else len(words.text)]
    if tail.lstrip(" ").startswith((":", "?", ";", ")")):
        return False
    closed = words.folded[begin - 1] in _CLOSINGS or end == words.count or _thanked(words, begin)
    return _signature(words, begin, end, closed=closed)


def _thanked(words: TokenList, begin: int) -> bool:
    """Whether the sentence before the line thanks: "Thank you for your attention to this matter."."""
    for at in range(begin - 1, max(-1, begin - 12), -1):
        if words.first[at] or words.line[at]:
            return words.folded[at] in ("thank", "thanks", "thankyou", "regards", "sincerely", "yours")
    return False


def _last_words(words: TokenList, line: int) -> None:
    """Mark the signature after the last closing phrase or full stop, on the last line."""
    for begin in range(max(line, words.count - _LINE, 1), words.count):
        by = words.folded[begin - 1] in ("from", "by") and words.first[begin - 1]
        closing = (by or words.folded[begin - 1] in _CLOSINGS) and words.folded[begin] not in _CLOSINGS
        dashed = words.gap[begin].strip(" .!?\n") in _DASHES
        ended = words.first[begin] and words.gap[begin].strip() != ":"
        if (closing or dashed or ended) and _signature(words, begin, words.count, closed=closing or dashed):
            return


def _signature(words: TokenList, begin: int, end: int, *, closed: bool) -> bool:
    """Mark the name from ``begin``, and a place after it up to ``end``; returns whether there was a name."""
    stop = begin
    while stop < end and stop - begin < _NAME and _signs(words, stop, first=stop == begin, closed=closed):
        stop += 1
        if stop < end and (not words.near(stop) or _a_place(words, stop)):
            break
    if stop == begin or (stop < end and not _place_like(words, stop, end)):
        return False
    if not closed and not any(first_name(words, at) for at in range(begin, stop)) and not _two(words, begin, stop):
        return False
    if not words.mark(begin, stop, "name"):
        return False
    if stop < end:
        words.mark(stop, end, "place")
    return True


def _two(words: TokenList, begin: int, stop: int) -> bool:
    if not all(foreign(words, at) for at in range(begin, stop)):
        return False
    if stop - begin < 2:  # a name that is a sentence by itself, the last one
        known = words.flags[begin] & (FIRST | RARE | LAST) and not words.flags[begin] & TOWN
        unknown = not words.flags[begin] and not slip(words, begin) and not _LENGTHENED.search(words.folded[begin])
        return bool(known or unknown) and stop == words.count and len(words.folded[begin]) > 3
    if all(words.case[begin:stop]) or two_foreign(words, begin):
        return True
    last = stop - begin == 2 and words.first[begin]  # a sentence of a name alone, or of a name and a place
    named = bool(words.flags[begin + 1] & (LAST | RARE)) or not slip(words, begin)
    return last and named and not slip(words, begin + 1)


def _signs(words: TokenList, at: int, *, first: bool, closed: bool) -> bool:
    flags = words.flags[at]
    if words.kind[at] or words.owns[at]:
        return False
    if first and closed and words.case[at] == CAPITAL and _formal(words, at):
        return True
    if flags & NOT and not flags & SURE:
        return False
    if words.case[at]:
        return _signs_large(words, at, first=first, closed=closed)
    return _signs_small(words, at, first=first, closed=closed)


def _signs_large(words: TokenList, at: int, *, first: bool, closed: bool) -> bool:
    flags, word = words.flags[at], words.folded[at]
    if len(word) == 1:
        return word != "i" and words.near(at + 1)
    if flags & ENGLISH:
        return words.case[at] == CAPITAL and bool(flags & (CASED | FIRST | LAST) or not first) and closed
    return not flags & PLACE or not first


def _formal(words: TokenList, at: int) -> bool:
    """Whether a capitalised word is a name after a formal closing, or before a surname that ends the text."""
    if words.folded[at] in _CLOSINGS or (words.gap[at] == " " and not words.line[at]):
        return False
    if at + 1 == words.count:
        return words.folded[at - 1] in _FORMAL
    surname = words.flags[at + 1] & LAST and foreign(words, at + 1) and words.case[at + 1]
    return at + 2 == words.count and words.near(at + 1) and bool(surname)


def _signs_small(words: TokenList, at: int, *, first: bool, closed: bool) -> bool:
    flags, word = words.flags[at], words.folded[at]
    if word in PARTICLES and not first:
        return True
    if first_name(words, at) or (flags & (CASED | FIRST) and first and closed):
        return True
    if not first and flags & EPONYM:
        return True
    if len(word) < 3 or not foreign(words, at):
        return False
    # on a line of its own, or alone at the end, a word that is a letter from another is no slip
    apart = words.line[at] or (bool(words.gap[at].strip()) and at + 1 == words.count)
    alone = first and closed and not apart and words.gap[at].strip(" ") in ("", ".") and not _two_last(words, at)
    misspelt = (alone and slip(words, at)) or (apart and closed and _like_a_closing(word))
    return not misspelt or bool(flags & (LAST | RARE))


def _like_a_closing(word: str) -> bool:
    """Whether a closing phrase is meant: "pleasee", "thankx"."""
    return bool(difflib.get_close_matches(_LENGTHENED.sub(r"\1", word), _CLOSINGS, n=1, cutoff=0.8))


def _two_last(words: TokenList, at: int) -> bool:
    """Whether no list has the next word other than as a name, and it ends the text or is a surname."""
    if not words.near(at + 1) or not foreign(words, at + 1):
        return False
    return at + 2 == words.count or bool(words.flags[at + 1] & LAST)


def _a_place(words: TokenList, at: int) -> bool:
    return bool(words.flags[at] & (PLACE | TOWN)) and not words.flags[at] & (LAST | FIRST | SURE | ENGLISH | EPONYM)


def _place_like(words: TokenList, begin: int, end: int) -> bool:
    """Whether all words up to the end of the signature could be a place: "Leeds, UK"."""
    if end - begin > _PLACE or any(words.kind[begin:end]):
        return False
    return all(
        bool(words.flags[at] & PLACE)
        or (not words.flags[at] & NOT and (words.case[at] or foreign(words, at)))
        or (words.folded[at] in PARTICLES and at > begin)
        for at in range(begin, end)
    )
