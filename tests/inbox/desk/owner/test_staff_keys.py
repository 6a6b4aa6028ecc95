"""A colleague gives the keys on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import KeyGrant, Seat, User
from inbox.workflow import Role
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}


def confirmed(signed_in: SignIn, user: User) -> Client:
    """Somebody whose password can be asked for once more."""
    factories.give_address(user)
    return signed_in(user)


def after_confirming(signed_in: SignIn, user: User, newcomer: User) -> Client:
    client = confirmed(signed_in, user)
    client.post(f"{BASE}{newcomer.pk}/keys/", CONFIRM)
    return client


@pytest.fixture
def newcomer(column: Column) -> User:
    user = factories.make_user("newcomer")
    Seat.objects.create(user=user, column=column, role=Role.AUTHOR)
    return user


def test_a_colleague_gives_the_keys(column: Column, signed_in: SignIn, moderator: User, newcomer: User) -> None:
    letter = factories.make_letter(column)
    theirs = signed_in(newcomer)
    assert factories.LETTER_TEXT not in theirs.get(f"/desk/plain/letters/{letter.pk}/").text
    done = confirmed(signed_in, moderator).post(f"{BASE}{newcomer.pk}/keys/", CONFIRM, follow=True)
    assert "Newcomer can open letters now." in done.text
    # their open session notices at its next page
    assert factories.LETTER_TEXT in theirs.get(f"/desk/plain/letters/{letter.pk}/").text


def test_twice_is_once(column: Column, signed_in: SignIn, moderator: User, newcomer: User) -> None:
    client = confirmed(signed_in, moderator)
    client.post(f"{BASE}{newcomer.pk}/keys/", CONFIRM)
    again = client.post(f"{BASE}{newcomer.pk}/keys/", CONFIRM, follow=True)
    assert "You hold no key that Newcomer lacks." in again.text
    assert KeyGrant.objects.filter(user=newcomer).count() == 1


def test_nobody_gives_what_they_do_not_hold(
    column: Column, signed_in: SignIn, owner: User, newcomer: User, author_elsewhere: User, stranger: Client
) -> None:
    path = f"{BASE}{newcomer.pk}/keys/"
    assert confirmed(signed_in, owner).post(path, CONFIRM).status_code == 403
    assert confirmed(signed_in, author_elsewhere).post(path, CONFIRM).status_code == 404
    assert confirmed(signed_in, newcomer).post(path, CONFIRM, follow=True).status_code == 200
    assert stranger.post(path).status_code == 302
    assert not KeyGrant.objects.filter(user=newcomer).exists()


def test_an_owner_is_given_none(column: Column, signed_in: SignIn, moderator: User, owner: User) -> None:
    assert confirmed(signed_in, moderator).post(f"{BASE}{owner.pk}/keys/", CONFIRM).status_code == 409
    assert not KeyGrant.objects.filter(user=owner).exists()


def test_wrong_method(signed_in: SignIn, moderator: User, newcomer: User) -> None:
    assert after_confirming(signed_in, moderator, newcomer).get(f"{BASE}{newcomer.pk}/keys/").status_code == 405


def test_a_desk_left_open_is_not_enough(column: Column, signed_in: SignIn, moderator: User, newcomer: User) -> None:
    asked = confirmed(signed_in, moderator).post(f"{BASE}{newcomer.pk}/keys/")
    assert asked.status_code == 403
    assert "Your password once more" in asked.text
    assert not KeyGrant.objects.filter(user=newcomer).exists()
