"""An estimate of the waiting time of letters, from the desk's own dates.

Only dates and counts are read, without any key. A waiting letter has taken at least as many days as its age, so it
counts as censored at that age (the estimator of Kaplan and Meier, 1958): a growing backlog makes the estimate longer,
and a letter of today does not make it shorter.

Of a letter that came to its end only the months are readable in which it came and ended: they say how long it took to
within a month on either side, and each possible number of days counts with its part (``_shares``). The end is that of
the last event, so a letter with a later message of its writer counts as longer than it was: the estimate errs to the
long side. Withdrawn and erased letters do not count.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Case, Count, F, Q, When
from django.utils import timezone
from redis import RedisError

from columns.models import Column
from inbox.models import Letter
from inbox.models.times.days import month_after
from inbox.workflow import LetterStatus

#: Only letters that ended within this time count.
LOOKS_BACK = dt.timedelta(days=180)
#: The fewest letters for an estimate: fewer would tell more about those letters than about the next one.
LEAST = 10
#: Seconds for which an estimate is cached.
KEPT_FOR = 3600
#: Days of a month, for what is known by months.
_MONTH = 30
_ENDED = (LetterStatus.DECLINED, LetterStatus.REPLIED, LetterStatus.PUBLISHED)
_WAITING = (LetterStatus.RECEIVED, LetterStatus.HELD, LetterStatus.SHORTLISTED, LetterStatus.ANSWERING)


@dataclass(frozen=True)
class Estimate:
    """``days``: the median; ``in_ten``: how many of ten ended letters were answered in public."""

    days: int
    in_ten: int


def of(column: Column, *, at: dt.datetime) -> Estimate | None:
    """The estimate for a column, or ``None`` where there are too few letters."""
    name = f"estimate-{column.pk}-{timezone.localdate(at)}"
    try:
        cached: tuple[Estimate | None] | None = cache.get(name)
        if cached is None:
            cached = (worked_out(*_lives(column, timezone.localdate(at))),)
            cache.set(name, cached, KEPT_FOR)
    except (RedisError, OSError):  # the page works without the cache
        cached = (worked_out(*_lives(column, timezone.localdate(at))),)
    return cached[0]


@dataclass(frozen=True)
class Month:
    """How many letters came this month up to yesterday, and how many were answered; ``None``: fewer than ``LEAST``."""

    received: int | None
    answered: int | None


def this_month(column: Column, *, at: dt.datetime) -> Month:
    """The numbers of this month. Whole days count, so no letter can be seen to arrive; one query."""
    today = timezone.localdate(at)
    came = Q(received_on__gte=today.replace(day=1), received_on__lt=today)
    answered = Q(status__in=(LetterStatus.REPLIED, LetterStatus.PUBLISHED), quiet_since=month_after(today))
    numbers = Letter.objects.filter(came | answered, column=column).aggregate(
        received=Count("pk", filter=came), answered=Count("pk", filter=answered)
    )
    return Month(**{name: number if number >= LEAST else None for name, number in numbers.items()})


def worked_out(lives: Iterable[tuple[int, bool]], waiting: Mapping[int, int] | None = None) -> Estimate | None:
    """The estimate from ended letters (months between those in which it came and ended, whether answered in public) and
    the number of waiting letters by age in days.

    ``None`` also where so many letters wait that the median is not reached yet.
    """
    taken = list(lives)
    if len(taken) < LEAST:
        return None
    ends: dict[int, float] = {}
    for months, number in Counter(months for months, _ in taken).items():
        for days, share in _shares(months):
            ends[days] = ends.get(days, 0.0) + number * share
    median = _half(ends, waiting or {})
    return None if median is None else Estimate(median, round(10 * sum(public for _, public in taken) / len(taken)))


@functools.cache
def _shares(months: int) -> tuple[tuple[int, float], ...]:
    """The days that a letter may have taken that ended so many months after the one in which it came, and the part of
    each, where every day of a month is as likely as another."""
    pairs = Counter(
        months * _MONTH + end - came for came in range(_MONTH) for end in range(_MONTH) if months * _MONTH + end >= came
    )
    every = sum(pairs.values())
    return tuple((days, number / every) for days, number in sorted(pairs.items()))


def _half(ends: Mapping[int, float], waiting: Mapping[int, int]) -> int | None:
    """The first day after which fewer than half are left."""
    ages = Counter(waiting)
    left, still = sum(ends.values()) + sum(ages.values()), 1.0
    for day in sorted({*ends, *ages}):
        still *= 1 - ends.get(day, 0.0) / left
        if still < 0.5 - 1e-9:
            return day
        left -= ends.get(day, 0.0) + ages[day]
        if left < 1e-9:
            break
    return None


def _lives(column: Column, today: dt.date) -> tuple[list[tuple[int, bool]], Counter[int]]:
    """The ended letters (months, whether answered in public), and the waiting letters by age in days; one query."""
    # ``quiet_since`` is the first of the month after
    ended = Q(status__in=_ENDED, quiet_since__gte=today - LOOKS_BACK, quiet_since__lte=month_after(today))
    # later events of a waiting letter make no difference
    last = Case(When(status__in=_ENDED, then=F("quiet_since")), default=None)
    rows = Letter.objects.filter(ended | Q(status__in=_WAITING), column=column).order_by()
    lives, waiting = [], Counter[int]()
    for received, quiet, status, number in rows.values_list("received_on", last, "status").annotate(number=Count("pk")):
        if quiet is None:
            waiting[(today - received).days] += number
        else:
            months = (quiet.year - received.year) * 12 + quiet.month - received.month - 1
            lives += [(max(months, 0), status == LetterStatus.PUBLISHED)] * number
    return lives, waiting
