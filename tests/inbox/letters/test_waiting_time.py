"""How long letters wait, said from the desk's own dates."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from columns.models import Column
from inbox.letters import waiting_time
from inbox.letters.waiting_time import Estimate
from inbox.models import Letter
from inbox.models.times.days import month_after
from inbox.workflow import LetterStatus
from tests import factories
from tests.reader import Reader

DAY = dt.timedelta(days=1)
LIVES = st.lists(st.tuples(st.integers(min_value=0, max_value=13), st.booleans()), min_size=waiting_time.LEAST)
#: What is said where all letters ended in the month in which they came.
IN_A_MONTH = 8


@pytest.fixture
def at() -> dt.datetime:
    """Late in a month, so that a letter of some days ago came in it."""
    return dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("took", [0, 1, 3, 7, 14, 20, 30, 45, 60, 90, 150])
def test_months_alone_say_how_long_it_takes(took: int) -> None:
    """Of letters that each took so many days, one ended on each day of half a year: from their months the estimate is
    never more than three days too short, and of short times it is on the long side."""
    ends = [dt.date(2026, 12, 1) - day * DAY for day in range(180)]
    came = [end - took * DAY for end in ends]
    months = [(e.year - c.year) * 12 + e.month - c.month for e, c in zip(ends, came, strict=True)]
    found = waiting_time.worked_out([(one, False) for one in months])
    assert found is not None
    assert took - 3 <= found.days <= took + max(2, IN_A_MONTH - took // 2)


def ended(column: Column, at: dt.datetime, *days: int, ago: int = 0, status: str = "declined") -> None:
    """Letters that came to an end ``ago`` days ago and had taken so many days; as their rows have it, by months."""
    last = at.date() - ago * DAY
    for took in days:
        letter = factories.take_letter(column, consent="rewritten").letter
        row = Letter.objects.filter(pk=letter.pk)
        row.update(status=status, received_on=(last - took * DAY).replace(day=1), quiet_since=month_after(last))
    cache.clear()


@pytest.mark.databases
def test_half_of_them_and_how_many_in_public(column: Column, at: dt.datetime) -> None:
    ended(column, at, 1, 2, 3, 4, 5, 6, 7)
    ended(column, at, 3, 4, 5, status="published")
    assert waiting_time.of(column, at=at) == Estimate(days=IN_A_MONTH, in_ten=3)


def test_of_few_letters_nothing_is_said(column: Column, at: dt.datetime) -> None:
    ended(column, at, *[3] * 9)
    assert waiting_time.of(column, at=at) is None
    ended(column, at, 3, status="replied")
    assert waiting_time.of(column, at=at) == Estimate(days=IN_A_MONTH, in_ten=0)


@pytest.mark.parametrize("status", sorted(set(LetterStatus) - {"declined", "replied", "published"}))
def test_only_ends_of_the_desk_count(column: Column, at: dt.datetime, status: str) -> None:
    ended(column, at, *[3] * 12, status=status)
    assert waiting_time.of(column, at=at) is None


@pytest.mark.databases
@pytest.mark.parametrize(("ago", "counts"), [(0, True), (180, True), (220, False), (-40, False)])
def test_the_last_half_year_counts(column: Column, at: dt.datetime, ago: int, *, counts: bool) -> None:
    """One that is written for a later month has not come to its end."""
    ended(column, at, *[30] * 10, ago=ago)
    assert (waiting_time.of(column, at=at) is not None) is counts


def test_each_column_speaks_for_itself(column: Column, other_column: Column, at: dt.datetime) -> None:
    ended(other_column, at, *[3] * 12)
    assert waiting_time.of(column, at=at) is None
    assert waiting_time.of(other_column, at=at) == Estimate(IN_A_MONTH, 0)


@pytest.mark.databases
def test_it_is_worked_out_once_an_hour_from_numbers_alone(column: Column, at: dt.datetime) -> None:
    for letters in ([], [3] * 12):
        ended(column, at, *letters)
        with CaptureQueriesContext(connection) as queries:
            for _ in range(3):
                waiting_time.of(column, at=at)
        assert len(queries) == 1, "nothing to say is remembered too"
        assert "sealed" not in queries[0]["sql"]


@pytest.mark.databases
def test_without_the_cache_it_is_worked_out_each_time(
    column: Column, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    ended(column, at, *[3] * 12)
    monkeypatch.setattr(cache, "get", broken)
    assert waiting_time.of(column, at=at) == Estimate(IN_A_MONTH, 0)


@given(LIVES)
def test_half_of_the_letters_and_more_took_no_longer(lives: list[tuple[int, bool]]) -> None:
    """By months: at least half may have ended by then, and at least half not before."""
    found = waiting_time.worked_out(lives)
    assert found is not None
    assert 2 * sum(30 * (months - 1) <= found.days for months, _ in lives) >= len(lives)
    assert 2 * sum(30 * (months + 1) >= found.days for months, _ in lives) >= len(lives)
    assert abs(found.in_ten / 10 - sum(public for _, public in lives) / len(lives)) <= 0.05 + 1e-9


def waiting(column: Column, at: dt.datetime, *ages: int, status: str = "received") -> None:
    """Letters that nobody has answered yet, so many days old."""
    for age in ages:
        letter = factories.take_letter(column, consent="rewritten").letter
        Letter.objects.filter(pk=letter.pk).update(status=status, received_on=at.date() - age * DAY)
    cache.clear()


@pytest.mark.parametrize("status", ["received", "held", "shortlisted", "answering"])
def test_a_growing_backlog_makes_it_longer_and_fresh_letters_do_not_make_it_shorter(
    column: Column, at: dt.datetime, status: str
) -> None:
    ended(column, at, 2, 2, 3, 3, 4, 4, 5, 5, 6, 20)
    alone = waiting_time.of(column, at=at)
    assert alone == Estimate(days=IN_A_MONTH, in_ten=0)
    waiting(column, at, *[0] * 30, status=status)
    fresh = waiting_time.of(column, at=at)
    assert fresh is not None
    assert alone.days <= fresh.days <= alone.days + 1
    waiting(column, at, *[19] * 8, status=status)
    longer = waiting_time.of(column, at=at)
    assert longer is not None
    assert longer.days > fresh.days + 3


def test_where_most_have_waited_longer_than_any_took_nothing_is_said(column: Column, at: dt.datetime) -> None:
    ended(column, at, *[3] * 12)
    waiting(column, at, *[30] * 13)
    assert waiting_time.of(column, at=at) is None


@given(LIVES, st.lists(st.integers(min_value=0, max_value=400)))
def test_whatever_waits_it_is_never_shorter_than_without(lives: list[tuple[int, bool]], ages: list[int]) -> None:
    alone, found = waiting_time.worked_out(lives), waiting_time.worked_out(lives, Counter(ages))
    assert alone is not None
    assert found is None or found.days >= alone.days


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "heard from us on the same day"),
        (1, "heard from us within 1 day."),
        (9, "heard from us within 9 days."),
    ],
)
def test_readers_are_told_and_promised_nothing(
    column: Column, at: dt.datetime, days: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    assert "We cannot say yet how long it takes." in reader.open("before-you-write/")
    cache.clear()
    monkeypatch.setattr(waiting_time, "worked_out", lambda *_: Estimate(days, 0))
    pages = [reader.open("before-you-write/")]
    receipt = reader.send()
    pages += [reader.page, reader.press("write/kept/", last_group=receipt[-5:]), reader.open_letter(receipt)]
    for page in pages:
        assert f"Half of the letters of the last six months, with those that still wait, {said}" in " ".join(
            page.split()
        )
        assert "Very few of those that came to an end were answered in the column." in page
        assert "Yours may take more time, or less." in page


def test_a_letter_that_has_its_answer_says_nothing_of_waiting(
    column: Column, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_time, "worked_out", lambda *_: Estimate(3, 0))
    taken = factories.take_letter(column)
    Letter.objects.filter(pk=taken.letter.pk).update(status="declined")
    assert "Half of the letters" not in Reader().open_letter(taken.receipt)


def test_a_changed_receipt_says_nothing_of_waiting(
    column: Column, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_time, "worked_out", lambda *_: Estimate(3, 0))
    reader = Reader()
    reader.open_letter(factories.take_letter(column).receipt)
    assert "Half of the letters" not in reader.press("letter/change/")
