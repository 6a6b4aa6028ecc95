"""The outbox: decisions that the writer does not see yet. For some minutes they can be undone without the writer
noticing."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from columns.site_time import first_moment
from inbox.models.event import LetterEvent
from inbox.models.message import Message
from inbox.models.staff import User
from inbox.workflow import ALIKE_TO_WRITERS, LETTER_MOVES, LETTER_VERBS, LetterStatus, Wait

#: How long a decision waits in the outbox.
WAITS = dt.timedelta(minutes=10)
#: No decision waits longer: some wait for the end of their day, which a change of the clocks may prolong.
LONGEST_WAIT = dt.timedelta(hours=26)


def due_at(verb: str, at: dt.datetime) -> dt.datetime:
    """The time from which the writer sees a decision of ``at``: after some minutes, or at the end of the day."""
    if LETTER_VERBS[verb].wait == Wait.DAY:
        return first_moment(timezone.localdate(at) + dt.timedelta(days=1))
    return at + WAITS


def is_held_back(verb: str, before: LetterStatus) -> bool:
    """Whether a move of the desk from ``before`` waits in the outbox. Moves that the writer does not see, and those
    with an article, do not wait."""
    move = LETTER_MOVES[verb]
    return move.wait != Wait.NONE and not {before, move.target} <= ALIKE_TO_WRITERS


class Outgoing(models.Model):
    """One decision that the writer does not see before ``due_at``, and sees from then on, also before the sweep that
    deletes the row. The time is stored in this row alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey("inbox.Letter", on_delete=models.CASCADE, related_name="outgoing")
    event = models.OneToOneField(LetterEvent, on_delete=models.CASCADE, related_name="outgoing")
    before = models.CharField(
        max_length=12, help_text="Where the letter stands for its writer until then"
    )  # empty: no move
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="outgoing")
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)


class SecondLook(models.Model):
    """A second look by another moderator at a declined letter: a random sample, and every urgent letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey("inbox.Letter", on_delete=models.CASCADE, related_name="second_looks")
    declined_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agreed = models.BooleanField(null=True, help_text="Empty until somebody has looked")
    looked_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["letter"], condition=models.Q(agreed=None), name="one_second_look_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
