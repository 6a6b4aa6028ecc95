"""How long letters wait, from the desk's own dates: an estimate for those who write, never a promise.

Days and numbers alone are read, which no key is needed for. A letter that waits has taken at least as many days as it
is old, so it counts among those that took longer than each day before that (the estimator of Kaplan and Meier): a
growing backlog makes the estimate longer, and a letter of this morning does not make it shorter.

A letter's last day is that of its last event, so one whose writer said something after the end counts as longer than it
was: the estimate errs to the long side. Letters that were withdrawn, or whose words are erased already, count no more.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Case, Count, F, Q, When
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
_WAITING = (LetterStatus.RECEIVED, LetterStatus.HELD, LetterStatus.SHORTLISTED, LetterStatus.ANSWERING)


@dataclass(frozen=True)
class Estimate:
    """Half of the letters come to an end within ``days``; ``in_ten`` of ten that did were answered in public."""

    days: int
    in_ten: int


def of(column: Column, *, at: dt.datetime) -> Estimate | None:
    """The estimate for a column, or ``None`` where there are too few letters to say anything."""
    name = f"estimate-{column.pk}-{at.date()}"
    try:
        known: tuple[Estimate | None] | None = cache.get(name)
        if known is None:
            known = (worked_out(*_lives(column, at.date())),)
            cache.set(name, known, KEPT_FOR)
    except (RedisError, OSError):  # a page of the letter's path does not need the cache
        known = (worked_out(*_lives(column, at.date())),)
    return known[0]


def worked_out(lives: Iterable[tuple[int, bool]], waiting: Mapping[int, int] | None = None) -> Estimate | None:
    """From the days that each letter took and whether it was answered in public, and how many wait by how old they are.

    ``None`` also where so many wait for so long that half of them cannot be seen yet.
    """
    taken = list(lives)
    if len(taken) < LEAST:
        return None
    days = _half([days for days, _ in taken], waiting or {})
    return None if days is None else Estimate(days, round(10 * sum(public for _, public in taken) / len(taken)))


def _half(ended: Iterable[int], waiting: Mapping[int, int]) -> int | None:
    """The first day by which fewer than half are left; without any that wait, the upper median."""
    ends, ages = Counter(ended), Counter(waiting)
    left, still = sum(ends.values()) + sum(ages.values()), 1.0
    for day in sorted({*ends, *ages}):
        still *= 1 - ends[day] / left
        if still < 0.5 - 1e-9:
            return day
        left -= ends[day] + ages[day]
    return None


def _lives(column: Column, today: dt.date) -> tuple[list[tuple[int, bool]], Counter[int]]:
    """The letters that came to an end, and the ages of those that wait; one query."""
    ended = Q(status__in=_ENDED, quiet_since__gte=today - LOOKS_BACK, quiet_since__lte=today)
    # that one that waits was spoken about since makes no difference
    last = Case(When(status__in=_ENDED, then=F("quiet_since")), default=None)
    rows = Letter.objects.filter(ended | Q(status__in=_WAITING), column=column).order_by()
    lives, waiting = [], Counter[int]()
    for received, quiet, status, many in rows.values_list("received_on", last, "status").annotate(many=Count("pk")):
        if quiet is None:
            waiting[(today - received).days] += many
        else:
            lives += [((quiet - received).days, status == LetterStatus.PUBLISHED)] * many
    return lives, waiting
