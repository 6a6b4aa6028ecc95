"""The audit trail. Letters and drafts have tables of their own, so that no order of insertion and no time joins a
letter to a draft: an event of a letter carries a date and its number within the letter, nothing finer."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction

from columns.models import Column
from inbox.models.staff import User


class Actor(models.TextChoices):
    """Who did it, where it was no member of staff."""

    STAFF = "staff"
    WRITER = "writer"
    SYSTEM = "system"


def noted(value: Any) -> str:
    """A mark as its event keeps it: a number, a date, or nothing."""
    return "" if value is None else str(value)


class Event(models.Model):
    """One line of the audit trail. Never with words of a letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    actor = models.CharField(max_length=8, choices=Actor)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"

    @property
    def who(self) -> str:
        """The person's name, or who else it was."""
        return str(self.by) if self.by else ("the letter writer" if self.actor == Actor.WRITER else "the system")


class LetterEvent(Event):
    letter = models.ForeignKey("inbox.Letter", on_delete=models.CASCADE, related_name="events")
    on = models.DateField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["letter", "number"], name="letter_event_number_once")]


class ColumnEvent(Event):
    """What somebody did to the column itself: staff, keys, retention, texts, exports."""

    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    about = models.CharField(max_length=200, blank=True, help_text="Whom or what it concerned; never a letter's words")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["column", "number"], name="column_event_number_once")]

    @property
    def said(self) -> str:
        """What was done, in words."""
        return self.verb.replace("_", " ")

    @classmethod
    def write(cls, column: Column, verb: str, *, by: User | None, at: dt.datetime, about: str = "") -> ColumnEvent:
        """The next event of the column, part of the caller's transaction. Two at once are numbered in turn."""
        while True:
            last = cls.objects.filter(column=column).aggregate(last=models.Max("number"))["last"]
            event = cls(column=column, number=(last or 0) + 1, verb=verb, by=by, at=at, about=about[:200])
            event.actor = Actor.STAFF if by else Actor.SYSTEM
            try:
                with transaction.atomic():
                    event.save(force_insert=True)
            except IntegrityError:
                continue
            return event


class Chain(models.Model):
    """The head of the hash chain over the events of one letter, draft or column (``operations/audit_chain.py``)."""

    class Kind(models.TextChoices):
        LETTER = "letter"
        DRAFT = "draft"
        COLUMN = "column"

    kind = models.CharField(max_length=8, choices=Kind)
    subject = models.CharField(max_length=36, help_text="The id of the letter, draft or column")
    upto = models.PositiveIntegerField(help_text="Number of the last event that the head covers")
    head = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "subject"], name="one_chain_a_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class DraftEvent(Event):
    draft = models.ForeignKey("inbox.Draft", on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "number"], name="draft_event_number_once")]
