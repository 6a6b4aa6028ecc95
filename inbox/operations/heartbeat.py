"""The times of the last sweeps, in the cache."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.core.cache import cache

_KEPT = 7 * 24 * 3600


class Slot(StrEnum):
    """What runs sweeps; neither waits for the other. The value is the key in the cache."""

    WORKER = "sweeps-last-ran"
    #: What the mail server can slow.
    MAIL = "mail-last-ran"


def note(slot: Slot, *, at: dt.datetime) -> None:
    """Record that a sweep, started by beat, runs in this slot now."""
    cache.set(slot, at.timestamp(), _KEPT)


def last(slot: Slot) -> dt.datetime | None:
    """The time of the last sweep in this slot; ``None`` where it is unknown to this process."""
    found = cache.get(slot)
    return None if found is None else dt.datetime.fromtimestamp(found, dt.UTC)
