"""Today."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import User
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]


def test_shows_what_waits_in_each_column_of_the_person(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    factories.make_letter(column, LetterStatus.HELD)
    factories.make_letter(column, text="Some nights I think about ending my life and I cannot tell anyone.")
    page = signed_in(moderator).get("/desk/").content.decode()
    assert "<dt>waiting</dt><dd>2</dd>" in page
    assert "<dt>urgent</dt><dd>1</dd>" in page
    assert "Plain Answers" in page
    assert "Elsewhere" not in page


def test_an_owner_sees_no_numbers_of_letters(column: Column, owner: User, signed_in: SignIn) -> None:
    page = signed_in(owner).get("/desk/").content.decode()
    assert "Plain Answers" in page
    assert "waiting" not in page


def test_somebody_without_a_seat_is_told_so(db: None, signed_in: SignIn) -> None:
    assert "no seat in any column" in signed_in(factories.make_user("new")).get("/desk/").content.decode()


def test_it_is_only_read(moderator: User, signed_in: SignIn) -> None:
    assert signed_in(moderator).post("/desk/").status_code == 405


def test_a_stranger_signs_in_first(stranger: Client, column: Column) -> None:
    assert stranger.get("/desk/").headers["Location"] == "/accounts/login/?next=/desk/"


@pytest.mark.parametrize("count", [1, 12])
def test_asks_the_database_as_often_for_few_letters_as_for_many(
    column: Column, moderator: User, signed_in: SignIn, django_assert_max_num_queries: Callable[..., object], count: int
) -> None:
    for _ in range(count):
        factories.make_letter(column)
    client = signed_in(moderator)
    client.get("/desk/")
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get("/desk/")
