"""Sentences in scripts: literals that read like one, literals that are put on the page as text, and separators of
lists."""

from __future__ import annotations

import re

from unmarked.sentences import JOINED_BY_HAND, Finding, has_words, is_separator, reads_like_a_sentence
from unmarked.templates import Page

#: What stands before a literal that is put on the page as text.
_SHOWING = re.compile(
    r"(?:\b(?:textContent|innerText|title|placeholder|ariaLabel)\s*\+?=|\b(?:append|prepend|say|tell|stop|alert|confirm)\()"
    r"\s*(?:[^;'\"`()]*[?:]\s*)?$"
)
#: What stands before a literal that names an element, a class or a module, or is for programmers.
_NAMING = re.compile(
    r"(?:\b(?:querySelector|querySelectorAll|closest|matches|getElementById|Error)\(|\b(?:from|import)"
    r"|\bclassName\s*\+?=[^;\n]*)\s*$"
)
#: What stands before a slash that begins a regular expression: everything else is divided.
_BEFORE_PATTERN = re.compile(r"(?:^|[(,=:\[!&|?{};+\n]|\breturn)\s*$")
_PATTERN = re.compile(r"/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\[\\\n])+/\w*")
_QUOTED = re.compile(r"'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


class _Script:
    """Collects the literals of a script with their places, those inside the gaps of a template literal too."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.literals: list[tuple[int, str]] = []
        self._code(0, nested=False)

    def _code(self, at: int, *, nested: bool) -> int:
        """Read code up to its end, or where it is ``nested`` in a literal up to the brace that closes it."""
        depth = 0
        while at < len(self.source):
            sign = self.source[at]
            if comment := _COMMENT.match(self.source, at):
                at = comment.end()
            elif quoted := _QUOTED.match(self.source, at):
                self.literals.append((at, quoted.group()[1:-1]))
                at = quoted.end()
            elif sign == "`":
                at = self._template(at)
            elif sign == "/" and _BEFORE_PATTERN.search(self.source[max(0, at - 40) : at]):
                pattern = _PATTERN.match(self.source, at)
                at = pattern.end() if pattern else at + 1
            elif sign == "}" and nested and depth == 0:
                return at + 1
            else:
                depth += (sign == "{") - (sign == "}")
                at += 1
        return at

    def _template(self, start: int) -> int:
        at, text = start + 1, ""
        while at < len(self.source) and self.source[at] != "`":
            if self.source.startswith("${", at):
                at = self._code(at + 2, nested=True)
                text += "…"
            else:
                width = 2 if self.source[at] == "\\" else 1
                text += self.source[at : at + width]
                at += width
        self.literals.append((start, text))
        return at + 1


def in_script(source: str, path: str) -> list[Finding]:
    """The sentences of a script: all of them belong into the page."""
    found = []
    for at, text in _Script(source).literals:
        before = source[max(0, at - 200) : at]
        if _NAMING.search(before):
            continue
        line = source.count("\n", 0, at) + 1
        if before.endswith(".join(") and is_separator(text):
            found.append(Finding(path, line, JOINED_BY_HAND))
            continue
        if re.search(r"<[a-z]", text):
            page = Page()
            page.feed(text)
            page.close()
            found += [Finding(path, line, said) for _, said in page.found]
        elif has_words(text) if _SHOWING.search(before) else reads_like_a_sentence(text):
            found.append(Finding(path, line, " ".join(text.split())))
    return found
