"""The single keys of the desk: what each of them does, and which of them somebody gave to other acts. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Act:
    """Something that a key does at the desk. ``key``: the one it has as long as nobody changed it.

    ``fixed``: a key with a name, or with a modifier; it stays where it is, and stays when single keys are off.
    """

    name: str
    title: str
    key: str
    fixed: bool = False


#: Every act in the order in which they are explained. Each has a visible button as well.
ACTS = (
    Act("next", "Next letter", "j"),
    Act("previous", "Letter before", "k"),
    Act("open", "Open the letter", "Enter", fixed=True),
    Act("shortlist", "Shortlist", "s"),
    Act("answered", "Already answered: send the article", "a"),
    Act("together", "Put together with other letters", "m"),
    Act("decline", "Decline kindly", "d"),
    Act("urgent", "Mark as urgent, or not", "u"),
    Act("hold", "Hold until a day", "h"),
    Act("ask", "Ask the writer", "q"),
    Act("topic", "Choose the topic", "t"),
    Act("give", "Give to a colleague", "g"),
    Act("note", "Write a note", "n"),
    Act("personal", "Next personal detail", "p"),
    Act("select", "Select the letter", "x"),
    Act("claim", "Claim the letter", "c"),
    Act("undo", "Undo", "z"),
    Act("search", "Search", "/"),
    Act("commands", "All commands", "Mod+K", fixed=True),
    Act("help", "Show the keys", "?"),
    Act("reply", "Answer privately", "r"),
    Act("write", "Write an answer", "w"),
    Act("put_back", "Put back among the new ones", "b"),
)
DEFAULTS = {act.name: act.key for act in ACTS}
#: The acts whose key a person may change.
FREE = frozenset(act.name for act in ACTS if not act.fixed)


def tidy(typed: str) -> str:
    """A key as somebody typed it into a field: without blanks around it, in one spelling."""
    return unicodedata.normalize("NFC", typed.strip())


def problem(key: str) -> str:
    """Why this cannot be the key of an act, in a sentence; empty where it can. An empty key is no key: it can."""
    if not key or (len(key) == 1 and key.isprintable() and not key.isspace() and not unicodedata.combining(key)):
        return ""
    return "Type one character, or nothing for no key."


def keys_of(changed: Mapping[str, object]) -> dict[str, str]:
    """The key of every act, with what somebody changed; no two alike. Of a key that two acts would have, the changed
    one keeps it, or else the first; what is no act, or no key, is left out of account."""
    theirs = {name: tidy(key) for name, key in changed.items() if name in FREE and isinstance(key, str)}
    theirs = {name: key for name, key in theirs.items() if not problem(key)}
    found: dict[str, str] = {}
    for name in sorted(DEFAULTS, key=lambda name: name not in theirs):  # changed ones first, then in their order
        key = theirs.get(name, DEFAULTS[name])
        found[name] = "" if key in found.values() else key
    return {name: found[name] for name in DEFAULTS}


def clashes(keys: Mapping[str, str]) -> dict[str, list[str]]:
    """Every key that more than one act would have, with the names of these acts in the order of ``ACTS``."""
    found: dict[str, list[str]] = {}
    for name in DEFAULTS:
        if keys.get(name):
            found.setdefault(keys[name], []).append(name)
    return {key: names for key, names in found.items() if len(names) > 1}


def changes(keys: Mapping[str, str]) -> dict[str, str]:
    """What differs from the keys that everybody begins with: all that is kept of a person's keys."""
    return {name: key for name, key in keys.items() if name in FREE and key != DEFAULTS[name]}
