"""The end of everything's time: what is kept for how long, and the sweep that erases. It needs no key.

The clock of a letter or a draft is its ``quiet_since``, a date; what has come to an end is kept for the days of its
column's ``Period`` from then on. A new message from a writer sets the clock anew. Nothing that is still being worked on
has a clock: no letter is lost.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator

from django.db import models

from columns.models import Column
from inbox.letters import retention_periods
from inbox.models import Draft, Letter, Notice, Period
from inbox.workflow import MoveRefused

logger = logging.getLogger(__name__)

#: A notice that was sent is forgotten after so many days.
_NOTICES_KEPT = dt.timedelta(days=7)


def due(column: Column, *, at: dt.datetime) -> Iterator[models.QuerySet[Letter] | models.QuerySet[Draft]]:
    """What of the column has outlived its time, one set for each period."""
    days = Period.of(column)
    for kept, status in retention_periods.LETTERS.items():
        until = at.date() - dt.timedelta(days=days[kept])
        yield Letter.objects.filter(column=column, status=status, quiet_since__lte=until)
    for kept, draft_status in retention_periods.DRAFTS.items():
        until = at.date() - dt.timedelta(days=days[kept])
        drafts = Draft.objects.filter(column=column, status=draft_status, quiet_since__lte=until)
        yield drafts.exclude(**retention_periods.ERASED)


def erase_due(*, at: dt.datetime) -> int:
    """Erase everything that has outlived its time; returns how many letters and drafts.

    Each is a transaction of its own: the sweep may run twice at once and be killed anywhere. One that fails is logged
    by the kind of its error and does not stop the others.
    """
    erased = 0
    for column in Column.objects.all():
        for rows in due(column, at=at):
            for row in rows:
                try:
                    row.erase(at=at)
                except MoveRefused:  # it was moved meanwhile, so it has time again
                    continue
                except Exception as error:  # noqa: BLE001 - whatever it is, the others must not wait for it
                    logger.error("something could not be erased: %s", type(error).__name__)
                    continue
                erased += 1
    Notice.objects.filter(sent_on__lte=(at - _NOTICES_KEPT).date()).delete()
    return erased
