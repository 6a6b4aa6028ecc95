"""Settings of a column's desk: retention periods, and templates of letters to writers."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from columns.models import Column


class Period(models.Model):
    """The retention period of one kind of data in days; without a row the default applies."""

    class Kept(models.TextChoices):
        DECLINED = "declined", _("Letters that were not chosen")
        REPLIED = "replied", _("Letters that were answered privately")
        PUBLISHED = "published", _("Letters whose answer is published")
        WITHDRAWN = "withdrawn", _("What is known of letters that were withdrawn")
        DRAFT_PUBLISHED = "draft_published", _("Drafts of published articles")
        DRAFT_SHELVED = "draft_shelved", _("Drafts that were shelved")
        DRAFT_TAKEN_DOWN = "draft_taken_down", _("Drafts of articles that were taken down")

    #: Days by kind.
    DEFAULTS: ClassVar[dict[str, int]] = {
        Kept.DECLINED: 90,
        Kept.REPLIED: 180,
        Kept.PUBLISHED: 180,
        Kept.WITHDRAWN: 30,
        Kept.DRAFT_PUBLISHED: 180,
        Kept.DRAFT_SHELVED: 180,
        Kept.DRAFT_TAKEN_DOWN: 30,
    }

    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="periods")
    kept = models.CharField(max_length=20, choices=Kept)
    days = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(3650)])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["column", "kept"], name="one_period_a_column_and_kind"),
            models.CheckConstraint(condition=models.Q(days__gte=1, days__lte=3650), name="period_is_days"),
        ]

    def __str__(self) -> str:
        return f"{self.kept}: {self.days} days"

    @classmethod
    def of(cls, column: Column) -> dict[str, int]:
        """The column's periods in days by kind, in one query."""
        return {**cls.DEFAULTS, **dict(cls.objects.filter(column=column).values_list("kept", "days"))}


class LetterTemplate(models.Model):
    """A text that a letter to a writer may begin with; the sender edits it first."""

    class Kind(models.TextChoices):
        DECLINE = "decline", _("Not chosen")
        REPLY = "reply", _("Private answer")
        ASK = "ask", _("Question to the writer")

    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="letter_templates")
    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["kind", "position", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["column", "kind", "title"], name="template_title_once"),
        ]

    def __str__(self) -> str:
        return self.title
