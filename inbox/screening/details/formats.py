"""Details found by patterns alone: contacts, numbers of documents, addresses, dates. Nothing is stored.

Every repetition in a pattern is bounded, so that no text makes it slow. A rule is tried only where the text has one of
the strings that it ``needs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĘĚĞĠĢĤĪİĶĹĽŁŃŇŌŐŒŔŘŚŞŠŤŪŮŰŹŻŽ"
#: One capitalised word; a dash or an apostrophe inside it belongs to it, a possessive does not.
CAP = rf"[{_UP}](?:[^\W\d_]|[’'-](?=[{_UP}])){{1,30}}"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? "
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    r"|fifteenth"
    r"|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_HANDLED = (
    r"(?:instagram|insta|ig|snapchat|snap|sc|telegram|whatsapp|skype|discord|kik|tiktok|twitter|tumblr|reddit|steam"
    r"|gamertag|twitch|onlyfans|youtube|psn|vinted|bluesky|mastodon|threads|facebook|fb"
    r"|username|user name|handle|email|e-mail|login)"
)
_PAPER = (
    r"(?:NHS|passport|policy|case|patient|member(?:ship)?|account|customer|insurance|licen[cs]e|reference|ref|student"
    r"|employee|order|IBAN|social security|SSN|MRN|hospital|card|registration|(?:tax|national|citizen)(?: insurance)?"
    r"|staff|badge|booking|visa)"
)
_STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Close|Court|Ct|Place|Pl|Way|Square|Sq|Terrace|Crescent"
    r"|Boulevard|Blvd|Gardens|Grove|Hill|Row|Parkway|Pkwy|Circle|Cir|Trail|Highway|Hwy)"
)
#: A number before these is a measure and no telephone number.
_NO_DOSE = r"(?! ?(?:mg|ml|mcg|units?|kg|times|people|%)\b)"
DIGIT = "#"
_DIGITS = re.compile(r"\d+")
#: Characters before and after a digit that a rule with ``DIGIT`` examines.
_REACH = 60


@dataclass(frozen=True)
class Rule:
    """A pattern with its kind. ``needs``: strings in small letters, one of which is in every match; ``DIGIT``: any
    digit. The detail is the first group; the whole match where there is no group other than ``dash``."""

    kind: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]

    @property
    def group(self) -> int:
        return 1 if self.pattern.groups and "dash" not in self.pattern.groupindex else 0


def rules(kind: str, needs: tuple[str, ...], *patterns: str, any_case: bool = True) -> tuple[Rule, ...]:
    """Rules of one kind with the same ``needs``."""
    flags = re.IGNORECASE if any_case else re.NOFLAG
    return tuple(Rule(kind, needs, re.compile(pattern, flags)) for pattern in patterns)


#: Letters of scripts that put no spaces between words, and a sign of a word in any other script.
_SPACELESS = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_SIGN = rf"[^\W{_SPACELESS}]"
_MAILERS = (
    r"(?:gmail|googlemail|hotmail|yahoo|outlook|icloud|protonmail|proton|gmx|aol|ymail|fastmail|tutanota|yandex"
    r"|web\.de|mail\.ru|live|msn|qq|163|naver)"
)
#: Words before "at gmail" that are no account: "I work at Yahoo", "my account at gmail".
_NO_ACCOUNT = (
    r"(?!(?:work|works|worked|working|job|account|accounts|email|e-?mail|mail|inbox|address|me|him|her|them|us|it|look"
    r"|looked|looking|was|is|am|are|were|someone|somebody|people|support|staff|engineer|manager|at|and|or|not|employed"
    r"|him|boss|colleague|friend|anyone|only|live|lives|lived|tv|show|concert|music|back|here|there|that|this) )"
)
_CONTACTS = (
    *rules(
        "contact",
        ("@",),
        rf"(?<!{_SIGN})(?<![.+-])(?:{_SIGN}|[.+-]){{1,64}}@[^\W_{_SPACELESS}](?:{_SIGN}|-){{0,62}}"
        rf"(?:\.(?:{_SIGN}|-){{0,62}}[^\W\d_{_SPACELESS}](?:{_SIGN}|-){{0,62}}){{1,8}}",
        r"(?<![\w@./])@[a-z0-9_][a-z0-9_.]{0,38}[a-z0-9_]",
    ),
    *rules("contact", ("u/",), r"(?<![\w/])/?u/[a-z0-9_-]{3,20}(?![\w/])"),
    *rules("contact", ("#",), r"(?<![\w#])[^\W_][\w.]{1,31}#\d{4,5}(?!\w)"),
    *rules(
        "contact",
        (" at ", "(at)", "[at]"),
        rf"(?<![\w.+-]){_NO_ACCOUNT}(?:[\w+-][\w.+-]{{0,40}} (?:dot|underscore|dash|hyphen)"
        rf" ){{0,3}}[\w+-][\w.+-]{{0,63}} ?(?: at |\(at\)|\[at\]) ?"
        rf"{_MAILERS}(?: ?(?:\.|\(dot\)|\[dot\]| dot ) ?(?:com|org|net|co\.uk|de|fr|it|es|ru|me))?(?!\w)",
    ),
    *rules(
        "contact",
        (" dot ", "(dot)", "[dot]", "(at)", "[at]"),
        r"(?<![\w.+-])[\w.+-]{1,64} ?(?:\(at\)|\[at\]| at ) ?[\w-]{1,63} ?(?:\.|\(dot\)|\[dot\]| dot ) ?(?:com|org|net"
        r"|edu|co|uk|de|fr|info)(?!\w)",
    ),
    *rules("contact", ("://", "www."), r"(?<!\w)(?:https?://|www\.)[^\s<>\"]{1,500}[^\s<>\".,;:!?)\]]"),
    *rules(
        "contact",
        (".com", ".org", ".net", ".co.uk", ".info", ".io"),
        r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|co\.uk|info|io)(?:\.[a-z]{2})?"
        r"(?:/\S{1,500}|(?![\w/-]|\.\w))",
    ),
    *rules(
        "contact",
        (".me/", ".gg/", ".tv/", ".ly/", ".de/", ".fr/", ".it/", ".es/", ".nl/", ".pl/", ".ru/", ".eu/", ".ca/"),
        r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:me|gg|tv|ly|de|fr|it|es|nl|pl|ru|eu|ca)/\S{1,500}",
    ),
    *rules(
        "contact",
        (DIGIT, "_", "."),
        rf"(?<!\w){_HANDLED}(?: ?(?:name|handle|account|id|number|username|@))?"
        r"(?: is| was|:| -)? ?@?((?!\+?\d[\d.-]*(?![\w.-]))(?=[\w.+-]{0,30}(?:[\d_]|\.\w))[\w.+-]{2,31}[^\W_])"
        r"(?![\w%])",
    ),
    *rules(
        "contact",
        (DIGIT,),
        r"(?<![\w.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w.])",
        r"(?<![\w:])(?:[0-9a-f]{1,4}:){5,7}[0-9a-f]{1,4}(?![\w:])",
    ),
)
_IDS = rules(
    "id",
    (DIGIT,),
    r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)",
    rf"(?<!\w){_PAPER}(?: (?:number|no\.?|num|nr\.?|id))(?: is| was)? ?[:#]? ?"
    r"((?=[A-Za-z\d/-]*\d)[A-Za-z\d]{1,8}(?:[/-][A-Za-z\d]{1,8}){1,4})(?!\w)",
    rf"(?<!\w){_PAPER}(?: (?:number|no\.?|num|nr\.?|id|card))?(?: is| was)? ?[:#]? ?"
    r"((?:[A-Z]{1,4}[ /-]?)?\d[\d /-]{3,28}\d(?:[/-]?[A-Z]{1,3})?)(?!\w)",
    r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])",
    r"(?<![\w-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])",
    r"(?<![\w-])3[47]\d{2}[ -]?\d{6}[ -]?\d{5}(?![\w-])",
)
_ADDRESSES = (
    *rules(
        "place",
        ("street", "road", "avenue", "lane", "terrace", "crescent", "square", "boulevard"),
        rf"(?<!\w)(?:on|in|off|down|at|along|near|to|up|of) ({CAP}(?: {CAP})?"
        r" (?:Street|Road|Avenue|Lane|Terrace|Crescent|Square|Boulevard))(?!\w)",
        any_case=False,
    ),
    *rules(
        "place",
        (DIGIT,),
        rf"(?<!\w)\d{{1,5}}[a-zA-Z]? (?:(?:{CAP}|[NSEW]\.?|\d{{1,3}}(?:st|nd|rd|th)) ){{1,3}}{_STREET}(?!\w)",
        rf"(?<!\w){CAP}(?:straße|strasse|str\.|gatan|gata|vägen|veien|vej|gade|straat|laan|weg|katu|utca|ulica|tie)"
        r" \d{1,4}[a-z]?(?!\w)",
        r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2},? \d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)",
        any_case=False,
    ),
    *rules(
        "place",
        (" street", " road", " avenue", " lane", " crescent", " boulevard", " terrace"),
        rf"(?<!\w)(?!(?:The|High|Main|Wall|Front|Back|Silk|Memory|Easy|Long|Each|Every|My|Our|Sesame|Fleet|Down|On|In)"
        rf" (?:Street|Road|Lane|Avenue))(?:{CAP} ){{1,2}}(?:Street|Road|Avenue|Lane|Crescent|Boulevard|Terrace)(?!\w"
        rf"| (?-i:[A-Z])[a-z])",
        any_case=False,
    ),
    *rules(
        "place",
        (" of ",),
        rf"(?<!\w)(?:Isles?|Islands?|Gulf|Forest|Vale|Valley|Lake|Bay) of (?:the )?{CAP}(?: {CAP})?(?!\w)",
        any_case=False,
    ),
    *rules(
        "place",
        (" estate", " county", " peninsula", " valley", " islands", " highlands", " dales", " moors", " archipelago"),
        rf"(?<=[Tt]he )(?:{CAP} ){{1,2}}(?:[Ee]state|Peninsula|Valley|Islands|Highlands|Dales|Moors|Archipelago)"
        rf"(?!\w)",
        rf"(?<!\w)(?!The |Each |Every |My |Our ){CAP}(?: {CAP})? County(?!\w)",
        any_case=False,
    ),
    *rules(
        "place",
        ("rue ", "via ", "calle ", "rua ", "avenida ", "piazza ", "ulica ", "ul. ", "viale "),
        r"(?<!\w)(?:[Rr]ue|Via|[Cc]alle|[Rr]ua|[Aa]venida|[Pp]iazza|[Uu]lica|ul\.|[Vv]iale) (?:de |del |la |da |di )?"
        rf"{CAP}(?: {CAP}){{0,2}}(?:,? \d{{1,4}})?(?!\w)",
        any_case=False,
    ),
    *rules(
        "place",
        (DIGIT,),
        r"(?<!\w)\d{1,5} (?:[a-z]{3,20} ){1,2}(?:street|road|avenue|lane|close|crescent|boulevard|terrace)(?!\w)",
        r"(?<!\w)(?:zip|post)(?: ?code)?(?: is)? ?[:#]? ?(\d{4,5}(?:-\d{4})?|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})(?!\w)",
        r"(?<!\w)P\.? ?O\.? Box \d{1,6}",
    ),
)
_DATES = (
    *rules(
        "date",
        (DIGIT,),
        r"(?<![\w/.-])(?=(?:0?[1-9]|1[0-2])[/.-]|\d{1,2}[/.-](?:0?[1-9]|1[0-2])[/.-])"
        r"\d{1,2}(?P<dash>[/.-])\d{1,2}(?P=dash)(?:19|20)?\d{2}(?![\w/]|[.-]\d)",
        r"(?<!\w)(?:19|20)\d{2}(?P<dash>[-/.])\d{1,2}(?P=dash)\d{1,2}(?!\w)",
        r"(?<!\w)(?:born|dob|d\.o\.b\.?|birth(?:day|date| date)?|date of birth)(?: is| was)?(?: on| in)? ?:? ?"
        r"((?:19|20)\d{2}|[’']\d\d)(?!\w)",
    ),
    *rules(
        "date",
        _MONTHS,
        rf"(?<!\w){_WEEKDAY}(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH}(?:,? (?:19|20)\d{{2}})?(?!\w)",
        rf"(?<!\w){_WEEKDAY}{_MONTH} ?\d{{1,2}}(?:st|nd|rd|th)?(?:,? (?:19|20)\d{{2}})?(?!\w)",
        rf"(?<!\w)(?:(?:twenty|thirty)[ -])?{_ORDINAL} of {_MONTH}(?:,? (?:19|20)\d{{2}})?(?!\w)",
        rf"(?<![\w.])\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH}"
        r"(?:,?[ -](?:(?:19|20)\d{2}|\d\d(?! ?[ap:])))?(?!\w)",
        rf"(?<!\w){_MONTH} ?\d{{1,2}}(?:st|nd|rd|th)?(?:,? ?(?:19|20)\d{{2}})?"
        r"(?![\w%:]|/\d| ?(?:mg|days|weeks|times|years|months|people|pm|am)\b)",
        rf"(?<!\w){_MONTH},? (?:of )?(?:19|20)\d{{2}}(?!\w)",
        rf"(?<!\w)(?:birthday|birth date|born|anniversary)(?: is| was)? (?:on |in )?({_MONTH})(?!\w)",
    ),
)
_FEASTS = rules(
    "date",
    ("christmas", "easter", "halloween", "new year", "valentine", "thanksgiving", "diwali", "hanukkah", "ramadan"),
    r"(?<!\w)(?:christmas|easter|halloween|new year[’']?s?|valentine[’']?s|thanksgiving|diwali|hanukkah|eid|ramadan)"
    r"(?: (?:eve|day|night|sunday|monday))?,? (?:of |in )?(?:19|20)\d{2}(?!\w)",
)
_FLATS = rules(
    "place",
    (DIGIT,),
    rf"(?<!\w)(?:[Ff]lat|[Aa]partment|[Aa]pt|[Uu]nit)(?: is| no\.?| number)? "
    rf"(\d{{1,4}}[A-Za-z]?, {CAP}(?: {CAP}){{0,2}})(?!\w)",
    rf"(?<!\w)\d{{1,4}}[A-Za-z]?,? (?:{CAP} ){{1,2}}(?:House|Heights|Mansions|Mews|Court|Buildings|Towers)(?!\w)",
    any_case=False,
)
_PHONES = rules(
    "contact",
    (DIGIT,),
    rf"(?<!{_SIGN})(?<![.,/%+-])(?<!\d:)"
    r"(?!(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d(?!\d)|\d{4,5}-\d{3,4}-\d{1,2}(?!\d))"
    rf"\+?\(?\d(?:[ ().-]{{0,2}}\d){{7,14}}(?: ?(?:x|ext\.?) ?\d{{1,6}}|(?!{_SIGN}|[/%]|\.\d))",
    rf"(?<![\w.,/:%+-])\d{{2,3}}[ .-]\d{{2,4}}[ .-]\d{{2,4}}(?![\w/%]|[.,-]\d){_NO_DOSE}",
    rf"(?<![\w.,/:%+-])\d{{3}}[ .-]\d{{4}}(?![\w/%-]|[.,]\d){_NO_DOSE}",
    r"(?<!\w)(?:phone|mobile|cell|tel|telephone|call|text|number|fax|whatsapp|contact)(?: me)?(?: (?:number|no\.?))?"
    r"(?: is| at| on)? ?[:.]? ?(\+?\d(?:[ ().-]{0,2}\d){5,14})(?![\w/])",
)
_SPOKEN = rules(
    "contact",
    ("zero", "double", "seven", " oh "),
    r"(?<!\w)(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred)[ ,-]{1,2}){6,20}"
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|hundred)(?!\w)",
)
#: In order of precedence: of two details that overlap the earlier rule's is kept.
RULES = (*_CONTACTS, *_IDS, *_FLATS, *_ADDRESSES, *_FEASTS, *_DATES, *_PHONES, *_SPOKEN)


def find(text: str, some: tuple[Rule, ...] = RULES) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of each phrase that a rule finds, rule after rule."""
    small = text.lower()
    near = list(_around_digits(text))
    everywhere = [(0, len(text))]
    for rule in some:
        if rule.needs == (DIGIT,):
            windows = near
        else:
            windows = everywhere if any(near if piece == DIGIT else piece in small for piece in rule.needs) else []
        for begin, end in windows:
            for match in rule.pattern.finditer(text, begin, end):
                yield *match.span(rule.group), rule.kind


def _around_digits(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the stretches of ``_REACH`` characters around the digits, without overlaps."""
    begin = end = -1
    for match in _DIGITS.finditer(text):
        if match.start() - _REACH > end:
            if end >= 0:
                yield begin, end
            begin = max(0, match.start() - _REACH)
        end = max(end, _stop(text, match.end() + _REACH))
    if end >= 0:
        yield begin, end


def _stop(text: str, at: int) -> int:
    """The position of the next space from ``at`` on, so that no word is cut."""
    found = text.find(" ", at)
    return found if found >= 0 else len(text)


#: Rules that need no language.
_ANYWHERE = (*_CONTACTS, *_IDS, *_PHONES)


def find_anywhere(text: str) -> Iterator[tuple[int, int, str]]:
    """As ``find``, by the rules that need no language."""
    return find(text, _ANYWHERE)
