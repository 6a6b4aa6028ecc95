"""The wider words themselves: "a town" for "Leeds", "in my thirties" for "34". Pure functions; see ``generalise``."""

from __future__ import annotations

import re
from collections.abc import Collection

from inbox.screening.normalise import normalise

Span = tuple[int, int]

REMOVED = "[removed]"
_MOST_OFFERS = 2
#: How many characters around a detail decide which words fit there.
AROUND = 60


def offer(words: str, kind: str, *, before: str = "", after: str = "", countries: Collection[str] = ()) -> list[str]:
    """Wider words for a detail, the best first; at least one, at most two.

    ``before``, ``after``: the letter around it. ``countries``: names of countries in small letters, which are
    generalised to wider words than a town.
    """
    before, after = _plain(before[-AROUND:]), _plain(after[:AROUND])
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
        found = [REMOVED] if _NOBODY.match(words) else ["one of few"]
    else:
        found = [REMOVED]
    return [one for one in dict.fromkeys(found) if one.casefold() != words.casefold()][:_MOST_OFFERS] or [REMOVED]


#: Ways of being the only one in which "one of few" cannot stand: "nobody else here has a glass eye".
_NOBODY = re.compile(r"(?i)(?:there\b|nobody\b|no\b|only one\b|one in\b|(?:only|just|about|fewer|less)\b)")


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


#: A word for a person who is close, at the end of what stands before a name.
KIN = re.compile(
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
    kin = KIN.search(before)
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
_BARE = re.compile(r"(?:the |an? )?(?:church|school|university|college|bank|ministry|institute|order|sisters|knights)")
_WORKS = re.compile(r"(?i)\b(?:work(?:s|ed|ing)?|job|employed|intern|nurse|manager|boss) (?:at|for|with|by) (?:the )?$")
_STUDIES = re.compile(r"(?i)\b(?:school|stud(?:y|ies|ying|ied)|teach(?:es|ing)?|teacher) at (?:the )?$")


#: A class, a course or a year at school: "Year 10", "8th grade", "a PhD in biology at …".
_CLASS = re.compile(
    r"(?i)(?:year|yr|grade|form|class|klasse|primary) \d|\d+(?:st|nd|rd|th)[- ]grade|\d{1,2}[a-z]?$"
    r"|(?:the )?(?:upper|lower) |[a-z]+ grade|(?:the )?sixth form"
)
_COURSE = re.compile(
    r"((?:an? )?.{0,40}\b(?:PhD|doctorate|MA|MSc|MBA|BA|BSc|LLB|(?i:degree|levels?|masters?))\b.{0,60}?) at "
)
_LINE = re.compile(r"(?i)the (?:number )?\d+[a-z]? (bus|tram|train|route)")
#: Somebody's work and where: the first group is the work alone.
_POST = re.compile(r"(?i)((?:(?:the|an?) )?(?:[a-z-]+ ){0,3}[a-z-]+) (?:at|of|for|with|in) ")


def _held(words: str) -> str:
    """What somebody does or learns, without where; "" where the words say nothing of it."""
    if _CLASS.match(words):
        return "school"
    if line := _LINE.fullmatch(words):
        return f"a {line[1].lower()}"
    if course := _COURSE.match(words):
        return course[1]
    post = _POST.match(words)
    return re.sub(r"^the ", "a ", post[1]) if post and post[1].islower() and not _BARE.fullmatch(post[1]) else ""


def _organisations(words: str, before: str) -> list[str]:
    if narrow := _held(words):
        return [narrow, REMOVED]
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
