"""Wider words for what could point to somebody: "a town" for "Leeds", "in my thirties" for "34". Pure functions.

A change makes a letter say less, never something else: nobody gets another age than their own, somebody who is under
eighteen stays so in the words, and where no wider word is sure, the text says "[removed]".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from inbox.screening.wider import AROUND, KIN, REMOVED, offer, wide

__all__ = ["REMOVED", "Choice", "Group", "apply", "groups", "key", "offer", "places", "replace", "replace_at", "wide"]

Span = tuple[int, int]

#: Kinds whose words mean the same everywhere in a letter; "34" may be an age here and a number of weeks there.
_SAME_EVERYWHERE = frozenset(["name", "place", "organisation", "contact", "id", "event"])


# --- the change itself -----------------------------------------------------------------------------------------------

#: Words removed together with the replaced ones, by how the new words begin: "on 3 May" becomes "in May".
_GIVES_WAY = [
    (re.compile(r"(?i)^(?:my|our|his|her|their|a|an|another) "), r"(?:the |an? |my |our )"),
    (re.compile(r"(?i)^in "), r"(?:on |in |at )(?:the )?"),
    (re.compile(r"(?i)^some time ago"), r"(?:on |in |at )(?:the )?"),
]
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Mx|Prof|St)\.\s*$")


def places(text: str, words: str) -> list[Span]:
    """Spans of the words in the text, as whole words in exactly this spelling."""
    found: list[Span] = []
    start = text.find(words) if words else -1
    while start >= 0:
        end = start + len(words)
        if not (_is_letter(text[max(0, start - 1) : start]) or _is_letter(text[end : end + 1])):
            found.append((start, end))
        start = text.find(words, end)
    return found


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def replace(text: str, words: str, new: str) -> str:
    """The text with ``new`` in place of ``words`` wherever they are whole words."""
    return replace_at(text, places(text, words), new)[0]


def replace_at(text: str, spans: Iterable[Span], new: str) -> tuple[str, list[Span]]:
    """The text with ``new`` at the spans, and the spans of ``new`` in the result; see ``apply``."""
    return apply(text, [(tuple(spans), new)])


def apply(text: str, changes: Iterable[tuple[Sequence[Span], str]]) -> tuple[str, list[Span]]:
    """The text after all changes (spans without overlaps, new words), and the spans of the new words in the result. New
    words get a capital where a sentence begins; an article or a preposition that would be doubled is dropped."""
    done: list[str] = []
    at: list[Span] = []
    length = end = 0
    for (start, stop), new in sorted((span, new) for spans, new in changes for span in spans):
        begins = max(end, _start(text, end, start, new))
        kept = text[end:begins]
        opens = not text[begins].islower() and _begins_sentence(text[max(0, begins - AROUND) : begins])
        placed = _capital(new) if opens else new
        done += [kept, placed]
        length += len(kept) + len(placed)
        at.append((length - len(placed), length))
        follows = text[stop : stop + 1]
        # "told K.." and "my son, left" have one sign too many
        end = stop + ((placed.endswith(".") and follows == ".") or ("," in text[begins:start] and follows == ","))
    return "".join([*done, text[end:]]), at


def _start(text: str, least: int, start: int, new: str) -> int:
    """The position where the change begins: before any words that repeat the first words of ``new``."""
    before = text[max(least, start - AROUND) : start]
    twice = re.search(rf"(?i)(?<!\w){re.escape(new)},? \(?$", before)
    if twice is None:
        kin = KIN.search(before)
        if kin and (new == "my partner" or new == "a friend"):
            twice = kin
    if twice is None:
        twice = next(
            (
                found
                for pattern, giving in _GIVES_WAY
                if pattern.search(new) and (found := re.search(rf"(?i)(?<!\w){giving}$", before))
            ),
            None,
        )
    if twice is None or twice[0].endswith("("):  # what opens a bracket stays, for its end stays too
        return start
    return start - (len(before) - twice.start())


def _begins_sentence(before: str) -> bool:
    bare = before.rstrip(" \t\"'“‘([")
    return not bare or (bare[-1] in ".!?…\n" and not _ABBREVIATION.search(bare))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# --- the details of a letter -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Words offered as a replacement. ``key``: the value of the button, valid for this replacement of these words."""

    new: str
    key: str


@dataclass(frozen=True)
class Group:
    """Details of one kind with the same spelling and the same replacements in a letter, with their spans."""

    words: str
    kind: str
    spans: tuple[Span, ...]
    choices: tuple[Choice, ...]


def key(words: str, kind: str, new: str, offered: Sequence[str]) -> str:
    """The ``Choice.key`` of one replacement among the offered ones."""
    named = "\0".join([kind, words, new, *offered])
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def groups(text: str, details: Sequence[tuple[int, int, str]], *, countries: Collection[str] = ()) -> list[Group]:
    """The details (start, end, kind; in order, without overlaps) grouped by their words, in the order of the letter."""
    alike: dict[tuple[str, str, tuple[str, ...]], list[Span]] = {}
    everywhere: dict[tuple[str, str], tuple[str, ...]] = {}
    inside = bytearray(len(text))
    for start, end, kind in details:
        words = text[start:end]
        offered = everywhere.get((words, kind))
        if offered is None:
            before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
            offered = tuple(offer(words, kind, before=before, after=after, countries=countries))
            if kind in _SAME_EVERYWHERE:
                everywhere[words, kind] = offered
        alike.setdefault((words, kind, offered), []).append((start, end))
        inside[start:end] = b"\1" * (end - start)
    found = []
    for (words, kind, offered), spans in alike.items():
        placed = spans
        if kind in _SAME_EVERYWHERE:  # also without a cue; a part of another detail goes with that
            free = (span for span in places(text, words) if not any(inside[slice(*span)]))
            placed = sorted([*spans, *free])
        choices = tuple(Choice(new, key(words, kind, new, offered)) for new in offered)
        found.append(Group(words, kind, tuple(placed), choices))
    return found
