"""Phrases that could identify somebody: what the reader's check page underlines. Nothing is stored or logged.

Patterns come first (``formats``, ``ages_and_relations``); then the words are read one by one (``tokens``,
``dictionary``) for workplaces, signatures, places and names. The text is read as ``normalise`` writes it. Some details
are missed, and the pages that show them say so. The time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inbox.i18n import gettext_noop as _
from inbox.screening import language
from inbox.screening.details import (
    ages_and_relations,
    formats,
    known_details,
    known_names,
    names,
    numbers,
    places,
    signatures,
)
from inbox.screening.details.by_cue import events, handles, jobs, only_ones, schools, workplaces
from inbox.screening.details.dictionary import forget_letter
from inbox.screening.details.tokens import TokenList
from inbox.screening.normalise import Normalised, normalise

_AGE_AFTER_NAME = re.compile(
    r"(?: ?[,(] ?| (?:is|was|turns|turned) (?:only |just |now |about |nearly |almost )?)([1-9]\d?)"
    r"(?=[,.)!?]|$| from | and | but | years| yrs)(?![.,]\d)"
)


#: The kinds of detail, and their names as people read them.
KIND_NAMES: dict[str, str] = {
    "name": _("name"),
    "place": _("place"),
    "age": _("age"),
    "contact": _("contact"),
    "date": _("date"),
    "organisation": _("work or school"),
    "id": _("number"),
    "relation": _("person"),
    "only": _("only one"),
    "event": _("event"),
}


@dataclass(frozen=True)
class Detail:
    """A phrase from ``start`` to ``end`` (character offsets). ``kind``: one of ``KIND_NAMES``."""

    start: int
    end: int
    kind: str


def speaks(code: str) -> bool:
    """Whether names and places are looked for in texts of this language; ``code``: as ``language.code`` gives it."""
    return code in ("", language.READ)


def find_details(text: str, known: Iterable[str] = (), letters: Iterable[str] = ()) -> list[Detail]:
    """Every detail in the text, in order, without overlaps. Offsets are into ``text`` as given.

    ``known``: names that are no details: the column's title, its author, its reviewers. ``letters``: texts whose names,
    places and workplaces are details in this text too, where nothing around them says so. In a language that the word
    lists do not have, only contacts and numbers are looked for, which look alike in every language, and ages and
    relations where ``details_languages`` has their words.
    """
    known = tuple(known)
    try:
        seen = [(letter[one.start : one.end], one.kind) for letter in letters for one in _found(letter, known, {})]
        return _found(text, known, known_details.phrases(seen))
    finally:
        forget_letter()


def _found(text: str, known: Iterable[str], seen: known_details.Phrases) -> list[Detail]:
    normal = normalise(text)
    read = _as_read(normal)
    found: list[Detail] = []
    taken = bytearray(len(read))

    def take(start: int, end: int, kind: str) -> None:
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Detail(*normal.span(start, end), kind))

    code = language.code(text)
    words = TokenList(read, normalise(text, lines=True).text)
    english = speaks(code) or (code == language.UNKNOWN and words.are_english())
    for find in _PATTERNS if english else _PATTERNS_ANYWHERE:
        for start, end, kind in find(read):
            take(start, end, kind)
    for start, end, kind in ages_and_relations.find_in(read, code):
        take(start, end, kind)
    for start, end, kind in _by_words(words, taken, known, seen) if english else ():
        take(start, end, kind)
    return sorted(found, key=lambda detail: detail.start)


def _phrases(text: str) -> Iterator[tuple[int, int, str]]:
    return formats.find(text, (*only_ones.RULES, *events.RULES, *jobs.RULES, *schools.RULES))


_PATTERNS = (numbers.find, _phrases, formats.find, ages_and_relations.find)
_PATTERNS_ANYWHERE = (numbers.find, formats.find_anywhere)


def _by_words(
    words: TokenList, taken: bytearray, known: Iterable[str], seen: known_details.Phrases
) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of what is found by reading word by word, and of the ages after names."""
    words.leave_out_taken(taken)
    known_names.leave_out(words, known)
    known_details.find(words, seen)
    for reader in (handles.find, workplaces.find, signatures.find, places.find_certain, names.find, places.find_listed):
        reader(words)
    for start, end, kind in words.found:
        yield start, end, kind
        if kind == "name" and (age := _AGE_AFTER_NAME.match(words.text, end)):
            yield *age.span(1), "age"


#: What ``normalise`` makes letters and hyphens of, although it parts words.
_PARTING = re.compile("[–—™]")


def _as_read(normal: Normalised) -> str:
    """The normalised text, with the signs that part words as they are written."""
    if not _PARTING.search(normal.original):
        return normal.text
    signs = list(normal.text)
    for at, start in enumerate(normal.starts):
        if normal.original[start] in "–—":
            signs[at] = "–"
        elif normal.original[start] == "™":
            signs[at] = " "
    return "".join(signs)
