"""The names under which the cache keeps things."""

from __future__ import annotations

import time

#: How the counts of tries begin that django-allauth keeps: of passwords, mails and codes.
TRIES = "allauth:rl:"
_AN_HOUR = 3600


def name(key: str, key_prefix: str, version: int) -> str:
    """As Django names it. Counts of tries have the hour in their name: each has the times of its tries, and one of a
    clock that was ahead would refuse everybody until those times came true."""
    if key.startswith(TRIES):
        key = f"{key}:{int(time.time()) // _AN_HOUR}"
    return f"{key_prefix}:{version}:{key}"
