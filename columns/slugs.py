"""The last part of an address, made from words of any script.

An address is written in Latin letters without accents: such an address survives every mail program, chat and
notebook, while one in another script is shown as a row of per cent signs in most of them. Other scripts are
transliterated (``anyascii``); for Japanese and Chinese that is a reading of each sign, which the author can replace
before publication.
"""

from __future__ import annotations

from anyascii import anyascii
from django.utils.text import slugify


def slug_of(text: str, longest: int) -> str:
    """Small Latin letters, digits and dashes, at most ``longest`` characters, cut between words where there are any;
    "" where the text has no letter and no digit."""
    slug = slugify(anyascii(text))
    if len(slug) <= longest:
        return slug
    cut = slug[: longest + 1]
    return (cut.rsplit("-", 1)[0] if "-" in cut else cut[:longest]).strip("-")
