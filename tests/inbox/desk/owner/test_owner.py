"""What the column is set to, and its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.test import Client

from columns.models import Column
from inbox.models import ColumnEvent, User

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/"


def test_shows_what_the_column_is_set_to(column: Column, owner: User, signed_in: SignIn) -> None:
    page = signed_in(owner).get(BASE).text
    assert "The column takes letters." in page
    assert "Letters that were not chosen" in page
    assert "90 days" in page
    ColumnEvent.objects.all().delete()
    assert "Nothing was changed since the column was made." in signed_in(owner).get(BASE).text
    Column.objects.filter(pk=column.pk).update(intake_open=False, reopens_on=dt.date(2090, 5, 3), four_eyes=False)
    page = signed_in(owner).get(BASE).text
    assert "Paused until 3 May 2090." in page
    assert "rest for a day" in page


def test_history_newest_first_in_pages(column: Column, owner: User, signed_in: SignIn, at: dt.datetime) -> None:
    ColumnEvent.objects.all().delete()
    for number in range(31):
        ColumnEvent.write(column, "set_texts", by=owner, at=at, about=f"change <{number}>")
    first, second = (signed_in(owner).get(BASE, {"page": number}).text for number in (1, 2))
    assert first.index("change &lt;30&gt;") < first.index("change &lt;1&gt;")
    assert "change &lt;0&gt;" not in first
    assert "change &lt;0&gt;" in second
    assert "Texts were changed. (change &lt;0&gt;) – Owner" in second
    assert "?page=2" in first
    assert "?page=1" in second


def test_asks_the_database_as_often_for_a_long_history(
    column: Column, owner: User, signed_in: SignIn, at: dt.datetime, django_assert_max_num_queries: object
) -> None:
    for _ in range(25):
        ColumnEvent.write(column, "set_texts", by=owner, at=at)
    client = signed_in(owner)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        client.get(BASE)


def test_the_way_there_is_shown_to_owners_alone(
    column: Column, owner: User, moderator: User, signed_in: SignIn
) -> None:
    assert f'href="{BASE}"' in signed_in(owner).get("/desk/plain/staff/").text
    assert f'href="{BASE}"' not in signed_in(moderator).get("/desk/plain/staff/").text


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    client = signed_in(owner)
    assert client.delete(BASE).status_code == 405
    assert client.post(BASE).status_code == 405
