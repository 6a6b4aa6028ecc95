"""The time of the last sweep, in the cache."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache

_KEY = "sweeps-last-ran"
_KEPT = 7 * 24 * 3600


def note(*, at: dt.datetime) -> None:
    """Record that a sweep, started by beat, runs in the worker now."""
    cache.set(_KEY, at.timestamp(), _KEPT)


def last() -> dt.datetime | None:
    """The time of the last sweep; ``None`` where it is unknown to this process."""
    found = cache.get(_KEY)
    return None if found is None else dt.datetime.fromtimestamp(found, dt.UTC)
