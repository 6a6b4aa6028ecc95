"""What I did."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox import conversation
from inbox.models import User
from tests import factories

SignIn = Callable[[User], Client]
PATH = "/desk/plain/did/"


def test_shows_ones_own_decisions_the_last_first_with_their_way_back(
    column: Column, moderator: User, author: User, signed_in: SignIn
) -> None:
    letters = [factories.make_letter(column) for _ in range(3)]
    client = signed_in(moderator)
    for letter, verb in zip(letters, ("hold", "shortlist", "hold"), strict=True):
        client.post(f"/desk/plain/letters/{letter.pk}/move/{verb}/")
    theirs = factories.make_letter(column)
    signed_in(author).post(f"/desk/plain/letters/{theirs.pk}/move/hold/")
    page = client.get(PATH).content.decode()
    assert re.findall(r">(L-\w{4})</a>", page) == [letter.label for letter in reversed(letters)]
    assert page.partition('<ol class="did">')[2].count("/undo/") == 3
    assert theirs.label not in page


def test_what_was_undone_says_so_and_cannot_be_undone_again(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    event = conversation.decline(letter, "We cannot take it up.", by=moderator, at=at)
    conversation.undo(letter, event, by=moderator, at=at, keys=factories.desk_keys())
    page = signed_in(moderator).get(PATH).content.decode()
    assert "undone" in page
    assert "was put back as before it was declined" in page
    assert "/undo/" not in page


@pytest.mark.parametrize("count", [2, 30])
def test_asks_as_often_for_few_as_for_many(
    column: Column,
    moderator: User,
    signed_in: SignIn,
    at: dt.datetime,
    django_assert_max_num_queries: Callable[..., object],
    count: int,
) -> None:
    for _ in range(count):
        factories.make_letter(column).hold(by=moderator, at=at)
    client = signed_in(moderator)
    with django_assert_max_num_queries(5):  # type: ignore[attr-defined]
        client.get(PATH)


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
