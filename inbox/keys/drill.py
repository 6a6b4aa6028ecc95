"""The trial of the printed recovery key: whether it opens what it should. That it was tried stands in the column's
history; nothing else changes."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from columns.models import Column
from inbox.keys.vault import Vault
from inbox.models import ColumnEvent, PublicKey, SealedKey, User


def held(column: Column, keys: Vault) -> tuple[int, int]:
    """How many of the column's desk keys ``keys`` holds, and how many it should hold: a retired key to which nothing is
    sealed any more opens nothing, so nobody needs it."""
    used = Exists(SealedKey.objects.filter(key_id=OuterRef("pk")))
    desk = PublicKey.objects.filter(Q(retired=False) | used, kind=PublicKey.Kind.DESK, column=column)
    needed = list(desk.values_list("pk", flat=True))
    return sum(key in keys for key in needed), len(needed)


def passed(column: Column, *, by: User | None, at: dt.datetime) -> None:
    """Write into the column's history that the recovery key was tried and holds what it should."""
    ColumnEvent.write(column, "try_recovery_key", by=by, at=at)


def is_tried(numbers: dict[str, int]) -> bool:
    """Whether the site's recovery key was tried. ``numbers``: of the column's last event of each verb."""
    return numbers.get("try_recovery_key", 0) > numbers.get("new_recovery_key", 0)
