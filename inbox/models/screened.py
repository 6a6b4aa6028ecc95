"""What screening found about letters, beside the findings that are sealed with their words: how soon a letter is to be
read, when a raised one came, and the monthly counts that the owner sees."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from columns.models import Column
from inbox.models.keystore import SealedItem, SealedKey, first_of_month
from inbox.models.sealed_kind import EndsWith, Holder, Left, SealedKind


class Need(models.IntegerChoices):
    """How soon somebody should read the letter. The values are those of ``screening.concerns.Level``."""

    NONE = 0, _("not urgent")
    TODAY = 1, _("read today")
    NOW = 2, _("read now")


class Arrival(SealedItem):
    """The minute at which screening raised a letter, by its words or by a later message of its writer.

    Sealed: ``at`` (ISO 8601, to the minute) and ``rules``. The row is deleted when somebody first opens the letter or
    says unopened that it is not urgent, and no dump has it.
    """

    sealed_as = SealedKind(
        holders=frozenset({Holder.DESK}),
        column="letter__column",
        ends_with=EndsWith.LETTER,
        path="letter",
        row_goes=True,
        dumped=False,
        export=Left("The minute at which a letter came is kept only until somebody first opens the letter."),
        grants={"public": "INSERT"},
    )

    letter = models.ForeignKey("inbox.Letter", on_delete=models.CASCADE, related_name="arrivals")

    @classmethod
    def drop(cls, letters: Iterable[uuid.UUID]) -> None:
        """Delete the minutes of these letters, uncounted."""
        with transaction.atomic():
            SealedKey.objects.filter(item__in=cls.objects.filter(letter__in=letters).values("pk")).delete()
            cls.objects.filter(letter__in=letters).delete()


class RuleCount(models.Model):
    """How often a rule of screening raised a letter in a month, and how often the desk said that it was wrong.

    It is counted when the letter is first opened. Each act writes all rows of its month anew, so that neither the place
    of a row nor its transaction tells which rule a letter had.
    """

    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="+")
    month = models.DateField(help_text="The first day of the month")
    rule = models.CharField(max_length=80)
    raised = models.PositiveIntegerField(default=0)
    not_so = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["column", "month", "rule"], name="rule_counted_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.month:%Y-%m}"

    @classmethod
    def add(cls, column: Column, rules: Iterable[str], *, on: dt.date, raised: int = 0, not_so: int = 0) -> None:
        """Add these numbers to the rules' counts of the month of the day; no count falls below zero."""
        month, names = first_of_month(on), sorted(set(rules))
        if not names:
            return
        with transaction.atomic():
            EyeCount.hold(column, month)
            missing = [RuleCount(column=column, month=month, rule=name) for name in names]
            RuleCount.objects.bulk_create(missing, ignore_conflicts=True)
            cls.objects.filter(column=column, month=month).update(
                **{
                    field: Greatest(F(field) + Case(When(rule__in=names, then=Value(number)), default=Value(0)), 0)
                    for field, number in (("raised", raised), ("not_so", not_so))
                }
            )


#: The five steps of the time until somebody opened a raised letter: the field, and the end of the step.
STEPS: tuple[tuple[str, dt.timedelta], ...] = (
    ("quarter", dt.timedelta(minutes=15)),
    ("hour", dt.timedelta(hours=1)),
    ("four_hours", dt.timedelta(hours=4)),
    ("day", dt.timedelta(days=1)),
    ("more", dt.timedelta.max),
)


class EyeCount(models.Model):
    """How many raised letters somebody opened in a month, by the time since they came: one number for each step."""

    column = models.ForeignKey(Column, on_delete=models.CASCADE, related_name="+")
    month = models.DateField(help_text="The first day of the month")
    quarter = models.PositiveIntegerField(default=0)
    hour = models.PositiveIntegerField(default=0)
    four_hours = models.PositiveIntegerField(default=0)
    day = models.PositiveIntegerField(default=0)
    more = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["column", "month"], name="eyes_counted_once_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @classmethod
    def hold(cls, column: Column, month: dt.date, *, step: str = "") -> None:
        """Make the row of the month, and lock it until the end of the transaction, so that counts are raised one after
        the other. ``step``: the number to raise by one."""
        cls.objects.get_or_create(column=column, month=month)
        field = step or "more"
        cls.objects.filter(column=column, month=month).update(**{field: F(field) + (1 if step else 0)})

    @classmethod
    def add(cls, column: Column, waited: dt.timedelta, *, on: dt.date) -> None:
        """Count one letter that was opened on the day, so long after it came."""
        cls.hold(column, first_of_month(on), step=next(name for name, end in STEPS if waited <= end))
