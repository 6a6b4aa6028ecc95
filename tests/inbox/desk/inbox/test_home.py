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
OWNERS = (
    *("", "opening/", "texts/", "topics/", "help-lines/", "care/", "templates/", "intake/", "retention/", "export/"),
    "health/",
)


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


def test_an_owner_finds_every_page_of_the_owner(
    column: Column, owner: User, moderator: User, signed_in: SignIn
) -> None:
    """Each address of the owner's that can be opened by itself, and the staff's."""
    pages = {f"/desk/plain/owner/{one}" for one in OWNERS} | {"/desk/plain/staff/"}
    page = signed_in(owner).get("/desk/").text
    assert {path for path in pages if f'href="{path}"' not in page} == set()
    assert "/owner/" not in signed_in(moderator).get("/desk/").text


def test_an_owner_reads_what_is_missing_before_the_column_opens(
    column: Column, owner: User, moderator: User, signed_in: SignIn
) -> None:
    assert "Before your column opens" not in signed_in(owner).get("/desk/").text
    Column.objects.filter(pk=column.pk).update(intake_open=False, never_opened=True)
    page = signed_in(owner).get("/desk/").text
    assert "Before your column opens" in page
    assert "<strong>A trial of the recovery key</strong>" in page
    assert "A trial of the mail (recommended)" in page
    assert "<strong>Help lines</strong>" not in page
    assert "Before your column opens" not in signed_in(moderator).get("/desk/").text
    factories.make_ready(column, owner)
    ready = signed_in(owner).get("/desk/").text.split("Before your column opens")[1]
    assert "Everything necessary is done." in ready
    assert "A backup (recommended)" in ready
    assert "<strong>" not in ready


@pytest.mark.parametrize(("never_opened", "most"), [(False, 8), (True, 13)])
def test_asks_the_database_as_often_for_an_owner(
    column: Column,
    owner: User,
    signed_in: SignIn,
    django_assert_max_num_queries: Callable[..., object],
    never_opened: bool,
    most: int,
) -> None:
    Column.objects.filter(pk=column.pk).update(intake_open=not never_opened, never_opened=never_opened)
    client = signed_in(owner)
    client.get("/desk/")
    with django_assert_max_num_queries(most):  # type: ignore[attr-defined]
        client.get("/desk/")


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
