"""What the tables are written in: seats, states, refusals, and a row with all that is drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class Role(StrEnum):
    """What a seat in a column allows."""

    MODERATOR = "moderator"
    REVIEWER = "reviewer"
    AUTHOR = "author"
    OWNER = "owner"


class LetterStatus(StrEnum):
    """Where a letter stands."""

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
    """Where a draft stands."""

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
    """The table has no such move from where the thing stands."""


class AlreadyMoved(MoveRefused):
    """Somebody else was quicker: the thing no longer stands where the person saw it."""


class Undo(StrEnum):
    """How “Undo” takes a decision about a letter back, by whoever made it, while nothing was decided after it."""

    MOVE = "move"  #: the letter stands as it stood
    SAID = "said"  #: so too, with what its writer would read, while that waits in the outbox
    ASKED = "asked"  #: the message is taken out of the outbox, while it waits there
    MARK = "mark"  #: the mark is set to what it was
    NOTE = "note"  #: the note is removed
    BUNDLE = "bundle"  #: the bundles of every letter concerned are as they were
    LOOK = "look"  #: the second look is open again
    STOPPED = "stopped"  #: the letter is declined after all, with the same words


class ButtonPlace(StrEnum):
    """Where the button of a verb stands on the page."""

    FIRST = "first"  #: in the first row
    MORE = "more"  #: below “More”
    BESIDE = "beside"  #: with a form or a list of its own
    NOWHERE = "nowhere"  #: no button makes it


@dataclass(frozen=True)
class Shortcut:
    """The key of a verb. ``name``: under which a person may give it another one, the verb's where it is empty; verbs
    that do the opposite of each other share a name, and one of them has the key. ``title``: how the list of keys
    explains it, the button's label where it is empty."""

    key: str = ""
    name: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Verb(Generic[S]):
    """One row. Without a target nothing moves.

    ``sources``: where the thing may stand. ``roles``: the seats that may do it; empty means no member of staff (the
    letter writer, or a sweep), or that it follows from another act. ``label``: what its button says.

    ``sentence``: what the history says of it. ``done``: what is said to whoever just did it, where that is not the
    same. ``detailed`` and ``cleared``: the same with what is set, and for a mark that is removed. Whole sentences, with
    ``%(letter)s`` for the letter's label, and ``%(name)s``, ``%(day)s``, ``%(time)s`` or ``%(address)s``.

    ``undo``: for letters an ``Undo``, or the mark that is the opposite; for drafts the verb that leads back; empty
    where there is no way back. ``page``: the name of the page where the rest is chosen or written. Without one the
    button posts at once: to ``post``, with ``fields``. ``panel``: whether the page with its script chooses in place.
    ``main``: whether the button is one of those that stand out.
    """

    sentence: str
    sources: frozenset[S]
    roles: frozenset[Role] = frozenset()
    label: str = ""
    done: str = ""
    detailed: str = ""
    cleared: str = ""
    undo: str = ""
    shortcut: Shortcut | None = None
    page: str = ""
    post: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    place: ButtonPlace = ButtonPlace.NOWHERE
    panel: bool = False
    main: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it needs nothing but the click, and goes the way of all such verbs."""
        return bool(self.roles) and isinstance(self, Move) and not self.page and not self.post


@dataclass(frozen=True, kw_only=True)
class Move(Verb[S]):
    """A row that moves: from any of ``sources`` to ``target``."""

    target: S


def moves_from(moves: dict[str, Move[S]], status: S, roles: frozenset[Role]) -> dict[str, Move[S]]:
    """The moves that somebody with ``roles`` may make from ``status``, in the table's order: what the buttons show."""
    return {name: move for name, move in moves.items() if status in move.sources and move.roles & roles}


def plain(moves: Mapping[str, Move[S]]) -> list[str]:
    """The moves that need nothing but the click, in the table's order."""
    return [name for name, move in moves.items() if move.is_plain]
