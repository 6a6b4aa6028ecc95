"""Workplaces and schools: "my boss at tesco", "work for Deloitte". Nothing is stored."""

from __future__ import annotations

from inbox.screening.details.dictionary import ENGLISH, FIRST, NOT, PLACE, SURE, cue, listed
from inbox.screening.details.tokens import CAPITAL, LOWER, TokenList

_AT = cue("at")
_WORK = cue("work")
_HERS = cue("hers")
#: Words of learning: a school usually has the name of its town.
_LEARNING = cue("learning")
_ONLY = {"with": frozenset(("work", "works", "worked", "working")), "by": frozenset(("employed",)),
         "from": frozenset(("graduated", "fired", "degree"))}  # fmt: skip
_LINKS = cue("links")
_SHIFTS = frozenset(("nights", "days", "shifts", "weekends", "evenings", "part-time", "full-time", "mornings"))
#: Workplaces that identify nobody.
_ANYWHERE = cue("anywhere")


def find(words: TokenList) -> None:
    """Mark the name of a workplace or a school after a cue."""
    for at in range(2, words.count):
        before = words.word(at - 1)
        if before not in _AT and not (before in ("the", "a") and words.word(at - 2) in _AT):
            continue
        back = at - 2 if before in _AT else at - 3
        if words.word(back) in _HERS:
            back -= 2
        link = words.word(back + 1)
        if words.word(back) in _SHIFTS:  # "I work nights at …"
            back -= 1
        if words.near(at) and words.word(back) in _ONLY.get(link, _WORK) and not words.kind[at]:
            learning = words.word(back) in _LEARNING and words.folded[at] not in listed("employers")
            end = 0 if learning else _end(words, at)
            if end:
                words.mark(at, end, "organisation")


def _end(words: TokenList, at: int) -> int:
    """The position after the name of the workplace, or 0 where there is none."""
    flags, word = words.flags[at], words.folded[at]
    if word in _ANYWHERE:
        return 0
    if words.case[at] == LOWER:
        known = word in listed("employers")
        if not known and (flags & (ENGLISH | NOT | PLACE | SURE | FIRST) or len(word) < 3 or words.word(at - 1) == "a"):
            return 0
        return at + 1
    if flags & NOT or (flags & SURE and words.word(at - 1) in ("for", "with")) or word in ("i", "i'm"):
        return 0
    end = at + 1
    while end < words.count and end - at < 5 and not words.kind[end]:
        if words.near(end) and words.case[end] == CAPITAL and words.folded[end] != "i" and not words.owns[end - 1]:
            end += 1
        elif (
            end + 1 < words.count
            and words.case[end + 1]
            and words.near(end + 1)
            and (words.near(end) and words.folded[end] in _LINKS)
        ):
            end += 2
        elif words.case[end] and words.gap[end] in (" & ", "-", ", ") and words.gap[end] == " & ":
            end += 1
        else:
            break
    return end
