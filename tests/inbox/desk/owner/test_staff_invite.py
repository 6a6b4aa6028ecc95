"""An owner invites somebody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from columns.models import Column
from inbox.models import ColumnEvent, Seat, User
from inbox.workflow import Role
from tests import factories
from tests.access_checks import access_statuses

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}


PATH = BASE + "invite/"
NEW = {"email": "New@Example.org", "name": "New Person", "seats": ["moderator"], **CONFIRM}


def confirmed(client: Client, owner: User) -> Client:
    """Sign-in addresses are what the password is asked against."""
    factories.give_address(owner)
    return client


def test_somebody_new_gets_a_seat_and_a_link(column: Column, signed_in: SignIn, owner: User) -> None:
    page = confirmed(signed_in(owner), owner).post(PATH, NEW)
    assert page.status_code == 200
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()
    assert set(Seat.objects.filter(user=user).values_list("role", flat=True)) == {"moderator"}
    shown = re.search(r"<code>http://testserver(/accounts/invitation/\S+)</code>", page.text)
    assert shown
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    assert shown[1] in sent.body
    event = ColumnEvent.objects.get(verb="invite", by=owner)
    assert event.about == "New Person: moderator"


def test_a_colleague_from_elsewhere_keeps_their_password(
    column: Column, signed_in: SignIn, owner: User, author_elsewhere: User
) -> None:
    known = {**NEW, "email": author_elsewhere.email}
    author_elsewhere.demo = False
    author_elsewhere.save()
    page = confirmed(signed_in(owner), owner).post(PATH, known)
    assert "/accounts/invitation/" not in page.text
    assert Seat.objects.filter(user=author_elsewhere, column=column).count() == 1
    assert author_elsewhere.check_password(factories.PASSWORD)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("email", "no address", "valid email"), ("name", "", "required"), ("seats", [], "required"),
     ("seats", ["king"], "king"), ("email", "moderator@example.org", "share an address")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    column: Column, signed_in: SignIn, owner: User, moderator: User, field: str, value: object, said: str
) -> None:
    page = confirmed(signed_in(owner), owner).post(PATH, {**NEW, "credential": "Kept words", field: value})
    assert page.status_code == 400
    assert said in page.text
    assert "Kept words" in page.text
    assert mail.outbox == []
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_desk_left_open_is_not_enough(column: Column, signed_in: SignIn, owner: User) -> None:
    client = confirmed(signed_in(owner), owner)
    asked = client.post(PATH, {**NEW, "confirm_password": ""})
    assert (asked.status_code, User.objects.filter(email="new@example.org").count()) == (400, 0)
    asked = client.post(PATH, {name: value for name, value in NEW.items() if name != "confirm_password"})
    assert asked.status_code == 403
    assert 'name="seats" value="moderator"' in asked.text  # what was typed goes on with the password
    assert client.post(PATH, NEW).status_code == 200
    again = {name: value for name, value in NEW.items() if name != "confirm_password"}
    assert client.post(PATH, {**again, "email": "second@example.org"}).status_code == 200  # the sign-in is fresh now


def test_nobody_else_invites(column: Column) -> None:
    others = (Role.MODERATOR, Role.AUTHOR, Role.REVIEWER)
    found = access_statuses(column, PATH, *others, method="post", **NEW)
    assert found["stranger"] == 302
    assert not User.objects.filter(email="new@example.org").exists()
    assert set(found.values()) <= {302, 400, 403, 404}


def test_only_an_owner_invites(column: Column, signed_in: SignIn, moderator: User, author_elsewhere: User) -> None:
    for user, status in ((moderator, 403), (author_elsewhere, 404)):
        factories.give_address(user)
        assert signed_in(user).post(PATH, NEW).status_code == status


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    factories.give_address(owner)
    client = signed_in(owner)
    client.post(PATH, {**NEW})
    assert client.get(PATH).status_code == 405
