"""Staff and keys: who works here, and who holds what."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from columns.models import Column
from inbox.models import Seat, StaffKey, User
from inbox.workflow import Role
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}


def test_everybody_at_the_column_sees_it(
    column: Column, signed_in: SignIn, moderator: User, author: User, reviewer: User, owner: User
) -> None:
    for user in (moderator, author, reviewer, owner):
        page = signed_in(user).get(BASE)
        assert page.status_code == 200
        for other in (moderator, author, reviewer, owner):
            assert other.email in page.text
        assert ("Invite somebody" in page.text) == (user == owner)
        assert ("The recovery key" in page.text) == (user == owner)


def test_it_says_who_lacks_keys_and_offers_to_give_them(
    column: Column, signed_in: SignIn, moderator: User, owner: User
) -> None:
    newcomer = factories.make_user("newcomer")
    Seat.objects.create(user=newcomer, column=column, role=Role.AUTHOR)
    assert "Lacks 1 key of the column." in signed_in(owner).get(BASE).text
    assert "Give <bdi>Newcomer</bdi> the keys" not in signed_in(owner).get(BASE).text
    assert "Give <bdi>Newcomer</bdi> the keys" in signed_in(moderator).get(BASE).text
    StaffKey.objects.filter(user=newcomer).delete()
    assert "They have not set a password yet" in signed_in(moderator).get(BASE).text


def test_a_newcomer_without_keys_is_told_so_in_plain_words(column: Column, signed_in: SignIn) -> None:
    newcomer = factories.make_user("newcomer")
    Seat.objects.create(user=newcomer, column=column, role=Role.AUTHOR)
    draft = factories.make_draft(column)
    page = signed_in(newcomer).get(f"/desk/plain/drafts/{draft.pk}/")
    assert page.status_code == 403
    assert "You hold no key for this" in page.text


def test_it_asks_the_database_as_often_for_twenty_people(
    column: Column, signed_in: SignIn, owner: User, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        factories.make_user(f"person{number}", column, Role.MODERATOR)
    client = signed_in(owner)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(BASE)


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    assert signed_in(owner).post(BASE).status_code == 405
