"""Places, by the word lists and by the words before them. Nothing is stored."""

from __future__ import annotations

from inbox.screening.names import PARTICLES, foreign
from inbox.screening.tokens import CAPITAL, LOWER, SHOUTED, Words
from inbox.screening.words import CASED, ENGLISH, EPONYM, FIRST, LAST, NOT, PLACE, RARE, SURE, TOWN, cue, phrases

#: Two words after which a place is sure to follow, whatever it is called.
_SURELY = cue("surely")
_INTO = cue("into")
_STATES = cue("states")
_WITHIN = PARTICLES | frozenset(["on", "upon", "am", "an", "der", "in", "under", "sur", "les", "les"])


def find_certain(words: Words) -> None:
    """Marks places that the words before them announce, whatever they are called."""
    for at in range(1, words.count):
        before = words.word(at - 1)
        if words.kind[at] or not words.near(at):
            continue
        skip = before in ("the", "a") and at > 1
        pair = f"{words.word(at - 3)} {words.word(at - 2)}" if skip else f"{words.word(at - 2)} {before}"
        surely = pair in _SURELY or (before == "in" and words.word(at - 3) + words.word(at - 2) == "grewup")
        if surely or (before in _INTO and (words.case[at] or words.flags[at] & (PLACE | TOWN))):
            _after(words, at, surely=surely)


def _after(words: Words, at: int, *, surely: bool) -> None:
    listed = _listed(words, at)
    if listed:
        words.mark(at, _widened(words, listed), "place")
        return
    flags = words.flags[at]
    if (flags & (PLACE | TOWN) and not flags & (ENGLISH | NOT)) or _could_be(words, at, surely=surely):
        words.mark(at, _widened(words, _end(words, at)), "place")


def _could_be(words: Words, at: int, *, surely: bool) -> bool:
    """Whether a word that is in no list of places could be one, after words that announce a place."""
    flags, size = words.flags[at], len(words.folded[at])
    if flags & (NOT | EPONYM) or size < 3:
        return False
    if flags & (SURE | FIRST | CASED) and not surely:
        return False
    if words.case[at] == LOWER:
        return surely and foreign(words, at) and size > 3 and not flags & (SURE | FIRST)
    if flags & ENGLISH:
        return surely and words.case[at] == CAPITAL and not words.first[at]
    if words.case[at] == SHOUTED and size < 5:
        return False
    follows = words.flags[at + 1] if at + 1 < words.count and words.near(at + 1) else 0
    return surely or not (words.owns[at] or follows & NOT or words.word(at - 1) == "to")


def _end(words: Words, at: int) -> int:
    """The position after a place of several words: "Reguengos de Monsaraz", "Ust-Kut"."""
    end = at + 1
    while end < words.count and end - at < 5 and words.near(end) and not words.kind[end]:
        after = end
        while after < words.count and words.folded[after] in _WITHIN and words.near(after) and after - end < 2:
            after += 1
        if after >= words.count or not words.near(after) or not words.case[after] or words.case[at] == LOWER:
            break
        if words.flags[after] & NOT or words.folded[after] in ("i", "i'm", "and") or words.kind[after]:
            break
        end = after + 1
    return end


def _widened(words: Words, end: int) -> int:
    """With the state or the country after it: "Austin, TX", "Valencia Spain"."""
    while end < words.count and words.gap[end] in (" ", ", ", ",") and not words.kind[end]:
        listed = _listed(words, end)
        if listed:
            end = listed
        elif (words.flags[end] & PLACE and (words.case[end] or words.careless)) or words.text[
            words.start[end] : words.end[end]
        ] in _STATES:
            end += 1
        else:
            break
    return end


def _listed(words: Words, at: int) -> int:
    """The position after a place of several words that a list has, or 0."""
    for phrase in phrases().get(words.folded[at], ()):
        end = at + len(phrase)
        if tuple(words.folded[at:end]) == phrase and all(
            words.gap[one] in (" ", "-", "  ") for one in range(at + 1, end)
        ):
            return end
        hyphened = "-".join(phrase)
        if words.folded[at] == hyphened:
            return at + 1
    return 0


def find_listed(words: Words) -> None:
    """Marks places that the lists know, wherever they stand, as far as nothing else could be meant."""
    for at in range(words.count):
        if words.kind[at]:
            continue
        if words.folded[at] in phrases():
            end = _listed(words, at)
            if end and (words.case[at] or words.careless):
                words.mark(at, _widened(words, end), "place")
                continue
        flags = words.flags[at]
        if flags & NOT or not flags & (PLACE | TOWN) or (words.owns[at] and flags & ENGLISH):
            continue
        if (flags & PLACE and not flags & (ENGLISH | SURE) and (words.case[at] or words.careless)) or (
            flags & TOWN
            and words.case[at]
            and not flags & (ENGLISH | FIRST | RARE | LAST | CASED)
            and not words.first[at]
        ):
            words.mark(at, _widened(words, at + 1), "place")
        elif words.case[at] and at + 1 < words.count and words.gap[at + 1] in (" ", ", "):
            pass
