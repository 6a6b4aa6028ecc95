"""Signatures: names and places at the end of a letter, and lines with only a name. Nothing is stored."""

from __future__ import annotations

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


def find(words: TokenList) -> None:
    """Mark a name that is alone on a line or ends the text, and the place after it."""
    begin, signed = 0, False
    for at in range(1, words.count + 1):
        if at == words.count or words.line[at]:
            signed = _line(words, begin, at) or (signed and _below(words, begin, at))
            if at == words.count:
                _last_words(words, begin)
            begin = at


def _below(words: TokenList, begin: int, end: int) -> bool:
    """Mark a line under a signature as a place; returns whether it is one."""
    large = all(words.case[at] or words.folded[at] in PARTICLES for at in range(begin, end))
    if not large or any(words.flags[at] & ENGLISH and words.flags[at] & NOT for at in range(begin, end)):
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
        dashed = words.gap[begin].strip() in _DASHES
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
        return bool(known) and stop == words.count and len(words.folded[begin]) > 3
    return all(words.case[begin:stop]) or two_foreign(words, begin)


def _signs(words: TokenList, at: int, *, first: bool, closed: bool) -> bool:
    flags = words.flags[at]
    if words.kind[at] or (flags & NOT and not flags & SURE) or words.owns[at]:
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
    alone = first and closed and words.gap[at].strip(" ") in ("", ".") and not _two_last(words, at)
    return not (alone and slip(words, at)) or bool(flags & (LAST | RARE))


def _two_last(words: TokenList, at: int) -> bool:
    """Whether the word and the next one end the text, and no list has either of them other than as a name."""
    return at + 2 == words.count and words.near(at + 1) and foreign(words, at + 1)


def _a_place(words: TokenList, at: int) -> bool:
    return bool(words.flags[at] & (PLACE | TOWN)) and not words.flags[at] & (LAST | FIRST | SURE | ENGLISH)


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
