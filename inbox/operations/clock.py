"""A wrong clock does nothing that cannot be undone: such sweeps stand still until it is right again, or until an
operator says that it is."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from inbox.letters import retention_periods
from inbox.models import Clock, Draft, Letter, Outgoing
from inbox.models.times import clock, days

logger = logging.getLogger(__name__)

#: How often the log says that sweeps stand still, in seconds.
_SAID_EVERY = 3600


def sweep(act: Callable[..., object], *, at: dt.datetime) -> None:
    """Run a sweep, ``act(at=at)``, unless the clock may be wrong."""
    if clock.doubt(at) is not None:
        if cache.add("sweeps-stand-still", "said", _SAID_EVERY):
            logger.error("the clock may be wrong, so sweeps stand still: see manage.py clock")
        return
    row = Clock.objects.first()
    if row is None or row.boot != clock.machine()[0] or timezone.localdate(row.newest) != timezone.localdate(at):
        see(at=at)
    act(at=at)


def confirm(*, at: dt.datetime) -> None:
    """Record that the clock is right, as an operator says; sweeps go on. What ended since the newest moment that was
    known may be dated by a clock that was wrong, so its retention counts from now."""
    today = timezone.localdate(at)
    with transaction.atomic():
        row = Clock.objects.first()
        if row is not None:
            last = timezone.localdate(row.newest)
            _count_from(today, Letter.objects.filter(quiet_since__gte=days.month_after(last)))
            done = Draft.objects.filter(status__in=retention_periods.DRAFTS.values())
            done.filter(quiet_since__gte=last, quiet_since__lt=today).update(quiet_since=today)
        see(at=at)
    cache.delete("sweeps-stand-still")


def see(*, at: dt.datetime) -> None:
    """Record ``at`` as the newest moment. After the machine was started anew, the retention of letters whose writers do
    not see their end yet counts from now: that end may be dated by a clock that was behind until now."""
    boot, uptime = clock.machine()
    with transaction.atomic():
        row = Clock.objects.first()
        if row is not None and row.expected() is None:
            _count_from(timezone.localdate(at), Letter.objects.filter(pk__in=Outgoing.objects.values("letter")))
        Clock.objects.update_or_create(id=1, defaults={"newest": at, "boot": boot, "uptime": uptime})


def _count_from(day: dt.date, letters: QuerySet[Letter]) -> None:
    """Let the retention of those of the letters that ended count from no earlier than the day."""
    quiet = days.month_after(day)
    letters.filter(status__in=days.ENDED, quiet_since__lt=quiet).update(quiet_since=quiet)
