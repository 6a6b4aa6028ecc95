"""Retention: the sweep that erases letters, drafts and notices at the end of their periods, without any key.

The clock of a letter or a draft is its ``quiet_since``, a date, from which the days of the column's ``Period`` are
counted: of a letter the first of the month after its end. A new message from a writer resets the clock. Letters and
drafts that are still being worked on have no clock.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator

from django.db import models
from django.utils import timezone

from columns.models import Column
from inbox.letters import retention_periods
from inbox.models import Correction, Draft, Letter, Notice, Period
from inbox.models.keystore import SealedKey
from inbox.operations import as_recorded
from inbox.staff import invitations
from inbox.workflow import MoveRefused

logger = logging.getLogger(__name__)


def due(column: Column, *, at: dt.datetime) -> Iterator[models.QuerySet[Letter] | models.QuerySet[Draft]]:
    """The letters and drafts of the column whose period is over, one queryset for each period. A row that is not as its
    events say is never due: who changed it in the database could have erased it that way."""
    days = Period.of(column)
    for kept, status in retention_periods.LETTERS.items():
        until = timezone.localdate(at) - dt.timedelta(days=days[kept])
        yield as_recorded.as_said(Letter.objects.filter(column=column, status=status, quiet_since__lte=until))
    for kept, draft_status in retention_periods.DRAFTS.items():
        until = timezone.localdate(at) - dt.timedelta(days=days[kept])
        drafts = Draft.objects.filter(column=column, status=draft_status, quiet_since__lte=until)
        yield as_recorded.as_said(drafts.exclude(**retention_periods.ERASED))
        # corrected after its words were erased
        still = Correction.objects.filter(pk__in=SealedKey.objects.values("item")).values("draft")
        yield as_recorded.as_said(drafts.filter(**retention_periods.ERASED, pk__in=still).distinct())


def erase_due(*, at: dt.datetime) -> int:
    """Erase all letters and drafts whose period is over; returns the number.

    Each is a separate transaction: the sweep may run concurrently and be killed at any point. A failure is logged by
    the type of its exception and does not stop the others.
    """
    erased = 0
    for column in Column.objects.all():
        for rows in due(column, at=at):
            for row in rows:
                try:
                    row.erase(at=at)
                except MoveRefused:  # moved meanwhile, so the period has begun anew
                    continue
                except Exception as error:  # noqa: BLE001 - a failure must not stop the others
                    logger.error("something could not be erased: %s", type(error).__name__)
                    continue
                erased += 1
    Notice.objects.exclude(sent_on=None).delete()  # of the version before, which kept those that were sent
    invitations.delete_over(at=at)
    return erased
