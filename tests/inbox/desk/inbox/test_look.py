"""The second look at a declined letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.editorial import decisions
from inbox.models import Letter, SecondLook, User
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/look/"


@pytest.fixture
def declined(column: Column, moderator: User, at: dt.datetime) -> Letter:
    letter = factories.make_letter(column)
    letter.mark_urgent(by=moderator, at=at, urgent=True)
    decisions.decline(letter, "We cannot take it up.", by=moderator, at=at)
    return letter


@pytest.mark.parametrize(("act", "status", "agreed"), [("agree", "declined", True), ("reopen", "received", False)])
def test_a_colleague_agrees_or_takes_it_up_again(
    column: Column, declined: Letter, author: User, signed_in: SignIn, act: str, status: str, agreed: bool
) -> None:
    client = signed_in(author)
    assert "It stays declined" in client.get(f"/desk/plain/letters/{declined.pk}/?view=second").content.decode()
    client.post(path(declined), {"act": act})
    assert Letter.objects.get(pk=declined.pk).status == status
    assert SecondLook.objects.get().agreed == agreed
    assert client.post(path(declined), {"act": act}, headers={"X-Steady": "decision"}).status_code == 409


@pytest.mark.parametrize("act", ["agree", "reopen"])
def test_either_answer_can_be_taken_back_and_somebody_looks_anew(
    column: Column, declined: Letter, author: User, moderator: User, signed_in: SignIn, act: str
) -> None:
    factories.ten_minutes_pass()
    client, quick = signed_in(author), {"X-Steady": "decision"}
    undo = client.post(path(declined), {"act": act}, headers=quick).json()["undo"]
    assert undo
    assert signed_in(moderator).post(undo, headers=quick).status_code == 409, "it is not theirs to take back"
    assert client.post(undo, headers=quick).status_code == 200
    look = SecondLook.objects.get()
    assert (look.agreed, look.by, look.looked_on) == (None, None, None)
    assert Letter.objects.get(pk=declined.pk).status == LetterStatus.DECLINED
    assert client.post(undo, headers=quick).status_code == 409
    assert client.post(path(declined), {"act": act}, headers=quick).status_code == 200


def test_that_it_stays_declined_is_not_taken_back_once_it_was_taken_up_again(
    column: Column, declined: Letter, author: User, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    factories.ten_minutes_pass()
    client, quick = signed_in(author), {"X-Steady": "decision"}
    undo = client.post(path(declined), {"act": "agree"}, headers=quick).json()["undo"]
    decisions.reopen(Letter.objects.get(pk=declined.pk), by=moderator, at=at, keys=factories.desk_keys())
    assert "decided since" in client.post(undo, headers=quick).json()["refused"]
    assert SecondLook.objects.get().agreed is True
    assert undo not in client.get("/desk/plain/did/").text.partition('<ol class="did">')[2]


def test_nobody_looks_a_second_time_at_their_own(declined: Letter, moderator: User, signed_in: SignIn) -> None:
    assert "yourself" in signed_in(moderator).post(path(declined), {"act": "agree"}, follow=True).content.decode()
    assert SecondLook.objects.get().agreed is None


def test_taken_up_again_while_its_end_is_not_out_its_writer_reads_none(
    declined: Letter, author: User, at: dt.datetime
) -> None:
    assert declined.status == LetterStatus.DECLINED
    decisions.look_again(declined, agree=False, by=author, at=at, keys=factories.desk_keys())
    assert declined.messages.count() == 0
    assert declined.seen_by_writer(at) == LetterStatus.RECEIVED


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
