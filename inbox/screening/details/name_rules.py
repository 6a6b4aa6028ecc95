"""Whether a word could be somebody's name, and how far a name reaches. Nothing is stored."""

from __future__ import annotations

import re

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
    TOWN,
    cue,
    misspelt,
)
from inbox.screening.details.tokens import CAPITAL, LOWER, TokenList

PARTICLES = cue("particles")
_PRONOUNS = cue("pronouns")
_ILLNESS = cue("illness")
#: The most words of a name.
LONGEST = 5
#: Common endings of surnames in several languages.
SURNAME = re.compile(
    r"(?:[^aeiou]ova?|[^aeiou]eva?|[oe]wsk[ai]|[iy]nsk[aiy]|sky|skaya|skiy|ovic|evic|ovich|evich|icova|wicz|czyk|czak"
    r"|sson|dottir|[snrlgt]sen|nen|escu|eanu|poulos|akis|idis|iadis|enko|chuk|shvili|adze|[ry]yan|oglu|zadeh|mann|stein"
    r"|feld|berg|burg|strom|quist|qvist|lund|dahl|gaard|stad|huis|veld|[dnrtlmu]ez|eira|eiro|elli|etti|ucci|accio|eschi"
    r"|aldo|etto|eau|ault|oux|elle|kainen|walla|singh|deep|kumar|eswaran|moto|mura|yama|kawa|zaki|guchi|szky|ffy|nyi)$"
)


def first_name(words: TokenList, at: int) -> bool:
    """Whether the word by itself is a first name, in this spelling and capitalisation."""
    flags = words.flags[at]
    if flags & NOT and not flags & SURE:
        return False
    if flags & SURE:
        return True
    if words.case[at] == LOWER:
        return bool(flags & FIRST and not flags & (ENGLISH | PLACE | CASED) and len(words.folded[at]) > 3)
    if flags & (ENGLISH | CASED):
        return bool(flags & CASED) and not words.first[at] and words.case[at] == CAPITAL
    return bool(flags & FIRST) or bool(flags & RARE and len(words.folded[at]) > 3)


def common(words: TokenList, at: int) -> bool:
    """Whether a capitalised word is an ordinary word, so that its capital means nothing."""
    flags = words.flags[at]
    if flags & SURE:
        return False
    return bool(flags & (NOT | EPONYM)) or (bool(flags & ENGLISH) and not first_name(words, at))


def foreign(words: TokenList, at: int) -> bool:
    """Whether no list has the word other than as a name or a small town, so that it could be a name."""
    return not words.flags[at] & (ENGLISH | NOT | PLACE | EPONYM) and len(words.folded[at]) > 2


def breaks(words: TokenList, at: int) -> bool:
    """Whether the sentence ends or pauses after the word, or continues as it does after a name."""
    if at + 1 == words.count:
        return True
    return words.gap[at + 1] != " " or words.word(at + 1) in ("and", "from", "i", "im", "i'm", "i’m")


def follows(words: TokenList, at: int) -> str:
    """The folded next word where only a space is between them, else ""."""
    return words.folded[at + 1] if words.near(at + 1) else ""


def precedes(words: TokenList, at: int) -> str:
    """The folded word before where only a space is between them, else ""."""
    return words.folded[at - 1] if words.near(at) else ""


def an_illness(words: TokenList, at: int) -> bool:
    """Whether the word begins the name of an illness or a thing: "Leigh syndrome", "Marie Tooth Disease"."""
    for after in (at + 1, at + 2):
        if not words.near(after):
            return False
        if words.folded[after] in _ILLNESS:
            return after == at + 1 or bool(words.case[after - 1]) or words.folded[after - 1] in _ILLNESS
    return False


def slip(words: TokenList, at: int) -> bool:
    """Whether the word could be an English one with a slip of the pen; with an accent it is none."""
    return words.text[words.start[at] : words.end[at]].isascii() and misspelt(words.folded[at])


def two_foreign(words: TokenList, at: int) -> bool:
    """Whether this word and the next are a full name: no list has either of them other than as a name."""
    return (
        words.near(at + 1)
        and not words.kind[at + 1]
        and all(foreign(words, one) and len(words.folded[one]) > 3 and not slip(words, one) for one in (at, at + 1))
        and bool(
            (words.flags[at] | words.flags[at + 1]) & (FIRST | RARE | LAST) or SURNAME.search(words.folded[at + 1])
        )
    )


def name_end(words: TokenList, at: int) -> int:
    """The position after the last word of the name that begins at ``at``, with surnames, initials and particles."""
    end = at + 1
    while end < words.count and end - at < LONGEST and not words.kind[end] and _goes_on(words, end):
        after = end
        while after < words.count and after - end < 2 and words.folded[after] in PARTICLES and words.near(after + 1):
            after += 1
        if after > end and _belongs(words, at, after) and not words.kind[after]:
            end = after + 1
        elif _belongs(words, at, end):
            end += 1
        else:
            break
    return end


def _goes_on(words: TokenList, end: int) -> bool:
    return words.near(end) and not words.owns[end - 1]


def _belongs(words: TokenList, at: int, end: int) -> bool:
    """Whether the word can be a further word of the name that begins at ``at``."""
    flags, word = words.flags[end], words.folded[end]
    if words.case[end]:
        if len(word) == 1:
            return word != "i" and words.case[at] != LOWER
        town = flags & (PLACE | TOWN) and not flags & (LAST | FIRST | RARE | SURE)
        return words.case[at] != LOWER and not flags & NOT and word not in _PRONOUNS and not town
    if words.case[at] != LOWER or flags & (ENGLISH | NOT | PLACE) or len(word) < 3:
        return False
    return bool(flags & (LAST | FIRST | RARE | SURE)) or bool(SURNAME.search(word))
