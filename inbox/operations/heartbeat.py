"""When the sweeps last ran, kept in the cache: a time and nothing else."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache

_KEY = "sweeps-last-ran"
_KEPT = 7 * 24 * 3600


def note(*, at: dt.datetime) -> None:
    """A sweep that beat has woken and the worker has taken up runs now."""
    cache.set(_KEY, at.timestamp(), _KEPT)


def last() -> dt.datetime | None:
    """When a sweep last ran; empty where this process cannot know."""
    found = cache.get(_KEY)
    return None if found is None else dt.datetime.fromtimestamp(found, dt.UTC)
