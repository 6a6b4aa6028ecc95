"""The order in which acts lock rows, read from their statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

#: As in ``docs/architecture.md``: a transaction that locks rows of two of them locks those of the earlier table first.
ORDER = ("columns_column", "inbox_draft", "inbox_letter", "columns_article")
_LOCKS = re.compile(r'(?:UPDATE|DELETE FROM) "(\w+)"|SELECT .* FROM "(\w+)" .*FOR (?:NO KEY )?UPDATE', re.DOTALL)
_INSERTS = re.compile(r'INSERT INTO "(\w+)"')
#: A savepoint that is rolled back is released as well.
_DEPTH = {"SAVEPOINT": 1, "RELEASE SAVEPOINT": -1}


class OutOfOrder(AssertionError):
    """A transaction locked a row of an earlier table after one of a later table. ``str()`` names both."""


class _Watch:
    """The wrapper of ``connection.execute_wrapper``. ``floor``: the depth of blocks at which no transaction is open."""

    def __init__(self) -> None:
        self.depth = self.floor = 0
        self.locked: set[int] = set()
        self.inserted: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        self.depth += next((by for word, by in _DEPTH.items() if sql.startswith(word)), 0)
        self.floor = max(0, min(self.floor, self.depth))
        if self.depth <= self.floor:
            self.locked.clear()
            self.inserted.clear()
        elif found := _INSERTS.match(sql):
            self.inserted.add(found[1])
        elif (found := _LOCKS.match(sql)) and context["cursor"].rowcount:
            self._lock(found[1] or found[2])
        return result

    def _lock(self, table: str) -> None:
        if table not in ORDER or table in self.inserted:
            return
        rank = ORDER.index(table)
        if rank not in self.locked and any(rank < other for other in self.locked):
            raise OutOfOrder(f"{table} after {ORDER[max(self.locked)]}")
        self.locked.add(rank)


@contextmanager
def kept() -> Iterator[None]:
    """Raise ``OutOfOrder`` where a transaction within locks in another order.

    Each outermost block of ``atomic`` within is a transaction, as it is outside of tests. A statement that finds no row
    locks none. A row that the transaction has inserted locks nobody out, so a table with one is left alone from there.
    """
    with connection.execute_wrapper(_Watch()):
        yield


def within() -> None:
    """The block that is open is the test's own: what is within are transactions."""
    for watch in connection.execute_wrappers:
        if isinstance(watch, _Watch):
            watch.floor = watch.depth
