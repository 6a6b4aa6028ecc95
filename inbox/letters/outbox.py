"""What waits before a writer sees it, and its end: the sweep needs no key and no argument."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet

from columns.models import Column
from inbox.models import Letter, Outgoing
from inbox.workflow import LetterStatus, MoveRefused


def waiting(at: dt.datetime) -> QuerySet[Outgoing]:
    """What no writer sees yet."""
    return Outgoing.objects.filter(due_at__gt=at)


def unseen(letter: Letter, *, at: dt.datetime) -> set[uuid.UUID]:
    """The messages of the letter that its writer does not see yet."""
    return set(waiting(at).filter(letter=letter, message__isnull=False).values_list("message_id", flat=True))


def let_go(*, at: dt.datetime) -> int:
    """Forget the minutes of everything that is out by now; returns how many rows. What is due is seen without it."""
    gone, _ = Outgoing.objects.filter(due_at__lte=at).delete()
    return gone


def release_due(*, at: dt.datetime, column: Column | None = None) -> int:
    """Bring letters back whose day has come until which they were held; returns how many.

    A sweep does it for all columns, and the inbox of a column for itself, so that none waits for the sweep.
    """
    due = Letter.objects.filter(status=LetterStatus.HELD, held_until__lte=at.date())
    released = 0
    for letter in due if column is None else due.filter(column=column):
        try:
            letter.release(by=None, at=at)
        except MoveRefused:  # somebody was quicker
            continue
        released += 1
    return released
