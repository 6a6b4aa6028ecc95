"""A clock that jumps by years, and back: nothing stays open until a wrong clock comes true."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.models import Invitation, User
from inbox.staff import invitations
from inbox.workflow import Role
from tests.inbox.staff.test_accounts import LOGIN, enrol
from tests.inbox.staff.test_second_factor import DESK, add_staff, after_password

pytestmark = pytest.mark.databases
YEARS = dt.timedelta(days=730)
NOW = timezone.now()


@pytest.fixture
def nurse(column: Column) -> User:
    return add_staff("nurse", column)


def inside(user: User) -> Client:
    client = after_password(user)
    enrol(client)
    assert client.get(DESK).status_code == 200
    return client


@pytest.mark.parametrize("jump", [YEARS, -YEARS])
def test_a_session_ends_where_the_clock_jumps_and_stays_ended(nurse: User, jump: dt.timedelta) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = inside(nurse)
        # Redis has a clock of its own, which a test cannot turn: there the session is locked before it is over
        ends = "/desk/unlock/" if settings.REDIS_URL and jump > dt.timedelta() else LOGIN
        clock.shift(jump)
        assert client.get(DESK).headers["Location"].startswith(ends)
        clock.shift(-jump)
        assert client.get(DESK).headers["Location"].startswith(LOGIN)


def test_a_session_of_a_clock_that_was_ahead_does_not_outlast_it(nurse: User) -> None:
    with time_machine.travel(NOW + YEARS, tick=False) as clock:
        client = inside(nurse)
        clock.move_to(NOW)
        asked = client.post("/desk/plain/views/save/", {"name": "Words that were typed"})
        assert (asked.status_code, "Words that were typed" in asked.content.decode()) == (403, True)
        assert client.get("/accounts/2fa/").headers["Location"].startswith(LOGIN)


def test_the_pages_of_an_account_end_with_it(nurse: User) -> None:
    with time_machine.travel(NOW + YEARS, tick=False) as clock:
        client = after_password(nurse)
        enrol(client)  # and never a page of the desk
        clock.move_to(NOW)
        assert client.get("/accounts/2fa/").headers["Location"].startswith(LOGIN)


def test_an_unlocked_key_does_not_outlast_its_half_hour_in_a_clock_that_is_set_back(nurse: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = inside(nurse)
        session = client.session
        clock.shift(-YEARS)
        session["seen"] = int((NOW - YEARS).timestamp())  # as if the session itself were of now
        session.save()
        assert client.get(DESK).headers["Location"].startswith("/desk/unlock/")


def test_a_clock_that_is_put_right_by_minutes_ends_nothing(nurse: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = inside(nurse)
        for minutes in (9, -9):
            clock.shift(minutes * 60)
            assert client.get(DESK).status_code == 200


def test_a_reset_link_of_a_clock_that_was_ahead_is_over(nurse: User) -> None:
    with time_machine.travel(NOW + YEARS, tick=False) as clock:
        Client().post("/accounts/password/reset/", {"email": nurse.email})
        found = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
        assert found
        assert Client().get(found[0]).status_code == 302
        clock.move_to(NOW)
        assert Client().get(found[0]).status_code == 200, "the page that says that the link is over"
        Client().post("/accounts/password/reset/", {"email": nurse.email})
        fresh = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
        assert fresh
        assert Client().get(fresh[0]).status_code == 302
        clock.shift(dt.timedelta(days=3, hours=1))
        assert Client().get(fresh[0]).status_code == 200


def test_what_a_clock_that_was_ahead_refused_is_allowed_once_it_is_right(nurse: User) -> None:
    def ask() -> bool:
        """Whether a mail was sent."""
        before = len(mail.outbox)
        Client().post("/accounts/password/reset/", {"email": nurse.email})
        return len(mail.outbox) > before

    with time_machine.travel(NOW + YEARS, tick=False) as clock:
        asked = [ask() for _ in range(8)]
        assert (asked[0], asked[-1]) == (True, False)
        clock.move_to(NOW)
        assert ask()


def test_an_invitation_of_a_clock_that_was_ahead_is_over(column: Column, owner: User) -> None:
    ahead = timezone.now() + YEARS
    sent = invitations.invite("new@example.org", "New", column, [Role.MODERATOR], credential="", by=owner, at=ahead)
    path = sent.link.removeprefix(settings.DESK_URL)
    assert Client().get(path).status_code == 404
    invitations.delete_over(at=timezone.now())
    assert not Invitation.objects.exists()
