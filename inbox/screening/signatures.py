"""Who signed, and from where: the end of a letter, and lines that hold a name alone. Nothing is stored."""

from __future__ import annotations

from inbox.screening.names import PARTICLES, first_name, foreign
from inbox.screening.tokens import CAPITAL, Words
from inbox.screening.words import CASED, ENGLISH, FIRST, LAST, NOT, PLACE, SURE, cue

#: Ways to end a letter; who wrote it follows.
_CLOSINGS = cue("closings")
_MOST = 4


def find(words: Words) -> None:
    """Marks the name that a line holds alone, or that ends the text, and the place after it."""
    begin = 0
    for at in range(1, words.count + 1):
        if at == words.count or "\n" in words.gap[at]:
            _line(words, begin, at)
            begin = at
    if words.count:
        _last_words(words, begin)


def _line(words: Words, begin: int, end: int) -> None:
    """A line of at most four words: a name, or a name and a place."""
    if not 0 < end - begin <= _MOST or any(words.kind[begin:end]):
        return
    before = words.word(begin - 1)
    closed = before in _CLOSINGS or begin == 0 or end == words.count
    tail = words.text[words.end[end - 1] : words.start[end] if end < words.count else len(words.text)]
    if tail.lstrip(" ").startswith((":", "?", ";", ")")) or begin == 0:
        return
    _signature(words, begin, end, closed=closed)


def _last_words(words: Words, line: int) -> None:
    """What follows the last closing or the last full stop, on the last line."""
    for begin in range(max(line, words.count - _MOST), words.count):
        before = words.word(begin - 1)
        closing = before in _CLOSINGS and words.word(begin) not in _CLOSINGS
        dashed = begin > 0 and words.gap[begin].strip() in ("-", "–", "—", "~", "/", "//", "////")
        ended = begin > 0 and words.first[begin] and words.case[begin]
        if (closing or dashed or ended) and _signature(words, begin, words.count, closed=closing or dashed):
            return


def _signature(words: Words, begin: int, end: int, *, closed: bool) -> bool:
    """Marks the name from ``begin``, and a place after it up to ``end``; whether it did."""
    stop = begin
    while stop < end and stop - begin < 3 and _signs(words, stop, first=stop == begin, closed=closed):
        stop += 1
        if stop < end and not words.near(stop) and words.gap[stop] not in ("-", "."):
            break
    if stop == begin or (stop < end and not _place_like(words, stop, end)):
        return False
    if not closed and not any(first_name(words, at) for at in range(begin, stop)) and stop - begin < 2:
        return False
    if not words.mark(begin, stop, "name"):
        return False
    if stop < end:
        words.mark(stop, end, "place")
    return True


def _signs(words: Words, at: int, *, first: bool, closed: bool) -> bool:
    flags, word = words.flags[at], words.folded[at]
    if words.kind[at] or (flags & NOT and not flags & SURE) or words.owns[at]:
        return False
    if words.case[at]:
        if len(word) == 1:
            return word != "i"
        if flags & ENGLISH:
            return words.case[at] == CAPITAL and bool(flags & (CASED | FIRST | LAST) or not first) and closed
        return not flags & PLACE or not first
    if word in PARTICLES and not first:
        return True
    return len(word) > 2 and (first_name(words, at) or foreign(words, at) or bool(flags & CASED and first and closed))


def _place_like(words: Words, begin: int, end: int) -> bool:
    return end - begin <= 3 and all(
        not words.kind[at]
        and not words.flags[at] & NOT
        and (words.case[at] or foreign(words, at) or words.flags[at] & PLACE)
        for at in range(begin, end)
    )
