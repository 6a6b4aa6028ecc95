"""Days and hours of the site."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from columns import site_time

#: With changes of the clocks at midnight (Santiago, Havana), of half an hour (Lord Howe), and a day left out (Apia).
ZONES = ["UTC", "Pacific/Auckland", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Santiago",
         "America/Havana", "Pacific/Apia"]  # fmt: skip
HALF_HOUR = dt.timedelta(minutes=30)


@pytest.mark.parametrize("zone", ZONES)
def test_the_first_moment_of_a_day_is_of_that_day_and_nothing_before_it_is(settings: Any, zone: str) -> None:
    settings.TIME_ZONE = zone
    for number in range(2 * 366):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=number)
        first = site_time.first_moment(day)
        assert (first.tzinfo, timezone.localdate(first)) == (dt.UTC, day)
        assert timezone.localdate(first - dt.timedelta(microseconds=1)) < day
        for at in (first, first + 20 * HALF_HOUR):
            assert site_time.day_of(at) == first <= at
            assert site_time.day_of(site_time.day_of(at)) == first
            assert site_time.month_of(at) == site_time.first_moment(day.replace(day=1))


@pytest.mark.parametrize("zone", ZONES)
def test_every_moment_is_found_by_what_the_clocks_show(settings: Any, zone: str) -> None:
    settings.TIME_ZONE = zone
    at, seen = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), {0: 0, 1: 0, 2: 0}
    while at < dt.datetime(2027, 1, 1, tzinfo=dt.UTC):
        shown = timezone.localtime(at).replace(tzinfo=None)
        found = site_time.moments(shown.date(), shown.time())
        assert at in found
        seen[len(found)] += 1
        at += HALF_HOUR
    expected = {"UTC": 0, "Pacific/Apia": 0, "Australia/Lord_Howe": 2}.get(zone, 4)
    assert seen[2] == expected  # both half hours of an hour, twice; one half hour, twice
    assert seen[0] == 0


@pytest.mark.parametrize(
    ("zone", "day", "time"),
    [
        ("Europe/London", (2026, 3, 29), (1, 30)),
        ("America/New_York", (2026, 3, 8), (2, 0)),
        ("Pacific/Auckland", (2026, 9, 27), (2, 59)),
        ("Australia/Lord_Howe", (2026, 10, 4), (2, 29)),
        ("America/Santiago", (2026, 9, 6), (0, 30)),
        ("Pacific/Apia", (2011, 12, 30), (12, 0)),
    ],
)
def test_what_the_clocks_skip_is_no_moment(
    settings: Any, zone: str, day: tuple[int, int, int], time: tuple[int, int]
) -> None:
    settings.TIME_ZONE = zone
    assert site_time.moments(dt.date(*day), dt.time(*time)) == []
