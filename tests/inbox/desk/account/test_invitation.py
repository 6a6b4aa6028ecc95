"""An invitation is answered: by its link for somebody new, at the desk by somebody who has an account."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.models import ColumnEvent, Invitation, Seat, StaffKey, User
from inbox.staff import invitations, membership
from inbox.workflow import Role
from tests import factories
from tests.access_checks import seats_of

pytestmark = pytest.mark.databases

SignIn = Callable[[User], Client]
BASE = "/desk/plain/staff/"
CONFIRM = {"confirm_password": factories.PASSWORD}
GOOD = {"name": "New Person", "password": "five words that are mine", "again": "five words that are mine"}


def invite(column: Column, owner: User, email: str = "new@example.org") -> invitations.Invited:
    return invitations.invite(
        email, "Typed Name", column, [Role.MODERATOR], credential="Midwife", by=owner, at=timezone.now()
    )


@pytest.fixture
def invited(column: Column, owner: User) -> invitations.Invited:
    return invite(column, owner)


def path(invited: invitations.Invited) -> str:
    return invited.link.removeprefix("http://127.0.0.1:8000")


def at_desk(invited: invitations.Invited) -> str:
    return f"/desk/invitations/{invited.invitation.pk}/"


# --- somebody new ----------------------------------------------------------------------------------------------------


def test_nothing_is_made_before_somebody_accepts(column: Column, invited: invitations.Invited) -> None:
    assert not User.objects.filter(email="new@example.org").exists()
    assert {user.email for user, _ in membership.people(column)} == {"owner@example.org"}


def test_from_the_link_to_the_first_letter(
    column: Column, moderator: User, invited: invitations.Invited, signed_in: SignIn
) -> None:
    letter, client = factories.make_letter(column), Client()
    page = client.get(path(invited)).text
    for said in ("You are invited to Plain Answers", "Owner", "moderator", "new@example.org", 'value="Typed Name"'):
        assert said in page
    assert client.post(path(invited), GOOD).headers["Location"] == "/accounts/login/"
    user = User.objects.get(email="new@example.org")
    assert user.check_password(GOOD["password"])
    assert (user.name, user.credential, seats_of(user)) == (
        "New Person",
        "Midwife",
        {column: frozenset({Role.MODERATOR})},
    )
    event = ColumnEvent.objects.get(verb="accept_invitation")
    assert (event.by, event.about) == (user, "New Person: moderator")
    factories.give_address(moderator)
    signed_in(moderator).post(f"{BASE}{user.pk}/keys/", CONFIRM)
    User.objects.filter(pk=user.pk).update(demo=True)  # so that no second factor is asked for here
    client.post("/accounts/login/", {"login": "new@example.org", "password": GOOD["password"]})
    assert factories.LETTER_TEXT in client.get(f"/desk/plain/letters/{letter.pk}/").text


def plain_end(client: Client, address: str) -> str:
    answer = client.get(address)
    assert (answer.status_code, client.post(address, GOOD).status_code) == (404, 404)
    return answer.text.replace(address, "")


def test_wrong_over_answered_called_back_and_of_a_former_owner_look_alike(
    column: Column, owner: User, stranger: Client
) -> None:
    ends = {plain_end(stranger, f"/accounts/invitation/{token}/") for token in ("x", "1-abc", "-", "z" * 43)}
    late = invite(column, owner)
    with time_machine.travel(timezone.now() + dt.timedelta(days=4), tick=False):
        ends.add(plain_end(stranger, path(late)))
    again = invite(column, owner)  # which ends the first one
    ends.add(plain_end(stranger, path(late)))
    invitations.call_back(column, again.invitation.pk, by=owner, at=timezone.now())
    ends.add(plain_end(stranger, path(again)))
    used = invite(column, owner)
    stranger.post(path(used), GOOD)
    stranger.get("/accounts/login/")  # where the message of success is said
    ends.add(plain_end(stranger, path(used)))
    left = invite(column, owner, "other@example.org")
    Seat.objects.create(user=factories.make_user("second", column), column=column, role=Role.OWNER)
    membership.set_seats(owner, column, frozenset({Role.REVIEWER}), by=owner, at=timezone.now())
    ends.add(plain_end(stranger, path(left)))
    assert len(ends) == 1
    assert "This invitation is over" in ends.pop()
    assert User.objects.filter(email__in=["new@example.org", "other@example.org"]).count() == 1


def test_it_is_open_for_three_days(invited: invitations.Invited, stranger: Client) -> None:
    with time_machine.travel(timezone.now() + dt.timedelta(days=3), tick=False):
        assert stranger.get(path(invited)).status_code == 200
    assert stranger.get(path(invited)).status_code == 200


def test_its_row_goes_when_it_is_over(invited: invitations.Invited, at: dt.datetime) -> None:
    for days, left in ((3, 1), (4, 0)):
        invitations.delete_over(at=at + dt.timedelta(days=days))
        assert Invitation.objects.count() == left


def test_the_database_does_not_know_the_link(invited: invitations.Invited) -> None:
    token = path(invited).split("/")[-2]
    assert len(token) == 43
    assert token not in str(Invitation.objects.values())


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [("short", "short", "too short"), ("five words that are mine", "other", "not the same"), ("", "", "required"),
     ("1qaz2wsx3edc", "1qaz2wsx3edc", "too common"), ("new@example.org", "new@example.org", "too similar")],
)  # fmt: skip
def test_a_weak_password_is_refused(
    invited: invitations.Invited, stranger: Client, password: str, again: str, said: str
) -> None:
    page = stranger.post(path(invited), {"name": "Kept Name", "password": password, "again": again})
    assert page.status_code == 400
    assert said in page.text
    assert 'value="Kept Name"' in page.text
    assert not User.objects.filter(email="new@example.org").exists()


# --- somebody with an account ----------------------------------------------------------------------------------------


def test_the_page_of_the_link_does_not_say_whether_there_is_an_account(
    column: Column, owner: User, author_elsewhere: User, stranger: Client
) -> None:
    pages = []
    for email in ("nobody@example.org", author_elsewhere.email):
        one = invite(column, owner, email)
        text = stranger.get(path(one)).text
        for own in (path(one), str(one.invitation.pk), email):
            text = text.replace(own, "")
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        pages.append(text)
    assert pages[0] == pages[1]
    assert author_elsewhere.name not in pages[1]


def test_the_link_gives_no_second_password(
    column: Column, owner: User, author_elsewhere: User, stranger: Client
) -> None:
    one = invite(column, owner, author_elsewhere.email)
    page = stranger.post(path(one), GOOD)
    assert page.status_code == 400
    assert "Sign in, and answer at your desk" in page.text
    author_elsewhere.refresh_from_db()
    assert author_elsewhere.check_password(factories.PASSWORD)
    assert seats_of(author_elsewhere).keys() == {Column.objects.get(slug="elsewhere")}


def test_they_find_it_at_their_desk_and_accept(
    column: Column, owner: User, author_elsewhere: User, signed_in: SignIn
) -> None:
    one, client = invite(column, owner, author_elsewhere.email.upper()), signed_in(author_elsewhere)
    pair = StaffKey.objects.get(user=author_elsewhere).public
    assert "You are invited to Plain Answers." in client.get("/desk/").text
    assert client.get(path(one)).headers["Location"] == at_desk(one)
    page = client.get(at_desk(one)).text
    for said in ("You are invited to Plain Answers", "Owner", "moderator", "Decline"):
        assert said in page
    assert seats_of(author_elsewhere).keys() == {Column.objects.get(slug="elsewhere")}
    done = client.post(at_desk(one), {"act": "accept"}, follow=True).text
    assert "You have a seat at Plain Answers now." in done
    assert "You are invited" not in done
    assert seats_of(author_elsewhere)[column] == {Role.MODERATOR}
    author_elsewhere.refresh_from_db()
    assert author_elsewhere.credential == "Nurse practitioner"
    assert bytes(StaffKey.objects.get(user=author_elsewhere).public) == bytes(pair)
    assert ColumnEvent.objects.get(verb="accept_invitation").by == author_elsewhere
    assert "This invitation is over" in client.post(at_desk(one), {"act": "accept"}, follow=True).text


def test_who_declines_stays_unknown(column: Column, owner: User, author_elsewhere: User, signed_in: SignIn) -> None:
    one, client = invite(column, owner, author_elsewhere.email), signed_in(author_elsewhere)
    assert "You declined the invitation." in client.post(at_desk(one), {"act": "decline"}, follow=True).text
    event = ColumnEvent.objects.get(verb="decline_invitation")
    assert (event.by, event.about) == (None, "Typed Name: moderator")
    assert author_elsewhere.name not in signed_in(owner).get("/desk/plain/owner/").text
    assert column not in seats_of(author_elsewhere)
    assert client.get(path(one)).status_code == 404


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_nobody_elses_session_answers_it(
    author_elsewhere: User, moderator: User, owner: User, invited: invitations.Invited, signed_in: SignIn, act: str
) -> None:
    for other in (author_elsewhere, moderator, owner):
        client = signed_in(other)
        for answer in (client.get(path(invited)), client.post(path(invited), GOOD)):
            assert answer.status_code == 403
            assert "This invitation is for somebody else" in answer.text
            assert "Plain Answers" not in answer.text
        assert client.get(at_desk(invited)).headers["Location"] == "/desk/"
        assert client.post(at_desk(invited), {"act": act}).headers["Location"] == "/desk/"
        assert "You are invited" not in client.get("/desk/").text
    assert Client().post(at_desk(invited), {"act": act}).headers["Location"].startswith("/accounts/login/")
    assert Invitation.objects.count() == 1
    assert not User.objects.filter(email="new@example.org").exists()


def test_without_the_second_factor_nobody_answers(column: Column, owner: User, other_column: Column) -> None:
    nurse = factories.make_user("nurse", other_column, Role.AUTHOR, demo=False)
    factories.give_address(nurse)
    one, client = invite(column, owner, nurse.email), Client()
    client.post("/accounts/login/", {"login": nurse.email, "password": factories.PASSWORD})
    assert client.post(at_desk(one), {"act": "accept"}).headers["Location"] == "/accounts/2fa/totp/activate/"
    assert column not in seats_of(nurse)


def test_an_act_that_is_none_does_nothing(
    column: Column, owner: User, author_elsewhere: User, signed_in: SignIn
) -> None:
    one = invite(column, owner, author_elsewhere.email)
    assert signed_in(author_elsewhere).post(at_desk(one), {"act": "x"}).status_code == 400
    assert signed_in(author_elsewhere).get(f"/desk/invitations/{uuid.uuid4()}/").status_code == 302
    assert Invitation.objects.count() == 1


def test_of_two_answers_at_once_one_counts(column: Column, owner: User, author_elsewhere: User, at: Any) -> None:
    one = invite(column, owner, author_elsewhere.email).invitation
    seen = invitations.to_person(author_elsewhere, one.pk, at=at)
    invitations.call_back(column, one.pk, by=owner, at=at)
    for act in (invitations.accept, invitations.decline):
        with pytest.raises(invitations.Over):
            act(seen, author_elsewhere, at=at)
    gone = invite(column, owner).invitation
    invitations.call_back(column, gone.pk, by=owner, at=at)
    with pytest.raises(invitations.Over):
        invitations.join(gone, "A", factories.PASSWORD, at=at)
    assert not User.objects.filter(email=gone.email).exists()
    assert column not in seats_of(author_elsewhere)


def test_its_mail_says_nothing_of_seats(invited: invitations.Invited) -> None:
    invitations.send(invited)
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    assert invited.link in sent.body
    assert "Owner invites you to work at the desk of Plain Answers" in sent.body
    assert "Typed Name" not in sent.subject + str(sent.body)


def test_wrong_method(invited: invitations.Invited, stranger: Client, author: User, signed_in: SignIn) -> None:
    assert stranger.put(path(invited)).status_code == 405
    assert signed_in(author).put(at_desk(invited)).status_code == 405
