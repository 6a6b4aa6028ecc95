"""An owner invites somebody, and learns nothing about them."""

from __future__ import annotations

from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from columns.models import Column
from inbox.models import ColumnEvent, Invitation, Seat, User
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


def test_somebody_gets_a_mail_and_no_seat(column: Column, signed_in: SignIn, owner: User) -> None:
    client = confirmed(signed_in(owner), owner)
    page = client.post(PATH, NEW)
    assert page.status_code == 200
    assert "A mail with the invitation is on its way to new@example.org." in page.text
    assert not User.objects.filter(email="new@example.org").exists()
    assert Seat.objects.exclude(user=owner).count() == 0
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    event = ColumnEvent.objects.get(verb="invite", by=owner)
    assert event.about == "New Person: moderator"
    listed = client.get(BASE).text
    assert "For <bdi>New Person</bdi>, from <bdi>Owner</bdi>" in listed
    assert "Call back the invitation to new@example.org" in listed


def test_only_owners_see_open_invitations(column: Column, signed_in: SignIn, owner: User, moderator: User) -> None:
    confirmed(signed_in(owner), owner).post(PATH, NEW)
    assert "new@example.org" not in signed_in(moderator).get(BASE).text


@pytest.mark.parametrize("fails", [False, True])
def test_an_address_with_an_account_looks_as_one_without(
    column: Column,
    signed_in: SignIn,
    owner: User,
    author_elsewhere: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    fails: bool,
) -> None:
    """The same bytes but for the address and the link, after as many queries; also where no mail goes out."""
    nobody, somebody = "nobody-elsewhere@example.org", author_elsewhere.email
    if fails:
        monkeypatch.setattr("inbox.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(SMTPException(self.to)))
    client, seen = confirmed(signed_in(owner), owner), []
    client.post(PATH, {**NEW, "email": "first@example.org"})  # from here on the sign-in is fresh
    for email in (nobody, somebody):
        Invitation.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.post(PATH, {**NEW, "email": email}).text
        one = Invitation.objects.get()
        listed = client.get(BASE).text
        for own in (email, str(one.pk)):
            page, listed = page.replace(own, "…"), listed.replace(own, "…")
        page = "".join(line for line in page.splitlines() if "/accounts/invitation/" not in line)
        seen.append((len(asked), without_tokens(page), without_tokens(listed)))
    assert seen[0] == seen[1]
    assert author_elsewhere.name not in seen[1][1] + seen[1][2]
    assert Seat.objects.filter(column=column).count() == 1


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_the_owner_sees_the_link_only_where_no_mail_brings_it(
    column: Column, signed_in: SignIn, owner: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = confirmed(signed_in(owner), owner)
    assert "/accounts/invitation/" in client.post(PATH, NEW).text  # in demonstration mode no mail leaves
    User.objects.filter(pk=owner.pk).update(demo=False)
    settings.DEMO = False
    monkeypatch.setattr("inbox.desk.middleware.is_mfa_enabled", lambda user: True)
    client.cookies[settings.UNLOCK_COOKIE_NAME] = client.cookies["desk-unlock"].value
    page = client.post(PATH, NEW)
    assert (page.status_code, "/accounts/invitation/" in page.text) == (200, False)
    monkeypatch.setattr("inbox.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(SMTPException(self.to)))
    page = client.post(PATH, NEW)
    assert "the mail server did not confirm that it took the mail" in page.text
    assert "/accounts/invitation/" in page.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("email", "no address", "not a full e-mail address"), ("email", "x@localhost", "not a full e-mail address"),
     ("email", "a" * 300 + "@example.org", "not a full e-mail address"), ("name", "", "required"),
     ("seats", [], "required"), ("seats", ["king"], "king"), ("email", "moderator@example.org", "has a seat here")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    column: Column, signed_in: SignIn, owner: User, moderator: User, field: str, value: object, said: str
) -> None:
    page = confirmed(signed_in(owner), owner).post(PATH, {**NEW, "credential": "Kept words", field: value})
    assert page.status_code == 400
    assert said in page.text
    assert "Kept words" in page.text
    if field == "email":
        assert f'value="{value}"' in page.text
    assert mail.outbox == []
    assert not Invitation.objects.exists()


def test_a_desk_left_open_is_not_enough(column: Column, signed_in: SignIn, owner: User) -> None:
    client = confirmed(signed_in(owner), owner)
    asked = client.post(PATH, {**NEW, "confirm_password": ""})
    assert (asked.status_code, Invitation.objects.count()) == (400, 0)
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
    assert not Invitation.objects.exists()
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
