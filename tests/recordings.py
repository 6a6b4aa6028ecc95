"""Columns and people are made by the real code once a process; later tests write the same rows without working them
out again (keys, sealing and the ORM's own work are five parts of six of what the cast costs).

A recording holds the INSERTs and UPDATEs of one call. It is used again only where the call meets what it met then: the
same calls before it in the test, the same keys, grants and numbers of events in the database, the same settings, within
a minute. Where a row gets another number than it had, or is there already, all of it is undone and the real code runs.

SQLite numbers rows anew after each rollback. PostgreSQL goes on counting, so its sequences are set back to where they
stood; that is safe since nobody else writes to the database of a test process.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inbox.models import KeyGrant, PublicKey
from inbox.models.event import ColumnHistory

T = TypeVar("T")
_LASTS = dt.timedelta(minutes=1)
#: Calls of one test after which nothing is recorded any more: so long a row of calls is that test's alone.
_MOST_CALLS = 6


@dataclass
class _Recording:
    at: dt.datetime
    result: Any = None
    #: On PostgreSQL: the number of the first row that got one, for each sequence.
    sequences: dict[str, int] = field(default_factory=dict)
    #: Statement, parameters, and the number that the row got where the database gave it one.
    statements: list[tuple[str, Any, int | None]] = field(default_factory=list)


class _Differs(Exception):
    """A row got another number than in the recording."""


_recordings: dict[Hashable, _Recording] = {}
#: What was called in this test so far; ``None``: something that no recording can follow.
_calls: tuple[Hashable, ...] | None = ()


def begin(*before: Hashable) -> None:
    """A test begins. ``before``: a name for the rows that its module made for all its tests."""
    global _calls  # noqa: PLW0603 - one test runs at a time
    _calls = before


def again(make: Callable[[], T], *call: Hashable) -> T:
    """What ``make`` returns, from its recording where there is one. ``call``: its name and all that it depends on."""
    global _calls  # noqa: PLW0603
    before, at = _calls, timezone.now()
    if before is None or len(before) >= _MOST_CALLS or not connection.in_atomic_block:
        return make()
    key = (before, call, _surroundings())
    known = _recordings.get(key)
    _calls = (*before, call)
    if known is not None and dt.timedelta() <= at - known.at < _LASTS:
        try:
            with transaction.atomic():
                _write(known)
        except (IntegrityError, _Differs):
            _calls = None
            return make()
        result: T = copy.deepcopy(known.result)
        return result
    made = _recordings[key] = _Recording(at)

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            number = None
            if "RETURNING" in sql:
                number = _last_number(made, sql)
            made.statements.append((sql, params, number))
        return done

    with connection.execute_wrapper(listen):
        result = make()
    made.result = copy.deepcopy(result)
    return result


def _last_number(made: _Recording, sql: str) -> int:
    """The number that the row just inserted got."""
    if connection.vendor == "sqlite":
        return int(connection.connection.execute("SELECT last_insert_rowid()").fetchone()[0])
    number = int(connection.connection.execute("SELECT lastval()").fetchone()[0])
    made.sequences.setdefault(_sequence(sql.split(" ", 3)[2].strip('"')), number)
    return number


@functools.cache
def _sequence(table: str) -> str:
    """The sequence that numbers the rows of the table (PostgreSQL)."""
    row = connection.connection.execute(f"SELECT pg_get_serial_sequence('{table}', 'id')").fetchone()
    return str(row[0])


def _write(known: _Recording) -> None:
    with connection.cursor() as cursor:
        if known.sequences:
            each = ", ".join(f"setval('{name}', {number}, false)" for name, number in known.sequences.items())
            cursor.execute(f"SELECT {each}")
        for sql, params, number in known.statements:
            cursor.execute(sql, params)
            if number is not None and cursor.fetchone()[0] != number:
                raise _Differs


def _surroundings() -> Hashable:
    """What the calls depend on beside their arguments."""
    return (
        tuple(PublicKey.objects.order_by("pk").values_list("pk", "retired")),
        tuple(KeyGrant.objects.order_by("key", "holder").values_list("key", "holder")),
        # a recorded event has the number that it had
        tuple(ColumnHistory.objects.order_by("column").values_list("column", "events_count")),
        str(settings.NOTICE_KEY_DIR),
        str(settings.STAFF_KEY_COST),
        str(settings.PASSWORD_HASHERS),
    )
