"""The plain moves: one click, one move, on to the next letter."""

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

from columns.models import Column
from columns.site_time import first_moment
from inbox.editorial import decisions
from inbox.letters import notices, outbox
from inbox.models import Letter, User
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
S = LetterStatus


def path(letter: Letter, verb: str) -> str:
    return f"/desk/plain/letters/{letter.pk}/move/{verb}/"


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("shortlist", S.RECEIVED, S.SHORTLISTED),
        ("hold", S.RECEIVED, S.HELD),
        ("release", S.HELD, S.RECEIVED),
        ("put_back", S.SHORTLISTED, S.RECEIVED),
        ("reopen", S.DECLINED, S.RECEIVED),
    ],
)
def test_moves_the_letter_and_can_be_undone(
    column: Column, moderator: User, signed_in: SignIn, verb: str, before: LetterStatus, after: LetterStatus
) -> None:
    letter = factories.make_letter(column, before)
    client = signed_in(moderator)
    page = client.post(path(letter, verb), follow=True).content.decode()
    assert Letter.objects.get(pk=letter.pk).status == after
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', page)
    assert undo
    client.post(undo[1])
    assert Letter.objects.get(pk=letter.pk).status == before


def test_taken_up_again_within_ten_minutes_its_writer_never_hears_that_it_was_declined(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    taken = factories.take_letter(column, email="somebody.private@example.org")
    taken.letter.shortlist(by=moderator, at=at)
    factories.ten_minutes_pass()
    taken.letter.mark_urgent(by=moderator, at=at, urgent=True)  # so that somebody looks a second time
    decisions.decline(taken.letter, "We cannot take it up.", by=moderator, at=at)
    quick = {"X-Steady": "decision"}
    response = signed_in(author).post(path(taken.letter, "reopen"), headers=quick)
    assert response.json()["state"] == "shortlisted"
    letter = Letter.objects.get(pk=taken.letter.pk)
    assert (letter.status, letter.newest) == (S.SHORTLISTED, "")
    for minutes in (0, 9, 11):
        assert letter.seen_by_writer(at + dt.timedelta(minutes=minutes)) == S.SHORTLISTED
    assert (letter.messages.count(), letter.outgoing.count(), letter.second_looks.count()) == (0, 0, 0)
    assert notices.send_due(at=at + dt.timedelta(days=1)) == 0
    assert mail.outbox == []
    assert letter.events.last().verb == "undo_decline"  # type: ignore[union-attr]
    # whoever took it up again takes that back: it is declined with the words that it had been declined with
    undo, colleague = response.json()["undo"], signed_in(author)
    assert f'action="{undo}' in colleague.get("/desk/plain/did/").text
    assert "We cannot take it up." in colleague.get(f"/desk/plain/letters/{letter.pk}/").text
    assert colleague.post(undo, headers=quick).status_code == 200
    letter.refresh_from_db()
    assert (letter.status, letter.newest, letter.outgoing.count()) == (S.DECLINED, "closing", 1)
    assert letter.second_looks.get().declined_by == moderator
    assert f'action="{undo}' not in colleague.get("/desk/plain/did/").text
    assert colleague.post(undo, headers=quick).status_code == 409


def test_taken_up_again_once_its_end_is_out_nobody_need_look_a_second_time(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    letter.mark_urgent(by=moderator, at=at, urgent=True)
    decisions.decline(letter, "We cannot take it up.", by=moderator, at=at)
    factories.ten_minutes_pass()
    signed_in(moderator).post(path(letter, "reopen"))
    letter.refresh_from_db()
    assert (letter.status, letter.messages.count()) == (S.RECEIVED, 1)
    assert not letter.second_looks.filter(agreed=None).exists()


def test_goes_on_to_the_next_letter(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter, following = factories.make_letter(column), factories.make_letter(column)
    response = signed_in(moderator).post(path(letter, "hold"), {"view": "new", "next": str(following.pk)})
    assert response.headers["Location"] == f"/desk/plain/letters/{following.pk}/?view=new"


@pytest.mark.parametrize("following", ["", "nonsense", str(uuid.UUID(int=7))])
def test_without_a_next_letter_it_goes_back_to_the_list(
    column: Column, moderator: User, signed_in: SignIn, following: str
) -> None:
    response = signed_in(moderator).post(
        path(factories.make_letter(column), "hold"), {"view": "urgent", "next": following}
    )
    assert response.headers["Location"] == "/desk/plain/inbox/urgent/"


def test_never_on_to_a_letter_of_another_column(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    other = factories.make_letter(other_column)
    response = signed_in(moderator).post(path(factories.make_letter(column), "hold"), {"next": str(other.pk)})
    assert response.headers["Location"] == "/desk/plain/inbox/new/"


def test_somebody_who_is_late_is_told(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, S.DECLINED)
    page = signed_in(moderator).post(path(letter, "shortlist"), follow=True).content.decode()
    assert "Nothing was changed." in page
    assert Letter.objects.get(pk=letter.pk).status == S.DECLINED


@pytest.mark.parametrize(
    ("verb", "seen", "stands"),
    [
        ("shortlist", S.RECEIVED, S.HELD),
        ("hold", S.SHORTLISTED, S.RECEIVED),
        ("put_back", S.RECEIVED, S.SHORTLISTED),
        ("release", S.RECEIVED, S.HELD),
        ("reopen", S.RECEIVED, S.DECLINED),
    ],
)
def test_what_was_seen_elsewhere_is_not_moved(
    column: Column, moderator: User, signed_in: SignIn, verb: str, seen: LetterStatus, stands: LetterStatus
) -> None:
    letter = factories.make_letter(column, stands)
    response = signed_in(moderator).post(path(letter, verb), {"seen": seen}, headers={"X-Steady": "decision"})
    assert response.status_code == 409
    assert f"it is {stands} now" in response.json()["refused"]
    assert Letter.objects.get(pk=letter.pk).status == stands


@pytest.mark.parametrize("verb", ["decline", "reply", "answer", "publish", "withdraw", "erase", "nonsense", "delete"])
def test_only_plain_moves_are_made_here(column: Column, moderator: User, signed_in: SignIn, verb: str) -> None:
    letter = factories.make_letter(column)
    assert signed_in(moderator).post(path(letter, verb)).status_code == 404
    assert Letter.objects.get(pk=letter.pk).status == S.RECEIVED


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
    assert stranger.post(path(letter, "hold")).status_code == 302
    assert signed_in(author_elsewhere).post(path(letter, "hold")).status_code == 404
    assert signed_in(owner).post(path(letter, "hold")).status_code == 403
    assert signed_in(reviewer).post(path(letter, "hold")).status_code == 403
    assert signed_in(moderator).get(path(letter, "hold")).status_code == 405
    assert Letter.objects.get(pk=letter.pk).status == S.RECEIVED


def test_a_post_from_elsewhere_is_refused(column: Column, moderator: User) -> None:
    letter = factories.make_letter(column)
    client = factories.sign_in(Client(enforce_csrf_checks=True), moderator)
    assert client.post(path(letter, "hold")).status_code == 403
    assert Letter.objects.get(pk=letter.pk).status == S.RECEIVED


@pytest.mark.parametrize("until", ["31 May", "2020-01-01", "9999-12-31", "0", "99999999999", "2027-02-29"])
def test_a_day_that_cannot_be_is_refused_and_not_left_out(
    column: Column, moderator: User, signed_in: SignIn, until: str
) -> None:
    letter = factories.make_letter(column)
    page = signed_in(moderator).post(path(letter, "hold"), {"until": until}, follow=True)
    assert "Choose a day within the next year." in page.content.decode()
    assert Letter.objects.get(pk=letter.pk).status == S.RECEIVED


@pytest.mark.parametrize(
    ("zone", "moment"), [("Pacific/Auckland", "2026-11-29T11:30+00:00"), ("America/New_York", "2026-12-01T03:30+00:00")]
)
def test_a_held_letter_is_back_on_the_sites_day(
    column: Column, moderator: User, settings: Any, zone: str, moment: str
) -> None:
    settings.TIME_ZONE = zone
    at = dt.datetime.fromisoformat(moment)  # within an hour of midnight, on the 30th
    with time_machine.travel(at, tick=False):
        letter = factories.make_letter(column, at=at)
        client = factories.sign_in(Client(), moderator)
        client.post(path(letter, "hold"), {"until": "1"})
    assert Letter.objects.get(pk=letter.pk).held_until == dt.date(2026, 12, 1)
    midnight = first_moment(dt.date(2026, 12, 1))
    assert outbox.release_due(at=midnight - dt.timedelta(seconds=1)) == 0
    assert outbox.release_due(at=midnight) == 1
