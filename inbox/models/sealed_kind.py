"""The declaration of a kind of sealed rows. Re-sealing, erasing, backup, change of receipt, export and the database
grants of each process follow from the declarations; there is no other list of models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Holder(StrEnum):
    """A holder of the data keys of a kind."""

    DESK = "desk"
    WRITER = "writer"
    NOTICE = "notice"


class EndsWith(StrEnum):
    """The object with whose end the words are erased: a letter (withdrawn or erased), or a draft (erased)."""

    LETTER = "letter"
    DRAFT = "draft"


@dataclass(frozen=True)
class InLine:
    """Rows are exported within the line of their letter or draft, as a list of this name, with ``fields`` (readable
    without a key) and the words."""

    name: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnFile:
    """The export writes a separate file for the kind: letters and drafts themselves."""

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
        """The privileges of the process on the table, in SQL; "" for none.

        ``owner_column``: the column that points to the letter or draft, if there is one. Erasing needs only ids and the
        sealed column, so a process that erases need not be able to read.
        """
        found: dict[str, set[str]] = {}
        erases = process in ("worker", "desk") or (process == "public" and self.ends_with == EndsWith.LETTER)
        if erases:
            found = {"SELECT": {"id"} | ({owner_column} if owner_column else set()), "UPDATE": {"sealed"}}
            if self.row_goes:
                found["DELETE"] = set()
        if process == "desk" and Holder.DESK in self.holders:
            found |= {"SELECT": set(), "INSERT": set()} | ({"UPDATE": set()} if self.resealed else {})
        # the writer reads the row, and a change of receipt re-seals its data key
        if process == "public" and Holder.WRITER in self.holders:
            found["SELECT"] = set()
        if process == "worker" and Holder.NOTICE in self.holders:
            found["SELECT"] = set()
        more = self.grants.get(process, "")
        found |= {privilege: set() for privilege in more.replace(",", " ").split()}
        return ", ".join(_sql(name, found[name]) for name in _ORDER if name in found)


_ORDER = ("SELECT", "INSERT", "UPDATE", "DELETE")


def _sql(privilege: str, columns: Iterable[str]) -> str:
    """A privilege on some columns, or on the whole table without columns."""
    named = ", ".join(sorted(columns, key=lambda name: (name != "id", name)))
    return f"{privilege} ({named})" if named else privilege
