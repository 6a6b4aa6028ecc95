"""Pausing the column, and its opening again by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from columns.models import Column, HelpLine
from inbox.models import ColumnEvent, User
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/intake/"


def day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_while_it_is_paused_readers_see_the_date(column: Column, owner: User, signed_in: SignIn) -> None:
    response = signed_in(owner).post(BASE, {"act": "pause", "reopens_on": day(9).isoformat()})
    assert response.status_code == 302
    shown = f"{day(9).day} {day(9):%B %Y}"
    for path in ("/plain/before-you-write/", "/plain/write/"):
        page = Client().get(path).text
        assert f"It takes letters from {shown}." in page
        assert "<textarea" not in page
    assert shown in Client().get("/plain/").text
    event = ColumnEvent.objects.get(by=owner)
    assert (event.verb, event.about) == ("pause_intake", day(9).isoformat())
    assert "paused until" in signed_in(owner).get(BASE).text


@pytest.mark.parametrize(("days", "takes"), [(-1, True), (0, True), (1, False)])
def test_it_opens_by_itself_on_its_day(column: Column, owner: User, signed_in: SignIn, days: int, takes: bool) -> None:
    Column.objects.filter(pk=column.pk).update(intake_open=False, reopens_on=day(days))
    assert ("<textarea" in Client().get("/plain/write/").text) == takes
    assert ("Before you write" in Client().get("/plain/").text) == takes
    assert ("The column takes letters." in signed_in(owner).get(BASE).text) == takes


def test_opening_it(column: Column, owner: User, signed_in: SignIn) -> None:
    factories.make_ready(column, owner)
    Column.objects.filter(pk=column.pk).update(intake_open=False)
    assert "It stays so until you open it." in signed_in(owner).get(BASE).text
    assert signed_in(owner).post(BASE, {"act": "open"}).status_code == 302
    assert "<textarea" in Client().get("/plain/write/").text
    assert ColumnEvent.objects.filter(by=owner).latest("number").verb == "open_intake"


def test_with_a_card_that_nobody_confirmed_it_does_not_open(column: Column, owner: User, signed_in: SignIn) -> None:
    factories.make_ready(column, owner, "care_cards")
    factories.confirm_cards(column, owner, "abuse")
    Column.objects.filter(pk=column.pk).update(intake_open=False)
    response = signed_in(owner).post(BASE, {"act": "open"})
    assert response.status_code == 409
    assert "Before the column opens, this is needed: Care cards." in response.text
    assert signed_in(owner).post(BASE, {"act": "pause", "reopens_on": day(2).isoformat()}).status_code == 409
    assert "<textarea" not in Client().get("/plain/write/").text


def test_a_column_that_takes_letters_keeps_its_day_of_reopening(column: Column, owner: User, signed_in: SignIn) -> None:
    """Nobody has confirmed a card, on a site from before there were any: it pauses and opens again as it did."""
    client = signed_in(owner)
    assert client.post(BASE, {"act": "pause", "reopens_on": day(2).isoformat()}).status_code == 302
    assert client.post(BASE, {"act": "pause", "reopens_on": day(3).isoformat()}).status_code == 302
    assert client.post(BASE, {"act": "open"}).status_code == 302


@pytest.mark.parametrize("typed", ["2020-01-01", "soon", "0"])
def test_a_day_that_cannot_be_is_kept_and_explained(column: Column, owner: User, signed_in: SignIn, typed: str) -> None:
    response = signed_in(owner).post(BASE, {"act": "pause", "reopens_on": typed})
    assert response.status_code == 400
    assert f'value="{typed}"' in response.text
    assert Column.objects.get(pk=column.pk).intake_open


def test_without_a_help_line_it_does_not_open(column: Column, owner: User, signed_in: SignIn) -> None:
    HelpLine.objects.all().delete()
    Column.objects.filter(pk=column.pk).update(intake_open=False)
    assert signed_in(owner).post(BASE, {"act": "open"}).status_code == 409
    assert signed_in(owner).post(BASE, {"act": "pause", "reopens_on": day(2).isoformat()}).status_code == 409
    assert not ColumnEvent.objects.filter(by=owner).exists()


@pytest.mark.parametrize("missing", ["care_cards", "reviewer", "recovery_key"])
def test_it_opens_only_with_what_is_necessary(column: Column, owner: User, signed_in: SignIn, missing: str) -> None:
    """On the first day and after a pause alike; the page offers no button then, and says where each is done."""
    factories.make_ready(column, owner, missing)
    Column.objects.filter(pk=column.pk).update(intake_open=False, never_opened=True)
    client = signed_in(owner)
    page = client.get(BASE).text
    assert "Open the column now" not in page
    assert 'href="/desk/plain/owner/opening/"' in page
    assert client.post(BASE, {"act": "open"}).status_code == 409
    factories.make_ready(column, owner, *({"care_cards", "reviewer", "recovery_key"} - {missing}))
    assert "Open the column now" in client.get(BASE).text
    assert client.post(BASE, {"act": "open"}).status_code == 302
    column.refresh_from_db()
    assert (column.intake_open, column.never_opened) == (True, False)
    assert client.post(BASE, {"act": "pause", "reopens_on": ""}).status_code == 302
    assert "This column takes no letters now" in Client().get("/plain/write/").text
    assert client.post(BASE, {"act": "open"}).status_code == 302


def test_a_day_of_opening_is_an_opening_too(column: Column, owner: User, signed_in: SignIn) -> None:
    factories.make_ready(column, owner)
    Column.objects.filter(pk=column.pk).update(intake_open=False, never_opened=True)
    signed_in(owner).post(BASE, {"act": "pause", "reopens_on": day(2).isoformat()})
    assert not Column.objects.get(pk=column.pk).never_opened
    assert f"It takes letters from {day(2).day} {day(2):%B %Y}." in Client().get("/plain/write/").text


def test_an_act_that_is_none(column: Column, owner: User, signed_in: SignIn) -> None:
    assert signed_in(owner).post(BASE, {"act": "burn"}).status_code == 400


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    client = signed_in(owner)
    assert client.delete(BASE).status_code == 405
