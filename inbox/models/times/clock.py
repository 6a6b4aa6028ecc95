"""By what a wrong clock is found: the newest moment that a sweep has seen, and how long the machine had run then.

While the machine runs, its uptime says what its clock ought to show, whatever the clock is set to. After it was started
anew only the newest moment is known: a clock before it is behind; one long after it is ahead, or the site stood still.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import models
from django.utils import timezone

#: A clock that differs by less is put right in the usual way.
TOLERANCE = dt.timedelta(minutes=10)
#: A site that was started anew after a longer stop cannot tell whether its clock is ahead.
LONGEST_STOP = dt.timedelta(days=1)
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Clock(models.Model):
    """The one row is written by sweeps, when a day begins and when the machine was started anew, never by what a writer
    does: so its place among other rows tells no more of a letter than its day."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    newest = models.DateTimeField(help_text="The newest moment that a sweep has seen with a clock that was right")
    boot = models.CharField(max_length=36, blank=True, help_text="The id of the machine's start; empty: unknown")
    uptime = models.PositiveBigIntegerField(help_text="Seconds from that start to the newest moment")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_clock"),)

    def __str__(self) -> str:
        return "clock"

    def expected(self) -> dt.datetime | None:
        """What the clock ought to show now; ``None`` where the machine was started since, or does not tell."""
        boot, uptime = machine()
        if not boot or boot != self.boot:
            return None
        return self.newest + dt.timedelta(seconds=uptime - self.uptime)


@dataclass(frozen=True)
class Doubt:
    """A clock that may be wrong. ``expected``: what it ought to show, where that is known."""

    shown: dt.datetime
    newest: dt.datetime
    expected: dt.datetime | None

    @property
    def is_behind(self) -> bool:
        return self.shown < (self.expected or self.newest)


def machine() -> tuple[str, int]:
    """The id of the machine's start, and the seconds since then, with those in which it slept; ``("", 0)`` where the
    system does not tell. No change of the clock alters either."""
    try:
        return _BOOT.read_text(encoding="ascii").strip(), int(time.clock_gettime(time.CLOCK_BOOTTIME))
    except (OSError, AttributeError):
        return "", 0


def doubt(at: dt.datetime) -> Doubt | None:
    """Why a clock that shows ``at`` now may be wrong; ``None`` where nothing speaks against it."""
    row = Clock.objects.first()
    if row is None:
        return None
    expected = row.expected()
    if expected is not None:
        right = abs(at - expected) <= TOLERANCE
    else:
        right = row.newest - TOLERANCE <= at <= row.newest + LONGEST_STOP
    return None if right else Doubt(at, row.newest, expected)


def believed(at: dt.datetime) -> dt.datetime:
    """The moment that it is, where the clock shows ``at``: what the uptime says, or no earlier than the newest moment
    that was seen."""
    found = doubt(at)
    if found is None:
        return at
    return found.expected or max(at, found.newest)


def believed_day(at: dt.datetime) -> dt.date:
    """The site's day of ``believed``: from here the retention of what ends now counts."""
    return timezone.localdate(believed(at))


def lapsed(since: dt.datetime, lasts: dt.timedelta, *, at: dt.datetime) -> bool:
    """Whether what lasts so long from ``since`` is over. It is so too where ``since`` is still to come: a clock that
    was ahead has dated it, and otherwise what it opens would stay open until that clock comes true."""
    return not -TOLERANCE <= at - since <= lasts
