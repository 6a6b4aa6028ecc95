"""Who may move a letter or a draft, from where, to where. Pure data: models guard by it, buttons are drawn from it and
``docs/workflow.md`` is printed from it."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Move(Generic[S]):
    """One row of the table: from any of ``sources`` to ``target``.

    ``roles``: the seats that may do it; empty means no member of staff (the letter writer, or a sweep).
    ``label``: what its button says. ``back``: the move that undoes it, where there is one.
    """

    sources: frozenset[S]
    target: S
    label: str
    roles: frozenset[Role] = frozenset()
    back: str = ""


_L, _D, _R = LetterStatus, DraftStatus, Role
_DESK = frozenset({_R.MODERATOR, _R.AUTHOR})
_AUTHOR = frozenset({_R.AUTHOR})
_REVIEWER = frozenset({_R.REVIEWER})

#: What a writer is told is the same in each of these: that a letter was put aside is the desk's affair.
ALIKE_TO_WRITERS = frozenset({_L.RECEIVED, _L.HELD})

#: States in which the desk has said its last word to the writer, or the writer theirs.
LETTER_ENDS = frozenset({_L.PUBLISHED, _L.DECLINED, _L.REPLIED, _L.WITHDRAWN})

LETTER_MOVES: dict[str, Move[LetterStatus]] = {
    "shortlist": Move(frozenset({_L.RECEIVED, _L.HELD}), _L.SHORTLISTED, "Shortlist", _DESK, back="put_back"),
    "hold": Move(frozenset({_L.RECEIVED}), _L.HELD, "Hold", _DESK, back="release"),
    "release": Move(frozenset({_L.HELD}), _L.RECEIVED, "Release", _DESK, back="hold"),
    "put_back": Move(frozenset({_L.SHORTLISTED}), _L.RECEIVED, "Put back", _DESK, back="shortlist"),
    "decline": Move(frozenset({_L.RECEIVED, _L.HELD, _L.SHORTLISTED}), _L.DECLINED, "Decline kindly", _DESK),
    "reply": Move(
        frozenset({_L.RECEIVED, _L.HELD, _L.SHORTLISTED, _L.ANSWERING}), _L.REPLIED, "Answer privately", _AUTHOR
    ),
    "point": Move(frozenset({_L.RECEIVED, _L.HELD, _L.SHORTLISTED}), _L.REPLIED, "Already answered", _DESK),
    "reopen": Move(frozenset({_L.DECLINED}), _L.RECEIVED, "Take it up again", _DESK),
    "answer": Move(frozenset({_L.SHORTLISTED}), _L.ANSWERING, "Write an answer", _AUTHOR, back="unanswer"),
    "unanswer": Move(frozenset({_L.ANSWERING}), _L.SHORTLISTED, "Back to the shortlist", back="answer"),
    "publish": Move(frozenset({_L.ANSWERING}), _L.PUBLISHED, "Publish", back="unpublish"),
    "unpublish": Move(frozenset({_L.PUBLISHED}), _L.ANSWERING, "Back to writing", back="publish"),
    "withdraw": Move(frozenset(_L) - {_L.WITHDRAWN, _L.ERASED}, _L.WITHDRAWN, "Withdraw"),
    "erase": Move(LETTER_ENDS, _L.ERASED, "Erase"),
}

DRAFT_MOVES: dict[str, Move[DraftStatus]] = {
    "send": Move(frozenset({_D.WRITING}), _D.IN_REVIEW, "Send for review", _AUTHOR, back="edit"),
    "ask_changes": Move(frozenset({_D.IN_REVIEW}), _D.WRITING, "Ask for changes", _REVIEWER, back="send"),
    "approve": Move(frozenset({_D.IN_REVIEW}), _D.APPROVED, "Approve", _REVIEWER, back="edit"),
    "edit": Move(frozenset({_D.IN_REVIEW, _D.APPROVED, _D.SCHEDULED}), _D.WRITING, "Edit again", _AUTHOR, back="send"),
    "schedule": Move(frozenset({_D.APPROVED}), _D.SCHEDULED, "Schedule", _AUTHOR, back="edit"),
    "publish": Move(frozenset({_D.APPROVED}), _D.PUBLISHED, "Publish now", _AUTHOR, back="take_down"),
    "go_live": Move(frozenset({_D.SCHEDULED}), _D.PUBLISHED, "Its time has come"),
    "take_down": Move(
        frozenset({_D.SCHEDULED, _D.PUBLISHED}), _D.TAKEN_DOWN, "Take down", frozenset({_R.AUTHOR, _R.OWNER})
    ),
    "write_anew": Move(frozenset({_D.TAKEN_DOWN}), _D.WRITING, "Write it anew", _AUTHOR),
    "shelve": Move(frozenset({_D.WRITING, _D.IN_REVIEW, _D.APPROVED}), _D.SHELVED, "Shelve", _AUTHOR, back="unshelve"),
    "unshelve": Move(frozenset({_D.SHELVED}), _D.WRITING, "Take off the shelf", _AUTHOR, back="shelve"),
}


def moves_from(moves: dict[str, Move[S]], status: S, roles: frozenset[Role]) -> dict[str, Move[S]]:
    """The moves that somebody with ``roles`` may make from ``status``, in the table's order: what the buttons show."""
    return {name: move for name, move in moves.items() if status in move.sources and move.roles & roles}
