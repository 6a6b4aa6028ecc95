"""Keyboard shortcuts of the desk: the act of each key, and a person's own assignment of keys. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inbox.i18n import gettext_noop as _
from inbox.workflow import LETTER_VERBS


@dataclass(frozen=True)
class Act:
    """An act of the desk with a shortcut. ``key``: the default key.

    ``fixed``: a named key or one with a modifier; it cannot be changed, and works also when single keys are off.
    """

    name: str
    title: str
    key: str
    fixed: bool = False


#: Acts that are no verbs of the table, listed before and after the verbs.
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
    """Every act, in the order of the list of shortcuts; those of verbs are defined in ``workflow``. Each act has a
    visible button as well."""
    return (*_MOVING, *_of_verbs(), *_BESIDE)


def name_of(verb: str) -> str:
    """The name of the act of a letter's verb; "" where the verb has no key."""
    shortcut = LETTER_VERBS[verb].shortcut
    return (shortcut.name or verb) if shortcut else ""


def _of_verbs() -> Iterator[Act]:
    for verb, row in LETTER_VERBS.items():
        if row.shortcut and row.shortcut.key:
            yield Act(name_of(verb), row.shortcut.title or row.label, row.shortcut.key)


def defaults() -> dict[str, str]:
    """The default key of each act."""
    return {act.name: act.key for act in acts()}


def free() -> frozenset[str]:
    """The acts whose key a person may change."""
    return frozenset(act.name for act in acts() if not act.fixed)


def tidy(typed: str) -> str:
    """A typed key without surrounding blanks, in one spelling."""
    return unicodedata.normalize("NFC", typed.strip())


def problem(key: str) -> str:
    """A sentence why this cannot be the key of an act, with ``%(title)s`` for the act's title; "" where it can.

    An empty key is allowed: the act has no key.
    """
    if not key or (len(key) == 1 and key.isprintable() and not key.isspace() and not unicodedata.combining(key)):
        return ""
    return _("%(title)s: type one character, or nothing for no key.")


def keys_of(changed: Mapping[str, object]) -> dict[str, str]:
    """The key of every act, with a person's changes; no two acts share one. Where two would, a changed act keeps the
    key, else the first act. Unknown acts and invalid keys are ignored."""
    usual, may_change = defaults(), free()
    theirs = {name: tidy(key) for name, key in changed.items() if name in may_change and isinstance(key, str)}
    theirs = {name: key for name, key in theirs.items() if not problem(key)}
    found: dict[str, str] = {}
    for name in sorted(usual, key=lambda name: name not in theirs):  # changed acts first, then in the order of acts()
        key = theirs.get(name, usual[name])
        found[name] = "" if key in found.values() else key
    return {name: found[name] for name in usual}


def clashes(keys: Mapping[str, str]) -> dict[str, list[str]]:
    """Each key of more than one act, with the names of these acts in the order of ``acts``."""
    found: dict[str, list[str]] = {}
    for name in defaults():
        if keys.get(name):
            found.setdefault(keys[name], []).append(name)
    return {key: names for key, names in found.items() if len(names) > 1}


def changes(keys: Mapping[str, str]) -> dict[str, str]:
    """The differences from ``defaults``, which are all that is stored of a person's keys."""
    usual, may_change = defaults(), free()
    return {name: key for name, key in keys.items() if name in may_change and key != usual[name]}
