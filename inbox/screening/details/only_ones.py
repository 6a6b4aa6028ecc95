"""Ways of being the only one: "the only vet in Thornwick", "one of two black girls in my year". Nothing is stored."""

from __future__ import annotations

from inbox.screening.details.formats import rules

_WORDS = r"(?:[^\W\d_][\w'-]{0,20} ){1,5}"
_WHERE = (
    r"(?:in|at|on|of|for|around|from|within) (?:(?:my|our|his|her|their|the|this|that|a|an) )?"
    r"(?:(?:whole|entire|little|small|tiny|local|same) )?[^\W\d_][\w'-]{1,30}(?: [A-Z][\w'-]{1,20}){0,2}"
)
#: Places and groups in which somebody can be the only one; "the only thing in the world" points to nobody.
_NOT = (
    r"(?!(?:thing|things|way|ways|reason|time|times|problem|question|option|choice|hope"
    r"|one (?:who|that|of|in the world)|person (?:who|that|in the world)|difference|good|bad|real|other"
    r"|people (?:who|that))\b)"
)
RULES = rules(
    "only",
    ("only", "one of", "first", "nobody else", "no other"),
    rf"(?<!\w)the (?:only|sole) {_NOT}{_WORDS}{_WHERE}(?!\w)",
    rf"(?<!\w)(?:the )?only one {_WHERE.replace('of|', '')}(?!\w)",
    r"(?<!\w)(?:one of (?:only |just |the )?|only |the only )(?:two|three|four|five|2|3|4|5)"
    rf" {_WORDS}{_WHERE}(?!\w)",
    r"(?<!\w)the (?:very )?first (?:black|asian|woman|man|female|male|openly|gay|lesbian|trans|muslim|jewish|deaf"
    r"|blind|disabled)"
    rf" (?:{_WORDS})?{_WHERE}(?!\w)",
    rf"(?<!\w)(?:there (?:is|are|'s) )?(?:nobody else|no other [^\W\d_]{{2,20}}) {_WHERE}"
    r"(?= (?:is|has|does|who|with)\b)",
)
