"""Bank accounts and number plates. Nothing is stored."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from inbox.screening import lexicons
from inbox.screening.details.dictionary import fold, known

_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}[ -]?\d[ -]?\d(?=[ -]?[A-Za-z\d])")
_LETTERS = re.compile(r"[^\W\d_]+")
#: The longest IBAN, with a sign after each character.
_LONGEST = 2 * 34
#: Characters before and after a plate within which one of its cues is.
_NEAR = 40
_EDGE = r"(?<![^\W\u3040-\u9fff]){}(?![^\W\u3040-\u9fff]|[-/]\w)"


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of each bank account and each number plate."""
    for match in _IBAN.finditer(text):
        if end := _iban_end(text, match.start()):
            yield match.start(), end, "id"
    alone, near, cues = _plates()
    yield from ((*match.span(), "id") for match in alone.finditer(text))
    told = [match.span() for match in cues.finditer(text)]
    reach = 0
    for begin, stop in told:
        at, end = max(reach, begin - _NEAR), min(len(text), stop + _NEAR)
        while found := near.search(text, at, end):
            # a word before a plate looks like its letters: "is yk07 fgh"
            plate = _mixed(found[0])
            at = found.end() if plate else found.start() + 1
            if plate:
                yield *found.span(), "id"
        reach = max(at, reach)


def _mixed(plate: str) -> bool:
    """Whether digits are in it, and no word: "in 2019", "and 300", "BMW 320" are no plates."""
    pieces = [fold(piece) for piece in _LETTERS.findall(plate)]
    cues = lexicons.load("details_formats")["plate_cues"].split()
    return any(map(str.isdigit, plate)) and not any(known(piece) or piece in cues for piece in pieces if len(piece) > 1)


def _iban_end(text: str, start: int) -> int:
    """The position after the IBAN that begins at ``start``, by its country's length and its check digits; else 0."""
    length = _iban_lengths().get(text[start : start + 2].upper(), 0)
    signs = ""
    for at in range(start, min(len(text), start + _LONGEST)):
        sign = text[at]
        if sign.isascii() and sign.isalnum():
            signs += sign.upper()
            if len(signs) == length:
                moved = signs[4:] + signs[:4]
                whole = not text[at + 1 : at + 2].isalnum()
                return at + 1 if whole and int("".join(str(int(one, 36)) for one in moved)) % 97 == 1 else 0
        elif sign not in " -":
            return 0
    return 0


@functools.cache
def _iban_lengths() -> dict[str, int]:
    return {one[:2]: int(one[2:]) for one in lexicons.load("details_formats")["iban"].split()}


@functools.cache
def _plates() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The shapes that are plates alone, those that are plates near a cue, and the cues."""
    formats = lexicons.load("details_formats")
    alone, near = (
        re.compile(_EDGE.format(rf"(?:{'|'.join(formats[name].values())})"), flags)
        for name, flags in (("plates_alone", re.NOFLAG), ("plates_near", re.IGNORECASE))
    )
    return alone, near, lexicons.whole(*formats["plate_cues"].split())
