"""An owner removes the second factor that a colleague lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.models import ColumnEvent, KeyGrant, Seat, User
from inbox.staff import installation
from inbox.workflow import Role
from tests import factories
from tests.inbox.staff.test_accounts import enrol, sign_in

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}
LOST = "They lost their second factor"


@pytest.fixture
def nurse(column: Column) -> User:
    at, password = timezone.now(), factories.PASSWORD
    return installation.add_staff("nurse@example.org", "Nurse", column, [Role.MODERATOR], password=password, at=at)


@pytest.fixture
def theirs(nurse: User) -> Client:
    """The nurse at work, with an app and recovery codes."""
    client = Client()
    sign_in(client, nurse.email)
    enrol(client)
    client.get("/accounts/2fa/recovery-codes/")
    return client


def path(user: User) -> str:
    return f"{BASE}{user.pk}/second-factor/"


def test_they_are_out_and_set_up_a_new_one_with_their_keys_as_before(
    column: Column, other_column: Column, signed_in: SignIn, owner: User, nurse: User, theirs: Client
) -> None:
    assert theirs.get("/desk/plain/inbox/").status_code == 200
    installation.add_staff(nurse.email, nurse.name, other_column, [Role.AUTHOR], at=timezone.now())
    Seat.objects.create(user=owner, column=other_column, role=Role.OWNER)
    factories.give_address(owner)
    factories.grant_all(column, nurse)
    client = signed_in(owner)
    assert LOST in client.get(BASE).text
    done = client.post(path(nurse), CONFIRM, follow=True)
    assert "Nurse sets up a new second factor at their next sign-in." in done.text
    assert "no second factor yet" in done.text
    assert LOST not in done.text
    assert not Authenticator.objects.filter(user=nurse).exists()
    assert theirs.get("/desk/plain/inbox/").headers["Location"].startswith("/accounts/login/")
    events = ColumnEvent.objects.filter(verb="reset_second_factor")
    assert {(one.column.slug, one.by, one.about) for one in events} == {
        ("plain", owner, "Nurse"),
        ("elsewhere", owner, "Nurse"),
    }
    assert KeyGrant.objects.filter(user=nurse, key__column=column).exists()
    again = Client()
    sign_in(again, nurse.email)
    assert again.get("/desk/plain/inbox/").headers["Location"] == "/accounts/2fa/totp/activate/"
    enrol(again)
    assert again.get("/desk/plain/inbox/").status_code == 200


def test_not_ones_own(column: Column, signed_in: SignIn, owner: User) -> None:
    factories.give_address(owner)
    refused = signed_in(owner).post(path(owner), CONFIRM)
    assert refused.status_code == 409
    assert "changed under “Second factor”" in refused.text


def test_only_an_owner_with_a_fresh_sign_in(
    column: Column, signed_in: SignIn, owner: User, moderator: User, author_elsewhere: User, nurse: User, theirs: Client
) -> None:
    assert signed_in(owner).post(path(nurse)).status_code == 403
    for user, status in ((moderator, 403), (author_elsewhere, 404)):
        factories.give_address(user)
        assert signed_in(user).post(path(nurse), CONFIRM).status_code == status
    assert Client().post(path(nurse)).status_code == 302
    factories.give_address(owner)
    assert signed_in(owner).post(path(author_elsewhere), CONFIRM).status_code == 404
    assert Authenticator.objects.filter(user=nurse).count() == 2
    assert theirs.get("/desk/plain/inbox/").status_code == 200


def test_wrong_method(signed_in: SignIn, owner: User, moderator: User) -> None:
    factories.give_address(owner)
    client = signed_in(owner)
    client.post(path(owner), CONFIRM)
    assert client.get(path(moderator)).status_code == 405
