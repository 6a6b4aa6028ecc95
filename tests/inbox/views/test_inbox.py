"""The inbox: one page of letters, by need."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from columns.models import Column
from inbox.models import User
from inbox.views import desk
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
PATH = "/desk/plain/inbox/"


def labels(page: str) -> list[str]:
    return re.findall(r'<span class="label">(L-\w+)</span>', page)


def test_urgent_ones_first_then_those_who_have_waited_longest(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    late = factories.make_letter(column, at=at)
    early = factories.make_letter(column, at=at - dt.timedelta(days=9))
    urgent = factories.make_letter(
        column, at=at, text="Some nights I think about ending my life and I cannot tell anyone."
    )
    page = signed_in(moderator).get(PATH).content.decode()
    assert labels(page) == [urgent.label, early.label, late.label]


def test_the_words_of_an_urgent_letter_wait_until_it_is_opened(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    factories.make_letter(column, text="Some nights I think about ending my life and I cannot tell anyone.")
    page = signed_in(moderator).get(PATH).content.decode()
    assert "ending my life" not in page
    assert "shown when you open it" in page


def test_words_are_escaped(column: Column, moderator: User, signed_in: SignIn) -> None:
    factories.make_letter(
        column, text="<script>alert(1)</script> and more words than forty characters", pen_name="<b>me</b>"
    )
    page = signed_in(moderator).get(PATH).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>me" not in page


def test_letters_of_another_column_are_not_there(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    other = factories.make_letter(other_column)
    assert labels(signed_in(moderator).get(PATH).content.decode()) == []
    assert other.status == LetterStatus.RECEIVED


def test_pages_are_gone_through_one_by_one(
    column: Column, moderator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PAGE", 3)
    made = {factories.make_letter(column).label for _ in range(7)}
    client = signed_in(moderator)
    seen = [labels(client.get(f"{PATH}?page={number}").content.decode()) for number in (1, 2, 3)]
    assert [len(page) for page in seen] == [3, 3, 1]
    assert {label for page in seen for label in page} == made


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "", "1.5"])
def test_a_page_that_is_none_is_the_first(column: Column, moderator: User, signed_in: SignIn, page: str) -> None:
    assert signed_in(moderator).get(PATH, {"page": page}).status_code == 200


def test_it_is_only_read(moderator: User, signed_in: SignIn) -> None:
    assert signed_in(moderator).post(PATH).status_code == 405


def test_who_may_not(
    stranger: Client, author_elsewhere: User, owner: User, reviewer: User, author: User, signed_in: SignIn
) -> None:
    assert stranger.get(PATH).status_code == 302
    assert signed_in(author_elsewhere).get(PATH).status_code == 404
    assert signed_in(owner).get(PATH).status_code == 403
    assert signed_in(reviewer).get(PATH).status_code == 403
    assert signed_in(author).get(PATH).status_code == 200


def test_eight_queries_whether_there_are_25_letters_or_250(column: Column, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    counts = []
    for more in (25, 225):
        for _ in range(more):
            factories.take_letter(column)
        client.get(PATH)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(PATH)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_nothing_of_it_is_kept_on_the_way(moderator: User, signed_in: SignIn) -> None:
    response = signed_in(moderator).get(PATH)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
