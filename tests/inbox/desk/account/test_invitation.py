"""An invitation is accepted: a first password, and with it a key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.models import User
from inbox.staff import membership
from inbox.workflow import Role
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}


GOOD = {"password": "five words that are mine", "again": "five words that are mine"}


@pytest.fixture
def invited(column: Column, owner: User) -> membership.Invited:
    return membership.invite(
        "new@example.org", "New Person", column, [Role.MODERATOR], credential="", by=owner, at=timezone.now()
    )


def test_from_the_mail_to_the_first_letter(
    column: Column, invited: membership.Invited, signed_in: SignIn, moderator: User
) -> None:
    letter, client = factories.make_letter(column), Client()
    assert "Welcome, New Person" in client.get(invited.path).text
    assert client.post(invited.path, GOOD).headers["Location"] == "/accounts/login/"
    user = User.objects.get(email="new@example.org")
    assert user.check_password(GOOD["password"])
    factories.give_address(moderator)
    signed_in(moderator).post(f"{BASE}{user.pk}/keys/", CONFIRM)
    User.objects.filter(pk=user.pk).update(demo=True)  # so that no second factor is asked for here
    client.post("/accounts/login/", {"login": "new@example.org", "password": GOOD["password"]})
    assert factories.LETTER_TEXT in client.get(f"/desk/plain/letters/{letter.pk}/").text


def test_it_works_once_and_for_three_days(invited: membership.Invited, stranger: Client) -> None:
    with time_machine.travel(timezone.now() + dt.timedelta(days=3, minutes=1), tick=False):
        assert stranger.get(invited.path).status_code == 404
    stranger.post(invited.path, GOOD)
    for answer in (stranger.get(invited.path), stranger.post(invited.path, GOOD)):
        assert answer.status_code == 404
        assert "This invitation is over" in answer.text


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [("short", "short", "too short"), ("five words that are mine", "other", "not the same"), ("", "", "required"),
     ("1qaz2wsx3edc", "1qaz2wsx3edc", "too common")],
)  # fmt: skip
def test_a_weak_password_is_refused(
    invited: membership.Invited, stranger: Client, password: str, again: str, said: str
) -> None:
    page = stranger.post(invited.path, {"password": password, "again": again})
    assert page.status_code == 400
    assert said in page.text
    assert not User.objects.get(email="new@example.org").has_usable_password()


@pytest.mark.parametrize("token", ["x", "1-abc", "zzzzzzzzzzzzzzzzzzzz-abc", "-", "1"])
def test_a_made_up_token_opens_nothing(column: Column, stranger: Client, token: str) -> None:
    assert stranger.get(f"/accounts/invitation/{token}/").status_code == 404


def test_somebody_who_has_a_password_is_not_given_another(invited: membership.Invited, stranger: Client) -> None:
    user = User.objects.get(email="new@example.org")
    membership.accept(user, "one that they chose themselves", at=timezone.now())
    assert stranger.post(invited.path, GOOD).status_code == 404
    user.refresh_from_db()
    assert user.check_password("one that they chose themselves")


def test_wrong_method(invited: membership.Invited, stranger: Client) -> None:
    assert stranger.put(invited.path).status_code == 405
