"""What was sealed to the key of somebody who left is sealed anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox import keyring, staffing
from inbox.models import Seat, User
from inbox.workflow import Role
from tests import factories
from tests.doors import doors

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}


PATH = BASE + "reseal/"


@pytest.fixture
def left(column: Column, moderator: User, owner: User) -> None:
    factories.make_letter(column)
    staffing.set_seats(moderator, column, frozenset(), by=owner, at=timezone.now())


@pytest.mark.usefixtures("left")
def test_a_colleague_seals_anew(column: Column, signed_in: SignIn, author: User) -> None:
    factories.grant_all(column, author)
    assert keyring.left_to_reseal(column) == 1
    done = signed_in(author).post(PATH, follow=True)
    assert "1 data keys are sealed anew. None is left." in done.text
    assert keyring.left_to_reseal(column) == 0
    assert "sealed to a key of somebody who left" not in done.text


@pytest.mark.usefixtures("left")
def test_without_the_old_key_nothing_happens(column: Column, signed_in: SignIn) -> None:
    newcomer = factories.make_user("newcomer")
    Seat.objects.create(user=newcomer, column=column, role=Role.AUTHOR)
    assert signed_in(newcomer).post(PATH).status_code == 409
    assert keyring.left_to_reseal(column) == 1


def test_nobody_else_does(column: Column, signed_in: SignIn, owner: User) -> None:
    assert doors(column, PATH, Role.OWNER, method="post") == {"stranger": 302, "elsewhere": 404, "owner": 403}


def test_wrong_method(signed_in: SignIn, moderator: User) -> None:
    assert signed_in(moderator).get(PATH).status_code == 405
