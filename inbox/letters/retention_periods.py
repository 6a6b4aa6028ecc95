"""Retention periods in words and numbers. Letters and drafts that are due are only counted here, and erased by
``operations.retention``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from columns.models import Column
from inbox.models import Draft, Letter, Period
from inbox.workflow import DraftStatus, LetterStatus

_Kept = Period.Kept
LETTERS = {
    _Kept.DECLINED: LetterStatus.DECLINED,
    _Kept.REPLIED: LetterStatus.REPLIED,
    _Kept.PUBLISHED: LetterStatus.PUBLISHED,
    _Kept.WITHDRAWN: LetterStatus.WITHDRAWN,
}
DRAFTS = {
    _Kept.DRAFT_PUBLISHED: DraftStatus.PUBLISHED,
    _Kept.DRAFT_SHELVED: DraftStatus.SHELVED,
    _Kept.DRAFT_TAKEN_DOWN: DraftStatus.TAKEN_DOWN,
}

#: A condition for drafts whose words are erased already; their status does not change.
ERASED = {"events__verb": "erase"}


@dataclass(frozen=True)
class RetentionLine:
    """One kind of data with its retention period in days."""

    kept: str
    label: str
    days: int


def lines(column: Column) -> list[RetentionLine]:
    """The column's periods in the order of the page, in one query."""
    days = Period.of(column)
    return [RetentionLine(kept.value, str(kept.label), days[kept]) for kept in _Kept]


def for_writers(column: Column) -> list[RetentionLine]:
    """The periods of letters, for the page before writing."""
    return [line for line in lines(column) if line.kept in LETTERS]


def due(column: Column, days: Mapping[str, int], *, on: dt.date) -> dict[str, int]:
    """The number of letters and drafts whose period would be over on the day, by kind; two queries."""
    numbers: dict[str, int] = {}
    for model, statuses, spared in ((Letter, LETTERS, {}), (Draft, DRAFTS, ERASED)):
        counts = {
            kept.value: Count("pk", filter=Q(status=status, quiet_since__lte=on - dt.timedelta(days=days[kept])))
            for kept, status in statuses.items()
        }
        numbers |= model._default_manager.filter(column=column).exclude(**spared).aggregate(**counts)
    return numbers
