"""Wider words for what could point to somebody: "a town" for "Leeds", "in my thirties" for "34". Pure functions.

A change makes a letter say less, never something else: nobody gets another age than their own, somebody who is under
eighteen stays so in the words, and where no wider word is sure, the text says "[removed]".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from inbox.screening.normalise import normalise

Span = tuple[int, int]

REMOVED = "[removed]"
#: Kinds whose words mean the same everywhere in a letter; "34" may be an age here and a number of weeks there.
_SAME_EVERYWHERE = frozenset(["name", "place", "organisation", "contact", "id"])
_MOST_OFFERS = 2
#: How many characters around a detail decide which words fit there.
_AROUND = 60


# --- what is offered -------------------------------------------------------------------------------------------------


def offer(words: str, kind: str, *, before: str = "", after: str = "", countries: Collection[str] = ()) -> list[str]:
    """Wider words for a detail, the best first; at least one, at most two.

    ``before``, ``after``: the letter around it. ``countries``: names of countries in small letters, which are
    generalised to wider words than a town.
    """
    before, after = _plain(before[-_AROUND:]), _plain(after[:_AROUND])
    words = _plain(words).strip()
    if kind == "place":
        found = _places(words, before, countries)
    elif kind == "name":
        found = _names(words, before)
    elif kind == "age":
        found = _ages(words, before, after)
    elif kind == "date":
        found = _dates(words, before)
    elif kind == "organisation":
        found = _organisations(words, before)
    elif kind == "relation":
        found = _relations(words)
    elif kind == "only":
        found = ["one of few"]
    else:
        found = [REMOVED]
    return [one for one in dict.fromkeys(found) if one.casefold() != words.casefold()][:_MOST_OFFERS] or [REMOVED]


def _plain(text: str) -> str:
    """As ``normalise`` writes it, each paragraph's end too a space."""
    return normalise(text).text.replace("\n", " ")


_ADDRESS = re.compile(r"(?i)\d|\bbox\b")
_OUT_OF = re.compile(
    r"(?i)(?:liv(?:e|es|ed|ing)|born|grew up|raised|based|mov(?:e|ed|ing)|come|came|i'?m|i am|are|is)\b[^.!?]{0,12}$"
)


def _places(words: str, before: str, countries: Collection[str]) -> list[str]:
    if _ADDRESS.search(words):
        return [REMOVED]
    if words.casefold().removeprefix("the ") in countries:
        return ["my country", "another country"]
    return ["a town", "another town"] if _OUT_OF.search(before) else ["a town nearby", "my town"]


_KIN = re.compile(
    r"(?i)\b(my|our|his|her|their) ((?:best |late |older |younger |little |big |eldest |elder |new |ex[- ])*"
    r"(husband|wife|partner|boyfriend|girlfriend|fianc[eé]e?|spouse|ex|son|daughter|sister|brother|mother|father|mum|mom"
    r"|dad|aunt|uncle|cousin|niece|nephew|grand(?:mother|father|ma|pa|son|daughter)|friend|roommate|flatmate|housemate"
    r"|colleague|co-?worker|boss|neighbou?r|baby|child|kid|stepson|stepdaughter|stepfather|stepmother|teacher|doctor"
    r"|therapist|midwife))(?: (?:is|was) (?:called|named)|,| \()? ?\(?$"
)
_COUPLE = re.compile(r"(?i)husband|wife|boyfriend|girlfriend|fianc|spouse|partner")
_TITLE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Mx|Miss|Prof|Professor|Nurse|Sister|Father|Pastor|Rabbi|Imam|Sir)\.? $")
_OWN_NAME = re.compile(
    r"(?i)(?:names?(?: is|'s)|called|named|call me|signed|this is|name ?:|i am|i'm|\b(?:thanks|regards|love|sincerely"
    r"|yours|wishes|cheers|from),?)\s*[-–—]?\s*$"
)


def _names(words: str, before: str) -> list[str]:
    before = before.replace("’", "'")
    letter = next((character for character in words if character.isalpha()), "")
    initial = [f"{letter.upper()}."] if letter else []
    if _TITLE.search(before) or _OWN_NAME.search(before):
        return [*initial, REMOVED]
    kin = _KIN.search(before)
    if kin is None:
        return [*initial, "somebody I know"]
    if kin[0].rstrip(" (,").lower().endswith(("called", "named")):
        return [*initial, REMOVED]
    if kin[1].lower() in ("my", "our"):
        close = "my partner" if _COUPLE.fullmatch(kin[3]) else "a friend" if kin[3].lower() == "friend" else ""
        return [f"{kin[1].lower()} {kin[2].lower()}", *([close] if close else initial)]
    return [f"{kin[1].lower()} {kin[2].lower()}", *initial]


_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_DECADES = ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"]
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_SMALL = [
    *_ONES, "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"
]  # fmt: skip
_NUMBERS = {word: number for number, word in enumerate(_SMALL, 1)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_FINE = re.compile(r"(?i)\b(months?|weeks?|days?)\b")
_WITH_SEX = re.compile(r"(?i)(?<![a-z])(m|f|nb|male|female|woman|man|girl|boy|ftm|mtf)(?![a-z])")
_PRONOUNS = re.compile(r"(?i)\b(?:she|he|they)/(?:her|him|them|they)\b")
_OLD = re.compile(r"(?i)old$")
_OWNED = re.compile(r"(?i)\b(?:my|our|his|her|their|a|an|the|this|\w+['’]s) $")
_NOUN = re.compile(
    r"(?i)^ (?:and )?(?:son|daughter|sister|brother|girl|boy|cousin|niece|nephew|child|kid|friend|boyfriend|girlfriend"
    r"|student|patient|virgin|step\w+)"
)
#: Whose age it is, by the words before it, and how a decade is said of them.
_WHOSE = [
    (re.compile(rf"(?i)\b(?:{who})(?: \w+)? $"), said)
    for who, said in (
        (r"i ?am|i ?'?m|i was", "in my"),
        (r"(?:he|husband|boyfriend|brother|father|dad|son|uncle|man|guy)(?: is| was|'s)", "in his"),
        (r"(?:she|wife|girlfriend|sister|mother|mum|mom|daughter|aunt|woman)(?: is| was|'s)", "in her"),
        (r"(?:who|they|partner|friend|ex|colleague|boss)(?: is| are| was|'s)", "in their"),
    )
]
_GIVEN = re.compile(r"(?i)\b(?:aged?(?: of)?|turn(?:ed|ing|s)?) ?[:=]? ?$")


def _years(words: str) -> int | None:
    digits = re.search(r"\d+", words)
    if digits:
        return int(digits[0])
    found = [_NUMBERS[word] for word in re.findall(r"[a-z]+", words.lower()) if word in _NUMBERS]
    return sum(found[:2]) if found else None


def _ages(words: str, before: str, after: str) -> list[str]:
    years = _years(words)
    if _FINE.search(words):
        found = "baby" if _OWNED.search(before) else "a baby"
    elif years is None:
        found = REMOVED
    elif (sex := _WITH_SEX.search(words)) or words.startswith("("):
        found = _short(words, years, sex[0] if sex else "")
    elif _GIVEN.search(before):
        found = f"[{_band(years)}]"
    elif _OLD.search(words) and ("-" in words or _OWNED.search(before)):  # "my 15-year-old", "my 15-year-old son"
        found = _adjective(years) if _NOUN.search(after) else _person(years)
    elif years < 20:
        found = _person(years, article=True)
    else:
        before = before.replace("’", "'")
        whose = next((said for pattern, said in _WHOSE if pattern.search(before)), "")
        found = f"{whose} {_decade(years)}" if whose else _adjective(years)
    return [found]


def _short(words: str, years: int, sex: str) -> str:
    """For "(34F)", "34F" and "34-year-old woman"."""
    if words.startswith("("):
        return f"({', '.join(filter(None, [sex, _band(years), *_PRONOUNS.findall(words)]))})"
    return f"{sex}, {_band(years)}" if len(sex) <= 3 else f"{_adjective(years)} {sex}"


def _decade(years: int) -> str:
    return _DECADES[min(years // 10, 9) - 2]


def _band(years: int) -> str:
    """An age as a range of years; under eighteen the words say so."""
    if years < 16:
        return "under 16"
    if years < 18:
        return "under 18"
    return "about twenty" if years < 20 else _decade(years)


def _adjective(years: int) -> str:
    if years < 13:
        return "young"
    if years < 18:
        return "teenage"
    return "about-twenty" if years < 20 else f"{_TENS[min(years // 10, 9) - 2]}-something"


def _person(years: int, *, article: bool = False) -> str:
    if years >= 18:
        return "about twenty" if article else _adjective(years)
    word = "child" if years < 13 else "teenager"
    return f"a {word}" if article else word


_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"]  # fmt: skip
_ISO = re.compile(r"\d{4}-(\d{2})-\d{2}")
_YEAR_ALONE = re.compile(r"((?:19|20)\d)\d")
_AFTER_MONTH = re.compile(r"(?i)\b(?:since|until|till|from|by|before|after|of|between|and|to|last|this|in) $")


def _dates(words: str, before: str) -> list[str]:
    year = _YEAR_ALONE.fullmatch(words)
    if year:
        return [f"the {year[1]}0s"]
    iso = _ISO.fullmatch(words)
    month = _MONTHS[int(iso[1]) - 1] if iso and 1 <= int(iso[1]) <= 12 else ""
    month = month or next((name for name in _MONTHS if re.search(rf"(?i)\b{name[:3]}", words)), "")
    if not month:
        return ["some time ago"]
    return [month if _AFTER_MONTH.search(before) else f"in {month}", "some time ago"]


_SORTS = [
    (re.compile(rf"(?i)\b(?:{words})\b"), sort)
    for words, sort in (
        ("hospital|infirmary", "hospital"),
        ("clinic|surgery|practice", "clinic"),
        ("university|college", "university"),
        ("school|academy", "school"),
        ("church", "church"),
        ("mosque", "mosque"),
        ("synagogue|temple", "place of worship"),
        ("bank", "bank"),
        ("police", "police force"),
        ("barracks", "barracks"),
        ("council|department", "public office"),
        ("fc|society|foundation|group|institute", "group"),
    )
]
_WORKS = re.compile(r"(?i)\b(?:work(?:s|ed|ing)?|job|employed|intern|nurse|manager|boss) (?:at|for|with|by) (?:the )?$")
_STUDIES = re.compile(r"(?i)\b(?:school|stud(?:y|ies|ying|ied)|teach(?:es|ing)?|teacher) at (?:the )?$")


def _organisations(words: str, before: str) -> list[str]:
    sort = next((sort for pattern, sort in _SORTS if pattern.search(words)), "")
    if sort in ("hospital", "clinic", "church", "mosque", "place of worship", "bank", "group"):
        return [f"a {sort}", f"my {sort}"]
    if sort:
        return [f"my {sort}", f"a {sort}"]
    if _WORKS.search(before):
        return ["a company", "a place"]
    return ["my school", "a school"] if _STUDIES.search(before) else ["where I work", "a company"]


_WIDER = [
    (re.compile(rf"(?i)\b(?:{words})"), wider)
    for words, wider in (
        (r".*['’]s\b", "friend or relative"),
        (r"step-?(?:mother|father|mum|mom|dad)", "parent"),
        (r"(?:step|half)-?\s?(?:sister|brother)", "brother or sister"),
        (r"step-?(?:son|daughter)", "child"),
        (r"foster (?:mother|father|mum|mom|dad|parents?)", "parent"),
        (r"foster", "family"),
        (r"(?:identical )?(?:twin|triplet)s? sons?", "child"),
        (r"(?:identical )?(?:twin|triplet)", "brother or sister"),
        (r"god|.*in[- ]law", "relative"),
        (r".*(?:boss|manager|supervisor)", "senior at work"),
        (r".*(?:landlord|landlady)", "housing contact"),
        (r".*(?:pastor|priest|imam|rabbi|vicar)", "faith leader"),
        (r".*(?:coach|headteacher|principal|professor)", "teacher"),
    )
]


def _relations(words: str) -> list[str]:
    return [next((wider for pattern, wider in _WIDER if pattern.match(words)), "relative")]


# --- words that are wide already -------------------------------------------------------------------------------------

_WIDE = re.compile(
    rf"(?i)\b(?:{'|'.join(_TENS)})-something\b|\bin (?:my|his|her|their) (?:(?:early|mid|late)[- ]?)?"
    rf"(?:{'|'.join(_DECADES)}|[2-9]0['’]?s)\b|\babout[- ]twenty\b|\bunder 1[68]\b|\b(?:{'|'.join(_DECADES)})\b"
    r"|\bthe (?:19|20)\d0s\b|\[removed\]|\ba teenager\b"
    r"|(?-i:(?<!\w)[A-ZÀ-ÖØ-Þ]\.?(?!\w))"  # an initial
)


def wide(text: str) -> list[Span]:
    """Spans of the text that are as wide already as the words that ``offer`` gives."""
    normal = normalise(text)
    return [normal.span(*match.span()) for match in _WIDE.finditer(normal.text)]


# --- the change itself -----------------------------------------------------------------------------------------------

#: Words removed together with the replaced ones, by how the new words begin: "on 3 May" becomes "in May".
_GIVES_WAY = [
    (re.compile(r"(?i)^(?:my|our|his|her|their|a|an|another) "), r"(?:the |an? |my |our )"),
    (re.compile(r"(?i)^in "), r"(?:on |in |at )(?:the )?"),
    (re.compile(r"(?i)^some time ago"), r"(?:on |in |at )(?:the )?"),
]
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Mx|Prof|St)\.\s*$")


def places(text: str, words: str) -> list[Span]:
    """Spans of the words in the text, as whole words in exactly this spelling."""
    found: list[Span] = []
    start = text.find(words) if words else -1
    while start >= 0:
        end = start + len(words)
        if not (_is_letter(text[max(0, start - 1) : start]) or _is_letter(text[end : end + 1])):
            found.append((start, end))
        start = text.find(words, end)
    return found


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def replace(text: str, words: str, new: str) -> str:
    """The text with ``new`` in place of ``words`` wherever they are whole words."""
    return replace_at(text, places(text, words), new)[0]


def replace_at(text: str, spans: Iterable[Span], new: str) -> tuple[str, list[Span]]:
    """The text with ``new`` at the spans, and the spans of ``new`` in the result; see ``apply``."""
    return apply(text, [(tuple(spans), new)])


def apply(text: str, changes: Iterable[tuple[Sequence[Span], str]]) -> tuple[str, list[Span]]:
    """The text after all changes (spans without overlaps, new words), and the spans of the new words in the result. New
    words get a capital where a sentence begins; an article or a preposition that would be doubled is dropped."""
    done: list[str] = []
    at: list[Span] = []
    length = end = 0
    for (start, stop), new in sorted((span, new) for spans, new in changes for span in spans):
        begins = max(end, _start(text, end, start, new))
        kept = text[end:begins]
        opens = not text[begins].islower() and _begins_sentence(text[max(0, begins - _AROUND) : begins])
        placed = _capital(new) if opens else new
        done += [kept, placed]
        length += len(kept) + len(placed)
        at.append((length - len(placed), length))
        follows = text[stop : stop + 1]
        # "told K.." and "my son, left" have one sign too many
        end = stop + ((placed.endswith(".") and follows == ".") or ("," in text[begins:start] and follows == ","))
    return "".join([*done, text[end:]]), at


def _start(text: str, least: int, start: int, new: str) -> int:
    """The position where the change begins: before any words that repeat the first words of ``new``."""
    before = text[max(least, start - _AROUND) : start]
    twice = re.search(rf"(?i)(?<!\w){re.escape(new)},? \(?$", before)
    if twice is None:
        kin = _KIN.search(before)
        if kin and (new == "my partner" or new == "a friend"):
            twice = kin
    if twice is None:
        twice = next(
            (
                found
                for pattern, giving in _GIVES_WAY
                if pattern.search(new) and (found := re.search(rf"(?i)(?<!\w){giving}$", before))
            ),
            None,
        )
    if twice is None or twice[0].endswith("("):  # what opens a bracket stays, for its end stays too
        return start
    return start - (len(before) - twice.start())


def _begins_sentence(before: str) -> bool:
    bare = before.rstrip(" \t\"'“‘([")
    return not bare or (bare[-1] in ".!?…\n" and not _ABBREVIATION.search(bare))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# --- the details of a letter -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Words offered as a replacement. ``key``: the value of the button, valid for this replacement of these words."""

    new: str
    key: str


@dataclass(frozen=True)
class Group:
    """Details of one kind with the same spelling and the same replacements in a letter, with their spans."""

    words: str
    kind: str
    spans: tuple[Span, ...]
    choices: tuple[Choice, ...]


def key(words: str, kind: str, new: str, offered: Sequence[str]) -> str:
    """The ``Choice.key`` of one replacement among the offered ones."""
    named = "\0".join([kind, words, new, *offered])
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def groups(text: str, details: Sequence[tuple[int, int, str]], *, countries: Collection[str] = ()) -> list[Group]:
    """The details (start, end, kind; in order, without overlaps) grouped by their words, in the order of the letter."""
    alike: dict[tuple[str, str, tuple[str, ...]], list[Span]] = {}
    everywhere: dict[tuple[str, str], tuple[str, ...]] = {}
    inside = bytearray(len(text))
    for start, end, kind in details:
        words = text[start:end]
        offered = everywhere.get((words, kind))
        if offered is None:
            before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
            offered = tuple(offer(words, kind, before=before, after=after, countries=countries))
            if kind in _SAME_EVERYWHERE:
                everywhere[words, kind] = offered
        alike.setdefault((words, kind, offered), []).append((start, end))
        inside[start:end] = b"\1" * (end - start)
    found = []
    for (words, kind, offered), spans in alike.items():
        placed = spans
        if kind in _SAME_EVERYWHERE:  # also without a cue; a part of another detail goes with that
            free = (span for span in places(text, words) if not any(inside[slice(*span)]))
            placed = sorted([*spans, *free])
        choices = tuple(Choice(new, key(words, kind, new, offered)) for new in offered)
        found.append(Group(words, kind, tuple(placed), choices))
    return found
