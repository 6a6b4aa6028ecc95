"""A request that lost a conflict in the database is run once more."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

#: SQLSTATE of a deadlock, of transactions that fit in no order, and of a row whose foreign key leads nowhere any more:
#: for the first two PostgreSQL has rolled one of them back; the third was removed by another request meanwhile.
CONFLICTS = frozenset({"40P01", "40001", "23503"})
#: Seconds before the second attempt, in which the other request goes on.
PAUSE = 0.05


def is_conflict(error: BaseException) -> bool:
    """Whether the transaction was rolled back for another one's sake, so that it may well end otherwise now."""
    cause = error.__cause__
    return isinstance(error, DatabaseError) and (
        getattr(cause, "sqlstate", None) in CONFLICTS
        or getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    )


class RetryMiddleware:
    """Runs a view once more after a conflict; a second one is an error like any other.

    Every act is one transaction, so nothing of the first attempt is left. Acts lock rows in one order
    (``docs/architecture.md``), so this is for what the order does not reach: rows of one table in two orders, and what
    was chosen on a page and removed since.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not is_conflict(exception):
            return None
        logger.warning("A request met another one in the database, and is run once more.")
        time.sleep(PAUSE)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response
