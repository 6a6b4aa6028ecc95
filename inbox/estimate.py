"""How long letters wait, from the desk's own dates: an estimate for those who write, never a promise.

Days and numbers alone are read, which no key is needed for. A letter's last day is that of its last event, so one whose
writer said something after the end counts as longer than it was: the estimate errs to the long side. Letters that were
withdrawn, or whose words are erased already, count no more.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from redis import RedisError

from columns.models import Column
from inbox.models import Letter
from inbox.workflow import LetterStatus

#: Letters that ended within so many days are looked at.
LOOKS_BACK = dt.timedelta(days=180)
#: Of fewer than these nothing is said: a handful tells more of those letters than of the next one.
LEAST = 10
#: What is worked out is used for so many seconds.
KEPT_FOR = 3600
_ENDED = (LetterStatus.DECLINED, LetterStatus.REPLIED, LetterStatus.PUBLISHED)


@dataclass(frozen=True)
class Estimate:
    """Of letters that came to an end: half of them did within ``days``; ``in_ten`` of ten were answered in public."""

    days: int
    in_ten: int


def of(column: Column, *, at: dt.datetime) -> Estimate | None:
    """The estimate for a column, or ``None`` where there are too few letters to say anything."""
    name = f"estimate-{column.pk}-{at.date()}"
    try:
        known: tuple[Estimate | None] | None = cache.get(name)
        if known is None:
            known = (worked_out(_lives(column, at.date())),)
            cache.set(name, known, KEPT_FOR)
    except (RedisError, OSError):  # a page of the letter's path does not need the cache
        known = (worked_out(_lives(column, at.date())),)
    return known[0]


def worked_out(lives: Iterable[tuple[int, bool]]) -> Estimate | None:
    """From the days that each letter took, and whether it was answered in public."""
    taken = list(lives)
    if len(taken) < LEAST:
        return None
    public = sum(published for _, published in taken)
    return Estimate(statistics.median_high(days for days, _ in taken), round(10 * public / len(taken)))


def _lives(column: Column, today: dt.date) -> list[tuple[int, bool]]:
    ended = Letter.objects.filter(
        column=column, status__in=_ENDED, quiet_since__gte=today - LOOKS_BACK, quiet_since__lte=today
    )
    return [
        ((quiet - received).days, status == LetterStatus.PUBLISHED)
        for received, quiet, status in ended.values_list("received_on", "quiet_since", "status")
    ]
