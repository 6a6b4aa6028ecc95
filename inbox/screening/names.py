"""Names of people, by the word lists and by what stands around a word. Nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.screening.tokens import CAPITAL, LOWER, SHOUTED, Words
from inbox.screening.words import CASED, ENGLISH, EPONYM, FIRST, LAST, NOT, PLACE, RARE, SURE, TOWN, cue

PARTICLES = cue("particles")
_TITLES = cue("titles")
_KIN = cue("kin")
#: What only people do; what stands before it, in capitals, is somebody.
_SPEAKS = cue("speaks")
_DOES = cue("does") | _SPEAKS
#: After these a capital that no list knows is somebody.
_TO = cue("to")
#: After these it may be: told by what follows.
_MAYBE = cue("maybe")
_GREETINGS = cue("greetings")
#: How the surnames of many peoples end.
_SURNAME = re.compile(
    r"(?:[^aeiou]ova?|[^aeiou]eva?|[oe]wsk[ai]|[iy]nsk[aiy]|sky|skaya|skiy|ovic|evic|ovich|evich|icova|wicz|czyk|czak"
    r"|sson|dottir|[snrlgt]sen|nen|escu|eanu|poulos|akis|idis|iadis|enko|chuk|shvili|adze|[ry]yan|oglu|zadeh|mann|stein"
    r"|feld|berg|burg|strom|quist|qvist|lund|dahl|gaard|stad|huis|veld|[dnrtlmu]ez|eira|eiro|elli|etti|ucci|accio|eschi"
    r"|aldo|etto|eau|ault|oux|elle|kainen|walla|singh|deep|kumar|eswaran|moto|mura|yama|kawa|zaki|guchi|szky|ffy|nyi)$"
)


def find(words: Words) -> None:
    """Marks the names that something announces, then those that the lists know, then what repeats them."""
    for at in range(words.count):
        if not words.kind[at]:
            _announced(words, at)
    for begin, end in _runs(words):
        _read_run(words, begin, end)
    for at in range(words.count):
        if words.case[at] == LOWER and not words.kind[at]:
            _small(words, at)
    _repeated(words)


# --- what a word could be --------------------------------------------------------------------------------------------


def first_name(words: Words, at: int) -> bool:
    """Whether the word by itself is a first name, without regard to where it stands."""
    flags = words.flags[at]
    if flags & NOT and not flags & SURE:
        return False
    if flags & SURE:
        return True
    if not flags & (FIRST | RARE | CASED) or words.case[at] == LOWER:
        return bool(flags & FIRST and not flags & (ENGLISH | PLACE | CASED) and len(words.folded[at]) > 3)
    if flags & (ENGLISH | CASED):
        return bool(flags & (CASED | FIRST)) and not words.first[at] and words.case[at] == CAPITAL
    return bool(flags & FIRST) or len(words.folded[at]) > 3


def common(words: Words, at: int) -> bool:
    """Whether a capitalised word says nothing by its capital."""
    flags = words.flags[at]
    if flags & SURE:
        return False
    if flags & (NOT | EPONYM):
        return True
    return bool(flags & ENGLISH) and not first_name(words, at)


def foreign(words: Words, at: int) -> bool:
    """Whether no list has the word but as a name or a town: it could be anybody."""
    return not words.flags[at] & (ENGLISH | NOT | PLACE | EPONYM) and len(words.folded[at]) > 2


# --- what announces a name -------------------------------------------------------------------------------------------


def _announced(words: Words, at: int) -> None:
    before, gap = words.word(at - 1), words.gap[at]
    if not before or (not words.near(at) and gap not in (", ", ": ", ":", ". ", ".", " - ", " (", "- ", " : ")):
        return
    if (
        _named(words, at, before)
        or _titled(words, at, before)
        or _greeted(words, at, before)
        or _kin(words, at, before)
    ):
        words.mark(at, extended(words, at), "name")


def _named(words: Words, at: int, before: str) -> bool:
    """ "my name is …", "a girl called …", "call me …", "I'm …", "this is …"."""
    two = words.word(at - 2)
    if before in ("is", "was", "name", "names", "named") and (
        (two in ("name", "names", "mane", "nickname") and before in ("is", "was"))
        or before in ("name", "names", "named")
    ):
        if before == "name" and words.gap[at] == " " and two not in ("my", "is", "whose") and words.case[at] == LOWER:
            return False
        return _anybody(words, at)
    if before == "called" and two not in ("i", "he", "she", "they", "we", "and", "have", "had", "just", "who", "you"):
        return _anybody(words, at)
    if before == "me" and two == "call":
        return _anybody(words, at)
    if words.near(at) and (
        before in ("i'm", "im", "i’m") or (before, two) in (("am", "i"), ("is", "this"), ("here", ""))
    ):
        if words.case[at] == CAPITAL:
            return not common(words, at) and not words.flags[at] & PLACE
        return words.flags[at] & SURE > 0 or (first_name(words, at) and _breaks(words, at))
    return False


def _anybody(words: Words, at: int) -> bool:
    """Whether the word may be a name where one is sure to follow."""
    if words.case[at]:
        return not words.flags[at] & NOT and (not words.flags[at] & ENGLISH or words.case[at] == CAPITAL)
    flags = words.flags[at]
    return first_name(words, at) or foreign(words, at) or bool(flags & CASED and _breaks(words, at))


def _breaks(words: Words, at: int) -> bool:
    """Whether the sentence ends or pauses after the word, or goes on as after a name."""
    if at + 1 == words.count:
        return True
    return words.gap[at + 1] != " " or words.word(at + 1) in ("and", "from", "i", "im", "i'm", "i’m")


def _titled(words: Words, at: int, before: str) -> bool:
    if before not in _TITLES or words.gap[at] not in (" ", ". ", ".", "  "):
        return False
    if before in ("doctor", "professor", "aunt", "uncle", "sir", "lady", "miss", "ms") and words.case[at] == LOWER:
        return first_name(words, at) or (foreign(words, at) and before not in ("doctor", "ms", "miss"))
    if words.case[at]:
        return not words.flags[at] & NOT and (words.case[at] == CAPITAL or not words.flags[at] & ENGLISH)
    return foreign(words, at) or bool(words.flags[at] & (LAST | FIRST) and not words.flags[at] & ENGLISH)


def _greeted(words: Words, at: int, before: str) -> bool:
    if before not in _GREETINGS or not words.first[at - 1] or not words.near(at):
        return False
    if words.case[at]:
        return not common(words, at) and not words.flags[at] & PLACE
    return first_name(words, at)


def _kin(words: Words, at: int, before: str) -> bool:
    """ "my husband tom", "his ex Wiktor", "my best friend is called …", "my son (Tom)"."""
    if before == "is" and words.word(at - 2) in _KIN and words.case[at] == CAPITAL:
        return first_name(words, at)
    if before not in _KIN or words.gap[at] not in (" ", ", ", " (", "  ") or words.owns[at - 1]:
        return False
    if words.case[at]:
        return words.case[at] == CAPITAL and not common(words, at) and not words.flags[at] & PLACE
    if words.flags[at] & SURE or first_name(words, at):
        return True
    if words.flags[at] & (ENGLISH | NOT | PLACE):
        return False
    follows = words.word(at + 1)
    return follows in _SPEAKS or (bool(words.flags[at] & (RARE | LAST)) and (follows in _DOES or _breaks(words, at)))


def extended(words: Words, at: int) -> int:
    """The position after the last word of the name that begins here: surnames, initials, "de la" between them."""
    end = at + 1
    while end < words.count and end - at < 5 and words.near(end) and not words.owns[end - 1]:
        if words.kind[end]:
            break
        if words.folded[end] in PARTICLES and end + 1 < words.count and words.near(end + 1):
            after = end + 1 + (words.folded[end + 1] in PARTICLES)
            if after < words.count and words.near(after) and _belongs(words, at, after) and not words.kind[after]:
                end = after + 1
                continue
        if not _belongs(words, at, end):
            break
        end += 1
    return end


def _belongs(words: Words, at: int, end: int) -> bool:
    """Whether the word can be a further word of the name that begins at ``at``."""
    flags, word = words.flags[end], words.folded[end]
    if words.case[end]:
        if len(word) == 1:
            return word != "i" and words.case[at] != LOWER
        return words.case[at] != LOWER and not flags & NOT and word not in _PRONOUNS
    if words.case[at] != LOWER:
        return False
    return (
        not flags & (ENGLISH | NOT | PLACE)
        and len(word) > 2
        and bool(flags & (LAST | FIRST | RARE | SURE) or _SURNAME.search(word))
    )


_PRONOUNS = cue("pronouns")


# --- capitals --------------------------------------------------------------------------------------------------------


def _runs(words: Words) -> Iterator[tuple[int, int]]:
    """Words in capitals that stand together and are nothing else yet."""
    at = 0
    while at < words.count:
        if not words.case[at] or words.kind[at]:
            at += 1
            continue
        end = at + 1
        while (
            end < words.count
            and words.case[end]
            and words.near(end)
            and not words.kind[end]
            and not words.owns[end - 1]
        ):
            end += 1
        yield at, end
        at = end


def _read_run(words: Words, begin: int, end: int) -> None:
    at = begin
    while at < end:
        if common(words, at) or len(words.folded[at]) < 2:
            at += 1
            continue
        stop = at + 1
        while stop < end and not words.flags[stop] & NOT:
            stop += 1
        if _is_name(words, at, stop):
            if not words.mark(at, extended(words, at), "name"):
                return
            at = max(at + 1, extended(words, at))
        else:
            at += 1


def _is_name(words: Words, at: int, stop: int) -> bool:
    flags = words.flags[at]
    follows = words.word(at + 1) if at + 1 < words.count and words.near(at + 1) else ""
    if follows and words.flags[at + 1] & NOT and words.owns[at]:
        return False
    if words.case[at] == SHOUTED and not flags & (SURE | FIRST):
        return False
    if first_name(words, at):
        return True
    if (flags & (CASED | FIRST) and flags & ENGLISH) or flags & CASED:
        return follows in _SPEAKS or (stop - at > 1 and bool(words.flags[at + 1] & LAST))
    if flags & PLACE:
        return False
    long = [one for one in range(at, stop) if len(words.folded[one]) > 2]
    if len(long) > 1 and not any(words.flags[one] & (PLACE | ENGLISH) for one in long):
        return True
    return _is_somebody(words, at, follows)


def _is_somebody(words: Words, at: int, follows: str) -> bool:
    """One capitalised word that no list has as a first name: told by what stands around it."""
    before = words.word(at - 1) if words.near(at) else ""
    if len(words.folded[at]) < 3:
        return False
    if before in _TO or follows in _SPEAKS:
        return True
    if words.flags[at] & LAST or _SURNAME.search(words.folded[at]):
        return before in _MAYBE or follows in _DOES
    return before in _MAYBE and (words.owns[at] or follows in _DOES)


# --- small letters ---------------------------------------------------------------------------------------------------


def _small(words: Words, at: int) -> None:
    """A name without its capital: one that the lists know well, or one where somebody must stand."""
    if not _is_small_name(words, at):
        return
    words.mark(at, extended(words, at), "name")


def _is_small_name(words: Words, at: int) -> bool:
    flags = words.flags[at]
    if flags & (NOT | PLACE | TOWN) and not flags & SURE:
        return False
    if flags & SURE:
        return True
    before = words.word(at - 1) if words.near(at) else ""
    follows = words.word(at + 1) if at + 1 < words.count and words.near(at + 1) else ""
    if first_name(words, at):
        return words.careless or before in _TO or before in _MAYBE or follows in _SPEAKS
    if not words.careless or flags & ENGLISH or len(words.folded[at]) < 3:
        return False
    if flags & RARE and len(words.folded[at]) > 3:
        return before in _TO or before in _MAYBE or follows in _DOES or words.owns[at]
    return foreign(words, at) and (before in _TO or bool(words.owns[at])) and (follows in _DOES or _breaks(words, at))


def _repeated(words: Words) -> None:
    """What was a name once is one wherever it is written in the same way."""
    proved = {
        words.folded[at]
        for at in range(words.count)
        if words.kind[at] == "name" and foreign(words, at) and len(words.folded[at]) > 2
    }
    if not proved:
        return
    for at in range(words.count):
        if words.folded[at] in proved and not words.kind[at] and (words.case[at] or words.careless):
            words.mark(at, extended(words, at), "name")
