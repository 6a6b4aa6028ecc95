"""For how long a column keeps things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.desk.owner.forms.column import PeriodsForm
from inbox.models import ColumnEvent, Period, User
from inbox.workflow import DraftStatus, LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/retention/"

CONFIRM = {"confirm_password": factories.PASSWORD}


def fields(column: Column, **said: object) -> dict[str, object]:
    now = Period.of(column)
    return {**now, "seen": PeriodsForm.mark(now), **said}


def test_it_takes_a_fresh_sign_in_and_everybody_reads_it(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    typed = fields(column, declined=14, step="save")
    asked = client.post(BASE, typed)
    assert asked.status_code == 403
    assert "Your password once more" in asked.text
    assert 'name="declined" value="14"' in asked.text
    assert Period.of(column)["declined"] == 90
    assert client.post(BASE, {**typed, "confirm_password": "wrong"}).status_code == 400
    assert client.post(BASE, {**typed, **CONFIRM}).status_code == 302
    assert Period.of(column) == {**Period.DEFAULTS, "declined": 14}
    assert "Letters that were not chosen: after 14 days." in Client().get("/plain/before-you-write/").text
    event = ColumnEvent.objects.get(by=owner)
    assert (event.verb, event.about) == ("set_period", "declined 90 14")


def test_says_first_what_a_shorter_one_would_erase(
    column: Column, owner: User, signed_in: SignIn, at: dt.datetime
) -> None:
    # the time of a letter that has ended counts from the first of the next month, at most 31 days later
    for days in (20, 70):
        factories.make_letter(column, LetterStatus.DECLINED, at=at - dt.timedelta(days=days))
    factories.make_draft(column, DraftStatus.SHELVED, at=at - dt.timedelta(days=70))
    page = signed_in(owner).post(BASE, fields(column, declined=30, draft_shelved=35, step="look")).text
    assert "Letters that were not chosen: 1 would be erased today." in page
    assert "Drafts that were shelved: 1 would be erased today." in page
    assert "Keep things for so long" in page
    page = signed_in(owner).post(BASE, fields(column, declined=71, step="look")).text
    assert "Nothing would be erased today." in page
    assert Period.of(column) == Period.DEFAULTS


@pytest.mark.parametrize("wrong", [{"declined": 0}, {"declined": 3651}, {"replied": ""}, {"published": "x"}])
def test_keeps_what_cannot_be_saved(column: Column, owner: User, signed_in: SignIn, wrong: dict[str, object]) -> None:
    response = signed_in(owner).post(BASE, {**fields(column, withdrawn=77, step="save", **wrong), **CONFIRM})
    assert response.status_code == 400
    assert 'value="77"' in response.text
    assert Period.of(column) == Period.DEFAULTS


def test_somebody_who_is_late_overwrites_nothing(column: Column, owner: User, signed_in: SignIn) -> None:
    typed = fields(column, declined=14, step="save")
    Period.objects.create(column=column, kept="replied", days=9)
    assert signed_in(owner).post(BASE, {**typed, **CONFIRM}).status_code == 409
    assert Period.of(column)["declined"] == 90
    assert signed_in(owner).post(BASE, {**typed, **CONFIRM, "seen": "x-y"}).status_code == 409


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    client = signed_in(owner)
    assert client.delete(BASE).status_code == 405
