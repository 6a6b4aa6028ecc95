"""A headline: the question, the author's angle ("A nurse's perspective"), and the address that is made of it.

An address is written in Latin letters without accents: such an address survives every mail program, chat and
notebook, while one in another script is shown as a row of per cent signs in most of them. Other scripts are
transliterated (``anyascii``); for Japanese and Chinese that is a reading of each sign, which the author can replace
before publication.
"""

from __future__ import annotations

import re

from anyascii import anyascii
from django.utils.text import slugify

#: "question: angle", "question? Angle" and "question?! Angle"; the full-width and the Arabic signs need no space after
#: them.
_TWO_PARTS = re.compile(r"(.+?(?:(?:[!?]*\?[!?]*|:)(?=\s)|[？؟][！？؟!]*|：))\s*(\S.*)", re.DOTALL)


def parts(headline: str) -> tuple[str, str]:
    """The question, with the sign at its end, and the angle; "" for a headline without one."""
    both = _TWO_PARTS.fullmatch(headline)
    return (both[1], both[2]) if both else (headline, "")


def slug_of(text: str, longest: int) -> str:
    """Small Latin letters, digits and dashes, at most ``longest`` characters, cut between words where there are any;
    "" where the text has no letter and no digit."""
    slug = slugify(anyascii(text))
    if len(slug) <= longest:
        return slug
    cut = slug[: longest + 1]
    return (cut.rsplit("-", 1)[0] if "-" in cut else cut[:longest]).strip("-")
