"""An answer as machines are told it: its whole text without markup, and the sources in its footnotes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from columns.text import prose

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WEB = ("https://", "http://")
#: What is left at the ends where an address stood within the words.
_EDGES = " \t\n.,;:·"


@dataclass(frozen=True)
class Citation:
    """What a footnote names: its words, its first address on the web, and the year, where the words have just one."""

    name: str
    url: str = ""
    year: str = ""


@dataclass(frozen=True)
class Told:
    """The text of an answer, paragraphs parted by an empty line, and its sources in their order."""

    text: str
    sources: tuple[Citation, ...]


def _words(inline: Token) -> str:
    """The words of one paragraph or heading; marks of footnotes are left out, and a break is a space."""
    parts = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return " ".join("".join(parts).split())


def _address(inlines: Iterable[Token]) -> str:
    links = (token for inline in inlines for token in inline.children or () if token.type == "link_open")
    found = (str(link.attrGet("href") or "") for link in links)
    return next((href for href in found if href.startswith(_WEB)), "")


def _source(inlines: Sequence[Token]) -> Citation | None:
    name = " ".join(filter(None, map(_words, inlines)))
    url = _address(inlines)
    bare = name.replace(url, "").strip(_EDGES) or name
    years = set(_YEAR.findall(bare))
    return Citation(bare, url, years.pop() if len(years) == 1 else "") if bare else None


@functools.lru_cache(maxsize=512)
def told(answer: str) -> Told:
    """The text and the sources of a published answer. Cached."""
    paragraphs: list[str] = []
    notes: list[list[Token]] = []
    inside = False
    for token in prose.answer_tokens(answer):
        if token.type == "footnote_open":
            inside = True
            notes.append([])
        elif token.type == "footnote_close":
            inside = False
        elif token.type == "inline" and inside:
            notes[-1].append(token)
        elif token.type == "inline":
            paragraphs.append(_words(token))
    return Told("\n\n".join(filter(None, paragraphs)), tuple(filter(None, map(_source, notes))))
