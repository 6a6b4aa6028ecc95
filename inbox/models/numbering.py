"""Numbers of rows: the events and messages of a letter, the events and versions of a draft, the events of a column.

Each kind is counted by a field of the owning row. An UPDATE raises the count (``one_more``) and locks that row until
the transaction ends, so concurrent rows are numbered in turn; the number is read back afterwards (``number``). Where
the last messages of a letter are removed, the count is lowered (``bulk_moves.remove_messages``).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F


def one_more(counter: str) -> dict[str, Any]:
    """The assignment for the UPDATE of the owning row that raises the counter."""
    return {counter: F(counter) + 1}


def number(counted: models.Model, counter: str, *also: str) -> int:
    """The counter after the UPDATE, read into ``counted`` together with the fields ``also``, in one query."""
    counted.refresh_from_db(fields=[counter, *also])
    return int(getattr(counted, counter))
