"""What the keys choose from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import LetterTemplate, User

SignIn = Callable[[User], Client]
PATH = "/desk/plain/panels/"


def test_has_reasons_topics_and_colleagues(
    column: Column, moderator: User, author: User, owner: User, signed_in: SignIn
) -> None:
    LetterTemplate.objects.create(column=column, kind="decline", title="Our own words", text="Thank you.")
    page = signed_in(moderator).get(PATH).content.decode()
    for words in ("Our own words", "Too many letters", "Pain", "Author", "In a week", "Write it first"):
        assert words in page
    assert "Owner" not in page, "who reads no letters is given none"


def test_there_is_a_table_of_contents_for_each_key_that_chooses(moderator: User, signed_in: SignIn) -> None:
    page = signed_in(moderator).get(PATH).content.decode()
    for name in ("decline", "hold", "topic", "give"):
        assert page.count(f'id="panel-{name}"') == 1


def test_what_moves_a_letter_has_room_for_where_it_was_seen(moderator: User, signed_in: SignIn) -> None:
    page = signed_in(moderator).get(PATH).content.decode()
    for name, moves in (("decline", True), ("hold", True), ("topic", False), ("give", False)):
        panel = page.split(f'id="panel-{name}"')[1].split("</dialog>")[0]
        assert ('<input type="hidden" name="seen" value="">' in panel) == moves


@pytest.mark.parametrize("count", [1, 9])
def test_asks_as_often_for_few_as_for_many(
    column: Column, moderator: User, signed_in: SignIn, django_assert_max_num_queries: Callable[..., object], count: int
) -> None:
    for number in range(count):
        LetterTemplate.objects.create(column=column, kind="decline", title=f"Text {number}", text="Thank you.")
    client = signed_in(moderator)
    with django_assert_max_num_queries(7):  # type: ignore[attr-defined]
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
