"""Whether letters and drafts are as their events say.

The chains cover events. A row's status, the day from which its retention counts and its writer's consent are no part of
an event, so each is compared with the last event that set it. What an event does not tell is not compared: a day within
its month, a consent that was never changed, and one that allows less than was said, which a restore may leave.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from columns.models import Column
from inbox.models import ColumnEvent, Consent, Draft, DraftEvent, Letter, LetterEvent
from inbox.models.times.days import quiet_from
from inbox.workflow import DraftStatus, LetterStatus


@dataclass(frozen=True, order=True)
class Differing:
    """A letter or draft that is not as its events say. ``why``: a sentence without any content."""

    kind: str
    subject: str
    why: str


def _said(rows: Any) -> models.QuerySet[Any]:
    """Rows of letters or drafts with what their events say: ``said``, ``since`` and, of letters, ``allowed``."""
    if rows.model is Letter:
        events: Any = LetterEvent.objects.filter(letter=OuterRef("pk")).order_by("-number")
        first, day = LetterStatus.RECEIVED.value, events.values("on")
        allowed = events.exclude(consent_after="").values("consent_after")[:1]
        rows = rows.annotate(allowed=Subquery(allowed))
    else:
        events = DraftEvent.objects.filter(draft=OuterRef("pk")).order_by("-number")
        first, day = DraftStatus.WRITING.value, events.values(on=TruncDate("at"))
    moves = ~Q(status_after="")
    found: models.QuerySet[Any] = rows.annotate(
        said=Coalesce(Subquery(events.filter(moves).values("status_after")[:1]), Value(first)),
        since=Coalesce(Subquery(day.filter(moves)[:1]), Value(dt.date.min)),
    )
    return found


_MOVED = ~Q(status=F("said"))
_EARLIER = Q(quiet_since__lt=F("since"))
_ALLOWS_MORE = Q()
for _number, _consent in enumerate(Consent.values):
    _ALLOWS_MORE |= Q(consent=_consent, allowed__in=Consent.values[:_number])


def as_said(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Those of the rows whose status and day are as their events say: what a sweep may erase."""
    return _said(rows).exclude(_MOVED | _EARLIER)


def differing() -> list[Differing]:
    """Every letter and draft that is not as its events say, in order."""
    return sorted(found for rows in _rows() for row in rows for found in _why(row))


def number(column: Column) -> int:
    """How many letters and drafts of the column are not as their events say."""
    return sum(rows.filter(column=column).count() for rows in _rows())


def _rows() -> Iterator[models.QuerySet[Any]]:
    yield _said(Letter.objects.defer("sealed")).filter(_MOVED | _EARLIER | _ALLOWS_MORE)
    yield _said(Draft.objects.all()).filter(_MOVED | _EARLIER)


def _why(row: Any) -> Iterator[Differing]:
    kind, subject = row._meta.model_name, str(row.pk)
    if row.status != row.said:
        yield Differing(kind, subject, f"its status is “{row.status}”, and its events say “{row.said}”")
    if row.quiet_since < row.since:
        yield Differing(kind, subject, "its retention counts from a day before its last event")
    if _allows_more(row):
        yield Differing(kind, subject, "it allows more than its writer said last")


def _allows_more(row: Any) -> bool:
    order = Consent.values
    return bool(getattr(row, "allowed", "")) and order.index(row.consent) > order.index(row.allowed)


def set_right(*, at: dt.datetime) -> int:
    """Give each what its events say, and its retention from this day on, for an operator; returns their number. The
    history of each column that has one says so."""
    found = [row for rows in _rows() for row in rows]
    for row in found:
        fields: dict[str, Any] = {"status": row.said, "quiet_since": quiet_from(timezone.localdate(at), row.said)}
        if _allows_more(row):
            fields["consent"] = row.allowed
        row._meta.model.objects.filter(pk=row.pk).update(**fields)
    for pk, number in Counter(row.column_id for row in found).items():
        column = Column.objects.get(pk=pk)
        ColumnEvent.write(column, "set_right", by=None, at=at, about=str(number))
    return len(found)
