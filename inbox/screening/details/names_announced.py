"""Names after cues: "my name is …", "my husband …", "Dr …", "Dear …". Nothing is stored."""

from __future__ import annotations

from inbox.screening.details.dictionary import (  # fmt: skip
    CASED,
    ENGLISH,
    FIRST,
    LAST,
    NAMES,
    NOT,
    PLACE,
    RARE,
    SURE,
    THING,
    cue,
)
from inbox.screening.details.name_rules import (
    PARTICLES,
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
from inbox.screening.details.tokens import CAPITAL, LOWER, TokenList

_TITLES = cue("titles")
_KIN = cue("kin")
_SPEAKS = cue("speaks")
_DOES = cue("does") | _SPEAKS
_GREETINGS = cue("greetings")
_UNNAMED = cue("unnamed")
_PRONOUNS = cue("pronouns")
_GAPS = frozenset((" ", "  ", ", ", ": ", ":", ". ", ".", " - ", " (", "- ", " : ", " :"))
_ARTICLES = frozenset(("the", "a", "my", "his", "her", "our", "their", "another", "any", "this", "that", "of", "see"))
_NAMERS = frozenset(("name", "names", "mane", "nickname", "nick"))
_CLOSINGS = frozenset(
    ("regards", "sincerely", "thanks", "thank", "yours", "faithfully", "truly", "love", "cheers", "wishes")
)
#: What stands under a name at the end of a letter.
_BELOW = frozenset(
    ("cell", "tel", "phone", "mobile", "email", "e-mail", "ph", "mob", "telephone", "contact", "address")
)
_ENDEARMENTS = frozenset(
    ("baby", "babe", "babes", "honey", "darling", "dear", "sweetheart", "love", "boss", "princess", "sir")
)
_THEM = frozenset(("me", "him", "her", "them", "us"))
_CALLS = frozenset(("call", "calls", "called", "calling", "nickname", "nicknamed", "nicknames"))
_AM = frozenset(("i'm", "im", "i’m"))


def find(words: TokenList) -> None:
    """Mark each name that follows a cue."""
    for at in range(1, words.count):
        if words.kind[at] or words.gap[at] not in _GAPS:
            continue
        before = words.folded[at - 1]
        if before in _CUES and any(rule(words, at, before) for rule in _RULES):
            words.mark(at, name_end(words, at), "name")


def _named(words: TokenList, at: int, before: str) -> bool:
    """ "my name is …", "name: …", "her name was …"."""
    if before in ("is", "was", "s"):
        return words.word(at - 2) in _NAMERS and words.near(at) and _anybody(words, at)
    if before not in _NAMERS:
        return False
    plain = words.gap[at] in (" ", "  ")
    if plain and words.case[at] == LOWER and words.word(at - 2) not in ("my", "wife", "husband", "his", "her", "first"):
        return words.gap[at - 1] != " " and (first_name(words, at) or foreign(words, at))
    return _anybody(words, at)


def _called(words: TokenList, at: int, before: str) -> bool:
    """ "a girl called …", "call me …", "our dog, named …"."""
    two = words.word(at - 2)
    if not words.near(at):
        return False
    if before in _THEM:
        return two in _CALLS and _anybody(words, at) and words.folded[at] not in _PRONOUNS | _ENDEARMENTS
    if before not in ("called", "named") or two in _UNNAMED or words.flags[at - 2] & THING:
        return False
    if two in ("i", "he", "she", "they", "we", "and", "have", "had", "just", "who", "you", "then", "never", "me"):
        return False
    return _anybody(words, at)


def _by_another(words: TokenList, at: int, before: str) -> bool:
    """ "known as …", "I go by …", "nicknamed …", "under the name …": a name with a capital, an ordinary word too."""
    two = words.word(at - 2)
    told = (before == "as" and two in ("known", "as")) or (before == "by" and two in ("go", "goes", "going", "went"))
    if not (told or before in ("nicknamed", "alias", "nickname")) or words.gap[at] not in (" ", "  ", ": ", ' "', " '"):
        return False
    pair = bool(words.flags[at] & THING) and words.near(at + 1) and words.case[at + 1] == CAPITAL  # "Big Tone"
    thing = words.flags[at] & (NOT | PLACE) and not pair
    return words.case[at] == CAPITAL and not thing and words.folded[at] not in _PRONOUNS


def _anybody(words: TokenList, at: int) -> bool:
    """Whether the word may be a name after a cue that a name surely follows."""
    flags = words.flags[at]
    if words.case[at]:
        return not flags & NOT and (not flags & ENGLISH or words.case[at] == CAPITAL)
    return first_name(words, at) or foreign(words, at) or bool(flags & (CASED | FIRST) and breaks(words, at))


def _presents(words: TokenList, at: int, before: str) -> bool:
    """ "I'm …", "this is …", "it's … here"."""
    two = words.word(at - 2)
    if not words.near(at) or not (before in _AM or (before, two) in (("am", "i"), ("is", "this"))):
        return False
    if words.case[at] == CAPITAL:
        return not common(words, at) and not words.flags[at] & PLACE
    if words.flags[at] & SURE:
        return True
    if first_name(words, at):
        return breaks(words, at) or bool(words.flags[at + 1] & (LAST | FIRST | RARE))
    if not foreign(words, at) or slip(words, at):
        return False
    ends = at + 1 == words.count or words.gap[at + 1].startswith((",", ".", "\n", " (", " &"))
    return ends or follows(words, at) == "from" or two_foreign(words, at)


def _it_was(words: TokenList, at: int, before: str) -> bool:
    """ "it was … who"."""
    if before != "was" or words.word(at - 2) != "it" or follows(words, at) != "who" or words.case[at] != CAPITAL:
        return False
    return not words.flags[at] & NOT and words.folded[at] not in _PRONOUNS


def _titled(words: TokenList, at: int, before: str) -> bool:
    single = len(words.folded[at]) == 1 and not words.near(at + 1)
    if before not in _TITLES or words.gap[at] not in (" ", ". ", ".", "  ") or single:
        return False
    flags = words.flags[at]
    if words.case[at]:
        coloured = bool(flags & THING) and before in ("dr", "mr", "mrs", "ms", "miss") and words.case[at] == CAPITAL
        return coloured or (not flags & NOT and (words.case[at] == CAPITAL or not flags & ENGLISH))
    if before in ("mr", "mrs"):
        return len(words.folded[at]) > 2 and (not flags & NOT or bool(flags & THING))
    return _titled_small(words, at, before)


def _titled_small(words: TokenList, at: int, before: str) -> bool:
    """The same without a capital, after "dr" or "aunt"."""
    flags = words.flags[at]
    if words.folded[at] in PARTICLES and words.near(at + 1) and len(words.folded[at]) > 1:
        return foreign(words, at + 1) or words.folded[at + 1] in PARTICLES
    if before == "dr" and words.gap[at] == ". " and words.word(at - 2) not in _ARTICLES and breaks(words, at):
        return not flags & NOT and len(words.folded[at]) > 3
    if before in ("dr", "dr.", "drs"):
        return foreign(words, at) or bool(flags & (LAST | FIRST) and not flags & ENGLISH)
    return first_name(words, at) or (foreign(words, at) and before in ("aunt", "uncle", "auntie", "aunty", "ms"))


def _greeted(words: TokenList, at: int, before: str) -> bool:
    if before not in _GREETINGS or not words.first[at - 1] or not words.near(at):
        return False
    if words.case[at]:
        return not common(words, at) and not words.flags[at] & PLACE
    return first_name(words, at)


def _closed(words: TokenList, at: int, before: str) -> bool:
    """ "regards, bulat kadiev cell 0700 …": a name between a closing phrase and what comes below it."""
    if before not in _CLOSINGS or not foreign(words, at) or len(words.folded[at]) < 3:
        return False
    end = name_end(words, at)
    end += end < words.count and end == at + 1 and foreign(words, end) and words.near(end)
    end += end < words.count and words.folded[end] in _KIN and words.near(end)  # "regards, … father 0700 …"
    below = end < words.count and (words.kind[end] == "other" or words.folded[end] in _BELOW)
    below = below or words.text[words.end[end - 1] :].lstrip(" :\n+(").partition(" ")[0][:1].isdigit()
    return below and bool(words.flags[at] & (FIRST | RARE | LAST) or not slip(words, at) or words.case[at] == CAPITAL)


def _kin(words: TokenList, at: int, before: str) -> bool:
    """ "my husband tom", "his ex Wiktor", "my best friend is …", "my son (Tom)"."""
    if before == "is" and words.word(at - 2) in _KIN and words.case[at] == CAPITAL:
        return first_name(words, at)
    if before not in _KIN or words.gap[at] not in (" ", ", ", " (", "  ") or words.owns[at - 1]:
        return False
    if words.case[at]:
        somewhere = words.flags[at] & PLACE and not words.flags[at] & NAMES
        return words.case[at] == CAPITAL and not common(words, at) and not somewhere
    return first_name(words, at) or _small_after_kin(words, at)


def _small_after_kin(words: TokenList, at: int) -> bool:
    """Whether a word without a capital after "my husband" is a name: in the lists, or before a verb or a comma."""
    flags, word, after = words.flags[at], words.folded[at], follows(words, at)
    if flags & (NOT | PLACE) or word in _DOES:
        return False
    if flags & CASED:
        return after in _SPEAKS or (bool(flags & FIRST) and precedes(words, at - 1) in ("my", "his", "her", "friend"))
    if not foreign(words, at) or flags & (RARE | LAST | FIRST):
        return bool(flags & (RARE | LAST | FIRST)) and not flags & ENGLISH
    gap = words.gap[at + 1] if at + 1 < words.count else "."
    goes_on = after in _DOES or gap.startswith((",", " (", ".", "\n"))
    if not words.near(at):
        goes_on = words.careless and gap == ", "
    best = precedes(words, at - 1) in ("best", "called", "named") and len(word) > 3
    return goes_on and (best or not slip(words, at))


_RULES = (_closed, _named, _called, _by_another, _it_was, _presents, _titled, _greeted, _kin)
#: The last words of all cues; a word after any other word is not examined.
_CUES = _TITLES | _KIN | _GREETINGS | _NAMERS | _AM | {"is", "was", "s", "called", "named", "am"} | _THEM
_CUES |= _CLOSINGS | {"as", "by", "nicknamed", "alias"}
