"""When an article goes out, and under which address."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from columns.models import Article, Column
from inbox.editorial import drafts
from inbox.keys.vault import Vault
from inbox.models import Draft, Letter, Notice, User
from inbox.workflow import DraftStatus, LetterStatus
from tests import factories
from tests.access_checks import client_of

DAY = dt.timedelta(days=1)
MARKUP = "<script>alert(1)</script> & <b>words</b>"


def path(draft: Draft) -> str:
    return reverse("desk:publish", args=[draft.column.slug, draft.pk])


def later(at: dt.datetime, **changes: Any) -> dict[str, Any]:
    when = timezone.localtime(at)
    return {"when": "later", "date": when.date().isoformat(), "time": f"{when:%H:%M}", "slug": "the-one", **changes}


@pytest.fixture
def draft(column: Column, author: User) -> Draft:
    return factories.make_draft(column, DraftStatus.APPROVED, words={"headline": "Is it normal: a nurse's view"})


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def test_proposes_an_address_and_a_time_three_days_away(draft: Draft, client: Client, at: dt.datetime) -> None:
    response = client.get(path(draft))
    shown = response.content.decode()
    assert 'value="is-it-normal"' in shown
    slot = response.context["form"].initial
    proposed = dt.datetime.combine(slot["date"], slot["time"], tzinfo=timezone.get_current_timezone())
    assert dt.timedelta(days=3) <= proposed - at <= dt.timedelta(days=4)
    assert f'value="{slot["date"].isoformat()}"' in shown


def test_says_what_will_happen_to_which_letter(draft: Draft, client: Client, keys: Vault) -> None:
    shown = client.get(path(draft)).content.decode()
    assert drafts.letters(draft, keys)[0].label in shown
    assert "its writer finds" in shown


def test_publishes_now(draft: Draft, client: Client) -> None:
    response = client.post(path(draft), {"when": "now", "slug": "the-one"}, follow=True)
    article = Article.objects.get()
    assert f"The article is out: {article.get_absolute_url()}" in response.content.decode()
    assert Client().get(article.get_absolute_url()).status_code == 200
    draft.refresh_from_db()
    assert draft.status == DraftStatus.PUBLISHED


def test_publishes_at_a_later_time_in_the_time_of_the_site(
    draft: Draft, client: Client, settings: Any, keys: Vault
) -> None:
    settings.TIME_ZONE = "America/Los_Angeles"
    with time_machine.travel(dt.datetime(2026, 5, 9, 20, 0, tzinfo=dt.UTC), tick=False):
        sent = {"when": "later", "date": "2026-05-12", "time": "08:00", "slug": "the-one"}
        response = client_of(draft.started_by).post(path(draft), sent, follow=True)
        assert "goes out on 12 May at 08:00" in response.content.decode()
        assert Article.objects.get().publish_at == dt.datetime(2026, 5, 12, 15, 0, tzinfo=dt.UTC)
        assert Client().get(Article.objects.get().get_absolute_url()).status_code == 404
    assert [letter.status for letter in drafts.letters(draft, keys)] == [LetterStatus.PUBLISHED]


#: Where the clocks change, by an hour and by half an hour.
CHANGES = [
    # the zone, a day and a time that the clocks skip; a day and a time that comes twice, and the two moments
    ("Europe/London", "2027-03-28", "01:30", "2026-10-25", "01:30", "2026-10-25T00:30", "2026-10-25T01:30"),
    ("America/New_York", "2027-03-14", "02:30", "2026-11-01", "01:30", "2026-11-01T05:30", "2026-11-01T06:30"),
    ("Pacific/Auckland", "2026-09-27", "02:30", "2027-04-04", "02:30", "2027-04-03T13:30", "2027-04-03T14:30"),
    ("Australia/Lord_Howe", "2026-10-04", "02:15", "2027-04-04", "01:45", "2027-04-03T14:45", "2027-04-03T15:15"),
]


@pytest.mark.parametrize(("zone", "day", "time", "_twice_on", "_twice", "_first", "_second"), CHANGES)
def test_an_hour_that_the_clocks_skip_is_refused_with_what_was_typed(
    draft: Draft, settings: Any, zone: str, day: str, time: str, _twice_on: str, _twice: str, _first: str, _second: str
) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel(dt.datetime(2026, 9, 1, 12, 0, tzinfo=dt.UTC), tick=False):
        sent = {"when": "later", "date": day, "time": time, "slug": "the-one-i-typed"}
        response = client_of(draft.started_by).post(path(draft), sent)
    assert response.status_code == 400
    shown = response.content.decode()
    assert "leave this time out" in shown
    assert all(f'value="{typed}"' in shown for typed in (day, time, "the-one-i-typed"))
    assert not Article.objects.exists()


@pytest.mark.parametrize(("zone", "_skipped_on", "_skipped", "day", "time", "first", "second"), CHANGES)
@pytest.mark.parametrize("which", ["first", "second"])
def test_an_hour_that_comes_twice_is_asked_about(
    draft: Draft,
    settings: Any,
    which: str,
    zone: str,
    _skipped_on: str,
    _skipped: str,
    day: str,
    time: str,
    first: str,
    second: str,
) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel(dt.datetime(2026, 9, 1, 12, 0, tzinfo=dt.UTC), tick=False):
        client, sent = client_of(draft.started_by), {"when": "later", "date": day, "time": time, "slug": "the-one"}
        assert "Which of the two" not in client.get(path(draft)).content.decode()
        asked = client.post(path(draft), sent)
        assert asked.status_code == 400
        shown = asked.content.decode()
        assert "This time comes twice on this day." in shown
        assert "Which of the two" in shown
        assert f"/plain/{day[:4]}/<strong>" in shown
        assert all(f'value="{typed}"' in shown for typed in (day, time, "the-one"))
        assert not Article.objects.exists()
        assert client.post(path(draft), {**sent, "which": which}).status_code == 302
    out = dt.datetime.fromisoformat(first if which == "first" else second).replace(tzinfo=dt.UTC)
    assert Article.objects.get().publish_at == out


def test_an_hour_like_any_other_is_that_hour(draft: Draft, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/London"
    with time_machine.travel(dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC), tick=False):
        sent = {"when": "later", "date": "2026-07-01", "time": "08:00", "slug": "the-one", "which": "second"}
        assert client_of(draft.started_by).post(path(draft), sent).status_code == 302
    assert Article.objects.get().publish_at == dt.datetime(2026, 7, 1, 7, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"date": ""}, "Say when it goes out"),
        ({"time": "25:00"}, "Enter a valid time"),
        ({"date": "2020-01-01"}, "This time is past."),
        ({"date": "0001-01-01"}, "This time is past."),
        ({"date": "9999-12-31"}, "Choose a date within the next two years."),
        ({"slug": "two words"}, "Use letters, numbers and dashes alone"),
        ({"slug": ""}, "This field is required"),
        ({"slug": "x" * 81}, "at most 80 characters"),
        ({"when": "never"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_goes_out(
    draft: Draft, client: Client, at: dt.datetime, changes: dict[str, str], said: str
) -> None:
    response = client.post(path(draft), later(at + dt.timedelta(days=5), **changes))
    assert response.status_code == 400
    assert said in unescape(response.content.decode())
    assert not Article.objects.exists()


def test_an_address_is_given_once(column: Column, draft: Draft, client: Client) -> None:
    taken = factories.make_article(column)
    response = client.post(path(draft), {"when": "now", "slug": taken.slug.upper()})
    assert response.status_code == 400
    assert "has this address already" in response.content.decode()
    assert Article.objects.get() == taken


@pytest.mark.parametrize("status", [status for status in DraftStatus if status != DraftStatus.APPROVED])
def test_nothing_goes_out_without_an_approval(column: Column, client: Client, status: DraftStatus) -> None:
    draft = factories.make_draft(column, status)
    articles = Article.objects.count()
    assert "It needs the approval of a second reader first." in client.get(path(draft)).content.decode()
    response = client.post(path(draft), {"when": "now", "slug": "another-one"})
    assert response.status_code == 409
    assert "Nothing was published." in response.content.decode()
    assert Article.objects.count() == articles


def test_a_withdrawn_letter_stands_in_the_way(draft: Draft, client: Client, at: dt.datetime, keys: Vault) -> None:
    drafts.letters(draft, keys)[0].withdraw(at=at)
    assert "has withdrawn it" in client.get(path(draft)).content.decode()
    assert client.post(path(draft), {"when": "now", "slug": "the-one"}).status_code == 409
    assert not Article.objects.exists()


def test_a_letter_with_private_consent_stands_in_the_way(column: Column, client: Client) -> None:
    draft = factories.make_draft(column, DraftStatus.APPROVED)
    Letter.objects.update(consent="private")  # as when the writer thinks better of it
    assert "It cannot go out yet." in client.get(path(draft)).content.decode()
    assert client.post(path(draft), {"when": "now", "slug": "the-one"}).status_code == 409
    assert not Article.objects.exists()


def test_words_are_escaped(column: Column, client: Client) -> None:
    draft = factories.make_draft(column, DraftStatus.APPROVED, words={"headline": MARKUP})
    for response in (client.get(path(draft)), client.post(path(draft), {"when": "now", "slug": MARKUP})):
        shown = response.content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_more_letters_ask_no_more_of_the_database(column: Column, client: Client, at: dt.datetime) -> None:
    shown, written = [], []
    for many in (3, 8):
        letters = [factories.make_letter(column, LetterStatus.SHORTLISTED, email="w@example.org") for _ in range(many)]
        draft = factories.make_draft(column, DraftStatus.APPROVED, letters=letters)
        with CaptureQueriesContext(connection) as captured:
            assert "It cannot go out yet." not in client.get(path(draft)).content.decode()
        shown.append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            assert client.post(path(draft), later(at + DAY, slug=f"for-{many}")).status_code == 302
        written.append(len(captured))
        assert Notice.objects.filter(letter__in=letters).count() == many
    assert shown[0] == shown[1] <= 10
    assert written[0] == written[1] <= 34  # one asks whether the address leads elsewhere


def test_other_methods_are_refused(draft: Draft, client: Client) -> None:
    assert client.put(path(draft)).status_code == 405
