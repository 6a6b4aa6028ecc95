"""Every reader of a letter finds the same words in each way of writing them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from inbox.editorial import checklist
from inbox.screening import diff, spam
from inbox.screening.details import find_details
from inbox.screening.normalise import normalise
from inbox.triage import search

ROOT = Path(__file__).resolve().parents[3]


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in text)


def _within(sign: str) -> Callable[[str], str]:
    return lambda text: re.sub(r"(?<=[^\W_])(?=[^\W_]{2})", sign, text)


FOLDINGS: dict[str, Callable[[str], str]] = {
    "line end": lambda text: text.replace(" ", "\n", 1),
    "CRLF": lambda text: text.replace(" ", "\r\n", 2),
    "two spaces": lambda text: text.replace(" ", "  "),
    "no-break space": lambda text: text.replace(" ", "\u00a0"),
    "tab": lambda text: text.replace(" ", "\t"),
    "soft hyphen": _within("\u00ad"),
    "zero width": _within("\u200b"),
    "full width": _wide,
    "emphasis": lambda text: re.sub(r"(?<![\w@.])(\w[\w'@.-]*\w)(?![\w@.])", r"*\1*", text),
    "acute accent": lambda text: text.replace("'", "´"),
    "letter apostrophe": lambda text: text.replace("'", "ʼ"),
    "curved apostrophe": lambda text: text.replace("'", "’"),
}
DETAILS = [
    "My name is Anna Bell and I need help.",
    "my husband tom does not know.",
    "Then Wiktor said it was my fault, and Wiktor left.",
    "I spoke to Dr Okonkwo about it.",
    "We live in Leeds with his mother.",
    "we moved to south carolina in spring",
    "I am thirty-four and tired.",
    "My 16-year-old knows.",
    "My son Tom is 7 and goes to school.",
    "I'm 17 years old, and my twin sister isn't.",
    "Call 07700 900123 after six.",
    "Call me on 46 70 12 34 56 after six.",
    "Write to a.bell@mail.example.org please.",
    "It began on 3 March 2021 at night.",
    "My mother-in-law found out.",
    "I'm the only vet in Thornwick and can't tell.",
    "His car is AB12 CDE and he parks there.",
    "My account is DE89 3704 0044 0532 0130 00 there.",
]


def _plain(text: str) -> str:
    return " ".join(normalise(text).text.split())


@pytest.mark.parametrize("way", FOLDINGS)
@pytest.mark.parametrize("text", DETAILS)
def test_details_are_the_same_words_in_every_way_of_writing(text: str, way: str) -> None:
    written = FOLDINGS[way](text)
    found = [(one.kind, _plain(written[one.start : one.end])) for one in find_details(written)]
    assert found == [(one.kind, _plain(text[one.start : one.end])) for one in find_details(text)] != []


@pytest.mark.parametrize("text", ["Call 07700 900123 after six.", "My 16-year-old knows.", "Write to a@b.example now."])
def test_capitals_hide_no_number(text: str) -> None:
    found = [text[one.start : one.end].upper() for one in find_details(text)]
    assert [text.upper()[one.start : one.end] for one in find_details(text.upper())] == found != []


@pytest.mark.parametrize("way", FOLDINGS)
def test_search_finds_a_word_and_a_phrase_in_every_way_of_writing(way: str) -> None:
    written = FOLDINGS[way]("I didn't tell my husband about the money.")
    folded = " ".join(search.fold(written).split())
    assert folded == search.fold("I didn't tell my husband about the money.")


@pytest.mark.parametrize("way", FOLDINGS)
def test_spam_is_judged_alike_in_every_way_of_writing(way: str) -> None:
    text = "Buy now at www.example.shop and www.example.click and www.example.top and www.example.club today"
    written = FOLDINGS[way](text) if way != "emphasis" else text.replace("Buy now", "*Buy* *now*")
    assert spam.judge(written) == spam.judge(text)
    assert spam.judge(text).suspect


@pytest.mark.parametrize("way", FOLDINGS)
def test_words_taken_over_are_seen_in_every_way_of_writing(way: str) -> None:
    text = "He took all the money that I had saved for years and it's gone"
    assert diff.verbatim(FOLDINGS[way](text), text) == [text]


#: Functions that take a letter's text and need not normalise it, each with the reason.
OTHERWISE = {
    "diff.words": "shows every change, of white space too",
    "highlight.marked": "cuts the text at spans that are given",
    "generalise.places": "finds one spelling exactly, as the page names it",
    "generalise.replace": "changes one spelling exactly",
    "generalise.replace_at": "changes the text at spans that are given",
    "generalise.apply": "changes the text at spans that are given",
    "generalise.groups": "groups spans that are given, through `offer`",
    "encoder.sentences": "keeps what `_encoded` has made of the last text, which normalises it",
    "encoder.vectors": "through `sentences`",
    "encoder.plain": "takes a normalised text",
    "encoder.windows": "takes a normalised text",
    "classifier.classify": "through `encoder.sentences`",
    "similarity.vector": "through `encoder.vectors`",
    "similarity.nearest": "through `encoder.vectors`",
    "similarity.rank": "through `terms_of`",
}
READERS = [
    *sorted((ROOT / "inbox/screening").glob("*.py")),
    ROOT / "inbox/screening/details/__init__.py",
    ROOT / "inbox/triage/search.py",
    ROOT / "inbox/editorial/checklist.py",
]
_TEXTS = {"text", "original", "published", "letter"}


def _calls(node: ast.AST) -> set[str]:
    return {
        one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
        for one in ast.walk(node)
        if isinstance(one, ast.Call)
    }


def unnormalised(path: Path) -> list[str]:
    """The public functions of a module that take a text as a string and never come to ``normalise``."""
    functions = {one.name: one for one in ast.parse(path.read_text("utf-8")).body if isinstance(one, ast.FunctionDef)}
    through = {"normalise", "find_details", "fold"} if path.name == "checklist.py" else {"normalise"}
    while more := {name for name, node in functions.items() if name not in through and _calls(node) & through}:
        through |= more
    module = path.parent.name if path.name == "__init__.py" else path.stem
    return [
        f"{module}.{name}"
        for name, node in functions.items()
        if name not in through
        and not name.startswith("_")
        and any(arg.arg in _TEXTS and ast.unparse(arg.annotation or arg) == "str" for arg in node.args.args)
    ]


@pytest.mark.parametrize("path", READERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_reader_of_a_text_goes_through_the_one_way_of_writing(path: Path) -> None:
    assert [name for name in unnormalised(path) if name not in OTHERWISE] == []


def test_the_checklist_names_words_in_another_way_of_writing() -> None:
    assert checklist.details("Ring 0770\u00ad0 900123") == ["0770\u00ad0 900123"]
