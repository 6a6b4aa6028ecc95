"""The guard of every verb of a letter or draft: whether its row allows it in a status, and what a refusal says."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext as _

from inbox.models.status_names import STATUS_NAMES
from inbox.workflow import LETTER_VERBS, UNDONE, WITH_WORDS, DraftStatus, LetterStatus, Move, NotAllowed, Verb

S = TypeVar("S", bound=StrEnum)


def row_of(verb: str) -> Verb[LetterStatus]:
    """The row of a letter's verb, or of one that takes another back and has no row of its own. Raises ``KeyError`` for
    what is not in the table."""
    if verb not in LETTER_VERBS and verb.removeprefix("undo_") in LETTER_VERBS:
        return UNDONE
    return LETTER_VERBS[verb]


def check(row: Verb[S], status: S, label: str = "") -> None:
    """Raise ``NotAllowed`` outside the sources of the row. ``label``: of the letter."""
    if refused := why_not(row, status, label):
        raise NotAllowed(refused)


def why_not(row: Verb[S], status: S, label: str = "") -> str:
    """A sentence why the verb is not allowed in this status; "" where it is."""
    if status in row.sources:
        return ""
    if status in row.refused:
        return _(row.refused[status]) % {"letter": label}
    if isinstance(row, Move):
        said = (
            _("A draft that is %(status)s cannot be moved to %(target)s.")
            if isinstance(status, DraftStatus)
            else _("A letter that is %(status)s cannot be moved to %(target)s.")
        )
        return said % {"status": STATUS_NAMES[status], "target": STATUS_NAMES[row.target]}
    if isinstance(status, DraftStatus):
        return _("This cannot be done with a draft that is %(status)s.") % {"status": STATUS_NAMES[status]}
    if status not in WITH_WORDS:
        return _("The words of this letter are erased, so nothing can be added to it any more.")
    return _("This cannot be done with a letter that is %(status)s.") % {"status": STATUS_NAMES[status]}
