"""What the desk has decided and a writer does not see yet: for some minutes it can be taken back without a trace."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models

from inbox.models.event import LetterEvent
from inbox.models.message import Message
from inbox.models.staff import User
from inbox.workflow import ALIKE_TO_WRITERS, LETTER_MOVES, LetterStatus

#: For so long nothing that the desk decides is shown to the writer.
WAITS = dt.timedelta(minutes=10)
#: What is done at a draft. Its minute would say which draft it was, and letters and drafts share no more than a day.
AT_A_DRAFT = frozenset({"answer", "unanswer", "proof"})


def due_at(verb: str, at: dt.datetime) -> dt.datetime:
    """Until when the writer does not see a decision of ``at``: some minutes, or until the day is over."""
    if verb in AT_A_DRAFT:
        return dt.datetime.combine(at.date() + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    return at + WAITS


def is_held_back(verb: str, before: LetterStatus) -> bool:
    """Whether a move that the desk makes from ``before`` waits in the outbox: not one of which a writer sees nothing,
    and not one that goes with an article."""
    alike = {before, LETTER_MOVES[verb].target} <= ALIKE_TO_WRITERS
    return verb not in ("publish", "unpublish") and not alike


class Outgoing(models.Model):
    """One decision that its writer does not see before ``due_at``. The row goes when the time has come; what is due is
    out, whether or not a sweep ran. Its minute lives no longer than the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey("inbox.Letter", on_delete=models.CASCADE, related_name="outgoing")
    event = models.OneToOneField(LetterEvent, on_delete=models.CASCADE, related_name="outgoing")
    before = models.CharField(
        max_length=12, help_text="Where the letter stands for its writer until then"
    )  # empty: it moved nothing
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="outgoing")
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)


class SecondLook(models.Model):
    """A declined letter that another moderator looks at: some by lot, and each that was urgent."""

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
