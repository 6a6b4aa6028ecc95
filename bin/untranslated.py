"""Find the sentences that people see and that are not marked for translation.

In templates: text between tags, the attributes that are shown or read out, literals given to tags and filters, and
dates in a fixed form. In Python: every literal that reads like a sentence, every literal where only people's words
stand (labels, errors, choices), and marks around something that no catalogue can hold. Docstrings, log lines,
programmers' exceptions, management commands and migrations are not for the people of a column. In scripts: every
literal that reads like a sentence, and every literal that is put on the page as text; a script takes what it says from
the page that loads it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

ROOT = Path(__file__).resolve().parent.parent
#: Folders of templates.
TEMPLATES = ("templates",)
PYTHON = ("columns", "inbox", "config/views.py")
SCRIPTS = ("static",)

#: Files without translatable sentences, with the reason.
EXCLUDED = {
    "templates/500.html": "stands alone: no tag works when everything else has failed",
    "templates/robots.txt": "for machines",
    "columns/triggers.py": "what the database answers to a faulty program; no page shows it",
    "inbox/screening/language.py": "the small words of many languages; what people read in it is marked",
    "columns/help_lines.py": "names of countries as people type them",
    "inbox/operations/audit_chain.py": "findings for whoever runs the server, printed by a command",
    "inbox/operations/backups.py": "refusals for whoever runs the server, printed by a command",
    "inbox/operations/demo.py": "the demonstration's invented column is in English",
}
#: Folders for which the same holds.
EXCLUDED_FOLDERS = {
    "migrations": "sentences for programmers",
    "vendor": "as its makers wrote it",
    "management": "sentences for whoever runs the server, in English as the documentation is",
}

#: The same in every language: the product's name, its commands, and names of keys.
NOT_WORDS = re.compile(
    r"Steady Hands|manage\.py [^<]*"
    r"|Enter|Esc|Shift|Ctrl|Alt|Tab|Mod|J|K|L-|https?:\S*|/[\w/-]+/|[a-z-]+\.(?:txt|toml|md|jsonl)|--[a-z-]+"
    r"|Django|Python|SQLite|PostgreSQL"
)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_ENTITY = re.compile(r"&[a-z]+;|&#\d+;")
_ATTRIBUTES = frozenset({"title", "alt", "placeholder", "label", "aria-label", "aria-description", "aria-valuetext"})
_DATE_FORMATS = frozenset(
    f"{name}_FORMAT" for name in ("DATE", "TIME", "DATETIME", "YEAR_MONTH", "MONTH_DAY", "SHORT_DATE", "SHORT_DATETIME")
) | {"Y-m-d", "c", "l", "F"}
_TRANSLATING = frozenset({"translate", "trans", "blocktranslate", "blocktrans"})
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


@dataclass(frozen=True, order=True)
class Finding:
    """One finding. ``text``: the beginning of the unmarked text, or the fault of its mark."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def has_words(text: str) -> bool:
    return bool(_LETTERS.search(NOT_WORDS.sub("", _ENTITY.sub("", text))))


def reads_like_a_sentence(text: str) -> bool:
    """Two words or more with a capital in front or a full stop at the end; or four words and more."""
    if not has_words(text) or re.search(r"[<>{}\\^$|=_]|^\W*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|SET) ", text):
        return False
    words = re.findall(r"[^\W\d_][\w’'-]*", NOT_WORDS.sub("", text))
    first = re.match(r"[“(\"']?[A-Z]", text.strip())
    return (
        len(words) >= 2
        and (" " in text.strip())
        and (bool(first) or text.rstrip().endswith((".", "?", "!")) or len(words) >= 4)
    )


# --- Templates -----------------------------------------------------------------------------------------------------
class _Page(HTMLParser):
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
        if form not in _DATE_FORMATS:
            yield f"a date in a fixed form: {form}"
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
    inside = ""
    for token in Lexer(source).tokenize():
        line = token.lineno or 1
        word = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if inside:
            inside = "" if word == f"end{inside}" else inside
            page.append("\n" * token.contents.count("\n"))
            continue
        if token.token_type == TokenType.TEXT:
            page.append(token.contents)
            continue
        if token.token_type != TokenType.COMMENT:
            found += [Finding(path, line, text) for text in _literals(token)]
        page.append("\N{OBJECT REPLACEMENT CHARACTER}" if token.token_type == TokenType.VAR else "")
        page.append("\n" * token.contents.count("\n"))
        if word in ("blocktranslate", "blocktrans", "comment"):
            inside = word
        elif re.fullmatch(r"block \w*_class", token.contents):  # used in the class attribute of the base template
            inside = "block"
    parser = _Page()
    parser.feed("".join(page))
    parser.close()
    return found + [Finding(path, line, text) for line, text in parser.found]


# --- Python --------------------------------------------------------------------------------------------------------
_MARKS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
_MARKS |= {"pgettext": 2, "pgettext_lazy": 2, "npgettext": 3, "npgettext_lazy": 3}
#: Keyword arguments (and such keys of dictionaries) whose values people read.
_FOR_PEOPLE = frozenset(
    {"label", "help_text", "verbose_name", "verbose_name_plural", "too_long", "legend", "error_messages"}
)
#: Names called with a sentence for people as the first argument.
_SAYING = frozenset({"ValidationError", "MoveRefused", "NotAllowed", "AlreadyMoved", "Refused"})
#: Names called with sentences for people as all arguments.
_WORDS_ALONE = frozenset({"Finding", "LetterProgress", "Changed"})
_MESSAGES = frozenset({"debug", "info", "success", "warning", "error"})
#: Names called with texts for programmers and operators.
_FOR_PROGRAMMERS = re.compile(
    r"ValueError|TypeError|KeyError|RuntimeError|LookupError|AssertionError|NotImplementedError|OSError"
    r"|ImproperlyConfigured|CommandError|CannotOpen|Locked|NoHolder|NoKey"
)


#: Arguments of calls that hold SQL and reasons for programmers: name of the call, and place or name of the argument.
_NOT_SHOWN = frozenset({("SealedKind", "grants"), ("Left", 0)})


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_logging(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and _name(call.func.value) in ("logger", "logging", "log")


def _is_message(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and _name(call.func.value) == "messages" and call.func.attr in _MESSAGES


def _text(node: ast.expr) -> str | None:
    """The text of a literal; of an f-string, with “…” for each placeholder."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


class _Module(ast.NodeVisitor):
    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Finding] = []

    def _literal(self, node: ast.expr, *, for_people: bool = False) -> None:
        text = _text(node)
        if text is not None and (has_words(text) if for_people else reads_like_a_sentence(text)):
            self.found.append(Finding(self.path, node.lineno, " ".join(text.split())))

    def visit_Constant(self, node: ast.Constant) -> None:
        self._literal(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._literal(node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def _for_people(self, node: ast.expr) -> None:
        """Report a literal that people read in any form; visit any other node as usual."""
        if _text(node) is not None:
            self._literal(node, for_people=True)
        elif isinstance(node, ast.Dict):
            for value in node.values:
                self._for_people(value)
        else:
            self.visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in _MARKS:
            self._marked(node, _MARKS[name])
            return
        if _is_logging(node):
            return
        self.visit(node.func)
        saying = name in _SAYING or _is_message(node)
        for place, argument in enumerate(node.args):
            if (name, place) in _NOT_SHOWN:
                continue
            if name in _WORDS_ALONE or (saying and place == int(_is_message(node))):
                self._for_people(argument)
            else:
                self.visit(argument)
        of_a_model = isinstance(node.func, ast.Attribute) and _name(node.func.value) == "models"
        for keyword in node.keywords:
            # in a model a help text is a note about the table; forms have their own
            if not (of_a_model and keyword.arg == "help_text") and (name, keyword.arg) not in _NOT_SHOWN:
                self._keyword(keyword)

    def _keyword(self, keyword: ast.keyword) -> None:
        if keyword.arg == "choices" and isinstance(keyword.value, ast.List):
            for choice in keyword.value.elts:
                self._for_people(choice.elts[-1] if isinstance(choice, ast.Tuple) else choice)
        elif keyword.arg in _FOR_PEOPLE:
            self._for_people(keyword.value)
        else:
            self.visit(keyword.value)

    def _marked(self, node: ast.Call, count: int) -> None:
        for argument in node.args[:count]:
            whole = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            parts = any(_text(part) is not None for part in ast.walk(argument) if isinstance(part, ast.expr))
            if not whole and parts:
                self.found.append(Finding(self.path, node.lineno, "a mark around what is put together only later"))
        for argument in [*node.args[count:], *(keyword.value for keyword in node.keywords)]:
            self.visit(argument)

    def visit_Raise(self, node: ast.Raise) -> None:
        if isinstance(node.exc, ast.Call) and _FOR_PROGRAMMERS.fullmatch(_name(node.exc.func)):
            return
        self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        self.visit(node.test)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if any(_name(base) in ("TextChoices", "IntegerChoices") for base in node.bases):
            for statement in node.body:
                if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
                    self._for_people(statement.value.elts[-1])
        self.generic_visit(node)


def in_python(source: str, path: str) -> list[Finding]:
    """The unmarked sentences of a module."""
    module = _Module(path)
    module.visit(ast.parse(source))
    return list(dict.fromkeys(module.found))


# --- Scripts -------------------------------------------------------------------------------------------------------
#: What stands before a literal that is put on the page as text.
_SHOWING = re.compile(
    r"(?:\b(?:textContent|innerText|title|placeholder|ariaLabel)\s*\+?=|\b(?:append|prepend|say|tell|stop|alert|confirm)\()"
    r"\s*(?:[^;'\"`()]*[?:]\s*)?$"
)
#: What stands before a literal that names an element or a module, or is for programmers.
_NAMING = re.compile(
    r"(?:\b(?:querySelector|querySelectorAll|closest|matches|getElementById|Error)\(|\b(?:from|import))\s*$"
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
        if re.search(r"<[a-z]", text):
            page = _Page()
            page.feed(text)
            page.close()
            found += [Finding(path, line, said) for _, said in page.found]
        elif has_words(text) if _SHOWING.search(before) else reads_like_a_sentence(text):
            found.append(Finding(path, line, " ".join(text.split())))
    return found


def in_file(name: str, root: Path = ROOT) -> list[Finding]:
    """The unmarked sentences of a file, also of one that is excluded."""
    source = (root / name).read_text("utf-8")
    look = {".py": in_python, ".js": in_script}.get(Path(name).suffix, in_template)
    return look(source, name)


def files(root: Path = ROOT) -> Iterator[str]:
    """The path below ``root`` of every file that is checked."""
    for place in (*TEMPLATES, *PYTHON, *SCRIPTS):
        start = root / place
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            name = path.relative_to(root).as_posix()
            left_out = name in EXCLUDED or EXCLUDED_FOLDERS.keys() & set(path.parts)
            if path.suffix in (".html", ".txt", ".py", ".js") and not left_out and "lexicons" not in path.parts:
                yield name


def main() -> int:
    found = sorted(finding for name in files() for finding in in_file(name))
    for finding in found:
        print(finding)
    if found:
        print(
            f"{len(found)} sentences are not marked for translation (docs/architecture.md says how).", file=sys.stderr
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
