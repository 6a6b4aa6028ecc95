"""How many letters are new since a list was shown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import User
from tests import factories

SignIn = Callable[[User], Client]
PATH = "/desk/plain/news/"


def test_counts_what_came_since(column: Column, moderator: User, signed_in: SignIn, at: dt.datetime) -> None:
    factories.make_letter(column, at=at - dt.timedelta(days=3))
    factories.make_letter(column)
    client, since = signed_in(moderator), at.date().isoformat()
    had = re.search(r"had=(\d+)", client.get("/desk/plain/inbox/").content.decode())
    assert had
    assert had[1] == "1"
    for _ in range(3):
        factories.make_letter(column)
    assert client.get(PATH, {"since": since, "had": had[1]}).json() == {"new": 3}


@pytest.mark.parametrize("given", [{}, {"since": "x", "had": "1"}, {"since": "2026-01-01", "had": "x"}])
def test_a_question_that_is_none_is_answered_with_nothing(
    column: Column, moderator: User, signed_in: SignIn, given: dict[str, str]
) -> None:
    assert signed_in(moderator).get(PATH, given).json() == {"new": 0}


def test_it_costs_three_queries(
    column: Column, moderator: User, signed_in: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = signed_in(moderator)
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        client.get(PATH, {"since": "2026-01-01", "had": "0"})


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    assert stranger.get(PATH).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).get(PATH).status_code == status
    assert signed_in(moderator).post(PATH).status_code == 405
