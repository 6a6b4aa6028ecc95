"""The types of the tables: roles, statuses, refusals, and the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class Role(StrEnum):
    """The role of a seat in a column."""

    MODERATOR = "moderator"
    REVIEWER = "reviewer"
    AUTHOR = "author"
    OWNER = "owner"


class LetterStatus(StrEnum):
    """The status of a letter."""

    RECEIVED = "received"
    HELD = "held"
    SHORTLISTED = "shortlisted"
    ANSWERING = "answering"
    PUBLISHED = "published"
    DECLINED = "declined"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class DraftStatus(StrEnum):
    """The status of a draft."""

    WRITING = "writing"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    TAKEN_DOWN = "taken_down"
    SHELVED = "shelved"


class MoveRefused(Exception):
    """A move that cannot be made now. ``str()`` is a sentence for the person who asked."""


class NotAllowed(MoveRefused):
    """The table has no such move from the current status."""


class AlreadyMoved(MoveRefused):
    """Somebody else was quicker: the letter or draft has changed since the person saw it."""


class Undo(StrEnum):
    """The effect of “Undo” on a decision about a letter, for the person who made it, until the next decision."""

    MOVE = "move"  #: the letter stands as it stood
    SAID = "said"  #: so too, with what its writer would read, while that waits in the outbox
    ASKED = "asked"  #: the message is taken out of the outbox, while it waits there
    MARK = "mark"  #: the mark is set to what it was
    NOTE = "note"  #: the note is removed
    BUNDLE = "bundle"  #: the bundles of every letter concerned are as they were
    LOOK = "look"  #: the second look is open again
    STOPPED = "stopped"  #: the letter is declined after all, with the same words


class Wait(StrEnum):
    """How long the writer does not see a decision of the desk."""

    MINUTES = "minutes"  #: some minutes
    DAY = "day"  #: until the day is over: an act at a draft, to which its time would lead from the letter
    NONE = "none"  #: not at all: there is an article with it


class ButtonPlace(StrEnum):
    """The place of a verb's button on the page."""

    FIRST = "first"  #: in the first row
    MORE = "more"  #: below “More”
    BESIDE = "beside"  #: with a form or a list of its own
    NOWHERE = "nowhere"  #: no button


@dataclass(frozen=True)
class Shortcut:
    """The key of a verb. ``name``: the name under which a person's own key is stored (empty: the verb); opposite verbs
    share a name, and one of them has the key. ``title``: the text in the list of shortcuts (empty: the button's
    label)."""

    key: str = ""
    name: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Verb(Generic[S]):
    """One row of a table, without a target status.

    ``sources``: the statuses in which the verb is allowed. ``roles``: the roles that may use it; empty: no member of
    staff (the letter writer, or a sweep), or a consequence of another act. ``label``: the text of the button.

    ``sentence``: the text of the history. ``done``: the message after the act, where it differs from ``sentence``.
    ``detailed`` and ``done_detailed``: these two with the value that is set; ``cleared``: for a mark that is removed.
    Whole sentences, with ``%(letter)s`` for the letter's label, and ``%(name)s``, ``%(day)s``, ``%(time)s`` or
    ``%(address)s``.

    ``refused``: the sentence for whoever tries it in a status outside ``sources``, with ``%(letter)s``; where there is
    none, a general one is used. ``wait``: how long the writer does not see a decision of the desk.

    ``undo``: for letters an ``Undo``, or the verb of the opposite mark; for drafts the verb that leads back; empty
    where there is none. ``page``: the URL name of a page with a form for the act. Without ``page`` the button posts at
    once, to ``post`` with ``fields``. ``panel``: whether a script shows the choices in place. ``main``: whether the
    button is highlighted.

    ``need``: the value to which the verb sets this attribute of the letter; no button where it has it already.
    ``second_look``: whether the verb answers a second look; without a target status it is offered for nothing else.
    ``needs_consent``: whether the writer must allow more than a private answer. ``takes_letters``: whether ``post`` is
    an address of the column that takes several ids as ``letters`` and leads to another page; for letters of a bundle
    the button is ``label_for_all``, in any status of theirs. ``unoffered``: statuses among ``sources`` in which nobody
    at the desk has a button for it.
    """

    sentence: str
    sources: frozenset[S]
    roles: frozenset[Role] = frozenset()
    label: str = ""
    done: str = ""
    detailed: str = ""
    done_detailed: str = ""
    cleared: str = ""
    refused: Mapping[S, str] = field(default_factory=dict)
    wait: Wait = Wait.MINUTES
    undo: str = ""
    shortcut: Shortcut | None = None
    page: str = ""
    post: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    place: ButtonPlace = ButtonPlace.NOWHERE
    panel: bool = False
    main: bool = False
    need: int | None = None
    second_look: bool = False
    needs_consent: bool = False
    takes_letters: bool = False
    label_for_all: str = ""
    unoffered: frozenset[S] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Whether the verb needs no further input and is handled like all such verbs."""
        return bool(self.roles) and isinstance(self, Move) and not self.page and not self.post


@dataclass(frozen=True, kw_only=True)
class Move(Verb[S]):
    """A row that changes the status from any of ``sources`` to ``target``."""

    target: S


V = TypeVar("V", bound=Verb)  # type: ignore[type-arg]


def moves_from(moves: Mapping[str, V], status: StrEnum, roles: frozenset[Role]) -> dict[str, V]:
    """The verbs that somebody with ``roles`` may use in ``status``, in the table's order."""
    return {
        name: move for name, move in moves.items() if status in move.sources - move.unoffered and move.roles & roles
    }


def plain(moves: Mapping[str, Move[S]]) -> list[str]:
    """The plain moves (``Verb.is_plain``), in the table's order."""
    return [name for name, move in moves.items() if move.is_plain]
