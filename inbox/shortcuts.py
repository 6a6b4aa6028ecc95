"""The single keys of the desk: what each of them does, and which of them somebody gave to other acts. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inbox.i18n import gettext_noop as _
from inbox.workflow import LETTER_VERBS


@dataclass(frozen=True)
class Act:
    """Something that a key does at the desk. ``key``: the one it has as long as nobody changed it.

    ``fixed``: a key with a name, or with a modifier; it stays where it is, and stays when single keys are off.
    """

    name: str
    title: str
    key: str
    fixed: bool = False


#: What a key does beside the verbs of the table, before and after them where all are explained.
_MOVING = (
    Act("next", _("Next letter"), "j"),
    Act("previous", _("Letter before"), "k"),
    Act("open", _("Open the letter"), "Enter", fixed=True),
)
_BESIDE = (
    Act("personal", _("Next personal detail"), "p"),
    Act("select", _("Select the letter"), "x"),
    Act("claim", _("Claim the letter"), "c"),
    Act("undo", _("Undo"), "z"),
    Act("search", _("Search"), "/"),
    Act("commands", _("All commands"), "Mod+K", fixed=True),
    Act("help", _("Show the keys"), "?"),
)


def acts() -> tuple[Act, ...]:
    """Every act in the order in which they are explained: those of the verbs stand in ``workflow``. Each has a visible
    button as well."""
    return (*_MOVING, *_of_verbs(), *_BESIDE)


def name_of(verb: str) -> str:
    """Under which name the verb of a letter has its key, empty where it has none."""
    shortcut = LETTER_VERBS[verb].shortcut
    return (shortcut.name or verb) if shortcut else ""


def _of_verbs() -> Iterator[Act]:
    for verb, row in LETTER_VERBS.items():
        if row.shortcut and row.shortcut.key:
            yield Act(name_of(verb), row.shortcut.title or row.label, row.shortcut.key)


def defaults() -> dict[str, str]:
    """The key that each act has as long as nobody changed it."""
    return {act.name: act.key for act in acts()}


def free() -> frozenset[str]:
    """The acts whose key a person may change."""
    return frozenset(act.name for act in acts() if not act.fixed)


def tidy(typed: str) -> str:
    """A key as somebody typed it into a field: without blanks around it, in one spelling."""
    return unicodedata.normalize("NFC", typed.strip())


def problem(key: str) -> str:
    """Why this cannot be the key of an act, in a sentence; empty where it can. An empty key is no key: it can."""
    if not key or (len(key) == 1 and key.isprintable() and not key.isspace() and not unicodedata.combining(key)):
        return ""
    return _("Type one character, or nothing for no key.")


def keys_of(changed: Mapping[str, object]) -> dict[str, str]:
    """The key of every act, with what somebody changed; no two alike. Of a key that two acts would have, the changed
    one keeps it, or else the first; what is no act, or no key, is left out of account."""
    usual, may_change = defaults(), free()
    theirs = {name: tidy(key) for name, key in changed.items() if name in may_change and isinstance(key, str)}
    theirs = {name: key for name, key in theirs.items() if not problem(key)}
    found: dict[str, str] = {}
    for name in sorted(usual, key=lambda name: name not in theirs):  # changed ones first, then in their order
        key = theirs.get(name, usual[name])
        found[name] = "" if key in found.values() else key
    return {name: found[name] for name in usual}


def clashes(keys: Mapping[str, str]) -> dict[str, list[str]]:
    """Every key that more than one act would have, with the names of these acts in the order of ``acts``."""
    found: dict[str, list[str]] = {}
    for name in defaults():
        if keys.get(name):
            found.setdefault(keys[name], []).append(name)
    return {key: names for key, names in found.items() if len(names) > 1}


def changes(keys: Mapping[str, str]) -> dict[str, str]:
    """What differs from the keys that everybody begins with: all that is kept of a person's keys."""
    usual, may_change = defaults(), free()
    return {name: key for name, key in keys.items() if name in may_change and key != usual[name]}
