"""Stylesheets: tokens once, each class styled in one file, start and end instead of left and right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
TOKENS = STATIC / "tokens.css"
SHEETS = sorted(path for path in STATIC.rglob("*.css") if "vendor" not in path.parts)
#: A selector of one class and nothing else but states and parts of it: what such a rule says, it says of the class
#: wherever it stands.
_ALONE = re.compile(r"[a-z0-9]*\.([\w-]+)(?:::?[\w-]+(?:\([^()]*\))?|\[[^\]]*\])*")
_PHYSICAL = re.compile(r".*\b(?:left|right)\b.*:|(?:float|clear|text-align): (?:left|right)\b")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|lab|lch|oklab|oklch)a?\(")


def blocks(path: Path) -> Iterator[tuple[str, str]]:
    """The selector and the declarations of each rule, whatever condition it stands in; those of fonts are none."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    for match in re.finditer(r"([^{};]+)\{([^{}]*)\}", text):
        if not match[1].strip().startswith("@"):
            yield " ".join(match[1].split()), match[2]


def selectors(path: Path) -> Iterator[str]:
    for selector, _ in blocks(path):
        yield from (one.strip() for one in re.split(r",(?![^(]*\))", selector))


def declarations(path: Path) -> Iterator[tuple[str, str]]:
    for _, body in blocks(path):
        for line in filter(str.strip, body.split(";")):
            name, _, value = line.partition(":")
            yield name.strip(), value.strip()


def test_the_stylesheets_are_found() -> None:
    assert TOKENS in SHEETS
    assert {path.parent.name for path in SHEETS} >= {"static", "column", "writer", "desk"}
    assert all(any(True for _ in blocks(path)) for path in SHEETS)


def test_no_class_is_styled_in_two_files() -> None:
    """Another file may say what a class does within what is its own (``.front .mark``), not what it is."""
    homes: dict[str, set[str]] = {}
    for path in SHEETS:
        for selector in selectors(path):
            if match := _ALONE.fullmatch(selector):
                homes.setdefault(match[1], set()).add(path.relative_to(STATIC).as_posix())
    assert len(homes) > 100
    assert {name: sorted(files) for name, files in homes.items() if len(files) > 1} == {}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_a_stylesheet_uses_the_tokens_there_are(path: Path) -> None:
    known = {name for sheet in SHEETS for name, _ in declarations(sheet)}
    known |= set(re.findall(r"@property (--[\w-]+)", path.read_text("utf-8")))  # set by a script
    used = {name for _, value in declarations(path) for name in re.findall(r"var\((--[\w-]+)", value)}
    assert used - known == set()
    written = {f"{name}: {value}" for name, value in declarations(path) if not name.startswith("--")}
    assert {one for one in written if _COLOUR.search(one)} == set(), "a colour is a token"
    assert {one for one in written if _PHYSICAL.match(one)} == set()


def test_every_class_that_is_styled_is_used() -> None:
    """A class stands in a template, a script or a program as a word, or its beginning before what completes it."""
    places = [
        *(settings.BASE_DIR / "templates").rglob("*.html"),
        *STATIC.rglob("*.js"),
        *(path for room in ("columns", "inbox", "config") for path in (settings.BASE_DIR / room).rglob("*.py")),
        *(settings.BASE_DIR / "deploy").rglob("*.html"),
    ]
    words = set(re.findall(r"[\w-]+", " ".join(path.read_text("utf-8") for path in places)))
    styled = {name for path in SHEETS for one in selectors(path) for name in re.findall(r"\.([a-zA-Z][\w-]*)", one)}
    begun = tuple(word for word in words if re.fullmatch(r"[a-z]+-", word))
    assert {name for name in styled - words if not name.startswith(begun)} == set()
