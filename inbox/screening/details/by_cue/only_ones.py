"""Ways of being the only one: "the only vet in Thornwick", "our village's single midwife". Nothing is stored."""

from __future__ import annotations

from inbox.screening.details.formats import rules

_WORDS = r"(?:[^\W\d_][\w'-]{0,20} ){1,5}"
_OWN = r"(?:my|our|his|her|their|the|this|that|a|an)"
_SMALL = r"(?:(?:whole|entire|little|small|tiny|local|same) )?"
_WHERE = (
    rf"(?:in|at|on|of|for|around|from|within) (?:{_OWN} )?{_SMALL}"
    r"[^\W\d_][\w'-]{1,30}(?: [A-Z][\w'-]{1,20}){0,2}"
)
#: Groups of people small enough that one who is the only one is known in them.
_GROUP = (
    r"(?:village|town|city|county|country|school|year|year group|grade|class|course|team|squad|company|firm|office"
    r"|shop"
    r"|department|faculty|unit|regiment|battalion|platoon|barracks|crew|ship|parish|church|congregation|diocese|mosque"
    r"|synagogue|community|choir|band|orchestra|club|island|valley|street|road|estate|block|building|hospital|ward"
    r"|station"
    r"|region|state|district|province|neighbou?rhood|area|coast|peninsula|base|prison|dorm|hall|campus|university"
    r"|college"
    r"|camp|league|workplace|factory|warehouse|section|branch|practice|surgery|convent|service|force|fleet|profession)"
)
_HERE = (
    rf"(?:here|around here|round here|there|in town|at work|at school|(?:in|at|on|of|from|within) (?:{_OWN} )?{_SMALL}"
    rf"(?:[a-z-]{{2,15}} )?{_GROUP}|(?:in|at|on|of|from) (?-i:[A-Z])[\w'-]{{1,30}}(?: "
    rf"(?-i:[A-Z])[\w'-]{{1,20}}){{0,2}})"
)
#: Places and groups in which somebody can be the only one; "the only thing in the world" points to nobody.
_NO_THING = (
    r"(?!(?:thing|things|way|ways|reason|time|times|problem|question|option|choice|hope"
    r"|one (?:who|that|of|in the world)|person (?:who|that|in the world|in my life|i)|difference|good|bad|real|other"
    r"|day|days|week|month|year|years|night|moment|place|part|minute|few|of|to|and|two|three|step"
    r"|people (?:who|that))\b)"
)
_MARKED_OUT = (
    r"(?:black|white|brown|asian|indian|chinese|african|muslim|jewish|christian|hindu|sikh|gay|openly gay|lesbian|bi"
    r"|trans"
    r"|queer|deaf|blind|disabled|female|male|woman|girl|boy|man|foreign|immigrant|refugee|single|unmarried|divorced"
    r"|autistic|vegan|catholic|protestant|mormon|non-binary|hijabi|pregnant|tall|red-haired|ginger|bald)"
)
_DOES = r"(?:has|have|is|are|does|do|speaks?|wears?|drives?|keeps?|owns?|uses?|lives?|comes?|was|had)"
_THE_REST = r"(?: [^\W_][\w'-]{0,20}){0,6}"
#: The places where "some dozen cases" are few.
_LAND = r"(?:the (?:whole )?(?:world|country|uk|us|state)|britain|england|europe|ireland)"
_FEW = (
    r"(?:\d{1,3}|a few|a handful of|a dozen|two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|a hundred)"
    r" (?:known |other |recorded )?(?:people|cases|patients|families|children)"
)
RULES = (
    *rules(
        "only",
        ("only", "sole"),
        rf"(?<!\w)the (?:only|sole) {_NO_THING}{_WORDS}{_WHERE}(?!\w)",
        rf"(?<!\w)the (?:only|sole) {_NO_THING}{_WORDS}(?:(?:a?round )?here|there)(?=[.,;!?)]| and| so| but|$)",
        rf"(?<!\w)(?:the |as the )?only one {_WHERE.replace('of|', '')}(?!\w)",
        rf"(?<!\w)only one {_NO_THING}{_WORDS}{_HERE}(?!\w)",
    ),
    *rules(
        "only",
        ("the one ", "single", "lone ", "last ", "remaining"),
        rf"(?<!\w)the (?:one|single|lone|last|remaining|last remaining) {_NO_THING}{_WORDS}{_HERE}(?!\w)",
        rf"(?<!\w)the (?:one|single|lone) {_MARKED_OUT} (?:[^\W\d_][\w'-]{{1,20}} ){{0,3}}{_HERE}(?!\w)",
    ),
    *rules(
        "only",
        ("s only", "s sole", "s single", "s lone", "s one ", "s first", "s last", "s youngest", "s oldest"),
        rf"(?<!\w)(?:{_OWN} )?{_SMALL}(?:[^\W\d_][\w-]{{1,20}} )?{_GROUP}'?s'? (?:only|sole|single|lone|one|first|last"
        r"|youngest|oldest) (?!(?:ever )?(?:thing|time|problem|hope|chance|way)\b)"
        rf"(?:{_MARKED_OUT} )?(?:ever )?[^\W\d_][\w'-]{{2,20}}(?!\w)",
    ),
    *rules(
        "only",
        ("one of ", "only "),
        r"(?<!\w)(?:one of (?:only |just |the )?|only |the only )"
        rf"(?:two|three|four|five|six|seven|eight|2|3|4|5|6|7|8|a handful of) {_NO_THING}{_WORDS}{_WHERE}(?!\w)",
    ),
    *rules(
        "only",
        ("first ", "youngest", "oldest", "tallest", "shortest"),
        rf"(?<!\w)the (?:very )?first (?:ever )?{_MARKED_OUT} (?:{_WORDS})?{_WHERE}(?!\w)",
        rf"(?<!\w)the (?:very )?first (?:[^\W\d_][\w'-]{{1,20}} )?{_HERE} (?:ever )?to(?!\w)",
        rf"(?<!\w)the (?:youngest|oldest|tallest|shortest|first and only) {_WORDS}{_HERE}(?!\w)",
    ),
    *rules(
        "only",
        (" else ", "no other"),
        rf"(?<!\w)(?:there (?:is|are|'s) )?(?:nobody|no ?-?one) else (?:{_HERE}|{_WHERE}) {_DOES}{_THE_REST}",
        rf"(?<!\w)(?:there (?:is|are|'s) )?no other [^\W\d_]{{2,20}} {_HERE}(?: {_DOES}{_THE_REST})?",
        rf"(?<!\w)(?:there (?:is|are|'s) )?(?:nobody else|no other [^\W\d_]{{2,20}}) {_WHERE}"
        r"(?= (?:is|has|does|who|with)\b)",
    ),
    *rules("only", ("illion",), r"(?<!\w)one in (?:a|\d+|two|three|ten|several) (?:million|billion)(?!\w)"),
    *rules(
        "only",
        ("people ", "cases ", "patients ", "families ", "children "),
        rf"(?<!\w)(?:only |just |fewer than |less than |about ){_FEW} (?:in|on) {_LAND}(?!\w)",
    ),
    *rules(
        "only",
        ("rare ",),
        r"(?<!\w)rare (?:genetic |bone |blood |skin |eye |brain |muscle |heart )?"
        r"(?:condition|disease|disorder|syndrome|illness|cancer|tumou?r),? (?:called|named|known as) "
        r"((?:[^\W_][\w'-]{1,25} ?){1,4})(?<! )",
    ),
)
