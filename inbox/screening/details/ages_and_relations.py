"""Ages, institutions and relations, by patterns. Nothing is stored."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from inbox.screening import lexicons
from inbox.screening.details.formats import CAP, DIGIT, rules
from inbox.screening.details.formats import find as by_rules

#: Words after a number that make it a measure and no age. "years" alone may be an age: "I am 34 years".
_NO_MEASURE = (
    r"(?![.,]?\d)(?! ?(?:weeks?|wks?|days?|months?|minutes?|mins?|hours?|hrs?|times|kgs?|lbs?|pounds?|stone|cm|mm|m"
    r"|km|miles?|feet|foot|ft|inch(?:es)?|mg|ml|st|nd|rd|th|%|percent|degrees|k|dollars|euros|points?|people"
    r"|cigarettes"
    r"|years? (?:into|in|since|after|later|married|together|sober|clean|from|of (?!age)))\b|[-/%]| of "
    r"| in (?:total|all)| (?:or|to) \d+ (?:times|weeks|days|months))"
)
_TENS = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
)
_TEENS = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_SPELT = ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet", "ten", "eleven", "twelve", "fourteen")
_DIGITS = r"(?:1[01]\d|[1-9]\d?)"
_YEARS = r"(?: ?(?:years?|yrs?)(?:[- ]old)?)?"
_KIN = (
    r"(?:husband|wife|wifey|hubby|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|spouse"
    r"|ex(?:[- ](?:husband|wife|boyfriend|girlfriend|partner))?"
    r"|son|daughter|sister|brother|sis|bro|mother|father|mum|mom|mama|mommy|mummy|dad|daddy|parents?"
    r"|aunt|aunty|auntie|uncle|cousin|niece|nephew"
    r"|(?:great[- ])?grand(?:mother|father|ma|pa|son|daughter|child|mum|mom|dad|parents?)|nan|granny|gran"
    r"|friend|bestie|bff|mate|crush"
    r"|room ?mate|flat ?mate|house ?mate|classmate|colleague|co-?worker|boss|manager|neighbou?r|baby|child|kid|boy"
    r"|girl"
    r"|step-?(?:son|daughter|father|mother|dad|mum|mom|sister|brother)|twin|teacher|tutor|coach|landlord|landlady"
    r"|doctor|therapist|counsell?or|gyna?ecologist|midwife|psychiatrist|surgeon|pastor|priest"
    r"|(?:mother|father|sister|brother|son|daughter)[- ]in[- ]law|mil|fil|sil|bil)"
)
_ROLE = (
    r"(?:boss|manager|supervisor|landlord|landlady|pastor|priest|imam|rabbi|vicar|coach|headteacher|headmaster"
    r"|principal|professor|line manager|team leader|parole officer|social worker|stalker)"
)
_SEX = r"(?:[mf]|nb|ftm|mtf|male|female|trans|woman|man|girl|boy|she/her|he/him|they/them)"
_INSTITUTION = (
    r"(?:Hospital|Hospitals|Clinic|University|College|School|Academy|Church|Mosque|Synagogue|Temple|Inc|Ltd|LLC|LLP"
    r"|GmbH|PLC"
    r"|Corp|Corporation|Company|Bank|Institute|Council|Group|Society|Foundation|Infirmary|Surgery|Practice|Barracks"
    r"|Police|FC|Elementary|Primary|Grammar|Seminary|Parish|Nursery|Library|Museum|Hotel|Pharmacy|Associates|Partners"
    r"|and Sons|& Sons|Brothers|Care Home|Nursing Home|Hospice|Rovers|Wanderers|Crown Court|County Court"
    r"|Magistrates['’]? Court|Family Court|District Court|Prison|Chapel|Cathedral|Abbey|Convent|Monastery|Solicitors"
    r"|Chambers|Sixth Form|Kindergarten|Preschool|Comprehensive|Estate Agents|Theatre|Fire Station|Fire Brigade"
    r"|Leisure Centre|Community Centre|Youth Club|Rugby Club|Football Club|Tennis Club|Golf Club|Arms|Tavern|Inn)"
)
_INSTITUTIONS = tuple(word.lower() for word in re.findall(r"[A-Z]\w+", _INSTITUTION))

#: A number that may be an age.
_NUMBER = re.compile(rf"(?<![\w.,£$€/-]){_DIGITS}(?!\d){_NO_MEASURE}{_YEARS}(?!\w)", re.IGNORECASE)
_SPELT_NUMBER = re.compile(rf"(?<![\w-])(?:{_TENS}|{_TEENS}){_NO_MEASURE}{_YEARS}(?![\w-])", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?<!\w)(?:i ?[’']?m|i am|i was|i[’']ll be|he ?[’']?s|he is|he was|she ?[’']?s|she is|she was|they are|we are"
    r"|(?:we[’']re |are )?both|aged?(?: of)?|turn(?:ed|ing|s)?|who(?:[’']s| is)|is now|at the age of|at age"
    rf"|{_KIN} (?:is|was)) "
    r"(?:only |just |now |about |around |almost |nearly |already |like |still |barely |also |the age of )?\Z",
    re.IGNORECASE,
)
_REACH = 45
_CHILD = r"(?:eldest|oldest|youngest|middle (?:one|child)|firstborn|little one|twins|triplets|kids|boys|girls)"

_AGES = (
    *rules(
        "age",
        (DIGIT,),
        rf"[(\[] ?(?:[1-9]\d ?(?:years?|yrs?|y/?o?)? ?[,/ -]? ?{_SEX}|{_SEX} ?[,/ -]? ?[1-9]\d) ?"
        r"(?:,[^)\]\n]{0,30})?[)\]]",
        r"(?<=\w) ?([(\[] ?(?:aged? )?[1-9]\d ?(?:yrs?|years?|y/?o|years? old)? ?[)\]])(?! ?%)",
        r"(?<![\w.£$€,-])[1-9]\d ?/? ?(?:[mf]|nb|ftm|mtf)(?![\w'’/]|-\w)(?! \d)",
        r"(?<![\w'’.-])[mf] ?/? ?[1-9]\d(?![\w.%/-])",
        r"(?<![\w.£$€,-])[1-9]\d ?[,/] ?(?:male|female)(?!\w)",
        r"(?<!\w)(?:male|female|man|woman|guy|girl|boy|lady),? (?:aged? |of )?((?:1[2-9]|[2-9]\d)(?:[ -]?(?:yrs?"
        r"|years?"
        r"|y/?o)\.?(?:[ -]old)?)?)(?=[,.)\n]|$| and| from| with| who| in)",
        rf"(?<!\w)(?:my|our|his|her|their|with) (?:[\w-]{{2,15}} ){{0,2}}(?:{_KIN}s?|{_CHILD}), ([1-9]\d?)"
        r"(?=,| and (?:my|our|his|her|i)\b|[.)])",
        rf"(?<!\w)(?:my|our|his|her|the) {_CHILD}(?: son| daughter| boy| girl)? (?:is|are|was|were|turned|turns) "
        r"(?:only |just |now |about |almost |nearly |already |both )?([1-9]\d?)(?=[,.;!?)]|$| and| but| now| so)",
        r"(?<!\w)(?:aged?|ages) (\d{1,2}(?:(?:,| and|, and|/| &|-) ?\d{1,2}){1,6})(?![\w%]|[./]\d)",
        r"(?<!\w)(?:age|aged) ?(?:is|was|of|about|around|[:=-])? ?(1[01]\d|[1-9]\d?(?! ?(?:months|weeks|days))"
        r"(?: ?(?:years?|yrs?|y)\b(?: old)?)?)(?![\d%/]|\.\d)",
        r"(?<!\w)(?:my|his|her|their|our) (?:(?:early|mid|late|low|lower|upper)[- ]{0,3}(?:to[- ]late[- ])?)?"
        r"([2-9]0[’']?s)(?!\w)",
        r"(?<!\w)(?:early|mid|late)[- ]?([2-9]0[’']?s)(?!\w)",
        r"(?<!\w)(?:class|graduat\w{2,4}|born)(?: of| in)? ((?:19|20)\d\d)(?!\w)",
        r"(?<!\w)[1-9]\d(?= ?,? ?(?:male|female|gay|lesbian|bi|single|married|divorced)\b)(?! ?%)",
        rf"(?<![\w.]){_DIGITS} ?y\.?/?o\.?(?!\w)",
        rf"(?<![\w.]){_DIGITS}[- ]?(?:year|yr|y)s?[- ](?:female|male|woman|man|girl|boy|lady|guy)(?!\w)",
        rf"(?<![\w.])(?:{_DIGITS})[- ]{{0,2}}(?:years?|yrs?|months?|mths?|mos?|weeks?|wks?)\.?[- ]{{0,2}}"
        r"(?:old|olds|of age|older?)(?!\w)",
    ),
    *rules(
        "age",
        _SPELT,
        rf"(?<!\w)(?:{_TENS}|{_TEENS})[- ](?:years?|yrs?|months?|weeks?)[- ](?:old|of age)(?!\w)",
        r"(?<!\w)(?:my|his|her|their) (?:(?:early|mid|late)[- ]?)?(teens|twenties|thirties|forties|fifties"
        r"|sixties|seventies|eighties)(?!\w)",
    ),
)
_ORGANISATIONS = (
    *rules(
        "organisation",
        _INSTITUTIONS,
        rf"(?<!\w)(?:St\.? )?(?:{CAP}(?:[’']s)? (?:of |and |& )?){{1,4}}{_INSTITUTION}(?!\w)",
        any_case=False,
    ),
    *rules(
        "organisation",
        (" of ",),
        rf"(?<!\w)(?:Our Lady|Church|Order|Sisters|Knights) of (?:the )?{CAP}(?: {CAP}){{0,3}}(?!\w)",
        rf"(?<!\w)(?:University|College|School|Church|Bank|Institute|Ministry) of (?:the )?{CAP}(?: {CAP}){{0,4}}",
        any_case=False,
    ),
)
_HOUSES = (
    *rules(
        "organisation",
        ("st", "all saints", "all souls", "holy ", "sacred heart", "christ church", "ward "),
        rf"(?<!\w)(?:St|Saint)\.? {CAP}['’]s(?: {CAP}){{0,3}}(?!\w)",
        r"(?<!\w)(?:All Saints|All Souls|Holy Trinity|Holy Cross|Holy Family|Sacred Heart|Christ Church)['’]?(?!\w)",
        r"(?<!\w)[Ww]ard \d{1,2}[A-Z]?(?!\w)",
        any_case=False,
    ),
    *rules(
        "organisation",
        (" the ",),
        rf"(?<!\w)(?:at|to) the ({CAP} (?:and|&) {CAP})(?!\w)",
        rf"(?<!\w)(?:nurse|midwife|sectioned|admitted|inpatient|patient|works?|worked|working|born|treated) (?:at|to"
        rf"|in) the"
        rf" ({CAP}(?: {CAP})?)(?= (?:in|on|and|where|but|for|by|last|two|three|when|as|since|until)\b|[.,;!?)]|$)",
        rf"(?<!\w)the ({CAP}(?: {CAP})? (?:shop|store|branch|factory|depot|warehouse))(?!\w)",
        rf"(?<!\w)the ({CAP}(?: {CAP})?)(?= (?:on|in) {CAP} (?:Street|Road|Lane|Avenue|Square)\b)",
        any_case=False,
    ),
)
_RELATIONS = (
    *rules(
        "relation",
        ("twins", "triplets", "quadruplets", "quintuplets"),
        r"(?<!\w)(?:my|our|had|have|expecting|with) ((?:identical )?(?:twins|triplets|quadruplets|quintuplets))(?!\w)",
    ),
    *rules(
        "relation",
        ("twin", "triplet"),
        r"(?<!\w)my ((?:identical )?(?:twin|triplet)(?: (?:sister|brother)| son| daughter)?s?)(?!\w)",
    ),
    *rules(
        "relation",
        ("in-law", "in law", "mil", "fil", "sil", "bil"),
        r"(?<!\w)my (?:late |ex-?|future |soon[- ]to[- ]be )?((?:mother|father|sister|brother|son|daughter|parents)"
        r"[- ]in[- ]laws?|in[- ]laws|mil|fil|sil|bil)(?!\w)",
    ),
    *rules(
        "relation",
        ("step", "half", "god", "foster", "adopt", "birth"),
        r"(?<!\w)my ((?:step|half|god|foster|adoptive|adopted|birth)[- ]?(?:mother|father|mum|mom|dad|sister|brother"
        r"|son|daughter|sibling|parent|child|kid)s?)(?!\w)",
    ),
    *rules(
        "relation",
        ("my ", "our "),
        r"(?<!\w)my ((?:husband|wife|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|ex|sister|brother|mother|father"
        r"|mum|mom|dad|friend|cousin|boss|son|daughter|aunt|uncle)[’']?s (?:best |ex |new |older |younger )?"
        rf"{_KIN})(?!\w)",
        r"(?<!\w)(?:my|our) ((?:(?:old|new|former|ex|late|female|male|married|english|math|maths|gym|history|science"
        rf"|piano|football|soccer|youth|choir) )?{_ROLE})(?!\w)",
    ),
)


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of each age, institution and relation."""
    yield from by_rules(text, _AGES)
    for number in (_NUMBER, _SPELT_NUMBER):
        for match in number.finditer(text):
            if _BEFORE.search(text, max(0, match.start() - _REACH), match.start()):
                yield *match.span(), "age"
    yield from by_rules(text, (*_ORGANISATIONS, *_HOUSES, *_RELATIONS))


def find_in(text: str, code: str) -> Iterator[tuple[int, int, str]]:
    """As ``find``, in a language other than English; nothing where the lexicon has no words of it."""
    for kind, pattern in _patterns_of(code):
        for match in pattern.finditer(text):
            yield *match.span(match.lastindex or 0), kind


@functools.cache
def _patterns_of(code: str) -> list[tuple[str, re.Pattern[str]]]:
    kinds = lexicons.load("details_languages").get(code, {})
    return [(kind, lexicons.whole(pattern)) for kind, patterns in kinds.items() for pattern in patterns]
