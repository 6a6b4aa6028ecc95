"""Single words, folded to small letters without accents, and their flags in the word lists. Nothing is stored."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

from inbox.screening import lexicons

#: Flags of a word; a word can have several.
FIRST = 1  #: a first name in many countries
RARE = 2  #: a first name somewhere
LAST = 4  #: a surname
ENGLISH = 8  #: an ordinary English word, or formed of one
PLACE = 16  #: a country, a state or a large town
TOWN = 32  #: a smaller town
NOT = 64  #: a medicine, an illness, a brand: capitalised, and still neither a name nor a place
SURE = 128  #: a first name of the hand-written list: one even without its capital
CASED = 256  #: a first name only with its capital, being a word of its own ("Rose")
THING = 1024  #: an illness or a thing, the second word of what is written with capitals
MEDICAL = 4096  #: formed as words of medicine are
SELDOM = 2048  #: English, but so seldom that nobody means it by a slip of the pen
EPONYM = 512  #: somebody after whom an illness is named: by itself the illness
NAMES = FIRST | RARE | SURE | CASED
#: Flags of words that are known and are no names.
OTHER = ENGLISH | NOT | PLACE

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "đ": "d", "ı": "i", "ə": "a"}
)
#: Endings of medical words; capitalised or not, they are no names.
_MEDICINE = re.compile(
    r"(?:[a-z]{2}itis|osis|osus|[aeo]mia|azole|prazole|pine|sone|solone|cillin|mycin|statin|pril|olol|zide|zine|profen"
    r"|ology|opathy|plast[iy]c?|plasia|plasm|ectomy|sclerosis|[st]oma|gen|gyn|rrh(?:o?ea|agia)|biotics?|therapy|scopy"
    r"|graphy|metr[iy]um|[cfi]vir|mab|zepam|zolam|oxetine|pram|cycline|floxacin|terone|drone|diol|dial|dine|idine"
    r"|amide|amine|trexate|triptan|gliptin|glutide|sartan|mide|tide|mune|aemia|algia|trophy|plegia|phobia|uria"
    r"|oxide|cort|caine|[a-z]ema|opia|[cg]ular|aride|osum|atum|t[io]sm|[a-z]ism|stomy|otomy|genic|[ltrm]tic|itic|static|[pst]hic|inal|eal|cephaly|trophic|glandular|idone|irole|azone|icin|ycin|olone|epam|arone|onazole|sulfate|phosphate|phosphatase|vaccine|vera|blast|cyte|penia|malacia|spasm|stasis|emic|uresis|pathic|philia|ectasia|cele|lysis|tinib|ximab|parin|formin|dronate|tadine|prost|setron)$"
)
#: "I'm", "they've": no surname has these endings.
_CONTRACTED = re.compile(r"['’](?:m|re|ve|ll|d|t)$")
_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("ier", ("y",)),
    ("iest", ("y",)),
    ("iness", ("y",)),
    ("ily", ("y",)),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ed", ("", "e")),
    ("ing", ("", "e")),
    ("ings", ("", "e")),
    ("er", ("", "e")),
    ("ers", ("", "e")),
    ("est", ("", "e")),
    ("ly", ("", "le")),
    ("ness", ("",)),
)


def fold(word: str) -> str:
    """Small letters without accents: ``Žaneta`` and ``zaneta`` are one word."""
    word = word.lower()
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).translate(_LETTERS)


def stems(word: str) -> list[str]:
    """Words of which this word could be an inflection (``worry`` for ``worries``), without the word itself."""
    found: list[str] = []
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            found += [stem + one for one in instead]
            if len(stem) > 3 and stem[-1] == stem[-2] and "" in instead and ending[0] in "ei":
                found.append(stem[:-1])
    return found


def words_without_towns() -> dict[str, int]:
    """Every word of the lists with its flags, without the gazetteer's."""
    own, long, medical = lexicons.load("details"), lexicons.load("details_words"), lexicons.load("details_medicine")
    flags: dict[str, int] = {}
    for words, flag in (
        (long["english"], ENGLISH),
        (long["english_seldom"], ENGLISH | SELDOM),
        (long["first_names"], FIRST),
        (long["first_names_rare"], RARE),
        (long["surnames"], LAST),
        (long["towns"], TOWN),
        (own["names"], SURE),
        (own["names_cased"], CASED),
        (own["places"], PLACE),
        (own["not_names"], NOT),
        (own["things"], NOT | THING),
        (own["medicine"], NOT),
        (own["eponyms"], EPONYM),
        (medical["medicines"], NOT | MEDICAL),
        (medical["illnesses"], NOT | MEDICAL),
    ):
        for word in words.split():
            folded = fold(word)
            flags[folded] = flags.get(folded, 0) | flag
    also = {fold(word) for word in own["also_words"].split()}
    for word, known in flags.items():
        if known & SURE:
            flags[word] = (known | CASED) & ~SURE if word in also else known & ~(ENGLISH | CASED)
    return flags


@functools.lru_cache(maxsize=1)
def _flags() -> dict[str, int]:
    """Every word of the lists with its flags."""
    flags, gazetteer = words_without_towns(), lexicons.load("details_towns")
    for words, flag in ((gazetteer["cities"], PLACE), (gazetteer["towns"], TOWN)):
        for word in words.split():
            flags[word] = flags.get(word, 0) | flag
    return flags


@functools.lru_cache(maxsize=1)
def _phrases() -> tuple[frozenset[tuple[str, ...]], dict[str, int]]:
    """Place names of several words, and the most words of one by its first word."""
    gazetteer = lexicons.load("details_towns")
    lists = (lexicons.load("details")["places"], lexicons.load("details_words")["towns"], *gazetteer.values())
    names = frozenset(tuple(place.split("-")) for words in lists for place in fold(words).split() if "-" in place[1:-1])
    longest: dict[str, int] = {}
    for name in names:
        longest[name[0]] = max(len(name), longest.get(name[0], 0))
    return names, longest


def place_words(words: Sequence[str]) -> int:
    """How many of the words, from the first on, are one place name of several words; 0 for none."""
    names, longest = _phrases()
    for count in range(min(longest.get(words[0], 0), len(words)), 1, -1):
        if tuple(words[:count]) in names:
            return count
    return 0


def by_hand(words: Sequence[str]) -> bool:
    """Whether the hand-written list has the place name of several words, so that it is one in small letters too."""
    return "-".join(words) in _places_by_hand()


@functools.lru_cache(maxsize=1)
def _places_by_hand() -> frozenset[str]:
    return frozenset(fold(lexicons.load("details")["places"]).split())


def is_wide(words: Sequence[str]) -> bool:
    """Whether the place is a country of very many people, which says something only of who lives there."""
    return " ".join(words) in _listed("wide_places")


def begins_place(word: str) -> bool:
    """Whether a place name of several words begins with the word."""
    return word in _phrases()[1]


def listed(name: str) -> frozenset[str]:
    """A list of the hand-written file, folded."""
    return _listed(name)


@functools.cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(fold(word).replace("-", " ") for word in lexicons.load("details")[name].split())


@functools.lru_cache(maxsize=20_000)
def known(folded: str) -> int:
    """The flags of a folded word; 0 where no list has it."""
    flags = _flags()
    found = flags.get(folded, 0)
    if not found and ("'" in folded or "’" in folded) and _CONTRACTED.search(folded):
        return ENGLISH | NOT
    if (
        not found
        and "-" in folded
        and any(
            flags.get(part, 0) & ENGLISH
            for part in folded.split("-")
            if len(part) > 3 and part not in ("saint", "port", "mont")
        )
    ):
        return ENGLISH
    if not found & (ENGLISH | NAMES | PLACE) and any(flags.get(stem, 0) & (ENGLISH | NOT) for stem in stems(folded)):
        found |= ENGLISH
    if not found & (NAMES | LAST) and len(folded) > 4 and _MEDICINE.search(folded):
        found |= NOT | MEDICAL
    return found


def cue(name: str) -> frozenset[str]:
    """A list of cues: words that come before or after a detail."""
    return frozenset(word.replace("+", " ") for word in lexicons.load("details_cues")[name].split())


@functools.lru_cache(maxsize=20_000)
def misspelt(folded: str) -> bool:
    """Whether the word is one edit (insert, delete, replace, swap of neighbours) away from an English word."""
    flags = _flags()
    if not _SHORT < len(folded) <= _LONGEST:
        return len(folded) <= _SHORT
    splits = [(folded[:at], folded[at:]) for at in range(len(folded) + 1)]
    near = [head + tail[1:] for head, tail in splits if tail]
    near += [head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1]
    near += [head + letter + tail[skip:] for head, tail in splits for letter in _ALPHABET for skip in (0, 1)]
    wanted = ENGLISH if len(folded) >= _LONG else ENGLISH | SELDOM
    return any(flags.get(word, 0) & wanted == ENGLISH for word in near)


#: From this length on the English word may be a rare one.
_LONG = 8
#: Words up to the first length always count as misspelt (each is one edit from some other); words above the second
#: never do.
_SHORT, _LONGEST = 3, 20
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def forget_letter() -> None:
    """Clear the caches of looked-up words, so that no word of a letter stays in memory."""
    known.cache_clear()
    misspelt.cache_clear()


def forget() -> None:
    """Clear the caches of the lists too, so that they are read again; for use after ``lexicons.extend_from``."""
    for kept in (_flags, _phrases, _places_by_hand, _listed, known, misspelt):
        kept.cache_clear()
