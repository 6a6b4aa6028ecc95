"""Classes, years and courses: "Year 10", "8th grade at Lincoln Middle School". Nothing is stored."""

from __future__ import annotations

from inbox.screening.details.formats import CAP, DIGIT, rules

#: A name with capitals, of several words, perhaps with a possessive: "St Aldhelm's", "Holly Bank Primary".
NAMED = rf"(?:St\.? )?{CAP}(?:['’]s)?(?: (?:of |and |& )?{CAP}(?:['’]s)?){{0,4}}"
_NTH = r"(?:\d(?:st|nd|rd|th)|first|second|third|fourth|fifth|final)"
_SUBJECT = r"(?:[a-z][a-z-]{2,20} ){0,3}"
_COURSE = (
    r"(?:PhD|Ph\.D\.?|DPhil|doctorate|[Mm]aster['’]?s(?: degree)?|MA|MSc|MBA|BA|BSc|BEd|LLB|[Dd]egree"
    r"|A-[Ll]evels?|GCSEs?)"
)
#: Words before "middle school" that are no name of it.
_ANY = (
    r"(?!(?:the|a|an|my|our|his|her|their|your|local|this|that|same|old|new|public|private|catholic|junior|senior|in"
    r"|to"
    r"|from|of|any|every|most|some|and|or|at|was|is|through|since|after|during|before|all|boys|girls|big|small)\b)"
)
RULES = (
    *rules(
        "organisation",
        (DIGIT,),
        r"(?<!\w)(?:Year|Yr|Grade|Form|Class|Klasse|Primary) \d{1,2} ?[A-Za-z]?(?![\w/]|\.\d)",
        r"(?<!\w)(?<=in )(?:year|grade|form|class) \d{1,2}[a-z]?(?![\w/]|\.\d)(?! (?:of|and counting))",
        r"(?<!\w)(?<=class )\d{1,2}[A-Za-z](?!\w)",
        r"(?<!\w)(?<=in )(?:1[0-3]|[1-9])[A-H](?= (?:has|have|hates|knows|is|and|at|who|with)|[,.!?])",
        r"(?<!\w)\d{1,2}(?:st|nd|rd|th)[- ]grade(?:rs?)?(?!\w)",
        any_case=False,
    ),
    *rules(
        "organisation",
        ("grade",),
        r"(?<!\w)(?:fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)[- ]graders?(?!\w)",
    ),
    *rules(
        "organisation",
        (" sixth", " fifth", "sixth form"),
        r"(?<!\w)(?:the )?(?:upper|lower) (?:sixth|fifth)(?: form)?(?!\w)",
        r"(?<!\w)(?<=in )(?:the )?sixth form(?!\w)",
    ),
    *rules(
        "organisation",
        ("-year", " year"),
        rf"(?<!\w){_NTH}[- ]year (?:[a-z][a-z-]{{2,20}} ){{0,3}}(?:student|undergrad(?:uate)?|pupil|medic|apprentice)"
        rf"(?: at (?:the )?{NAMED})?(?!\w)",
        any_case=False,
    ),
    *rules(
        "organisation",
        (" at ",),
        rf"(?<!\w)(?:freshman|sophomore|junior|senior|[Ss]tudent|undergrad(?:uate)?|pupil|lecturer|sixth-former)"
        rf" at (?:the )?{NAMED}(?!\w)",
        rf"(?<!\w){_COURSE} (?:in )?{_SUBJECT}(?:[a-z]+ )?at (?:the )?{NAMED}(?!\w)",
        rf"(?<!\w)(?:[Yy]ear \d|[Rr]eception|[Nn]ursery|[Kk]indergarten) at (?:the )?{NAMED}(?!\w)",
        any_case=False,
    ),
    *rules(
        "organisation",
        ("school", "academy", "college"),
        rf"(?<!\w)(?:at|attends?|attended|to|from) ({_ANY}[a-z][\w.'-]{{2,20}}(?: {_ANY}[a-z][\w.'-]{{2,20}})?"
        r" (?:(?:middle|high|primary|elementary|grammar|secondary|prep) school|academy|sixth form college))(?!\w)",
    ),
    *rules(
        "organisation",
        (" high",),
        rf"(?<!\w)(?:at|attend|attends|attended) ((?:{CAP} ){{1,2}}High)(?![\w-]| [A-Z])",
        any_case=False,
    ),
)
