"""The list of what a column needs before it opens, and the trial of the mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from columns.models import Column
from inbox.models import ColumnEvent, User
from tests import factories

SignIn = Callable[[User], Client]
BASE = "/desk/plain/owner/opening/"


def marks(page: str) -> dict[str, str]:
    """What is said of each item, by its key."""
    found = re.findall(r'<li class="item" id="(\w+)">\s*<h2>.*?<span class="flag[^"]*">(.*?)</span>', page, re.DOTALL)
    return dict(found)


@pytest.fixture
def column(column: Column) -> Column:
    Column.objects.filter(pk=column.pk).update(intake_open=False, never_opened=True, terms="")
    return column


def test_says_of_each_item_whether_it_is_done_and_where(column: Column, owner: User, signed_in: SignIn) -> None:
    page = signed_in(owner).get(BASE).text
    necessary, recommended = "not done, necessary", "not done, recommended"
    assert marks(page) == {
        "help_lines": "done",
        "terms": necessary,
        "care_cards": necessary,
        "reviewer": necessary,
        "recovery_key": necessary,
        "topics": "done",
        "backup": recommended,
        "mail": recommended,
    }
    assert "4 necessary things are missing." in page
    assert "Open the column now" not in page
    for where in ("owner/help-lines/national/", "owner/texts/", "owner/care/", "owner/topics/", "staff/"):
        assert f'href="/desk/plain/{where}"' in page.split("<h1>")[1]


def test_it_is_opened_from_here_when_everything_necessary_is_done(
    column: Column, owner: User, signed_in: SignIn
) -> None:
    factories.make_ready(column, owner)
    Column.objects.filter(pk=column.pk).update(terms="We read it.")
    client = signed_in(owner)
    page = client.get(BASE).text
    assert "Everything necessary is done." in page
    assert '<form method="post" action="/desk/plain/owner/intake/">' in page
    client.post("/desk/plain/owner/intake/", {"act": "open"})
    assert "The column takes letters." in client.get(BASE).text


def test_a_mail_to_oneself_is_sent_and_written_down(column: Column, owner: User, signed_in: SignIn) -> None:
    client = signed_in(owner)
    page = client.post(BASE, {"act": "mail"}, follow=True).text
    assert "took a mail to your own address" in page
    assert marks(page)["mail"] == "done"
    sent = mail.outbox[-1]
    assert sent.to == [owner.email]
    assert owner.email not in sent.subject + str(sent.body)
    assert ColumnEvent.objects.get(verb="try_mail").by == owner


def test_a_mail_that_is_not_taken_is_said_and_not_written_down(
    column: Column, owner: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **named: Any) -> None:
        raise OSError

    monkeypatch.setattr("inbox.mail.EmailMessage.send", refuse)
    page = signed_in(owner).post(BASE, {"act": "mail"}, follow=True).text
    assert "did not take the mail" in page
    assert marks(page)["mail"] == "not done, recommended"
    assert not ColumnEvent.objects.filter(verb="try_mail").exists()


def test_an_act_that_is_none(column: Column, owner: User, signed_in: SignIn) -> None:
    assert signed_in(owner).post(BASE, {"act": "burn"}).status_code == 400


def test_wrong_method(column: Column, owner: User, signed_in: SignIn) -> None:
    assert signed_in(owner).delete(BASE).status_code == 405
