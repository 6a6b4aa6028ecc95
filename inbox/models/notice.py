"""Mails due to letter writers who left an address. Only the notice key opens the address."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from inbox.models.keystore import SealedItem
from inbox.models.letter import Letter
from inbox.models.sealed_kind import EndsWith, Holder, Left, SealedKind


class WriterAddress(SealedItem):
    """The e-mail address of a letter writer, sealed to the notice key; erased after the final notice."""

    sealed_as = SealedKind(
        holders=frozenset({Holder.NOTICE}),
        column="letter__column",
        ends_with=EndsWith.LETTER,
        path="letter",
        row_goes=True,
        export=Left("No key of the desk opens it: it is the writer's, for mail that says that there is news."),
        grants={"public": "SELECT, INSERT, UPDATE", "desk": "SELECT, INSERT, UPDATE"},
    )

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="addresses")


class Notice(models.Model):
    """One mail without content that is due. The table is the queue: a row goes with its mail. ``sent_on`` is of
    versions before."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("The desk asks something")
        END = "end", _("There is an answer, or an end")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind)
    due_on = models.DateField()
    claimed_at = models.DateTimeField(null=True, help_text="By a worker, while it is being sent; empty afterwards")
    sent_on = models.DateField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    handovers = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often the mail server may have taken it"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="notice_due", condition=models.Q(sent_on=None)),
        ]

    def __str__(self) -> str:
        return str(self.id)
