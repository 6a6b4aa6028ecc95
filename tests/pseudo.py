"""Pseudo-languages: catalogues made of the program's own marked sentences, longer, accented and between brackets.

Whatever a page shows without brackets is not marked, or no catalogue could hold it. They are made when a test asks for
them: the marks are found as translators' tools find them, and compiled as they are.
"""

from __future__ import annotations

import importlib.util
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from django.db.models import Model
from django.template.base import Lexer, TokenType
from django.utils import dates, translation
from django.utils.translation import trim_whitespace

from columns import countries
from inbox.writer import privacy_promises
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
#: Codes of the pseudo-languages: one from left to right, one from right to left.
LEFT, RIGHT = "en-xa", "ar-xb"
OPEN, CLOSE = "⟦", "⟧"
#: The kinds of plural of the second one, in the order of its catalogue: each that a language can have.
PLURALS = ("zero", "one", "two", "few", "many", "other")
_MARKS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_ACCENTED = str.maketrans("aceiknorsuyzACEIKNORSUYZ", "áçéíķñóŕšúýžÁÇÉÍĶÑÓŔŠÚÝŽ")
#: What stays as it is in a message: placeholders, elements, entities, what the program looks for in a text.
_KEPT = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{[^{}]*\}|<[^>]*>|&\w+;|https?:\S+")
_LONGER = 0.4
#: Literals of a template that are marked: the whole of a ``translate``, or an argument of another tag.
_LITERAL = re.compile(r"""^translate (?:"([^"]*)"|'([^']*)')|\b_\((?:"([^"]*)"|'([^']*)')\)""")

Message = tuple[str, str, str]


def accented(text: str) -> str:
    return text.translate(_ACCENTED)


def check() -> Any:
    """The module of ``bin/untranslated.py``, which stands in no package, and finds its parts beside it."""
    if str(ROOT / "bin") not in sys.path:
        sys.path.append(str(ROOT / "bin"))
    spec = importlib.util.spec_from_file_location("untranslated", ROOT / "bin" / "untranslated.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["untranslated"] = module
    spec.loader.exec_module(module)
    return module


def pseudo(text: str, kind: str = "") -> str:
    """The message in the pseudo-language: about two fifths longer, between brackets, with the kind of plural at its
    end."""
    parts, last = [], 0
    for kept in _KEPT.finditer(text):
        parts += [text[last : kept.start()].translate(_ACCENTED), kept.group()]
        last = kept.end()
    parts.append(text[last:].translate(_ACCENTED))
    letters = sum(map(str.isalpha, _KEPT.sub("", text)))
    more = " ".join(["óñé", "ţŵó", "ţĥŕéé", "ƒóúŕ"] * 60)[: round(letters * _LONGER)].strip()
    return f"{OPEN}{' '.join(filter(None, [''.join(parts), more, kind.translate(_ACCENTED)]))}{CLOSE}"


def _of_python(source: str) -> Iterator[Message]:
    for _line, found, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=_MARKS):
        one, many = (found, "") if isinstance(found, str) else (found[0], found[1])
        yield context or "", one, many


def _of_template(source: str) -> Iterator[Message]:
    block: list[str] | None = None
    one = ""
    for token in Lexer(source).tokenize():
        word = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if block is None and token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for literal in _LITERAL.findall(token.contents):
                yield "", next(filter(None, literal)).replace("%", "%%"), ""
        if word == "blocktranslate":
            assert "trimmed" in token.contents, "white space of a template has no place in a catalogue"
            block, one = [], ""
        elif word == "plural" and block is not None:
            block, one = [], trim_whitespace("".join(block))
        elif word == "endblocktranslate" and block is not None:
            text = trim_whitespace("".join(block))
            yield ("", one, text) if one else ("", text, "")
            block = None
        elif block is not None:
            is_text = token.token_type == TokenType.TEXT
            block.append(token.contents.replace("%", "%%") if is_text else f"%({token.contents})s")


def messages() -> set[Message]:
    """Every marked sentence of the program: context, singular and plural, the last two often empty."""
    found: set[Message] = set()
    for folder in ("columns", "inbox", "config"):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text("utf-8")
            if "gettext" in source:  # every mark is imported by this name
                found.update(_of_python(source))
    for path in (ROOT / "templates").rglob("*.*"):
        found.update(_of_template(path.read_text("utf-8")))
    found.update(("", text, "") for text in countries.names().values())
    for section in privacy_promises.sections():
        found.update(("", text, "") for text in (section.title, *(promise.says for promise in section.promises)))
    lexicons = ROOT / "inbox" / "screening" / "lexicons"
    spam = tomllib.loads((lexicons / "spam.toml").read_text("utf-8"))
    found.update(("", group["reason"], "") for group in spam["selling"])
    return {message for message in found if message[1]}


def compile_into(folder: Path) -> None:
    """Write both pseudo-languages below ``folder``, laid out as ``LOCALE_PATHS`` wants it. Each has the plurals of the
    language that it begins with."""
    found = messages()
    for name, kinds in (("en_XA", ("one", "other")), ("ar_XB", PLURALS)):
        catalogue = Catalog(locale=name[:2], charset="utf-8")
        assert catalogue.num_plurals == len(kinds)
        for context, one, many in found:
            if many:
                forms = tuple(pseudo(one if kind == "one" else many, kind) for kind in kinds)
                catalogue.add((one, many), forms, context=context or None)
            else:
                catalogue.add(one, pseudo(one), context=context or None)
        place = folder / name / "LC_MESSAGES"
        place.mkdir(parents=True)
        with (place / "django.mo").open("wb") as file:
            write_mo(file, catalogue)


#: What no language changes: what factories write, and names of zones of time.
WRITTEN = {factories.LETTER_TEXT, "Awake", "Steady Hands", "GMT", "UTC"}
#: Labels of letters, receipts, the halves of a day, and keys pressed together.
_CODES = re.compile(r"\bl-\w{4}\b|\b[0-9a-z]{4}(?:-[0-9a-z]{1,4}){4}\b|\b[ap]\.m\.|\balt\+\d")


def written_by(*rows: Model) -> set[str]:
    """Every text in these rows of the database."""
    values = (getattr(row, field.attname) for row in rows for field in row._meta.concrete_fields)
    texts = {line.strip("#*- ") for value in values if isinstance(value, str) for line in value.splitlines()}
    return {text.replace("*", "") for text in texts if text}


def unmarked(text: str, written: set[str]) -> list[str]:
    """As ``left_over``, without labels of letters and other codes."""
    left = (_CODES.sub("", line) for line in left_over(text, written))
    return [line for line in left if re.search(r"[^\W\d_]{2}", line)]


def days() -> set[str]:
    """Names of months and days, which come with Django's own catalogues."""
    named = [*dates.MONTHS.values(), *dates.MONTHS_3.values(), *dates.MONTHS_AP.values(), *dates.WEEKDAYS.values()]
    found = set()
    for language in ("en", "ar"):
        with translation.override(language):
            found |= {str(name) for name in named}
    return found


def left_over(text: str, data: set[str]) -> list[str]:
    """The words of a page that stand outside all brackets and are none of ``data``, what people wrote themselves."""
    outside, depth = [], 0
    for character in text:
        depth += character == OPEN
        if depth == 0:
            outside.append(character)
        elif character == CLOSE:
            depth -= 1
            outside.append("\n" if depth == 0 else "")
    rest = "".join(outside).casefold()
    for written in sorted(data, key=len, reverse=True):
        shape = re.escape(" ".join(written.casefold().split()))
        rest = re.sub(rf"(?<!\w){shape}(?!\w)", "\n", rest)
    return [line.strip() for line in rest.splitlines() if re.search(r"[^\W\d_]{2}", line)]
