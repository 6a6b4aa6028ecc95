"""The writing desk: what waits to be answered, and what is being answered."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from columns.models import Column
from inbox.editorial import publishing
from inbox.keys.vault import Vault
from inbox.models import User
from inbox.workflow import DraftStatus, LetterStatus, Role
from tests import factories
from tests.access_checks import client_of

PATH = reverse("desk:drafts", args=["plain"])
MARKUP = "<script>alert(1)</script> & <b>words</b> of a letter that nobody should run, ever."


def page(user: User) -> str:
    response = client_of(user).get(PATH)
    assert response.status_code == 200
    return response.content.decode()


def test_shows_the_shortlist_by_topic(column: Column, author: User, at: dt.datetime) -> None:
    week = at - dt.timedelta(days=7)
    pain = factories.make_letter(column, LetterStatus.SHORTLISTED, at=week)
    desire = factories.make_letter(column, LetterStatus.SHORTLISTED, topic="desire", text="A wish " * 10)
    factories.make_letter(column, text="Not on the list yet, but long enough to be a letter.")
    shown = page(author)
    assert pain.label in shown
    assert desire.label in shown
    assert "waits 7 days" in shown
    assert "came today" in shown
    assert "A wish A wish" in shown
    assert "never answered yet" in shown
    assert "Not on the list yet" not in shown
    assert shown.index("Pain") < shown.index(pain.label) < shown.index("Desire") < shown.index(desire.label)


def test_says_when_a_topic_was_last_answered(column: Column, author: User) -> None:
    with time_machine.travel(dt.datetime(2026, 5, 12, 12, 0, tzinfo=dt.UTC), tick=False):
        factories.make_article(column)
        factories.make_letter(column, LetterStatus.SHORTLISTED)
        assert "last answered 12 May 2026" in page(author)


def test_shows_each_draft_where_it_stands(column: Column, author: User, at: dt.datetime, keys: Vault) -> None:
    for status in DraftStatus:
        factories.make_draft(column, status, words={"headline": f"Headline of {status.value}"})
    asked = factories.make_draft(column, DraftStatus.IN_REVIEW, words={"headline": "Headline of asked"})
    reviewer = factories.someone(column, Role.REVIEWER)
    publishing.decide(
        asked, asked.newest(), approve=False, summary="Shorter.", remarks=[], by=reviewer, at=at, keys=keys
    )
    shown = page(author)
    order = [
        "Changes asked", "Headline of asked", "Being written", "Headline of writing", "With the second reader",
        "Headline of in_review", "Approved", "Headline of approved", "Goes out", "Headline of scheduled", "Out",
        "Headline of published", "On the shelf", "Headline of shelved", "Taken down", "Headline of taken_down",
    ]  # fmt: skip
    places = [shown.index(text, shown.index("drafts-title")) for text in order]
    assert places == sorted(places)


def test_a_scheduled_draft_is_out_from_its_minute_on(column: Column, author: User, at: dt.datetime) -> None:
    factories.make_draft(column, DraftStatus.SCHEDULED)
    assert "Goes out" in page(author)
    with time_machine.travel(at + dt.timedelta(days=4)):
        assert "Goes out" not in page(author)


def test_says_which_drafts_are_mine(column: Column, author: User) -> None:
    colleague = factories.make_user("colleague", column, Role.AUTHOR)
    factories.make_draft(column)
    assert "yours" in page(author)
    assert author.name in page(colleague)


def test_a_reviewer_sees_drafts_and_no_letters(column: Column, reviewer: User) -> None:
    factories.make_draft(column, words={"headline": "A headline to read"})
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED)
    shown = page(reviewer)
    assert "A headline to read" in shown
    assert letter.label not in shown


def test_words_are_escaped(column: Column, author: User) -> None:
    factories.make_letter(column, LetterStatus.SHORTLISTED, text=MARKUP)
    factories.make_draft(column, words={"headline": MARKUP})
    shown = page(author)
    assert "<script>alert" not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;") >= 2


def test_it_is_only_read(column: Column, author: User) -> None:
    assert client_of(author).post(PATH).status_code == 405


@pytest.mark.parametrize("role", [Role.AUTHOR])
def test_more_drafts_ask_no_more_of_the_database(column: Column, author: User, role: Role) -> None:
    counts = []
    client = client_of(author)
    client.get(PATH)
    for many in (5, 20):
        for number in range(many):
            factories.make_letter(column, LetterStatus.SHORTLISTED, text=f"Letter {many} {number} that asks something.")
            factories.make_draft(column)
            factories.make_draft(column, DraftStatus.PUBLISHED)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PATH).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12
