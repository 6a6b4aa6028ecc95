"""Phrases that could identify somebody: what the reader's check page underlines. Nothing is stored or logged.

Rules over the text and word lists in ``lexicons/details.toml``. It misses things, and the pages that show it say so.
Every repetition has an end, so that no text makes it slow.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inbox.screening import lexicons

_Spans = Iterator[tuple[int, int]]


@dataclass(frozen=True)
class Detail:
    """A phrase from ``start`` to ``end`` (character offsets). ``kind``: name, place, age, contact, date, organisation,
    id or relation."""

    start: int
    end: int
    kind: str


@functools.lru_cache(maxsize=1)
def _lexicon() -> dict[str, frozenset[str]]:
    lists = lexicons.load("details")
    return {name: frozenset(word.replace("-", " ") for word in words.split()) for name, words in lists.items()}


# --- words that the rules are made of --------------------------------------------------------------------------------

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĘĚĞĠĢĤĪİĶĹĽŁŃŇŌŐŒŔŘŚŞŠŤŪŮŰŹŻŽ"
#: One capitalised word; a dash or an apostrophe inside it belongs to it, a possessive does not.
_CAP = rf"[{_UP}](?:[^\W\d_]|[’'-](?=[{_UP}])){{1,30}}"
_FULL = rf"{_CAP}(?: (?:[{_UP}]\.|de|da|di|del|van|von|der|den|la|le|bin|al|el|Mc|O’|O')){{0,2}}(?: {_CAP}){{0,2}}"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_MEASURE = (
    r"(?! ?(?:weeks?|days?|months?|minutes?|mins?|hours?|hrs?|times|kg|kgs|lbs?|pounds|stone|cm|mm|mg|ml|st|nd|rd|th"
    r"|%|percent|degrees"
    r"|years? (?:into|in|since|after|later|married|together|sober|clean|from|of)|of |in (?:total|all)))"
)
_TENS = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
)
_TEENS = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_AGE = rf"(?:[1-9]\d?|1[01]\d|{_TENS}|{_TEENS})"
_KIN = (
    r"(?:husband|wife|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|spouse|ex(?:-(?:husband|wife|boyfriend"
    r"|girlfriend))?|son|daughter"
    r"|sister|brother|mother|father|mum|mom|dad|aunt|uncle|cousin|niece|nephew|grand(?:mother|father|ma|pa|son"
    r"|daughter)|friend|bestie"
    r"|roommate|flatmate|housemate|colleague|co-?worker|boss|neighbou?r|baby|child|kid|stepson|stepdaughter"
    r"|stepfather|stepmother|teacher"
    r"|doctor|therapist|gyna?ecologist|midwife)"
)
_ROLE = (
    r"(?:boss|manager|supervisor|landlord|landlady|pastor|priest|imam|rabbi|vicar|coach|headteacher|principal"
    r"|professor)"
)


def _compiled(*patterns: str, any_case: bool = True) -> list[re.Pattern[str]]:
    flags = re.IGNORECASE if any_case else re.NOFLAG
    return [re.compile(pattern, flags) for pattern in patterns]


#: In this order: of two that overlap the earlier kind and rule stands. A rule with a group marks the group alone.
_RULES: list[tuple[str, list[re.Pattern[str]]]] = [
    (
        "contact",
        _compiled(
            r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
            r"(?<![\w.+-])[\w.+-]{1,64} ?(?:\(at\)|\[at\]| at ) ?[\w-]{1,63} ?(?:\(dot\)|\[dot\]| dot ) ?(?:com|org"
            r"|net|edu|co|uk|de|fr|info)(?!\w)",
            r"(?<!\w)(?:https?://|www\.)[^\s<>\"]{1,500}[^\s<>\".,;:!?)\]]",
            r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|edu|gov|co\.uk|info|io)(?:/\S{0,500})?(?![\w-])",
            r"(?<![\w@])@[a-z0-9_][a-z0-9_.]{1,38}[a-z0-9_]",
            r"(?:my )?(?:instagram|insta|snapchat|snap|telegram|whatsapp|skype|discord|kik|username|user name|handle)"
            r"(?: (?:name|handle|account|id|number))?(?: is|:)? ([\w.+-]{0,30}[\d_.][\w.+-]{0,30}\w)",
            r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])",
        ),
    ),
    (
        "id",
        _compiled(
            r"(?<!\w)(?:NHS|passport|policy|case|patient|member|account|customer|insurance|licen[cs]e|reference"
            r"|student|employee|order|IBAN"
            r"|social security|SSN|MRN|hospital)"
            r"(?: (?:number|no\.?|num"
            r"|id))?(?: is)? ?[:#]? ?((?:[A-Z]{1,4}[ -]?)?\d[\d -]{3,28}\d(?:[ -]?[A-Z]{1,3})?)(?!\w)",
            r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])",
            r"(?<![\w-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])",
            r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?(?!\w)",
            r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)",
        ),
    ),
    (
        "place",
        [
            *_compiled(
                rf"(?<!\w)\d{{1,5}}[a-zA-Z]? (?:{_CAP} ){{1,3}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr"
                rf"|Close|Court|Ct|Place|Pl|Way"
                r"|Square|Terrace|Crescent|Boulevard|Blvd|Gardens|Grove|Hill|Row)(?!\w)",
                r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]{2} \d{5}(?:-\d{4})?)(?!\w)",
                any_case=False,
            ),
            *_compiled(
                r"(?:zip|post)(?: ?code)?(?: is)? ?[:#]? ?(\d{4,5}(?:-\d{4})?)(?!\w)", r"(?<!\w)P\.? ?O\.? Box \d+"
            ),
        ],
    ),
    (
        "contact",
        _compiled(
            r"(?<![\w.,/-])(?!(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d(?!\d))\+?\(?\d(?:[ ().-]{0,2}\d){6,14}(?![\w/])"
        ),
    ),
    (
        "date",
        _compiled(
            r"(?<![\w/])\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}(?![\w/])",
            r"(?<!\w)(?:19|20)\d{2}-\d{2}-\d{2}(?!\w)",
            rf"(?<!\w)\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?:19|20)\d{{2}})?(?!\w)",
            rf"(?<!\w){_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? (?:19|20)\d{{2}})?(?![\w%])",
            rf"(?<!\w){_MONTH},? (?:of )?(?:19|20)\d{{2}}(?!\w)",
            r"(?<!\w)(?:born|dob|d\.o\.b\.?|birth(?:day|date| date)?)(?: is)?(?: on| in)? ?:? ?((?:19|20)\d{2})(?!\w)",
        ),
    ),
    (
        "age",
        _compiled(
            r"(?<!\w)(?:i|me|he|she|they|him|her|husband|wife|partner|boyfriend|girlfriend|bf|gf|ex|son|daughter"
            r"|friend|sister|brother|mother|father"
            r"|mum|mom|dad|[a-z]+) ?(\( ?(?:[1-9]\d ?(?:[mf]|nb|ftm|mtf|male|female|yrs?|years?|y/?o)?|(?:[mf]|nb"
            r"|male|female)[ ,/]?[1-9]\d) ?\))",
            r"(?<![\w.£$€])[1-9]\d ?/? ?(?:[mf]|nb)(?!\w)",
            r"(?<![\w'’])[mf] ?/? ?[1-9]\d(?![\w.])",
            rf"(?<!\w)(?:i ?[’']?m|i am|i was|he[’']?s|he is|she[’']?s|she is|aged?(?: of)?|(?:just )?turn(?:ed|ing"
            rf"|s)?|who(?:[’']s| is)) "
            rf"(?:only |just |now |about |almost |nearly |already )?({_AGE}(?: ?(?:years?|yrs?)(?:[- ]old)?)?)(?!\w"
            rf"|[.,]\d){_MEASURE}",
            rf"(?<!\w){_AGE}[- ]?(?:years?|yrs?|months?|weeks?)[- ]old(?!\w)",
            rf"(?<!\w){_AGE} ?y\.?/?o\.?(?!\w)",
            rf"(?<!\w){_AGE} (?:years? )?old(?!\w)",
            rf"(?<!\w){_AGE}[- ]?(?:year|yr)[- ](?:female|male|woman|man|girl|boy)(?!\w)",
            r"(?<!\w)(?:age|aged) ?[:=] ?([1-9]\d)(?!\w)",
            r"(?<!\w)in (?:my|his|her|their) (?:(?:early|mid|late)[- ]?)?((?:[2-9]0[’']?s)|(?:twenties|thirties"
            r"|forties|fifties|sixties|seventies|eighties))",
        ),
    ),
    (
        "organisation",
        [
            *_compiled(
                rf"(?<!\w)((?:{_CAP} (?:of |and |& )?){{1,4}}(?:Hospital|Clinic|University|College|School|Academy"
                rf"|Church|Mosque|Synagogue|Temple"
                r"|Inc|Ltd|LLC|GmbH|PLC|Corp|Corporation|Company|Bank|Institute|Council|Centre|Center|Group|Society"
                r"|Foundation|Infirmary"
                r"|Surgery|Practice|Barracks|Police|FC))(?!\w)",
                rf"(?<!\w)(?:University|College|School|Church|Bank|Department"
                rf"|Institute) of (?:the )?{_CAP}(?: {_CAP})*",
                rf"(?i:(?<!\w)(?:work(?:s|ed|ing)? (?:at|for|with)|(?:job|boss|nurse|teacher|doctor|manager|employed"
                rf"|intern) (?:at|by)"
                rf"|teach(?:es|ing)? at|stud(?:y|ies|ying|ied) at|go(?:es)? to school at|employed by"
                rf"|stationed at)) (?:the )?({_CAP}(?: (?:&|and|of) {_CAP}| {_CAP}){{0,3}})",
                any_case=False,
            ),
        ],
    ),
    (
        "relation",
        _compiled(
            r"(?<!\w)my ((?:identical )?(?:twin|triplet)(?: (?:sister|brother)| son| daughter)?s?)(?!\w)",
            r"(?<!\w)my (?:late |ex-?)?((?:mother|father|sister|brother|son|daughter)[- ]in[- ]law)(?!\w)",
            r"(?<!\w)my (step-?(?:mother|father|mum|mom|dad|sister|brother|son|daughter)|god(?:mother|father|son"
            r"|daughter)|foster \w+|half[- ](?:sister|brother))(?!\w)",
            rf"(?<!\w)my ((?:husband|wife|partner|boyfriend|girlfriend|sister|brother|mother|father|mum|mom|dad"
            rf"|friend|cousin)[’']s "
            rf"(?:best )?(?:{_KIN}))(?!\w)",
            rf"(?<!\w)(?:my|our) ((?:[a-z]+ )?{_ROLE})(?!\w)",
        ),
    ),
]

_AFTER_CUE = re.compile(
    rf"(?i:(?<!\w)(?:my (?:full |real |first |last |user )?names?(?: is|[’']s)|i am called|(?:am|is|are|was|were|me"
    rf"|him|her|them) called|named|call me|signed|this is|name ?:))"
    rf" ({_FULL}|[a-zà-ÿ]{{3,}})"
)
_TITLED = re.compile(
    rf"(?<!\w)(?:Dr|Mr|Mrs|Ms|Mx|Miss|Prof|Professor|Nurse|Sister|Father|Pastor|Rabbi|Imam|Sir|Aunt|Auntie"
    rf"|Uncle)\.? ({_FULL})"
)
_KIN_NAME = re.compile(
    rf"(?i:(?<!\w)(?:my|his|her|our|their|a|best)(?: \w+)? {_KIN}s?)(?: (?i:is|was)(?: (?i:called"
    rf"|named))?)?,? \(?({_FULL}|[a-zà-ÿ]{{3,}})"
)
_SIGNED = re.compile(
    rf"(?i:(?:thanks|thank you|regards|love|sincerely|yours(?: \w+)?|best(?: wishes)?|cheers|xx?|from"
    rf"|signed)[,.!]? *\n? *|\n *[-–—] *)({_FULL})[ .,!x]*\Z"
)
_GREETED = re.compile(rf"(?im:^ *(?:dear|hi|hello|hey)) ({_CAP}(?: {_CAP})?)(?=[ ,!.\n])")
_AM = re.compile(rf"(?<!\w)(?i:i am|i[’']m|it[’']s|it is) ({_FULL})(?=[ ,.!]*(?:\n|$|[,.!]| and | from ))")
_CAPS = re.compile(rf"(?<![\w@/.-]){_FULL}(?![\w@])")
_PREPOSITION = re.compile(
    rf"(?<!\w)(?:(?i:live[sd]? in|living in|moved to|move to|moving to|moved from|i[’']?m from|i am from|(?:come"
    rf"|came) from|born in|grew up in|based in"
    rf"|here in|village near|town near|close to|outside of?|visit(?:ed|ing)?|travel(?:l?ed|l?ing)? to|back to)|in"
    rf"|near|from) "
    rf"(?:the (?:city|town|village|state|county) of )?({_CAP}(?:[ -](?:upon |on |le |la |de |am )?{_CAP}){{0,2}})"
)


def _starts_a_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t\"'“‘(")
    return not before or before[-1] in ".!?\n:;-–—•*"


#: How words of medicine end; capitalised or not, they are no names.
_MEDICINE = re.compile(
    r"(?i)(?:itis|osis|[aeo]mia|azole|pine|sone|cillin|mycin|statin|pril|olol|zide|zine|fen|ology|pathy|plast[iy]c?"
    r"|plasia|plasm|ectomy|sclerosis|[st]oma"
    r"|gen|gyn|rrh(?:o?ea|agia)|biotics?|therapy|scopy|graphy|metr[iy]um|vir|mab|zepam|oxetine|pram|cycline|xacin"
    r"|rone|diol|dial|dine)s?$"
)


def _is_common(word: str) -> bool:
    """Whether a capitalised word is neither a name nor a place by itself."""
    bare = word.lower().rstrip(".")
    if bare in _lexicon()["names"]:
        return False
    return (
        bare in _lexicon()["not_names"]
        or bare in _lexicon()["things"]
        or bare.endswith("ly")
        or bool(_MEDICINE.search(bare))
    )


def _is_name(word: str) -> bool:
    """Whether the list of first names has the word; one that is a common word too needs its capital."""
    return word.lower() in _lexicon()["names"] or word in _lexicon()["names_cased"]


def _cued_names(text: str) -> _Spans:
    """After what announces a name ("my name is", "my husband", "Dr"), whatever the case of its first letter."""
    for pattern in (_AFTER_CUE, _TITLED, _KIN_NAME, _SIGNED, _GREETED, _AM):
        for match in pattern.finditer(text):
            first = match[1].split()[0]
            if _is_common(first) or (len(first) > 3 and first.isupper() and not _is_name(first)):
                continue
            if (
                first[0].islower()
                and (not _is_name(first) or first in _lexicon()["also_words"])
                and not _announced(match[0], text[match.end(1) :])
            ):
                continue
            yield match.span(1)


_SURELY = re.compile(r"(?i)(?:my .*names?\b|call me|name ?:)")
_NAME_ENDS = re.compile(r" ?(?:[,.!\n]|and |from |$)")


def _announced(cue: str, rest: str) -> bool:
    """Whether a lower-case word that no list has is a name all the same: "my name is wiktor"."""
    return bool(_SURELY.match(cue) and _NAME_ENDS.match(rest))


def _listed_names(text: str) -> _Spans:
    """First names of the list with their surname, and lower-case ones where nothing else could be meant."""
    for match in _CAPS.finditer(text):
        words = match[0].split()
        skip = 0
        while skip < len(words) and _is_common(words[skip]):
            skip += 1
        if skip == len(words):
            continue
        start = match.start() + sum(len(word) + 1 for word in words[:skip])
        if words[skip] in _lexicon()["names_cased"] and _starts_a_sentence(text, start):
            continue
        if _is_name(words[skip]):
            yield start, match.end()
    for match in re.finditer(
        r"(?<!\w)(?:with|and|told|tell|met|love|loves|loved|asked|miss|dating|married|hate|by) ([a-z]{3,})(?= "
        r"|[.,!?\n]|$)",
        text,
    ):
        if match[1] in _lexicon()["names"] and match[1] not in _lexicon()["also_words"]:
            yield match.span(1)


def _full_names(text: str) -> _Spans:
    """Two capitalised words in a row, inside a sentence, that no list knows: a full name of any culture."""
    for match in re.finditer(
        rf"(?<![\w@/.-]){_CAP}(?: [{_UP}]\.)?(?: (?:de|da|van|von|der|bin|al))?(?: {_CAP}){{1,2}}(?!\w)", text
    ):
        words = match[0].split()
        if not any(_is_common(word) or (word.isupper() and len(word) > 2) for word in words):
            yield match.span()


_SINGLE = re.compile(
    rf"(?<![\w@/.-])(?:(?i:with|and|told|tell|met|love|loves|loved|asked|miss|dating|married|hates?|that|when"
    rf"|because|but|if|like|then|says|said)) ({_CAP})(?![\w-]| [{_UP}])"
)


def _single_names(text: str) -> _Spans:
    """One capitalised word inside a sentence that no list knows, where people are often named."""
    for match in _SINGLE.finditer(text):
        if not _is_common(match[1]) and not match[1].isupper() and match[1] not in _lexicon()["names_cased"]:
            yield match.span(1)


def _places(text: str) -> _Spans:
    for match in _PREPOSITION.finditer(text):
        words = re.split(r"[ -]", match[1])
        known = match[1].lower().replace("-", " ") in _lexicon()["places"]
        if known or not (_is_common(words[0]) or _is_name(words[0]) or words[0].isupper()):
            yield match.span(1)
    yield from _listed_places(text)


def _listed_places(text: str) -> _Spans:
    places = _lexicon()["places"]
    for match in re.finditer(rf"(?<![\w@/.-])(?=({_CAP}(?: {_CAP}){{0,2}}))", text):
        words = match[1].split()
        for count in range(len(words), 0, -1):
            phrase = " ".join(words[:count])
            if phrase.lower() in places and not (_is_name(words[0]) and count == 1):
                yield match.start(1), match.start(1) + len(phrase)
                break
    for match in re.finditer(
        r"(?<!\w)(?:live[sd]? in|living in|moved to|move to|i'?m from|i am from|from|born in"
        r"|in) ([a-z]+(?: [a-z]+)?(?: [a-z]+)?)",
        text,
    ):
        words = match[1].split()
        for count in range(len(words), 0, -1):
            phrase = " ".join(words[:count])
            if phrase in places:
                yield match.start(1), match.start(1) + len(phrase)
                break


_FINDERS: list[tuple[str, Callable[[str], _Spans]]] = [
    ("name", _cued_names),
    ("place", _listed_places),
    ("name", _listed_names),
    ("place", _places),
    ("name", _full_names),
    ("name", _single_names),
]


def _ruled(text: str) -> Iterator[tuple[str, int, int]]:
    for kind, patterns in _RULES:
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield kind, *match.span(match.lastindex or 0)
    for kind, finder in _FINDERS:
        for start, end in finder(text):
            yield kind, start, end


def find_details(text: str) -> list[Detail]:
    """Every detail in the text, in order, without overlaps. Offsets are into ``text`` as given."""
    found: list[Detail] = []
    taken = bytearray(len(text))
    for kind, start, end in _ruled(text):
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Detail(start, end, kind))
    return sorted(found, key=lambda detail: detail.start)
