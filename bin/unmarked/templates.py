"""Unmarked sentences in templates: text between tags, attributes that are shown or read out, literals given to tags and
filters, and dates in a fixed form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

from unmarked.sentences import (
    DATE_FORMATS,
    JOINED_BY_HAND,
    NO_PLURAL,
    Finding,
    counts,
    has_words,
    is_separator,
    reads_like_a_sentence,
)

_ATTRIBUTES = frozenset({"title", "alt", "placeholder", "label", "aria-label", "aria-description", "aria-valuetext"})
#: Tags whose literals are names for the program.
_NAMES_ONLY = frozenset(
    {
        "block",
        "comment",
        "crispy",
        "cycle",
        "elif",
        "element",
        "extends",
        "get_static_prefix",
        "if",
        "load",
        "static",
        "url",
    }
)
_LITERAL = re.compile(r"(_\()?\"([^\"]*)\"|(_\()?'([^']*)'")


class Page(HTMLParser):
    """Collects the visible text of a template without Django's tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        shown = _ATTRIBUTES | ({"content"} if named.get("name") == "description" else set())
        shown |= {"value"} if tag == "input" and named.get("type") in ("submit", "button") else set()
        for name, value in attrs:
            sentence = name.startswith("data-") and reads_like_a_sentence(value or "")
            if value and (sentence or (name in shown and has_words(value))):
                self.found.append((self.getpos()[0], f'{name}="{value}"'))
        self._silent += tag in ("script", "style", "code", "kbd")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "code", "kbd")

    def handle_data(self, data: str) -> None:
        if not self._silent and has_words(data):
            line = self.getpos()[0] + len(data[: len(data) - len(data.lstrip())].splitlines()[1:])
            self.found.append((line, " ".join(data.split())))


def _literals(token: Token) -> Iterator[str]:
    """Sentences among the literals of a tag or a variable, and dates in a fixed form."""
    for form in re.findall(r"\|(?:date|time):[\"']([^\"']*)[\"']", token.contents):
        if form not in DATE_FORMATS:
            yield f"a date in a fixed form: {form}"
    if "|join:" in token.contents:
        yield JOINED_BY_HAND
    inner = re.sub(r"\|(?:date|time|yesno|add|slice|join):[\"'][^\"']*[\"']", "", token.contents)
    if token.token_type == TokenType.BLOCK:
        word, _, rest = inner.partition(" ")
        if word in _NAMES_ONLY or word in ("translate", "trans"):
            return
        inner = rest.partition(" with ")[2] if word == "include" else rest
    for mark, double, other, single in _LITERAL.findall(inner):
        text = double or single
        if not (mark or other) and has_words(text) and (text[0].isupper() or " " in text):
            yield f'"{text}"'


def in_template(source: str, path: str) -> list[Finding]:
    """The unmarked sentences of a template, text or HTML."""
    found: list[Finding] = []
    page: list[str] = []
    inside = sentence = ""
    alike_for_all = between = False
    for token in Lexer(source).tokenize():
        line = token.lineno or 1
        word = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if inside:
            sentence += f"{{{{ {token.contents} }}}}" if token.token_type == TokenType.VAR else token.contents
            if word == f"end{inside}":
                inside = ""
                if alike_for_all and counts(" ".join(sentence.split())):
                    found.append(Finding(path, line, NO_PLURAL))
            page.append("\n" * token.contents.count("\n"))
            continue
        if token.token_type == TokenType.TEXT:
            if between and is_separator(token.contents):
                found.append(Finding(path, line, JOINED_BY_HAND))
            between = False
            page.append(token.contents)
            continue
        between = token.contents == "if not forloop.last"
        if token.token_type != TokenType.COMMENT:
            found += [Finding(path, line, text) for text in _literals(token)]
        page.append("\N{OBJECT REPLACEMENT CHARACTER}" if token.token_type == TokenType.VAR else "")
        page.append("\n" * token.contents.count("\n"))
        if word in ("blocktranslate", "blocktrans", "comment"):
            inside, sentence = word, ""
            alike_for_all = word != "comment" and " count " not in token.contents
        elif re.fullmatch(r"block \w*_class", token.contents):  # used in the class attribute of the base template
            inside = "block"
    parser = Page()
    parser.feed("".join(page))
    parser.close()
    return found + [Finding(path, line, text) for line, text in parser.found]
