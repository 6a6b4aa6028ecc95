"""Places, found by the word lists and by the words before them. Nothing is stored."""

from __future__ import annotations

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
    begins_place,
    by_hand,
    cue,
    is_wide,
    place_words,
)
from inbox.screening.details.name_rules import PARTICLES, an_illness, foreign, slip
from inbox.screening.details.tokens import LOWER, SHOUTED, TokenList

#: Cues of two words after which a place is certain; words after which a place is possible.
_SURELY = cue("surely")
_INTO = cue("into")
#: Words before "on" with a street after it: "our flat on Briggate".
_STANDS = cue("stands")
#: Endings of medicines, which follow "on" as well: "lived on Sertraline".
_MEDICINE = ("ine", "ide", "pam", "zole", "done", "cin", "ol")
_STATES = cue("states")
#: Last words of names of places; words before them that are no part of a name.
_SORTS = cue("sorts_of_place")
_ORDINARY = cue("ordinary_places")
_SITED = cue("sited")
#: Words after which "from" has no place after it; words after which "to" has one.
_NO_ORIGIN = cue("no_origin")
_GOES = cue("goes")
_ATTENDS = frozenset(("attend", "attends", "attended"))
_NAMERS = frozenset(("name", "i'm", "im", "named", "called"))
_ANYWHERE = cue("anywhere")
#: Words of an institution after the name of its place: "at Fitzroy Medical Centre".
_HOUSES = frozenset(("medical", "hospital", "clinic", "university", "school", "college", "center", "centre", "health"))
_ALWAYS = frozenset(("address", "nationality", "hometown"))
#: Articles as first words of towns; the next word belongs to the town.
_ARTICLES = cue("articles")
_WITHIN = PARTICLES | frozenset(("on", "upon", "am", "an", "der", "under", "sur", "les", "im", "pri", "nad", "u"))
_LONGEST_PLACE = 5


def find_certain(words: TokenList) -> None:
    """Mark places after certain cues, whether or not a list has them."""
    for at in range(1, words.count):
        if words.kind[at]:
            continue
        before = words.folded[at - 1]
        if words.near(at):
            skip = before in ("the", "a") and at > 2
            head = words.folded[at - 2] if skip else before
            surely = f"{words.word(at - 3 if skip else at - 2)} {head}" in _SURELY
            surely = surely or (head == "from" and words.gap[at - 1] not in (" ", "  ") and not words.first[at - 1])
            surely = surely or (head == "from" and _introduced(words, at - (3 if skip else 2)))
            surely = surely or (head in _ATTENDS and bool(words.case[at]) and words.folded[at] not in _ANYWHERE)
            surely = surely or (head == "to" and words.kind[at - 2] == "place")
            surely = surely or (head in ("called", "named") and words.word(at - 2) in _SITED)
            if head == "from" and not surely and words.word(at - (3 if skip else 2)) in _NO_ORIGIN:
                continue
            surely = surely or (before in _ALWAYS and (bool(words.case[at]) or foreign(words, at)))
            if surely or head in _INTO:
                _after(words, at, surely=surely)
            elif before == "on" and words.word(at - 2) in _STANDS and _street(words, at):
                words.mark(at, _widened(words, at + 1), "place")
        elif before in _SITED and words.gap[at].strip() in (":", "-", ":-", "="):
            _after(words, at, surely=True)
    _find_several(words)


def _find_several(words: TokenList) -> None:
    """Mark places of several capitalised words ("Kota Kinabalu") before anybody takes them for full names."""
    for at in range(words.count):
        if not words.case[at] or words.kind[at] or words.flags[at] & (FIRST | SURE | CASED | NOT):
            continue
        end = _listed(words, at)
        if end and all(words.case[at:end]) and not _wide(words, at, end):
            words.mark(at, _widened(words, end), "place")


def _introduced(words: TokenList, at: int) -> bool:
    """Whether somebody is introduced by name just before the word after ``at``: "I'm Tom, 28, from …"."""
    for back in range(at, max(0, at - 4), -1):
        if words.first[back] and words.gap[back].strip()[:1] in (".", "!", "?"):
            return False
        if words.folded[back] in _NAMERS:
            return back < at
    return False


def _street(words: TokenList, at: int) -> bool:
    """Whether an unknown capitalised word after "on" is a street, in a letter with regular capitals. People also live
    on benefits and on medicines, and move in on Monday."""
    flags, case, word = words.flags[at], words.case[at], words.folded[at]
    if words.careless or case in (LOWER, SHOUTED) or len(word) < 5 or words.owns[at] or word.endswith(_MEDICINE):
        return False
    thing = words.near(at + 1) and words.flags[at + 1] & (THING | EPONYM)
    return not flags & (ENGLISH | NOT | EPONYM | THING | FIRST | SURE | CASED) and not thing


def _after(words: TokenList, at: int, *, surely: bool) -> None:
    end = _listed(words, at)
    flags = words.flags[at]
    if not surely and _wide(words, at, end or at + 1):
        words.leave_out(at, end or at + 1)
        return
    article = words.folded[at - 1] in ("a", "the")
    if end and words.case[at] == LOWER and (article or not surely) and not _no_words(words, at, end):
        end = 0
    if not end and _of_english_words(words, at):
        end = at + 2
    if (
        not end
        and flags & (PLACE | TOWN)
        and flags & NOT
        and words.folded[at - 1] in ("in", "from")
        and not an_illness(words, at)
    ):
        end = _end(words, at)  # the town, and not the illness that is named after it
    if not end and flags & (PLACE | TOWN) and not flags & (ENGLISH | NOT):
        sure = surely or words.case[at] or words.folded[at - 1] in ("in", "from") or flags & PLACE
        end = _end(words, at) if sure and not (flags & SURE and not surely) else 0
    if flags & PLACE and flags & ENGLISH and words.careless and words.folded[at - 1] in ("in", "from"):
        end = end or at + 1
    if not end and _could_be(words, at, surely=surely):
        end = _end(words, at)
    if end:
        words.mark(at, _widened(words, end), "place")


def _of_english_words(words: TokenList, at: int) -> bool:
    """Whether two words in small letters are the name of a place, of which the second says what it is: "in mill
    village", "from otter creek". "in the village" and "in small towns" are none."""
    if (
        words.case[at] != LOWER
        or words.folded[at - 1] not in ("in", "from", "near", "to", "at")
        or not words.near(at + 1)
    ):
        return False
    called = words.folded[at] not in _ORDINARY and not words.flags[at] & (NOT | SURE) and len(words.folded[at]) > 2
    return called and not words.first[at] and words.folded[at + 1] in _SORTS and not words.kind[at + 1]


def _could_be(words: TokenList, at: int, *, surely: bool) -> bool:
    """Whether a word that is in no list of places could be a place, after a cue."""
    flags, word = words.flags[at], words.folded[at]
    if word in _ARTICLES and words.near(at + 1) and (words.case[at] or surely) and words.case[at + 1] == words.case[at]:
        return foreign(words, at + 1) and (surely or not slip(words, at + 1))
    if flags & (NOT | EPONYM) or len(word) < 3 or words.owns[at] or (flags & (SURE | CASED) and not surely):
        return False
    if words.case[at] == LOWER:
        return _small(words, at, surely=surely)
    if surely:
        return not flags & ENGLISH or (not words.first[at] and len(word) > 3)
    return _two(words, at) if flags & ENGLISH else _unknown(words, at)


def _unknown(words: TokenList, at: int) -> bool:
    """Whether the word is capitalised and in no list; for words after "in" or "to"."""
    before = words.folded[at - 1]
    if before == "at" and words.near(at + 1) and words.folded[at + 1] in _HOUSES and words.case[at + 1]:
        return True
    if words.flags[at] & FIRST and before != "in":
        return False
    thing = words.near(at + 1) and words.flags[at + 1] & (THING | EPONYM)
    goes = before != "to" or words.word(at - 2) in _GOES
    return not thing and goes and (words.case[at] != SHOUTED or len(words.folded[at]) > 4)


def _small(words: TokenList, at: int, *, surely: bool) -> bool:
    """Whether an unknown word without a capital is a place, after a cue."""
    flags, word = words.flags[at], words.folded[at]
    if not foreign(words, at) or flags & (SURE | FIRST) or len(word) < 4:
        return False
    before = words.folded[at - 1]
    somewhere = before in ("in", "from", "at", "near") or (before == "to" and words.word(at - 2) in _GOES)
    if not surely and words.careless and somewhere and words.gap[at + 1 : at + 2] == [", "]:
        town = words.flags[at + 1] & (PLACE | TOWN) and not words.flags[at + 1] & ENGLISH
        if town:
            return True
    return surely or (words.careless and somewhere and not slip(words, at))


def _two(words: TokenList, at: int) -> bool:
    """Whether an English word is the first of two capitalised words: "Bottle Lake"."""
    after = at + 1
    if not words.near(after) or not words.case[after] or words.first[at] or not words.case[at]:
        return False
    return not words.flags[after] & (NOT | EPONYM) and words.folded[after] not in ("i", "and")


def _end(words: TokenList, at: int) -> int:
    """The position after a place of several words: "Reguengos de Monsaraz"."""
    end = at + 1
    while end < words.count and end - at < _LONGEST_PLACE and not words.owns[end - 1]:
        after = end
        while after < words.count and after - end < 2 and words.folded[after] in _WITHIN and words.near(after):
            after += 1
        if not words.near(after) or not _continues(words, at, after):
            break
        end = after + 1
    return end


def _continues(words: TokenList, at: int, after: int) -> bool:
    if words.kind[after] or words.flags[after] & NOT or words.folded[after] in ("i", "and"):
        return False
    if words.case[at] == LOWER:
        return foreign(words, after) and not words.flags[after] & (SURE | FIRST) and not slip(words, after)
    return words.case[after] != LOWER


def _widened(words: TokenList, end: int) -> int:
    """The position after the state or country that follows a place ("Austin, TX"), or the town after its country."""
    while end < words.count and words.gap[end] in (" ", ", ", ",") and not words.kind[end]:
        listed = _listed(words, end)
        known = words.flags[end] & (PLACE | TOWN) and not words.flags[end] & (ENGLISH | SURE | FIRST)
        state = words.text[words.start[end] : words.end[end]] in _STATES
        if listed:
            end = listed
        elif state or (known and (words.case[end] or words.careless)):
            end += 1
        elif parted := _parted(words, end):
            end = parted
        elif words.gap[end] != " " and words.case[end] and foreign(words, end) and not _person(words, end):
            end = _end(words, end)
        else:
            break
    return end


def _parted(words: TokenList, at: int) -> int:
    """The position after unknown words in small letters between commas, or 0: "from germany, kruunupyy, …"."""
    if not words.careless or words.gap[at] != ", " or not foreign(words, at):
        return 0
    end = at + 1
    while end < min(words.count, at + _LONGEST_PLACE) and words.near(end) and _within(words, end):
        end += 1
    comma = end == words.count or words.gap[end].startswith((",", "."))
    return end if comma and not words.flags[at] and len(words.folded[at]) > 4 and not slip(words, at) else 0


def _within(words: TokenList, at: int) -> bool:
    return words.folded[at] in _WITHIN or foreign(words, at)


def _person(words: TokenList, at: int) -> bool:
    return bool(words.flags[at] & (SURE | FIRST | CASED)) or words.first[at]


def _listed(words: TokenList, at: int) -> int:
    """The position after a place of several words that a list has, or 0."""
    word = words.folded[at]
    if "-" in word:
        parts = word.split("-")
        return at + 1 if place_words(parts) == len(parts) else 0
    if not begins_place(word):
        return 0
    stop = at + 1
    while stop < words.count and stop - at < _LONGEST_PLACE and words.near(stop):
        stop += 1
    return at + count if (count := place_words(words.folded[at:stop])) else 0


def _wide(words: TokenList, at: int, end: int) -> bool:
    """Whether a country is only mentioned: "where in America is it most common"."""
    before = words.word(at - 2) if words.word(at - 1) == "the" else words.word(at - 1)
    told = before in ("in", "throughout", "across") and words.near(at)
    return told and is_wide(words.folded[at:end]) and end == _widened(words, end)


def find_listed(words: TokenList) -> None:
    """Mark places that the lists have, unless the word can have another meaning."""
    for at in range(words.count):
        if words.kind[at] or words.flags[at] & NOT:
            continue
        clear = words.case[at] or words.careless
        end = _listed(words, at) if clear else 0
        if end and words.case[at] == LOWER and not _no_words(words, at, end):
            end = 0
        if not end and clear and _known(words, at):
            end = at + 1
        if end and _wide(words, at, end):
            words.leave_out(at, end)
        elif end:
            words.mark(at, _widened(words, end), "place")


def _no_words(words: TokenList, at: int, end: int) -> bool:
    """Whether a place of several words in small letters is more than ordinary words: "long beach", "new town" are."""
    listed = words.folded[at:end]
    return by_hand(listed) or not all(words.flags[one] & ENGLISH for one in range(at, end))


def _known(words: TokenList, at: int) -> bool:
    flags = words.flags[at]
    if flags & PLACE:
        return not flags & (ENGLISH | SURE)
    if not flags & TOWN or words.case[at] == LOWER or words.first[at]:
        return False
    return not flags & (ENGLISH | FIRST | RARE | LAST | CASED)
