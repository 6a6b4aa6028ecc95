"""Markdown to safe HTML. Raw HTML is escaped by the parser, and the result is cleaned by an allow list."""

import functools
import itertools
import math
import re
from collections.abc import Sequence

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from columns.text.headlines import slug_of

#: Words a minute of an adult who reads prose silently; the middle of the range in published studies.
WORDS_A_MINUTE = 220

_TAGS = {
    "h2",
    "h3",
    "p",
    "blockquote",
    "ul",
    "ol",
    "li",
    "em",
    "strong",
    "a",
    "hr",
    "br",
    "code",
    "sup",
    "div",
}
_ATTRIBUTES = {
    "a": {"href", "id", "class", "aria-label"},
    "h2": {"id"},
    "h3": {"id"},
    "ol": {"start", "class"},
    "li": {"id", "class"},
    "sup": {"class"},
    "div": {"class"},
}
_CLASSES = {"sources", "ref", "back", "kinds", "kind"}
_SCHEMES = {"http", "https", "mailto", "tel"}


def _parser() -> MarkdownIt:
    """No blocks of code, and no headings by a line below: in letters and answers both come from an indented paragraph,
    or from a line of dashes, that meant nothing of the kind."""
    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(["image", "code", "fence", "lheading"])
    return parser


#: A question is a letter: its lines end where its writer ended them.
_question = _parser()
_question.options["breaks"] = True
_answer = _parser().use(footnote_plugin)


def _number(tokens: Sequence[Token], index: int) -> int:
    return int(tokens[index].meta["id"]) + 1


def _anchor(tokens: Sequence[Token], index: int) -> str:
    """The name of the place in the text to which a mark, or the way back of a source, belongs."""
    again = int(tokens[index].meta.get("subId", 0))
    return f"r{_number(tokens, index)}" + (f"-{again + 1}" if again else "")


def _mark(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    """The mark of a source. The word joiner before it keeps it from beginning a line, or standing on one alone."""
    number = _number(tokens, index)
    label = escape(gettext("Source %(number)s") % {"number": number})
    place = _anchor(tokens, index)
    return f'\u2060<a class="ref" id="{place}" href="#n{number}" aria-label="{label}">{number}</a>'


def _way_back(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    label = escape(gettext("Back to the text, source %(number)s") % {"number": _number(tokens, index)})
    word = escape(gettext("Back"))
    return f' <a class="back" href="#{_anchor(tokens, index)}" aria-label="{label}">{word}</a>'


def _source(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    return f'<li id="n{_number(tokens, index)}">'


for _name, _rule in (
    ("footnote_ref", _mark),
    ("footnote_block_open", lambda *_: '<ol class="sources">'),
    ("footnote_block_close", lambda *_: "</ol>"),
    ("footnote_open", _source),
    ("footnote_close", lambda *_: "</li>"),
    ("footnote_anchor", _way_back),
):
    _answer.add_render_rule(_name, _rule)


def _keep_class(tag: str, name: str, value: str) -> str | None:
    """The attribute filter for nh3: the only classes kept are those that are written here."""
    if name != "class":
        return value
    return " ".join(word for word in value.split() if word in _CLASSES) or None


def _two_levels_of_headings(tokens: list[Token]) -> None:
    """Lower the headings, since the page has its own h1: ``#`` and ``##`` become h2, all others h3; each gets an id."""
    seen: dict[str, int] = {}
    for token, inline in itertools.zip_longest(tokens, tokens[1:]):
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"
        if token.type == "heading_open" and inline is not None:
            base = slug_of(inline.content, 60) or "section"
            seen[base] = seen.get(base, 0) + 1
            # the prefix prevents a collision with ids of the page
            token.attrSet("id", f"s-{base}" if seen[base] == 1 else f"s-{base}-{seen[base]}")


def _tokens(parser: MarkdownIt, text: str) -> list[Token]:
    tokens = parser.parse(text)
    _two_levels_of_headings(tokens)
    return tokens


def answer_tokens(text: str) -> list[Token]:
    """The parsed text of an answer, its headings lowered to two levels."""
    return _tokens(_answer, text)


def answer_html(tokens: Sequence[Token]) -> SafeString:
    """The HTML of some of the tokens of an answer."""
    return _html(_answer, tokens)


def inline_html(inline: Token) -> SafeString:
    """The HTML of the words of one heading or paragraph."""
    return _html(_answer, [inline])


def _render(parser: MarkdownIt, text: str) -> SafeString:
    return _html(parser, _tokens(parser, text))


def _html(parser: MarkdownIt, tokens: Sequence[Token]) -> SafeString:
    """The cleaned HTML of tokens that stand beside one another in a text."""
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_class,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned by the allow list above


def render_fresh(text: str) -> SafeString:
    """The HTML of an answer, not cached: for drafts, whose words must not stay in memory."""
    return _render(_answer, text)


#: What a heading has that says when to be concerned, beside the heading that the outline of an answer proposes.
_CONCERN = re.compile(r"(?i)\b(?:concern\w*|worr\w*|doctor|urgent\w*|see somebody|not wait|get help)\b")


def proposed_heading() -> str:
    return gettext("When to be concerned").casefold()


def end_of_concern(tokens: Sequence[Token], proposed: str) -> int:
    """The number of the token after the first section whose heading says when to be concerned; 0 without one. A section
    ends before the next heading of its level or above, and before the footnotes."""
    tag = ""
    for number, token in enumerate(tokens):
        if token.level:
            continue
        if tag and (token.type == "footnote_block_open" or (token.type == "heading_open" and token.tag <= tag)):
            return number
        if not tag and token.type == "heading_open":
            title = tokens[number + 1].content
            if _CONCERN.search(title) or proposed in title.casefold():
                tag = token.tag
    return len(tokens) if tag else 0


def id_of_concern(tokens: Sequence[Token], proposed: str) -> str:
    """The id of the heading of that section; "" without one."""
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and not token.level:
            title = tokens[number + 1].content
            if _CONCERN.search(title) or proposed in title.casefold():
                return str(token.attrGet("id"))
    return ""


def says_when_to_be_concerned(text: str) -> bool:
    """Whether a heading of the answer says when to be concerned."""
    return end_of_concern(answer_tokens(text), proposed_heading()) > 0


def render_question_fresh(text: str) -> SafeString:
    """The HTML of a question (no footnotes), not cached."""
    return _render(_question, text)


def render(text: str) -> SafeString:
    """The HTML of a published answer: two levels of headings, lists, quotations, links, footnotes. Cached, by the
    active language, in which the marks of sources are named."""
    return _render_in(text, get_language())


@functools.lru_cache(maxsize=512)
def _render_in(text: str, language: str) -> SafeString:
    return _render(_answer, text)


@functools.lru_cache(maxsize=512)
def render_question(text: str) -> SafeString:
    """The HTML of a published question. Cached."""
    return _render(_question, text)


def from_plain(text: str) -> str:
    """Markdown that ``render_question`` shows as the plain text reads: paragraphs, line ends and every sign are those
    of the text. White space at the edges of a line, which HTML does not show, is dropped. Signs are escaped only in
    paragraphs that would read otherwise, so that most letters stay as they were typed."""
    paragraphs = re.split(r"\n(?:[^\S\n]*\n)+", text.replace("\r\n", "\n").strip())
    lines = ["\n".join(line.strip() for line in paragraph.split("\n")) for paragraph in paragraphs]
    return "\n\n".join(one if as_read(one) == one else _escaped(one) for one in lines if one)


def as_read(text: str) -> str:
    """What ``render_question`` shows of one paragraph that is nothing but words and line ends, as plain text; "" for
    anything else: emphasis, links, lists, headings, quotations."""
    tokens = _question.parse(text)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return ""
    parts = tokens[1].children or []
    if any(part.type not in ("text", "softbreak") for part in parts):
        return ""
    return "".join("\n" if part.type == "softbreak" else part.content for part in parts)


#: Signs that mean something to Markdown within a line, and those that mean something at its beginning alone.
_SIGNS = re.compile(r"[\\`*_\[\]<>&]")
_AT_THE_BEGINNING = re.compile(r"^(?:(\d{1,9})(?=[.)](?:\s|$))|(?=[-+#~=]))", re.MULTILINE)


def _escaped(paragraph: str) -> str:
    escaped = _SIGNS.sub(lambda sign: "\\" + sign[0], paragraph)
    return _AT_THE_BEGINNING.sub(lambda begin: (begin[1] or "") + "\\", escaped)


def words(text: str) -> int:
    """The number of words of a text; a hyphen or an apostrophe joins two parts to one word."""
    return len(re.findall(r"\w+(?:['’-]\w+)*", text))


def reading_minutes(*texts: str) -> int:
    """Whole minutes, at least one, to read the texts together."""
    return max(1, math.ceil(sum(words(text) for text in texts) / WORDS_A_MINUTE))


def blocks(text: str) -> list[str]:
    """The paragraphs of a Markdown text, as written, for remarks that concern one of them."""
    return [block.strip("\n") for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if block.strip()]


#: References of footnotes, signs, and links with their text. No match goes beyond the next bracket that opens, so that
#: a text of nothing but brackets is read once.
_MARKUP = re.compile(r"\[\^[^\[\]]+\]|[*_`>#]+|\[([^\[\]]*)\]\([^\[)]*\)")


def plain(text: str, length: int = 160) -> str:
    """The first words of a Markdown text as plain text, for descriptions; at most ``length`` characters."""
    bare = _MARKUP.sub(r"\1", text)
    bare = " ".join(bare.split())
    return bare if len(bare) <= length else bare[: length - 1].rsplit(" ", 1)[0] + "…"
