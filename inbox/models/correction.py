"""Corrections of articles that are out. Their words are sealed to the desk, beside the draft of the article."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from inbox.models.draft import Draft
from inbox.models.keystore import SealedItem
from inbox.models.sealed_kind import EndsWith, Holder, InLine, SealedKind
from inbox.models.staff import User


class Correction(SealedItem):
    """Other words for an article that is out.

    Sealed: ``before`` and ``after`` (the article's words), ``base`` (the hash that it was begun from), ``note`` (what
    readers are told; "" for a slip of the pen), ``ask`` (to the second reader), ``remark`` (of the second reader),
    ``writers`` (ids of those who wrote it) and ``at`` (ISO 8601, when it was sent); the row has the month.
    """

    class State(models.TextChoices):
        IN_REVIEW = "in_review", gettext_lazy("With the second reader")
        BACK = "back", gettext_lazy("Changes asked")
        OUT = "out", gettext_lazy("In the article")

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK}),
        column="draft__column",
        ends_with=EndsWith.DRAFT,
        path="draft",
        resealed=True,
        export=InLine("corrections", ("state", "at")),
    )

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="corrections")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.IN_REVIEW)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "number"], name="correction_number_once"),
            models.UniqueConstraint(fields=["draft"], condition=~Q(state="out"), name="one_correction_in_work"),
        ]
