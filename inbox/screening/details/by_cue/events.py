"""Public events, newspapers and cases in court, where somebody can be looked up. Nothing is stored."""

from __future__ import annotations

from inbox.screening.details.formats import CAP, DIGIT, rules

_CAPS = rf"(?:{CAP} ){{1,3}}"
_HAPPENED = (
    r"(?:trial|murders?|case|fire|crash|stabbing|shooting|bombing|floods?|flooding|disaster|inquiry|inquest|earthquake"
    r"|riots?|attacks?|scandal|massacre|kidnapping|protests?|strike|derailment|explosion|landslide|avalanche"
    r"|(?:mine |bridge |dam |stand |roof )collapse)"
)
_HELD = (
    r"(?:(?:Half )?Marathon|Festival|Carnival|Triathlon|Gymkhana|Regatta|Pageant|Eisteddfod|Fun Run|Flower Show"
    r"|Book Fair)"
)
_PAPER = (
    r"(?:Chronicle|Post|Gazette|Herald|Times|Echo|Courier|Advertiser|Mail|Telegraph|Argus|Tribune|Observer|Examiner"
    r"|Star"
    r"|Standard|News|Journal|Press|Mercury|Express|Sentinel|Independent|Messenger|Citizen|Bugle|Reporter|Recorder)"
)
#: Papers that a whole country reads: what stands in them is no sign of a place.
_READ_EVERYWHERE = (
    r"(?!(?:The )?(?:New York|Washington|Financial|Daily|Sunday|Huffington|Los Angeles|Wall Street|Fox|Sky|Bad|Good"
    r"|Breaking"
    r"|Fake|World|Royal|Blog|Old|Hard|Hot|Big|Google|Medical|Medicine|American|British|International|National"
    r"|Associated) )"
)
_SEEN = r"(?:in|by|on|for|to|at|with|of|about|from|through|involved in|read|wrote for|write for|reads) "
RULES = (
    *rules(
        "event",
        (" v ", " v. ", " vs "),
        rf"(?<!\w)(?:R|Rex|Regina|{CAP}) (?:v|vs)\.? {CAP}(?: {CAP})?(?!\w)",
        any_case=False,
    ),
    *rules(
        "event",
        (" the ",),
        rf"(?<=[Tt]he ){_CAPS}(?:[a-z]{{3,12}} )?{_HAPPENED}(?!\w)",
        rf"(?<=[Tt]he ){_CAPS}{_HELD}(?!\w)",
        any_case=False,
    ),
    *rules(
        "event",
        ("crash", "fire", "shooting", "stabbing", "explosion", "collapse", "derailment", "disaster", "attack"),
        rf"(?<!\w)the (?:[a-z]{{3,12}} )?(?:crash|fire|shooting|stabbing|explosion|collapse|derailment|disaster"
        rf"|attack)"
        rf" (?:at|in|on|near) (?:the )?{CAP}(?: {CAP}){{0,2}}(?!\w)",
        any_case=False,
    ),
    *rules(
        "event",
        tuple({word.lower() for word in _PAPER[3:-1].split("|")}),
        rf"(?<!\w){_SEEN}[Tt]he ({_READ_EVERYWHERE}{_CAPS}{_PAPER})(?![\w-]| [A-Z])",
        any_case=False,
    ),
    *rules(
        "event",
        ("season", "series", "contestant", "episode", "auditioned", "appeared", " was on "),
        rf"(?<!\w)(?:season|series|episode) (?:\d{{1,2}}|one|two|three|four|five|six) of (?:the )?{CAP}(?:"
        rf" {CAP}){{0,3}}(?!\w)",
        rf"(?<!\w)(?:contestant|appeared|auditioned|candidate|was) (?:on|for) (The {_CAPS}Show|(?:The )?{CAP}(?:"
        rf" {CAP}){{1,3}} Show)(?!\w)",
        rf"(?<!\w)(?:contestant|appeared|auditioned) (?:on|for) ((?:[Tt]he )?{CAP}(?: (?:of |and )?{CAP}){{0,3}})"
        rf"(?!\w)",
        any_case=False,
    ),
    *rules(
        "event",
        ("crashed", "derailed", "sank", "capsized", "collapsed", "exploded", "burned down", "burnt down"),
        r"(?<!\w)(?:coach|bus|train|tram|plane|helicopter|ferry|boat|bridge|roof|stand|mine|factory|block|pub|hotel) "
        rf"(?:that |which )(?:crashed|derailed|sank|capsized|collapsed|exploded|burned down|burnt down)"
        rf" (?:on|in|near|at|off|outside)"
        rf" (?:the )?(?:{CAP}|[A-Z]\d{{1,4}})(?: {CAP})?(?!\w)",
        any_case=False,
    ),
    *rules(
        "event",
        (DIGIT,),
        rf"(?<!\w)(?:was|were|been|appeared|competed|am|is) on (?!(?:{CAP} )+(?:Street|Road|Lane|Avenue|Square))"
        rf"((?:The )?{CAP}(?: {CAP}){{1,3}}) in (?:19|20)\d\d(?!\w)",
        any_case=False,
    ),
    *rules(
        "event", (DIGIT,), rf"(?<!\w)(?:Miss|Mr|Mister|Ms|Mrs) {CAP}(?: {CAP})? (?:19|20)\d\d(?!\w)", any_case=False
    ),
    *rules(
        "event",
        ("won ",),
        r"(?<!\w)won (the (?:[\w'-]{2,20} ){1,5}(?:in|of) (?:19|20)\d\d)(?!\w)",
    ),
)
