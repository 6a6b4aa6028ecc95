"""The texts of a column: written by its owner, read by everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import ColumnEvent, User
from inbox.operations import column_settings

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/texts/"


def fields(column: Column, **said: str) -> dict[str, str]:
    now = Column.objects.select_related("author").get(pk=column.pk)
    words = {name: str(value) for name, value in column_settings.texts(now).items() if name != "four_eyes"}
    return {**words, "four_eyes": "on", "seen": column_settings.mark(now), **said}


def test_what_is_saved_is_what_readers_see(column: Column, owner: User, signed_in: SignIn) -> None:
    said = {
        "title": "Plainer Answers",
        "tagline": "Asked and said",
        "about": "We are **here**.",
        "terms": "We *read* all.",
        "bio": "Twenty years a <nurse>.",
        "sign_off": "Yours",
    }
    response = signed_in(owner).post(BASE, fields(column, **said))
    assert response.status_code == 302
    about, before = Client().get("/plain/about/").text, Client().get("/plain/before-you-write/").text
    assert "Plainer Answers" in about
    assert "We are <strong>here</strong>." in about
    assert "Twenty years a &lt;nurse&gt;." in about
    assert "We <em>read</em> all." in before
    event = ColumnEvent.objects.get(by=owner)
    assert (event.verb, event.by) == ("set_texts", owner)
    assert set(event.about.split(", ")) == set(said)


def test_the_authors_name_and_credential_are_texts_too(column: Column, owner: User, signed_in: SignIn) -> None:
    said = {"author": "Nurse Anew", "credential": "Midwife"}
    assert signed_in(owner).post(BASE, fields(column, **said)).status_code == 302
    about = Client().get("/plain/about/").text
    assert "Nurse Anew" in about
    assert "Midwife" in about
    assert set(ColumnEvent.objects.get(by=owner).about.split(", ")) == set(said)


def test_terms_to_begin_with_are_offered_where_there_are_none(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    assert "You choose what becomes of your letter" not in client.get(f"{BASE}?begin=terms").text
    Column.objects.filter(pk=column.pk).update(terms="")
    assert 'href="?begin=terms"' in client.get(BASE).text
    assert "You choose what becomes of your letter" in client.get(f"{BASE}?begin=terms").text
    assert Column.objects.get(pk=column.pk).terms == "", "it is saved by its owner alone"


def test_four_eyes_off_is_explained_and_written_down(column: Column, owner: User, signed_in: SignIn) -> None:
    assert "rests for a day" in signed_in(owner).get(BASE).text
    without = {name: value for name, value in fields(column).items() if name != "four_eyes"}
    signed_in(owner).post(BASE, without)
    assert Column.objects.get(pk=column.pk).four_eyes is False
    assert ColumnEvent.objects.get(by=owner).about == "four_eyes"


@pytest.mark.parametrize("wrong", [{"title": ""}, {"language": "no such!"}, {"about": "x" * 20_001}, {"seen": ""}])
def test_keeps_what_cannot_be_saved(column: Column, owner: User, signed_in: SignIn, wrong: dict[str, str]) -> None:
    response = signed_in(owner).post(BASE, fields(column, **{"tagline": "My new tagline", **wrong}))
    assert response.status_code == 400
    assert "My new tagline" in response.text
    assert Column.objects.get(pk=column.pk).tagline == column.tagline


def test_somebody_who_is_late_overwrites_nothing(
    column: Column, owner: User, signed_in: SignIn, at: dt.datetime
) -> None:
    typed = fields(column, tagline="Mine")
    now = Column.objects.select_related("author").get(pk=column.pk)
    column_settings.set_texts(
        now, {**column_settings.texts(now), "title": "Theirs"}, seen=column_settings.mark(now), by=owner, at=at
    )
    response = signed_in(owner).post(BASE, typed)
    assert response.status_code == 409
    assert "Mine" in response.text
    assert Column.objects.get(pk=column.pk).tagline == column.tagline


def test_saving_nothing_new_writes_no_event(column: Column, owner: User, signed_in: SignIn) -> None:
    signed_in(owner).post(BASE, fields(column))
    assert not ColumnEvent.objects.filter(by=owner).exists()


def test_wrong_method(signed_in: SignIn, owner: User) -> None:
    client = signed_in(owner)
    assert client.delete(BASE).status_code == 405
