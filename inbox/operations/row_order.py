"""The sweep by which rows of letters that came to their end tell no earlier day (``models/times/row_order.py``)."""

from __future__ import annotations

from django.db import connection

from inbox.models import Letter
from inbox.models.times import row_order
from inbox.models.times.days import ENDED

#: Letters whose rows are written anew in one transaction.
_BATCH = 500


def write_anew() -> int:
    """Write the rows anew of all letters that came to their end since the last time, or got a row since; returns the
    number of letters. Nothing is to be done on SQLite, where rows have no order. Safe to run concurrently."""
    if connection.vendor != "postgresql":
        return 0
    done = 0
    waiting = Letter.objects.filter(status__in=ENDED, in_no_order=False).order_by("pk").values_list("pk", flat=True)
    while some := list(waiting[:_BATCH]):
        row_order.write_anew(some)
        done += len(some)
    return done
