"""What a kind of sealed rows says of itself. Everything that must happen to each kind (re-sealing, erasing, backup, a
change of receipt, export, the rights of each process in the database) follows from this; no list of models is kept
anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Holder(StrEnum):
    """Who holds the data keys of a kind."""

    DESK = "desk"
    WRITER = "writer"
    NOTICE = "notice"


class EndsWith(StrEnum):
    """With what the words are erased: a letter that is withdrawn or whose time is over, or a draft at its end."""

    LETTER = "letter"
    DRAFT = "draft"


@dataclass(frozen=True)
class InLine:
    """Rows stand in the export within the line of their letter or draft, as a list of this name: ``fields``, which can
    be read without a key, and the words."""

    name: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnFile:
    """The export has a file for the kind, written by hand: the lines of letters and drafts themselves."""

    name: str


@dataclass(frozen=True)
class Left:
    """The words are not in the export. ``why`` is a sentence."""

    why: str


@dataclass(frozen=True, kw_only=True)
class SealedKind:
    """The declaration of one model.

    ``column``: the path to its column. ``ends_with``: what erases its words, and ``path`` to that letter or draft
    (``pk`` for the letter itself). ``row_goes``: the row is deleted with its words. ``copied``: its words may be copied
    from a letter, so they are also erased from a draft when that letter is withdrawn. ``resealed``: the words of one
    row are replaced in its life, so the keys dump carries its bytes, and an older site dump does not bring back earlier
    ones. ``dumped``: whether the long-kept dump has its rows. ``not_for_desk``: the lookup of rows that are sealed to
    others alone, where the desk holds the rest.

    ``grants``: what each process may do with its table beyond what all of that needs (``privileges``).
    """

    holders: frozenset[Holder]
    column: str
    ends_with: EndsWith
    path: str
    export: InLine | OwnFile | Left
    row_goes: bool = False
    copied: bool = True
    resealed: bool = False
    dumped: bool = True
    not_for_desk: Mapping[str, object] = field(default_factory=dict)
    grants: Mapping[str, str] = field(default_factory=dict)

    def privileges(self, process: str, *, owner_column: str | None) -> str:
        """What the process may do with the table, in SQL; empty where it is nothing to it.

        ``owner_column``: the table's column that points to the letter or draft, if it has one. Erasing needs no more
        than ids and the sealed column, so whoever erases need not be able to read.
        """
        found: dict[str, set[str]] = {}
        erases = process in ("worker", "desk") or (process == "public" and self.ends_with == EndsWith.LETTER)
        if erases:
            found = {"SELECT": {"id"} | ({owner_column} if owner_column else set()), "UPDATE": {"sealed"}}
            if self.row_goes:
                found["DELETE"] = set()
        if process == "desk" and Holder.DESK in self.holders:
            found |= {"SELECT": set(), "INSERT": set()} | ({"UPDATE": set()} if self.resealed else {})
        # their writer reads it, and a change of receipt seals its data key anew
        if process == "public" and Holder.WRITER in self.holders:
            found["SELECT"] = set()
        if process == "worker" and Holder.NOTICE in self.holders:
            found["SELECT"] = set()
        more = self.grants.get(process, "")
        found |= {privilege: set() for privilege in more.replace(",", " ").split()}
        return ", ".join(_sql(name, found[name]) for name in _ORDER if name in found)


_ORDER = ("SELECT", "INSERT", "UPDATE", "DELETE")


def _sql(privilege: str, columns: Iterable[str]) -> str:
    """A privilege on some columns, or on all of the table where none is named."""
    named = ", ".join(sorted(columns, key=lambda name: (name != "id", name)))
    return f"{privilege} ({named})" if named else privilege
