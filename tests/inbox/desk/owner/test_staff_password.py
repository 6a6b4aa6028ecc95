"""The owner's page of an act on somebody's account (every kind of owner: tests/inbox/staff/test_account_resets.py)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import User
from tests import factories

SignIn = Callable[[User], Client]
CONFIRM = {"confirm_password": factories.PASSWORD}


@pytest.fixture
def path(column: Column, moderator: User, owner: User) -> str:
    for user in (moderator, owner):
        factories.give_address(user)
    return f"/desk/plain/staff/{moderator.pk}/password/"


def test_the_owner_is_told_what_was_done(path: str, owner: User, signed_in: SignIn) -> None:
    page = signed_in(owner).post(path, CONFIRM, follow=True)
    assert "The password of Moderator is ended. A mail with the way to a new one is on its way to them." in page.text


def test_only_an_owner_with_a_fresh_sign_in(path: str, owner: User, moderator: User, signed_in: SignIn) -> None:
    assert signed_in(owner).post(path).status_code == 403
    assert signed_in(moderator).post(path, CONFIRM).status_code == 403
    assert signed_in(moderator).get("/desk/").status_code == 200


def test_wrong_method(path: str, owner: User, signed_in: SignIn) -> None:
    assert signed_in(owner).get(path).status_code == 405
