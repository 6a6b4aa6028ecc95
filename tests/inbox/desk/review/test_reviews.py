"""What waits for a second reader."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from columns.models import Column
from inbox.models import Draft, User
from inbox.workflow import DraftStatus, Role
from tests import factories
from tests.access_checks import client_of

PATH = reverse("desk:reviews", args=["plain"])
MARKUP = "<script>alert(1)</script> & <b>words</b>"


def test_the_longest_waiting_comes_first(column: Column, reviewer: User, at: dt.datetime) -> None:
    for days in (1, 9, 4):
        factories.make_draft(
            column, DraftStatus.IN_REVIEW, at=at - dt.timedelta(days=days), words={"headline": f"It waits {days}"}
        )
    shown = client_of(reviewer).get(PATH).content.decode()
    places = [shown.index(f"It waits {days}") for days in (9, 4, 1)]
    assert places == sorted(places)
    assert "waits 9 days" in shown
    assert factories.someone(column, Role.AUTHOR).name in shown


def test_nothing_else_is_in_the_queue(column: Column, reviewer: User) -> None:
    for status in set(DraftStatus) - {DraftStatus.IN_REVIEW}:
        factories.make_draft(column, status, words={"headline": f"Headline of {status.value}"})
    shown = client_of(reviewer).get(PATH).content.decode()
    assert "Nothing waits for a second reader." in shown
    assert "Headline of" not in shown


def test_an_author_is_led_to_the_draft_and_a_reviewer_to_the_reading(
    column: Column, author: User, reviewer: User
) -> None:
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    reading, editor = (reverse(name, args=["plain", draft.pk]) for name in ("desk:review", "desk:draft"))
    assert f'href="{reading}"' in client_of(reviewer).get(PATH).content.decode()
    shown = client_of(author).get(PATH).content.decode()
    assert f'href="{editor}"' in shown
    assert f'href="{reading}"' not in shown


def test_more_drafts_ask_no_more_of_the_database(column: Column, reviewer: User) -> None:
    client, counts = client_of(reviewer), []
    client.get(PATH)
    for many in (2, 6):
        for _ in range(many):
            factories.make_draft(column, DraftStatus.IN_REVIEW)
        with CaptureQueriesContext(connection) as captured:
            client.get(PATH)
        counts.append(len(captured))
    assert Draft.objects.count() == 8
    assert counts[0] == counts[1] <= 8


def test_words_are_escaped(column: Column, reviewer: User) -> None:
    factories.make_draft(column, DraftStatus.IN_REVIEW, words={"headline": MARKUP})
    shown = client_of(reviewer).get(PATH).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_it_is_only_read(column: Column, reviewer: User) -> None:
    assert client_of(reviewer).post(PATH).status_code == 405
