"""Days and hours of the site: those of its time zone (``TIME_ZONE``), not of UTC. The day of a moment is
``timezone.localdate(at)``."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def first_moment(day: dt.date) -> dt.datetime:
    """The first moment of a day, in UTC: midnight, or the end of a change of the clocks that skips it."""
    return dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_current_timezone()).astimezone(dt.UTC)


def day_of(at: dt.datetime, *, after: dt.datetime | None = None) -> dt.datetime:
    """The first moment of the day of ``at``, so that the time of day is not stored; ``after``, a time that is known
    already, where that is later."""
    begun = first_moment(timezone.localdate(at))
    return max(begun, after) if after is not None else begun


def month_of(at: dt.datetime) -> dt.datetime:
    """The first moment of the month of ``at``."""
    return first_moment(timezone.localdate(at).replace(day=1))


def moments(day: dt.date, time: dt.time) -> list[dt.datetime]:
    """The moments, in UTC, at which the site's clocks show this: none where they are put forward over it, two where
    they are put back over it, otherwise one."""
    zone, shown = timezone.get_current_timezone(), dt.datetime.combine(day, time)
    found = {shown.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
    return sorted(at for at in found if at.astimezone(zone).replace(tzinfo=None, fold=0) == shown)
