"""What was sealed to the key of somebody who left is sealed anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.keys import keyring
from inbox.models import PublicKey, SealedKey, Seat, User
from inbox.staff import membership
from inbox.workflow import Role
from tests import factories
from tests.access_checks import access_statuses

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}


PATH = BASE + "reseal/"


@pytest.fixture
def left(column: Column, moderator: User, owner: User) -> None:
    factories.make_letter(column)
    membership.set_seats(moderator, column, frozenset(), by=owner, at=timezone.now())


@pytest.mark.usefixtures("left")
def test_a_colleague_seals_anew(column: Column, signed_in: SignIn, author: User) -> None:
    factories.grant_all(column, author)
    factories.give_address(author)
    assert keyring.left_to_reseal(column) == 2
    done = signed_in(author).post(PATH, CONFIRM, follow=True)
    assert "2 data keys are sealed anew. None is left." in done.text
    assert keyring.left_to_reseal(column) == 0
    assert "sealed to a key of somebody who left" not in done.text


@pytest.mark.usefixtures("left")
def test_what_no_key_opens_is_said(column: Column, signed_in: SignIn, author: User) -> None:
    factories.grant_all(column, author)
    factories.give_address(author)
    SealedKey.objects.filter(key_id__in=PublicKey.objects.filter(retired=True)).update(sealed=bytes(96))
    done = signed_in(author).post(PATH, CONFIRM, follow=True)
    assert "2 data keys that are left could not be opened" in done.text
    assert keyring.left_to_reseal(column) == 2


@pytest.mark.usefixtures("left")
def test_without_the_old_key_nothing_happens(column: Column, signed_in: SignIn) -> None:
    newcomer = factories.make_user("newcomer")
    Seat.objects.create(user=newcomer, column=column, role=Role.AUTHOR)
    factories.give_address(newcomer)
    assert signed_in(newcomer).post(PATH, CONFIRM).status_code == 409
    assert keyring.left_to_reseal(column) == 2


def test_nobody_else_does(column: Column, signed_in: SignIn, owner: User) -> None:
    # the password is asked for before anything is said about the column
    assert access_statuses(column, PATH, Role.OWNER, method="post") == {"stranger": 302, "elsewhere": 403, "owner": 403}
    elsewhere = factories.make_user("there", factories.make_column(), *Role)
    for user, status in ((elsewhere, 404), (owner, 403)):
        factories.give_address(user)
        assert signed_in(user).post(PATH, CONFIRM).status_code == status


def test_wrong_method(signed_in: SignIn, moderator: User) -> None:
    factories.give_address(moderator)
    client = signed_in(moderator)
    client.post(PATH, CONFIRM)
    assert client.get(PATH).status_code == 405
