"""What is remembered of who did what, and for how long."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.cache import cache

from columns.models import Column
from inbox.models import User
from inbox.triage import presence

pytestmark = pytest.mark.databases

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """When each entry of the cache ends, in seconds after it was written, by its name."""
    found: dict[str, float] = {}
    keep = cache.set

    def noting(key: str, value: Any, timeout: float, **more: Any) -> None:
        found[key] = timeout
        keep(key, value, timeout, **more)

    def adding(key: str, value: Any, timeout: float) -> bool:
        noting(key, value, timeout)
        return True

    monkeypatch.setattr(cache, "set", noting)
    monkeypatch.setattr(cache, "add", adding)
    return found


def test_what_knows_a_minute_is_gone_within_the_hour(moderator: User, at: dt.datetime, ends: dict[str, float]) -> None:
    letter = uuid.uuid4()
    presence.note(letter, moderator, "reading", at=at)
    presence.claim(letter, moderator, at=at)
    presence.decided(letter, moderator, "decline", at=at)
    assert len(ends) == 3
    assert max(ends.values()) <= HOUR.total_seconds()


def test_the_order_of_a_day_is_forgotten_when_the_next_day_is_over_however_busy_somebody_is(
    column: Column, moderator: User, ends: dict[str, float]
) -> None:
    late = dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)
    first, second, third = (uuid.uuid4() for _ in range(3))
    presence.did(moderator, first, at=late)
    presence.did(moderator, second, at=late + HOUR)
    presence.did(moderator, third, at=late + 24 * HOUR)
    assert presence.did_last(moderator, at=late) == [first]
    assert presence.did_last(moderator, at=late + HOUR) == [third, second, first], "midnight is no end of one's work"
    assert presence.did_last(moderator, at=late + 25 * HOUR) == [third, second]
    assert [ends[name] for name in sorted(ends)] == [24.5 * 3600, 24.5 * 3600]
    assert all(str(one) not in name for one in (first, second, third) for name in ends)


def test_what_one_press_made_is_known_for_a_day(moderator: User, at: dt.datetime, ends: dict[str, float]) -> None:
    events = [uuid.uuid4(), uuid.uuid4()]
    name = presence.did_together(moderator, events, at=at)
    assert presence.together(moderator, name) == events
    assert presence.did_last(moderator, at=at) == events[::-1]
    assert max(ends.values()) <= 48 * 3600
    assert ends[f"together-{moderator.pk}-{name.hex}"] == 24 * 3600
