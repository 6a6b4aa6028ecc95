"""Unmarked sentences in Python: literals that read like one, literals where only people's words stand (labels, errors,
choices), dates in a fixed form, and marks around something that no catalogue can hold."""

from __future__ import annotations

import ast
import re

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

_MARKS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
_MARKS |= {"pgettext": 2, "pgettext_lazy": 2, "npgettext": 3, "npgettext_lazy": 3}
#: Of these the ones that translate at once, into the language that is active then.
_AT_ONCE = frozenset({"gettext", "ngettext", "pgettext", "npgettext"})
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


#: Phrases of letters, in the language of the lexicons: what people read of them is a capital and a full stop longer.
_PHRASES_OF_LETTERS = "inbox/screening/"
#: Methods whose text is for programmers.
_FOR_SHELLS = frozenset({"__repr__", "__str__"})
#: Keyword arguments and keys of dictionaries with names of styles and of relations between pages.
_STYLES = frozenset({"class", "css_class", "rel", "link_rel"})
#: Functions that take a form of a date as their second argument.
_FORMATTING = frozenset({"date_format", "time_format"})
#: In a form of a date in Python: names of days and months, halves of a day, and whole dates, all of them in English.
_NAMES_OF_DAYS = re.compile(r"%-?[aAbBcpxX]")
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


def _is_marked(node: ast.expr) -> bool:
    """Whether it is a marked sentence, also one that is filled or made text of."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod) and _is_marked(node.left)
    if not isinstance(node, ast.Call):
        return False
    return _name(node.func) in _MARKS or (_name(node.func) == "str" and any(map(_is_marked, node.args)))


class _Module(ast.NodeVisitor):
    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Finding] = []
        self._small = not path.startswith(_PHRASES_OF_LETTERS)
        #: Names under which the module has functions that translate at once.
        self._at_once: set[str] = set()
        self._functions = 0

    def _literal(self, node: ast.expr, *, for_people: bool = False) -> None:
        text = _text(node)
        if text is not None and (has_words(text) if for_people else reads_like_a_sentence(text, small=self._small)):
            self.found.append(Finding(self.path, node.lineno, " ".join(text.split())))

    def visit_Constant(self, node: ast.Constant) -> None:
        self._literal(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add) and (_is_marked(node.left) or _is_marked(node.right)):
            self._pieces(node)
        self.generic_visit(node)

    def _pieces(self, node: ast.expr) -> None:
        self.found.append(Finding(self.path, node.lineno, "a sentence that is put together from marked pieces"))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._literal(node)
        if any(isinstance(part, ast.FormattedValue) and _is_marked(part.value) for part in node.values):
            self._pieces(node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)
                form = _text(part.format_spec) if part.format_spec else None
                if form and _NAMES_OF_DAYS.search(form):
                    self._fixed_date(node, form)

    def _fixed_date(self, node: ast.expr, form: str) -> None:
        self.found.append(Finding(self.path, node.lineno, f"a date in a fixed form: {form}"))

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            name = _text(key) if key else None
            if key and (name is None or reads_like_a_sentence(name, small=False)):
                self.visit(key)
            if name not in _STYLES:
                self.visit(value)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module == "django.utils.translation":
            self._at_once |= {one.asname or one.name for one in node.names if one.name in _AT_ONCE}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        small = self._small
        self._small = small and node.name not in _FOR_SHELLS
        self._function(node)
        self._small = small

    def _function(self, node: ast.AST) -> None:
        self._functions += 1
        self.generic_visit(node)
        self._functions -= 1

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node)

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
        self._form_of_date(node, name)
        self._list(node, name)
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

    def _form_of_date(self, node: ast.Call, name: str) -> None:
        form = _text(node.args[1]) if name in _FORMATTING and len(node.args) > 1 else None
        if form is not None and form not in DATE_FORMATS:
            self._fixed_date(node, form)
        form = _text(node.args[0]) if name == "strftime" and node.args else None
        if form is not None and _NAMES_OF_DAYS.search(form):
            self._fixed_date(node, form)

    def _list(self, node: ast.Call, name: str) -> None:
        # in screening, lists are words of the letters' language
        joined = name == "join" and self._small and isinstance(node.func, ast.Attribute)
        separator = _text(node.func.value) if joined and isinstance(node.func, ast.Attribute) else None
        if name == "get_text_list" or is_separator(separator or ""):
            self.found.append(Finding(self.path, node.lineno, JOINED_BY_HAND))

    def _keyword(self, keyword: ast.keyword) -> None:
        if keyword.arg == "choices" and isinstance(keyword.value, ast.List):
            for choice in keyword.value.elts:
                self._for_people(choice.elts[-1] if isinstance(choice, ast.Tuple) else choice)
        elif keyword.arg in _FOR_PEOPLE:
            self._for_people(keyword.value)
        elif keyword.arg not in _STYLES:
            self.visit(keyword.value)

    def _marked(self, node: ast.Call, count: int) -> None:
        if not self._functions and _name(node.func) in self._at_once:
            self.found.append(Finding(self.path, node.lineno, "translated once, when the program starts"))
        for argument in node.args[:count]:
            whole = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            parts = any(_text(part) is not None for part in ast.walk(argument) if isinstance(part, ast.expr))
            if whole and count - _name(node.func).startswith(("p", "np")) == 1 and counts(str(_text(argument))):
                self.found.append(Finding(self.path, node.lineno, NO_PLURAL))
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
