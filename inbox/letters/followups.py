"""Screening of later messages of a writer: a concern may raise the letter, and has no other effect."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.core.cache import cache
from django.utils import timezone
from redis import RedisError

from inbox.letters import screened
from inbox.letters.screened import Screened, screen
from inbox.models import Letter
from inbox.models.message import leave_some_for_tomorrow, too_many_today
from inbox.models.times.days import ENDED

__all__ = ["concerns_in", "leave_some", "raise_for", "screen"]


def concerns_in(text: str) -> list[str]:
    """The kinds of concern in a message, sorted."""
    return screen(text).kinds


def leave_some(letter: Letter, found: Screened, *, at: dt.datetime) -> None:
    """Refuse a message above the writer's limit of the day, unless the message raises the letter."""
    if found.need > letter.need:
        return
    if letter.status in ENDED:
        _count_in_memory(letter, at)
    else:
        leave_some_for_tomorrow(letter.messages.all(), letter.messages_a_day, at=at)


def _count_in_memory(letter: Letter, at: dt.datetime) -> None:
    """Of the messages to a letter that came to its end only months are stored, so those of a day are counted in the
    cache. Without it nobody is refused."""
    name = "said-" + hashlib.sha256(f"{letter.pk} {timezone.localdate(at)}".encode()).hexdigest()
    try:
        cache.add(name, 0, 24 * 3600)
        said = cache.incr(name)
    except (RedisError, OSError, ValueError):
        return
    if said > letter.messages_a_day:
        raise too_many_today(letter.messages_a_day)


def raise_for(letter: Letter, found: Screened, *, at: dt.datetime) -> None:
    """Raise the letter to what the message needs, also where a person has lowered it before. Screening only raises;
    only people lower. In a transaction that has locked the letter, as ``Letter.record`` does."""
    if not found.need:
        return
    letter.refresh_from_db(fields=["need"])  # a person may have marked the letter since it was read
    if found.need > letter.need:
        letter.mark_need(found.need, by=None, at=at)
    screened.note_arrival(letter, found.rules, at=at)
