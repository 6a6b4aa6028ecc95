"""How rows get their numbers: the events and messages of a letter, the events and versions of a draft, the events of a
column.

Each kind is counted by a field of the row that it belongs to. The UPDATE that makes room for one more raises the count
(``one_more``) and holds that row until the transaction ends, so two at once are numbered in turn; the number is read
back afterwards (``number``). Where the last messages of a letter are taken back, its count goes back with them
(``bulk_moves.remove_messages``).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F


def one_more(counter: str) -> dict[str, Any]:
    """What an UPDATE of the counting row sets, beside whatever else it sets."""
    return {counter: F(counter) + 1}


def number(counted: models.Model, counter: str, *also: str) -> int:
    """The number that the UPDATE gave, read into ``counted`` together with the fields ``also``, in one query."""
    counted.refresh_from_db(fields=[counter, *also])
    return int(getattr(counted, counter))
