"""What somebody is, and where: "a midwife at the Rosie", "the vicar of a small parish". Nothing is stored."""

from __future__ import annotations

from inbox.screening.details.by_cue.schools import NAMED
from inbox.screening.details.formats import CAP, DIGIT, rules

_ROLE = (
    r"(?:accountant|actor|actress|agent|apprentice|architect|barber|barista|bartender|bishop|builder|bursar|butcher"
    r"|captain"
    r"|care worker|caretaker|carer|carpenter|cashier|chair|chairman|chairwoman|chaplain|chef|cleaner|clerk|coach"
    r"|commander|conductor|constable|cook|corporal|councill?or|curate|curator|dancer|deacon|dean|dentist|detective"
    r"|director|dj|driver|editor|electrician|engineer|farmer|firefighter|fireman|florist|foreman|gardener|governor"
    r"|guard|hairdresser|head|headmaster|headmistress|headteacher|imam|inspector|intern|janitor|jockey|journalist"
    r"|judge"
    r"|keeper|landlady|landlord|lawyer|lecturer|librarian|lieutenant|lifeguard|magistrate|manager|marine|matron|mayor"
    r"|mechanic|midwife|minister|musician|nanny|nun|nurse|officer|organist|owner|paramedic|parson|partner|pastor"
    r"|pharmacist"
    r"|pilot|player|plumber|policeman|policewoman|porter|postman|postmistress|postwoman|president|priest|principal"
    r"|producer|professor|rabbi|receptionist|referee|registrar|reporter|researcher|sacristan|scientist|secretary"
    r"|sergeant|sheriff|singer|solicitor|soldier|steward|stewardess|striker|supervisor|surveyor|tailor|teacher|teller"
    r"|trainer|treasurer|trustee|tutor|undertaker|vet|vicar|waiter|waitress|warden|warder|welder)"
)
_SORT = (
    r"(?:(?:deputy|head|assistant|acting|senior|junior|chief|night|area|shift|store|branch|bank|lead|trainee|student"
    r"|retired"
    r"|former|part-time|primary|maths|english|history|science|music|pe|police|prison|parole|staff|registered|bus|train"
    r"|lorry|taxi|sous|pastry|goal|lighthouse|zoo) ){0,2}"
)
_IS = r"(?:am|[Ii]['’]?m|is|was|[Hh]e['’]?s|[Ss]he['’]?s|are|being|became|been|as|were|[Ii]mma)"
_GROUP = (
    r"(?:village|town|parish|island|school|valley|hamlet|congregation|church|pub|county|district|regiment"
    r"|surgery)"
)
RULES = (
    *rules(
        "organisation",
        (" at ", " of ", " for ", " with ", " in "),
        rf"(?<!\w){_IS} ((?:the |an? )?{_SORT}{_ROLE} (?:at|of|for|with) (?:(?:the|our|an?|my) )?{NAMED}"
        r"(?: (?:station|shop|branch|store|depot|office|plant|site|estate))?)(?!\w)",
        rf"(?<!\w){_IS} ((?:the |an? )?{_SORT}{_ROLE} in the {CAP}(?: {CAP}){{1,3}})(?!\w)",
        any_case=False,
    ),
    *rules(
        "organisation",
        (" of ", " in ", " for ", " at "),
        rf"(?<!\w){_IS} (the {_SORT}{_ROLE} (?:of|in|for|at) (?:a|the|our|my|this) (?:[a-z-]{{2,12}}"
        rf" ){{0,2}}{_GROUP})(?!\w)",
    ),
    *rules(
        "organisation",
        ("battalion", "regiment", "squadron", "brigade"),
        r"(?<!\w)(?:\d{1,3}(?:st|nd|rd|th)?|first|second|third|fourth) (?:[a-z]+ )?"
        r"(?:battalion|regiment|squadron|brigade)"
        r"(?:,? (?:of )?(?:the )?(?!and|but|who|when|where|in|on|at|for|is|was)[a-z'’]{3,20})?(?!\w)",
    ),
    *rules(
        "organisation",
        (DIGIT,),
        r"(?<!\w)(?:drives?|driving|driver (?:of|on)) (the (?:number )?\d{1,3}[a-z]? (?:bus|tram|train|route))(?!\w)",
    ),
)
