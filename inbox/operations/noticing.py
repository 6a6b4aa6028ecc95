"""How well screening and the desk notice who is in danger, as numbers of months for the owner. No key is needed."""

from __future__ import annotations

import datetime as dt
import importlib
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from columns.models import Column
from inbox.letters.screened import rule_title
from inbox.models import EyeCount, RuleCount
from inbox.models.screened import STEPS

#: The months that the owner sees.
MONTHS = 12


@dataclass(frozen=True)
class OpenedInMonth:
    """How many raised letters somebody opened in a month, in the order of ``headings``."""

    month: dt.date
    counts: list[int]


@dataclass(frozen=True)
class RuleSum:
    """How often a rule raised a letter, and how often the desk said that it was wrong."""

    title: str
    raised: int
    not_so: int


def headings() -> list[str]:
    """The five steps of the time until somebody opened a raised letter, in words."""
    return [
        _("within a quarter of an hour"),
        _("within an hour"),
        _("within four hours"),
        _("within a day"),
        _("later"),
    ]


def opened(column: Column, *, on: dt.date) -> list[OpenedInMonth]:
    """The months in which raised letters were opened, the newest first."""
    found = EyeCount.objects.filter(column=column, month__gte=_first(on)).order_by("-month")
    rows = [OpenedInMonth(row.month, [getattr(row, name) for name, _end in STEPS]) for row in found]
    return [row for row in rows if any(row.counts)]


def rules(column: Column, *, on: dt.date) -> list[RuleSum]:
    """The rules that raised letters in these months, the most frequent first."""
    found = RuleCount.objects.filter(column=column, month__gte=_first(on)).values("rule").order_by()
    summed = found.annotate(all_raised=Sum("raised"), all_not_so=Sum("not_so"))
    rows = [RuleSum(rule_title(row["rule"]), row["all_raised"], row["all_not_so"]) for row in summed]
    return sorted((row for row in rows if row.raised or row.not_so), key=lambda row: (-row.raised, row.title))


def has_encoder() -> bool:
    """Whether screening has the encoder of sentences, which is a package of its own; rules work without it."""
    try:
        encoder = importlib.import_module("inbox.screening.encoder")
    except ImportError:
        return False
    return bool(encoder.available())


def _first(on: dt.date) -> dt.date:
    """The first of the months, of which the month of ``on`` is the last."""
    index = on.year * 12 + on.month - MONTHS
    return dt.date(index // 12, index % 12 + 1, 1)
