"""How much is enough, when to stop, and heavy letters with light ones between them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from columns.models import Column
from inbox.models import User
from inbox.triage import wellbeing
from tests import factories

pytestmark = pytest.mark.databases

HEAVY = "I want to kill myself tonight and I have nobody to tell about it at all."


def test_counts_each_heavy_letter_of_the_day_once(
    column: Column, other_column: Column, moderator: User, author: User, at: dt.datetime
) -> None:
    wellbeing.keep(moderator, heavy_a_day=2)
    first, second, light = (factories.take_letter(column, text=text).letter for text in (HEAVY, HEAVY + "!", "x" * 50))
    elsewhere = factories.take_letter(other_column, text=HEAVY).letter
    first.shortlist(by=moderator, at=at)
    first.put_back(by=moderator, at=at)
    light.shortlist(by=moderator, at=at)
    elsewhere.shortlist(by=moderator, at=at)
    second.shortlist(by=author, at=at)
    second.put_back(by=moderator, at=at - dt.timedelta(days=1))
    before = wellbeing.today(moderator, [column], at, factories.desk_keys())
    assert (before.heavy, before.enough, before.sentences) == (1, False, [])
    second.shortlist(by=moderator, at=at)
    now = wellbeing.today(moderator, [column], at, factories.desk_keys())
    assert (now.heavy, now.enough) == (2, True)
    assert now.sentences == ["You have read 2 heavy letters today. Take the light pile?"]
    assert wellbeing.today(moderator, [column, other_column], at, factories.desk_keys()).heavy == 3


def test_none_at_all_is_a_wish_too(column: Column, moderator: User, at: dt.datetime) -> None:
    wellbeing.keep(moderator, heavy_a_day=0)
    now = wellbeing.today(moderator, [column], at, factories.desk_keys())
    assert (now.enough, now.sentences) == (True, ["You wanted no heavy letters today. Take the light pile?"])


@pytest.mark.parametrize(("clock", "late"), [("23:00", False), ("01:59", False), ("02:00", True), ("04:59", True)])
def test_who_reads_at_night_stops_at_night(clock: str, late: bool) -> None:
    at = dt.datetime.fromisoformat(f"2031-07-03T{clock}:00+00:00")
    assert wellbeing.today(User(stops_at=dt.time(2)), [], at, None).over is late


def test_one_query_and_none_without_a_cap(
    column: Column, moderator: User, at: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    keys = factories.desk_keys()
    with django_assert_num_queries(0):
        assert wellbeing.today(moderator, [column], at, keys).sentences == []
    moderator.heavy_a_day = 5
    with django_assert_num_queries(1):
        assert wellbeing.today(moderator, [column], at, keys).sentences == []


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("17:29", ""),
        ("17:30", "It is half past five: you wanted to stop. The letters are here tomorrow."),
        ("17:39", "It is half past five: you wanted to stop. The letters are here tomorrow."),
        ("17:40", "It is after half past five: you wanted to stop. The letters are here tomorrow."),
        ("00:10", "It is after half past five: you wanted to stop. The letters are here tomorrow."),
        ("04:59", "It is after half past five: you wanted to stop. The letters are here tomorrow."),
        ("05:00", ""),
    ],
)
def test_the_time_to_stop_is_by_the_sites_clock(settings: object, clock: str, said: str) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"  # type: ignore[attr-defined]
    hour, minute = map(int, clock.split(":"))
    there = dt.timezone(dt.timedelta(hours=12))
    at = dt.datetime(2031, 7, 3, hour, minute, tzinfo=there).astimezone(dt.UTC)
    day = wellbeing.today(User(stops_at=dt.time(17, 30)), [], at, None)
    assert (day.stop, day.over) == (said, bool(said))


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (dt.time(7), "seven o’clock"),
        (dt.time(0, 30), "half past twelve"),
        (dt.time(21, 15), "a quarter past nine"),
        (dt.time(12, 45), "a quarter to one"),
        (dt.time(16, 5), "16:05"),
    ],
)
def test_says_the_time_as_people_do(time: dt.time, said: str) -> None:
    assert wellbeing.spoken(time) == said


def test_the_partial_says_it_and_leads_to_the_light_pile(column: Column) -> None:
    told = render_to_string(
        "desk/inbox/_wellbeing.html", {"wellbeing": wellbeing.Today(1, True, False), "column": column}
    )
    assert 'You have read one heavy letter today. <a href="/desk/plain/inbox/light/">Take the light pile?</a>' in told
    without = render_to_string("desk/inbox/_wellbeing.html", {"wellbeing": wellbeing.Today(2, True, True, "Stop.")})
    assert "You have read 2 heavy letters today. Take the light pile?" in without
    assert "<p>Stop.</p>" in without
    assert render_to_string("desk/inbox/_wellbeing.html", {"wellbeing": wellbeing.Today(1, False, False)}).strip() == ""


def test_only_what_is_theirs_to_say_is_kept(moderator: User) -> None:
    with pytest.raises(TypeError, match="email"):
        wellbeing.keep(moderator, email="other@example.org")


# --- the order in which letters are offered ------------------------------------------------------------------------


def offered(heavy: list[bool], *, after_heavy: bool) -> list[int]:
    """The places of the queue in the order in which they are offered, one after the other."""
    waiting, order = list(enumerate(heavy)), []
    while waiting:
        place = wellbeing.spaced([one for _, one in waiting], after_heavy=after_heavy)
        assert place is not None
        index, after_heavy = waiting.pop(place)
        order.append(index)
    return order


@given(st.lists(st.booleans(), max_size=40), st.booleans())
def test_every_letter_is_offered_and_none_twice(heavy: list[bool], after: bool) -> None:
    assert sorted(offered(heavy, after_heavy=after)) == list(range(len(heavy)))


@given(st.lists(st.booleans(), max_size=40), st.booleans())
def test_no_two_heavy_ones_in_a_row_while_a_light_one_waits(heavy: list[bool], after: bool) -> None:
    order, was_heavy = offered(heavy, after_heavy=after), after
    for step, place in enumerate(order):
        if was_heavy and heavy[place]:
            assert all(heavy[later] for later in order[step:])
        was_heavy = heavy[place]


@given(st.lists(st.booleans(), max_size=40), st.booleans())
def test_a_heavy_one_never_waits_behind_more_than_one_light_one(heavy: list[bool], after: bool) -> None:
    order = offered(heavy, after_heavy=after)
    lights = 0
    for step, place in enumerate(order):
        lights = 0 if heavy[place] else lights + 1
        assert lights <= 1 or not any(heavy[later] for later in order[step:])


@given(st.lists(st.booleans(), max_size=40), st.booleans())
def test_among_heavy_and_among_light_ones_the_order_stays(heavy: list[bool], after: bool) -> None:
    order = offered(heavy, after_heavy=after)
    for kind in (True, False):
        alike = [place for place in order if heavy[place] == kind]
        assert alike == sorted(alike)


def test_of_nothing_nothing_is_offered() -> None:
    assert wellbeing.spaced([], after_heavy=False) is None
