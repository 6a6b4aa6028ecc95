"""The outbox: decisions that a writer does not see yet, and the sweeps that end their wait, without any key."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.utils import timezone

from columns.models import Column
from inbox.models import Letter, Notice, Outgoing
from inbox.models.outgoing import LONGEST_WAIT, WAITS
from inbox.workflow import LetterStatus, MoveRefused


def waiting(at: dt.datetime) -> QuerySet[Outgoing]:
    """The decisions that no writer sees yet."""
    return Outgoing.objects.filter(due_at__gt=at)


def unseen(letter: Letter, *, at: dt.datetime) -> set[uuid.UUID]:
    """The messages of the letter that its writer does not see yet."""
    return set(waiting(at).filter(letter=letter, message__isnull=False).values_list("message_id", flat=True))


def let_go(*, at: dt.datetime) -> int:
    """Delete the rows of decisions that are out, with their times; returns the number. Writers see due decisions also
    before this sweep."""
    put_right(at=at)
    gone, _ = Outgoing.objects.filter(due_at__lte=at).delete()
    return gone


def put_right(*, at: dt.datetime) -> None:
    """Date anew what a clock that was ahead has dated later than any decision of ``at`` waits: its writer sees it in
    some minutes, and its mail is due. Only for a clock that is right."""
    ahead = Outgoing.objects.filter(due_at__gt=at + LONGEST_WAIT)
    letters = list(ahead.values_list("letter_id", flat=True))
    if letters:
        mails = Notice.objects.filter(letter__in=letters).exclude(letter__status=LetterStatus.PUBLISHED)
        mails.update(due_on=timezone.localdate(at))
        ahead.update(due_at=at + WAITS)


def release_due(*, at: dt.datetime, column: Column | None = None) -> int:
    """Release held letters whose day has come; returns the number.

    A sweep does this for all columns, and the inbox for its own column, so that the desk need not wait for the sweep.
    """
    due = Letter.objects.filter(status=LetterStatus.HELD, held_until__lte=timezone.localdate(at))
    released = 0
    for letter in due if column is None else due.filter(column=column):
        try:
            letter.release(by=None, at=at)
        except MoveRefused:  # somebody else released the letter first
            continue
        released += 1
    return released
