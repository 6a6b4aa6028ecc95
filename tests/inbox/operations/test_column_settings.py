"""What an owner does with a column, as acts: each with its event, and two at once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from columns import countries
from columns.models import Column, HelpLine, Topic
from inbox.letters import retention_periods
from inbox.models import ColumnEvent, Period, User
from inbox.models.times.days import month_after
from inbox.operations import column_settings
from inbox.workflow import AlreadyMoved, LetterStatus, MoveRefused, NotAllowed, Role
from tests import factories

pytestmark = pytest.mark.databases

#: Seconds after which what never comes is given up.
HANG = 300

#: Whether two connections can write at once; the tests' SQLite lies in memory and has one.
SEVERAL = connection.vendor == "postgresql"


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Runs the acts in threads of their own; the names of what they raised."""
    raised: list[str] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait(HANG)
        try:
            act()
        except MoveRefused as error:
            raised.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG)
    return raised


@pytest.mark.skipif(not SEVERAL, reason="needs two connections")
@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_remove_the_last_two_help_lines(at: dt.datetime) -> None:
    column = factories.make_column(slug="plain")
    owner = factories.make_user("owner", column, Role.OWNER)
    HelpLine.objects.create(column=column, name="Second")
    lines = list(HelpLine.objects.filter(column=column))
    raised = at_once(*[lambda line=line: column_settings.remove(line, by=owner, at=at) for line in lines])
    assert raised == ["NotAllowed"]
    assert HelpLine.objects.filter(column=column).count() == 1


@pytest.mark.skipif(not SEVERAL, reason="needs two connections")
@pytest.mark.django_db(transaction=True)
def test_events_of_many_at_once_are_numbered_in_turn(at: dt.datetime) -> None:
    column = factories.make_column(slug="plain")
    owner = factories.make_user("owner", column, Role.OWNER)
    before = ColumnEvent.objects.count()
    topics = [Topic(column=column, name="The same") for _ in range(6)]
    assert at_once(*[lambda topic=topic: column_settings.add(topic, by=owner, at=at) for topic in topics]) == []
    assert list(ColumnEvent.objects.values_list("number", flat=True)) == [*range(1, before + 7)]
    assert Topic.objects.filter(column=column).values("slug").distinct().count() == 8
    assert sorted(Topic.objects.filter(column=column).values_list("position", flat=True)) == [*range(8)]


def test_an_act_that_is_refused_leaves_no_event(column: Column, owner: User, at: dt.datetime) -> None:
    line = HelpLine.objects.get(column=column)
    before = ColumnEvent.objects.count()
    with pytest.raises(NotAllowed):
        column_settings.remove(line, by=owner, at=at)
    stale = Column.objects.get(pk=column.pk)
    column_settings.pause(column, reopens_on=None, by=owner, at=at)
    with pytest.raises(AlreadyMoved):
        column_settings.pause(stale, reopens_on=None, by=owner, at=at)
    assert ColumnEvent.objects.count() == before + 1


def test_a_change_and_a_removal_of_what_is_gone_are_news(column: Column, owner: User, at: dt.datetime) -> None:
    topic = Topic.objects.filter(column=column)[0]
    column_settings.remove(Topic.objects.get(pk=topic.pk), by=owner, at=at)
    for act in (
        lambda: column_settings.remove(topic, by=owner, at=at),
        lambda: column_settings.change(topic, {"name": "x"}, by=owner, at=at),
        lambda: column_settings.shift(topic, 1, by=owner, at=at),
    ):
        with pytest.raises(AlreadyMoved):
            act()


@pytest.mark.parametrize(
    ("is_open", "reopens", "takes"),
    [(True, None, True), (False, None, False), (False, 1, False), (False, 0, True), (False, -3, True)],
)
def test_whether_letters_are_taken(is_open: bool, reopens: int | None, takes: bool) -> None:
    today = dt.date(2031, 5, 3)
    day = None if reopens is None else today + dt.timedelta(days=reopens)
    assert Column(intake_open=is_open, reopens_on=day).takes_letters(today) is takes


def test_what_is_due_is_counted_from_the_first_of_the_month_after_its_end(column: Column, at: dt.datetime) -> None:
    factories.make_letter(column, LetterStatus.DECLINED, at=at)
    days = {**Period.DEFAULTS, "declined": 10}
    on = month_after(at.date()) + dt.timedelta(days=10)
    assert retention_periods.due(column, days, on=on)["declined"] == 1
    assert retention_periods.due(column, days, on=on - dt.timedelta(days=1))["declined"] == 0
    assert {kept for kept, many in retention_periods.due(column, days, on=on).items() if many} == {"declined"}


def test_what_writers_read_of_the_periods(column: Column, django_assert_num_queries: object) -> None:
    Period.objects.create(column=column, kept="declined", days=7)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = retention_periods.for_writers(column)
    assert [(line.kept, line.days) for line in found] == [
        ("declined", 7), ("replied", 180), ("published", 180), ("withdrawn", 30),
    ]  # fmt: skip


def test_countries_have_two_letters_and_one_name() -> None:
    found = countries.names()
    assert len(found) > 240
    assert all(len(code) == 2 and code.isupper() and name for code, name in found.items())
    assert len(set(found.values())) == len(found)
    assert countries.name("NZ") == "New Zealand"
    assert countries.name("ZZ") == "ZZ"
