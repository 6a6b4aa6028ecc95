"""The parts of an answer that stand apart on a page: the short answer, when to see somebody, the contents, the sources.

An answer is one text. It may begin with a section "The short answer" and one "When to see somebody", whose
sub-headings begin care cards; "The long answer" then begins what follows. The headings are those of the column's
language, or English.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop, pgettext
from markdown_it.token import Token

from columns.text import prose

SHORT, SEE, LONG = (
    gettext_noop("The short answer"),
    gettext_noop("When to see somebody"),
    gettext_noop("The long answer"),
)
#: An answer with fewer sections needs no list of them.
CONTENTS_FROM = 4
#: Fewer sub-headings below one heading are no list of kinds.
_KINDS_FROM = 2


class Care(NamedTuple):
    """A care card. ``hurry``: "now", "urgent" or "" (it can wait)."""

    hurry: str
    heading: SafeString
    text: SafeString


class Anatomy(NamedTuple):
    """The parts of an answer as HTML; what it does not have is empty.

    ``first`` and ``rest`` are the long answer: ``first`` ends with the first section whose heading says when to be
    concerned, and is empty where none does. ``concern``: the id of that section. ``contents``: id and title of each
    section, where there are enough. ``sources``: the items of a list.
    """

    short: SafeString
    see: tuple[Care, ...]
    contents: tuple[tuple[str, str], ...]
    first: SafeString
    rest: SafeString
    concern: str
    sources: SafeString


def _hurry(title: str) -> str:
    """How much a card hurries, by the words of its heading before the colon, or all of them."""
    words = (title.partition(":")[0] if ":" in title else title).casefold()
    if _has(words, (gettext_noop("Not urgent"), pgettext("the heading of a care card", "Not urgent"))):
        return ""
    if _has(words, ("now", pgettext("the heading of a care card", "Now"))):
        return "now"
    hurried = ("urgent", "soon", pgettext("the heading of a care card", "Urgent"))
    return "urgent" if _has(words, (*hurried, pgettext("the heading of a care card", "Soon"))) else ""


def _has(text: str, names: Iterable[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text) for name in names)


def _sections(tokens: Sequence[Token], tag: str) -> Iterator[tuple[str, Sequence[Token]]]:
    """The tokens parted before each heading of this tag, each part with its title ("" for what stands before the
    first)."""
    starts = [
        n for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == tag and not token.level
    ]
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        begins = start < len(tokens) and tokens[start].type == "heading_open" and tokens[start].tag == tag
        yield (tokens[start + 1].content.strip() if begins else ""), tokens[start:end]


def _named(title: str, name: str) -> bool:
    return title.casefold() in {name.casefold(), gettext(name).casefold()}


def _cards(tokens: Sequence[Token]) -> Iterator[Care]:
    for title, part in _sections(tokens, "h3"):
        if title:
            # the title is plain text in an inline token; the paragraphs and lists follow its three tokens
            yield Care(_hurry(title), prose.inline_html(part[1]), prose.answer_html(part[3:]))
        elif part:
            yield Care("", SafeString(), prose.answer_html(part))


def _box(name: str, *, closing: bool = False) -> Token:
    token = Token("html_block", "", 0)
    token.content = "</div>" if closing else f'<div class="{name}">'
    return token


def _with_kinds(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with each run of sub-headings in a box, and a box for each: the name of a kind stands in the margin,
    what is said of it in the text."""
    result: list[Token] = []
    for _, section in _sections(tokens, "h2"):
        parts = list(_sections(section, "h3"))
        kinds = [part for title, part in parts if title]
        if len(kinds) < _KINDS_FROM:
            result += section
            continue
        result += [token for title, part in parts if not title for token in part]
        result.append(_box("kinds"))
        for part in kinds:
            result += [_box("kind"), *part, _box("kind", closing=True)]
        result.append(_box("kinds", closing=True))
    return result


def _plain_title(title: str) -> str:
    return prose.plain(title, 200)


def read_fresh(answer: str) -> Anatomy:
    """The parts of an answer, not cached: for drafts, whose words must not stay in memory."""
    tokens = prose.answer_tokens(answer)
    notes = next((n for n, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    body, sources = tokens[:notes], tokens[notes + 1 : -1]
    short: Sequence[Token] = ()
    see: Sequence[Token] = ()
    sections = list(_sections(body, "h2"))
    while sections:
        title, part = sections[0]
        if not short and _named(title, SHORT):
            short = part[3:]
        elif not see and _named(title, SEE):
            see = part[3:]
        else:
            break
        sections.pop(0)
    if (short or see) and sections and _named(sections[0][0], LONG):
        sections[0] = ("", sections[0][1][3:])
    long = [token for _, part in sections for token in part]
    end = prose.end_of_concern(long, prose.proposed_heading())
    titles = tuple((str(part[0].attrGet("id")), _plain_title(title)) for title, part in sections if title)
    return Anatomy(
        short=prose.answer_html(short),
        see=tuple(_cards(see)),
        contents=titles if len(titles) >= CONTENTS_FROM else (),
        first=prose.answer_html(_with_kinds(long[:end])),
        rest=prose.answer_html(_with_kinds(long[end:])),
        concern=prose.id_of_concern(long, prose.proposed_heading()),
        sources=prose.answer_html(sources),
    )


@functools.lru_cache(maxsize=512)
def _read_in(answer: str, language: str) -> Anatomy:
    return read_fresh(answer)


def read(answer: str) -> Anatomy:
    """The parts of a published answer. Cached, by the active language."""
    return _read_in(answer, get_language())
