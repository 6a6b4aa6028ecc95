"""Mails about accounts, and real mail servers that refuse, go away or hang: each page comes, and says how it stands."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from pytest_django import Settings

from columns.models import Column
from inbox.models import Invitation, User
from inbox.staff import account_resets, installation
from inbox.workflow import Role
from tests import factories
from tests.inbox.desk.owner.test_staff_invite import NEW, PATH, SignIn, confirmed
from tests.mail_server import DROP, HANG, mail_server

UNCONFIRMED = "the mail server did not confirm that it took the mail"
FAULTS = [
    ("MAIL", "451 4.3.0 later"),
    ("RCPT", "550 5.1.1 no such user"),
    ("TEXT", "554 5.7.1 we do not like it"),
    ("RCPT", HANG),
    ("TEXT", DROP),
    ("TEXT", HANG),
]
faulty = pytest.mark.parametrize(("step", "fault"), FAULTS)


@pytest.fixture(autouse=True)
def _soon(settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.2


@faulty
def test_an_invitation_is_there_and_the_owner_has_its_link(
    column: Column,
    signed_in: SignIn,
    owner: User,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    step: str,
    fault: str,
) -> None:
    client = confirmed(signed_in(owner), owner)
    with mail_server(settings, **{step: fault}):
        page = client.post(PATH, NEW)
    assert page.status_code == 200
    assert UNCONFIRMED in page.text
    assert "/accounts/invitation/" in page.text
    assert Invitation.objects.count() == 1
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("inbox.")]
    assert len(ours) == 1
    assert str(NEW["email"]) not in ours[0]


@faulty
def test_whoever_asks_for_a_password_learns_from_no_page_whether_there_is_an_account(
    column: Column, settings: Settings, at: dt.datetime, step: str, fault: str
) -> None:
    nurse = installation.add_staff(
        "nurse@example.org", "Nurse", column, [Role.MODERATOR], password=factories.PASSWORD, at=at
    )
    with mail_server(settings, **{step: fault}) as server:
        pages = {
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.text)
            for email in (nurse.email, "stranger@example.org")
            if (page := Client().post("/accounts/password/reset/", {"email": email}, follow=True)).status_code == 200
        }
        assert server.conversations == 1
    (page_of_both,) = pages
    assert "The mail server may also be away for a while" in page_of_both


@faulty
def test_an_act_on_an_account_is_done_and_says_that_no_mail_may_come(
    owner: User, settings: Settings, at: dt.datetime, step: str, fault: str
) -> None:
    with mail_server(settings, **{step: fault}):
        link, mailed = account_resets.reset_password(owner, by=None, at=at)
    assert link
    assert not mailed
    assert not User.objects.get(pk=owner.pk).has_usable_password()
