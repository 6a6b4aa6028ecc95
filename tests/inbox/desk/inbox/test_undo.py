"""Undo, by one press."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import Letter, LetterEvent, User
from tests import factories

SignIn = Callable[[User], Client]


def path(letter: Letter) -> str:
    event = LetterEvent.objects.filter(letter=letter).order_by("-number")[0]
    return f"/desk/plain/letters/{letter.pk}/undo/{event.pk}/"


def test_takes_the_decision_back(column: Column, moderator: User, signed_in: SignIn, at: dt.datetime) -> None:
    letter = factories.make_letter(column)
    letter.shortlist(by=moderator, at=at)
    page = signed_in(moderator).post(path(letter), follow=True).content.decode()
    assert f"{letter.label} is as it was before." in page
    assert Letter.objects.get(pk=letter.pk).status == "received"


def test_a_page_with_its_script_gets_a_line(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    letter.shortlist(by=moderator, at=at)
    answer = signed_in(moderator).post(path(letter), headers={"X-Steady": "decision"}).json()
    assert answer == {"said": f"{letter.label} is as it was before.", "undo": "", "stay": True, "state": "received"}


def test_already_moved(column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime) -> None:
    letter = factories.make_letter(column)
    letter.shortlist(by=moderator, at=at)
    address = path(letter)
    letter.put_back(by=author, at=at)
    response = signed_in(moderator).post(address, headers={"X-Steady": "decision"})
    assert response.status_code == 409
    assert "decided since" in response.json()["refused"]


def test_an_event_of_another_letter_is_not_found(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    one, two = factories.make_letter(column), factories.make_letter(column)
    one.shortlist(by=moderator, at=at)
    address = path(one).replace(str(one.pk), str(two.pk))
    assert signed_in(moderator).post(address).status_code == 404


@pytest.mark.parametrize("person", ["author"])
def test_what_a_colleague_decided_is_theirs(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime, person: str
) -> None:
    letter = factories.make_letter(column)
    letter.shortlist(by=moderator, at=at)
    assert "theirs to take back" in signed_in(author).post(path(letter), follow=True).content.decode()
    assert Letter.objects.get(pk=letter.pk).status == "shortlisted"


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    letter = factories.make_letter(column)
    assert stranger.post(path(letter)).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).post(path(letter)).status_code == status
    assert signed_in(moderator).get(path(letter)).status_code == 405
