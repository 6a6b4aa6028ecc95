"""What is told by its form alone: contacts, numbers of papers, addresses, dates, ages, workplaces, relations.

Every repetition has an end, so that no text makes a rule slow. A rule is only tried where its ``needs`` is in the text.
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
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
#: What makes a number a measure and no age. "years" alone may be an age: "I am 34 years".
_NO_MEASURE = (
    r"(?![.,]?\d)(?! ?(?:weeks?|wks?|days?|months?|minutes?|mins?|hours?|hrs?|times|kgs?|lbs?|pounds?|stone|cm|mm|m|km"
    r"|miles?|feet|foot|ft|inch(?:es)?|mg|ml|st|nd|rd|th|%|percent|degrees|k\b|dollars|euros|points?|people|cigarettes"
    r"|years? (?:into|in|since|after|later|married|together|sober|clean|from|of (?!age))|of |in (?:total|all)"
    r"|or \d+ (?:times|weeks|days|months)|to \d+ (?:weeks|days|months)|-|/))"
)
_TENS = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
)
_TEENS = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_AGE = rf"(?:[1-9]\d?|1[01]\d|{_TENS}|{_TEENS})"
KIN = (
    r"(?:husband|wife|wifey|hubby|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|spouse|so|dh|dw"
    r"|ex(?:[- ](?:husband|wife|boyfriend|girlfriend|partner))?"
    r"|son|daughter|sister|brother|sis|bro|mother|father|mum|mom|mama|mommy|mummy|dad|daddy|parents?"
    r"|aunt|aunty|auntie|uncle|cousin|niece|nephew"
    r"|(?:great[- ])?grand(?:mother|father|ma|pa|son|daughter|child|mum|mom|dad|parents?)|nan|granny|gran"
    r"|friend|bestie|bff|mate|crush"
    r"|room ?mate|flat ?mate|house ?mate|classmate|colleague|co-?worker|boss|manager|neighbou?r|baby|child|kid|boy|girl"
    r"|step-?(?:son|daughter|father|mother|dad|mum|mom|sister|brother)|twin|teacher|tutor|coach|landlord|landlady"
    r"|doctor|therapist|counsell?or|gyna?ecologist|midwife|psychiatrist|surgeon|pastor|priest"
    r"|(?:mother|father|sister|brother|son|daughter)[- ]in[- ]law|mil|fil|sil|bil|dog|cat)"
)
_ROLE = (
    r"(?:boss|manager|supervisor|landlord|landlady|pastor|priest|imam|rabbi|vicar|coach|headteacher|headmaster|principal"
    r"|professor|line manager|team leader|parole officer|social worker|stalker)"
)
_HANDLED = (
    r"(?:instagram|insta|ig|snapchat|snap|sc|telegram|whatsapp|skype|discord|kik|tiktok|twitter|tumblr|reddit|steam"
    r"|username|user name|handle|email|e-mail|login)"
)


@dataclass(frozen=True)
class _Rule:
    """``needs``: one of these characters (or "" for none) is in every text that the rule could match."""

    kind: str
    needs: str
    patterns: tuple[re.Pattern[str], ...]


def _rule(kind: str, needs: str, *patterns: str, any_case: bool = True) -> _Rule:
    flags = re.IGNORECASE if any_case else re.NOFLAG
    return _Rule(kind, needs, tuple(re.compile(pattern, flags) for pattern in patterns))


_DIGITS = "0123456789"
#: In this order: of two that overlap the earlier rule stands. A rule with a group marks the group alone.
_RULES: tuple[_Rule, ...] = (
    _rule(
        "contact",
        "@",
        r"(?<![\w.+-])[\w.+-]{1,64}@[^\W_](?:[\w-]{0,62})(?:\.[\w-]{0,62}[^\W\d_][\w-]{0,62}){1,8}",
        r"(?<![\w@./])@[a-z0-9_][a-z0-9_.]{0,38}[a-z0-9_]",
    ),
    _rule(
        "contact",
        "aA(",
        r"(?<![\w.+-])[\w.+-]{1,64} ?(?:\(at\)|\[at\]| at ) ?[\w-]{1,63} ?(?:\(dot\)|\[dot\]| dot ) ?(?:com|org|net|edu"
        r"|co|uk|de|fr|info)(?!\w)",
    ),
    _rule("contact", ":wW", r"(?<!\w)(?:https?://|www\.)[^\s<>\"]{1,500}[^\s<>\".,;:!?)\]]"),
    _rule(
        "contact",
        ".",
        r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|co\.uk|info|io|me|gg|tv|ly|de|fr|it|es|nl|pl|ru|eu|ca"
        r"|com\.au)(?:/\S{1,500}|(?![\w/.-]|\.\w))(?<!e\.g)(?<!i\.e)",
    ),
    _rule(
        "contact",
        "_." + _DIGITS,
        rf"(?<!\w)(?:my |on |his |her |their )?{_HANDLED}(?: ?(?:name|handle|account|id|number|username|@))?"
        r"(?: is| was|:| -)? ?@?((?=[\w.+-]{0,30}[\d_])[\w.+-]{2,31}[^\W_])(?![\w%])",
    ),
    _rule("contact", ".", r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?=\d)|(?![\w.]))){4}"),
    _rule("contact", ":", r"(?<![\w:])(?:[0-9a-f]{1,4}:){5,7}[0-9a-f]{1,4}(?![\w:])"),
    _rule(
        "id",
        _DIGITS,
        r"(?<!\w)(?:NHS|passport|policy|case|patient|member(?:ship)?|account|customer|insurance|licen[cs]e|reference|ref"
        r"|student|employee|order|IBAN|driver'?s licen[cs]e|social security|SSN|MRN|hospital|card|registration"
        r"|(?:tax|national|citizen)(?: insurance)?|staff|badge|booking|visa)"
        r"(?: (?:number|no\.?|num|nr\.?|id|card))?(?: is| was)? ?[:#]? ?"
        r"((?:[A-Z]{1,4}[ -]?)?\d[\d -]{3,28}\d(?:[ -]?[A-Z]{1,3})?)(?!\w)",
        r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])",
        r"(?<![\w-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])",
        r"(?<![\w-])3[47]\d{2}[ -]?\d{6}[ -]?\d{5}(?![\w-])",
        r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?(?!\w)",
        r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)",
    ),
    _rule(
        "place",
        _DIGITS,
        rf"(?<!\w)\d{{1,5}}[a-zA-Z]? (?:(?:{CAP}|[NSEW]\.?|\d{{1,3}}(?:st|nd|rd|th)) ){{1,3}}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Close|Court|Ct|Place|Pl|Way|Square|Sq|Terrace|Crescent"
        r"|Boulevard|Blvd|Gardens|Grove|Hill|Row|Parkway|Pkwy|Circle|Cir|Trail|Highway|Hwy)(?!\w)",
        rf"(?<!\w){CAP}(?:straße|strasse|str\.|gatan|gata|vägen|veien|vej|gade|straat|laan|weg|katu|utca|ulica|tie)"
        r" \d{1,4}[a-z]?(?!\w)",
        rf"(?<!\w)(?:[Rr]ue|[Vv]ia|[Cc]alle|[Rr]ua|[Aa]venida|[Pp]iazza|[Uu]lica|ul\.|[Vv]iale) (?:de |del |la |da |di )?"
        rf"{CAP}(?: {CAP}){{0,2}},? ?\d{{0,4}}(?!\w)",
        r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2},? \d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)",
        any_case=False,
    ),
    _rule(
        "place",
        _DIGITS,
        r"(?<!\w)\d{1,5} (?:[a-z]{3,20} ){1,2}(?:street|road|avenue|lane|close|crescent|boulevard|terrace)(?!\w)",
        r"(?<!\w)(?:zip|post)(?: ?code)?(?: is)? ?[:#]? ?(\d{4,5}(?:-\d{4})?|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})(?!\w)",
        r"(?<!\w)P\.? ?O\.? Box \d+",
    ),
    _rule(
        "date",
        _DIGITS,
        r"(?<![\w/.-])(?=(?:0?[1-9]|1[0-2])[/.-]|\d{1,2}[/.-](?:0?[1-9]|1[0-2])[/.-])"
        r"\d{1,2}(?P<dash>[/.-])\d{1,2}(?P=dash)(?:19|20)?\d{2}(?![\w/]|[.-]\d)",
        r"(?<!\w)(?:19|20)\d{2}(?P<dash>[-/.])\d{1,2}(?P=dash)\d{1,2}(?!\w)",
        rf"(?<![\w.])\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH}(?:,?[ -](?:(?:19|20)\d{{2}}|\d\d(?! ?[ap:])))?(?!\w)",
        rf"(?<!\w){_MONTH} ?\d{{1,2}}(?:st|nd|rd|th)?(?:,? ?(?:19|20)\d{{2}})?(?![\w%:]|/\d| ?(?:mg|days|weeks|times|years"
        r"|months|people|pm|am)\b)",
        rf"(?<!\w){_MONTH},? (?:of )?(?:19|20)\d{{2}}(?!\w)",
        r"(?<!\w)(?:born|dob|d\.o\.b\.?|birth(?:day|date| date)?|date of birth)(?: is| was)?(?: on| in)? ?:? ?"
        r"((?:19|20)\d{2}|[’']\d\d)(?!\w)",
    ),
    _rule(
        "date",
        "",
        rf"(?<!\w)(?:birthday|birth date|born|date of birth|anniversary)(?: is| was)? (?:on |in )?({_MONTH})(?!\w)",
    ),
    _rule(
        "contact",
        _DIGITS,
        r"(?<![\w.,/%+-])(?<!\d:)(?!(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d(?!\d)|\d{4,5}-\d{3,4}-\d{1,2}(?!\d))"
        r"\+?\(?\d(?:[ ().-]{0,2}\d){7,14}(?: ?(?:x|ext\.?) ?\d{1,6}|(?![\w/%]|\.\d))",
        r"(?<![\w.,/:%+-])\d{2,3}[ .-]\d{2,4}[ .-]\d{2,4}(?![\w/%]| ?(?:mg|ml|units?|kg)\b|[.,-]\d)",
        r"(?<![\w.,/:%+-])\d{3}[ .-]\d{4}(?![\w/%-]| ?(?:mg|ml|units?|kg|times|people)\b|[.,]\d)",
        r"(?<!\w)(?:phone|mobile|cell|tel|telephone|call|text|number|fax|whatsapp|contact)(?: me)?(?: (?:number|no\.?))?"
        r"(?: is| at| on)? ?[:.]? ?(\+?\d(?:[ ().-]{0,2}\d){5,14})(?![\w/])",
        r"(?<!\w)(?:pin|password|passcode)(?: is|:) (\S{4,20})",
    ),
    _rule(
        "age",
        _DIGITS,
        r"[(\[] ?(?:[1-9]\d ?(?:years?|yrs?|y/?o?)? ?[,/ -]? ?(?:[mf]|nb|ftm|mtf|male|female|woman|man|girl|boy|she/her"
        r"|he/him|they/them)|(?:[mf]|nb|ftm|mtf|male|female|trans) ?[,/ -]? ?[1-9]\d) ?(?:,[^)\]\n]{0,30})?[)\]]",
        r"(?<!\w)(?:i|me|he|she|they|him|her|ex|[a-z]{2,20}) ?([(\[] ?(?:aged? )?[1-9]\d ?(?:yrs?|years?|y/?o|years? old)?"
        r" ?[)\]])(?! ?%)",
        r"(?<![\w.£$€,-])[1-9]\d ?/? ?(?:[mf]|nb|ftm|mtf)(?![\w'’/]|-\w)(?! \d)",
        r"(?<![\w'’.-])[mf] ?/? ?[1-9]\d(?![\w.%/-])",
        r"(?<![\w.£$€,-])[1-9]\d ?[,/] ?(?:male|female)(?!\w)",
        r"(?<!\w)(?:male|female|man|woman|guy|girl|boy|lady),? (?:aged? |of )?(1[2-9]|[2-9]\d)(?:[ -]?(?:yrs?|years?"
        r"|y/?o)\.?(?:[ -]old)?)?(?=[,.)\n]|$| and| years| yrs| from| with| who| in)",
        rf"(?<!\w){_AGE}[- ]{{0,2}}(?:years?|yrs?|yr|months?|mths?|mos?|weeks?|wks?)\.?[- ]{{0,2}}(?:old|olds|of age"
        r"|older?)(?!\w)",
        rf"(?<!\w){_AGE} ?y\.?/?o\.?(?!\w)",
        rf"(?<!\w){_AGE}[- ]?(?:year|yr|y)s?[- ](?:female|male|woman|man|girl|boy|lady|guy)(?!\w)",
        r"(?<!\w)(?:age|aged) ?(?:is|was|of|about|around|[:=-])? ?(1[01]\d|[1-9]\d?(?! ?(?:months|weeks|days))"
        r"(?: ?(?:years?|yrs?|y)\b(?: old)?)?)(?![\d%/]|\.\d)",
        r"(?<!\w)(?:in )?(?:my|his|her|their|our) (?:(?:early|mid|late|low|lower|upper)[- ]{0,3}(?:to[- ]late[- ])?)?"
        r"([2-9]0[’']?s)(?!\w)",
        r"(?<!\w)(?:early|mid|late)[- ]?([2-9]0[’']?s)(?!\w)",
        r"(?<!\w)(?:class|graduat\w{2,4}|born)(?: of| in)? ((?:19|20)\d\d)(?!\w)",
        r"(?<!\w)[1-9]\d(?= ?,? ?(?:male|female|gay|lesbian|bi|single|married|divorced)\b)(?! ?%)",
    ),
    _rule(
        "age",
        "",
        rf"(?<!\w)(?:i ?[’']?m|i am|i was|i[’']ll be|he ?[’']?s|he is|he was|she ?[’']?s|she is|she was|they are|we are"
        rf"|we[’']?re both|both|when i was|aged?(?: of)?|(?:just |recently |i |he |she |will be |be )?turn(?:ed|ing|s)?"
        rf"|who(?:[’']s| is)|is now|{KIN} is|{KIN} was) "
        rf"(?:only |just |now |about |around |almost |nearly |already |like |still |barely |also |a |the age of )?"
        rf"({_AGE}(?: ?(?:years?|yrs?)(?:[- ]old)?)?)(?!\w){_NO_MEASURE}",
        rf"(?<!\w)(?:{_TENS}|{_TEENS})[- ](?:years?|yrs?|months?|weeks?)[- ]old(?!\w)",
        rf"(?<!\w)(?:at the age of|at age|at|since i was|until i was|,) ({_AGE})(?=,? (?:and )?(?:i|he|she|years old)\b)",
        r"(?<!\w)(?:in )?(?:my|his|her|their) (?:(?:early|mid|late)[- ]?)?(teens|twenties|thirties|forties|fifties"
        r"|sixties|seventies|eighties)(?!\w)",
    ),
    _rule(
        "organisation",
        "",
        rf"(?<!\w)((?:{CAP} (?:of |and |& )?){{1,4}}(?:Hospital|Hospitals|Clinic|University|College|School|Academy|Church"
        r"|Mosque|Synagogue|Temple|Inc|Ltd|LLC|LLP|GmbH|PLC|Corp|Corporation|Company|Bank|Institute|Council|Group"
        r"|Society|Foundation|Infirmary|Surgery|Practice|Barracks|Police|FC|Elementary|Primary|Grammar|Seminary|Parish"
        r"|Nursery|Library|Museum|Hotel|Pharmacy|Associates|Partners|and Sons|& Sons|Brothers))(?!\w)",
        rf"(?<!\w)(?:University|College|School|Church|Bank|Department|Institute|Ministry) of (?:the )?{CAP}(?: {CAP}){{0,4}}",
        rf"(?<!\w)St\.? {CAP}(?:[’']s)? (?:Hospital|School|Church|College|Primary|Academy)(?!\w)",
        any_case=False,
    ),
    _rule(
        "relation",
        "",
        r"(?<!\w)my ((?:identical )?(?:twin|triplet)(?: (?:sister|brother)| son| daughter)?s?)(?!\w)",
        r"(?<!\w)my (?:late |ex-?|future |soon[- ]to[- ]be )?((?:mother|father|sister|brother|son|daughter|parents)[- ]in"
        r"[- ]laws?|in[- ]laws|mil|fil|sil|bil)(?!\w)",
        r"(?<!\w)my ((?:step|half|god|foster|adoptive|adopted|birth)[- ]?(?:mother|father|mum|mom|dad|sister|brother|son"
        r"|daughter|sibling|parent|child|kid)s?)(?!\w)",
        rf"(?<!\w)my ((?:husband|wife|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|ex|sister|brother|mother|father|mum"
        rf"|mom|dad|friend|cousin|boss|son|daughter|aunt|uncle)[’']?s (?:best |ex |new |older |younger )?{KIN})(?!\w)",
        rf"(?<!\w)(?:my|our) ((?:(?:old|new|former|ex|late|female|male|married|english|math|maths|gym|history|science"
        rf"|piano|football|soccer|youth|choir) )?{_ROLE})(?!\w)",
    ),
)


def by_form(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each phrase that a rule finds, rule after rule."""
    there = set(text)
    for rule in _RULES:
        if rule.needs and there.isdisjoint(rule.needs):
            continue
        for pattern in rule.patterns:
            group = 1 if pattern.groups and "dash" not in pattern.groupindex else 0
            for match in pattern.finditer(text):
                yield rule.kind, *match.span(group)
