"""The page of the second reader about an article that is out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Article, Column
from inbox.editorial import corrections
from inbox.models import Correction, Draft, User
from inbox.workflow import DraftStatus
from tests import factories
from tests.access_checks import client_of


@pytest.fixture
def draft(column: Column) -> Draft:
    pk = factories.make_draft(column, DraftStatus.PUBLISHED).pk
    return Draft.objects.select_related("column", "bundle", "article").get(pk=pk)


@pytest.fixture
def sent(draft: Draft, author: User, at: dt.datetime) -> Correction:
    assert draft.article is not None
    after = corrections.words_of(draft.article) | {"standfirst": "A longer answer first."}
    base, keys = corrections.sha256_of(draft.article), factories.desk_keys()
    known = {"base": base, "seen": draft.events_count, "by": author, "at": at, "keys": keys}
    corrections.send(draft, after, note="The length.", ask="Look at the length.", **known)  # type: ignore[arg-type]
    return Correction.objects.get()


@pytest.fixture
def client(reviewer: User) -> Client:
    return client_of(reviewer)


def path(draft: Draft) -> str:
    return reverse("desk:correction", args=[draft.column.slug, draft.pk])


def test_shows_what_changes_and_what_readers_are_told(draft: Draft, sent: Correction, client: Client) -> None:
    page = client.get(path(draft)).text
    for said in ("<ins>longer </ins>", "<del>short </del>", "The length.", "Look at the length."):
        assert said in page
    assert draft.article is not None
    assert draft.article.answer.splitlines()[0] not in page, "what stays is left out"


def test_approves_it(draft: Draft, sent: Correction, client: Client) -> None:
    data = {"decision": "approve_correction", "number": sent.number}
    assert "The correction is in the article." in client.post(path(draft), data, follow=True).text
    article = Article.objects.get()
    assert article.standfirst == "A longer answer first."
    assert "The length." in Client().get(article.get_absolute_url()).text
    assert client.post(path(draft), data).status_code == 409


def test_asks_for_changes_with_a_remark(draft: Draft, sent: Correction, client: Client, author: User) -> None:
    data = {"decision": "ask_correction", "number": sent.number}
    assert client.post(path(draft), data).status_code == 400
    assert client.post(path(draft), data | {"remark": "Say why."}).status_code == 302
    page = client_of(author).get(reverse("desk:correct", args=[draft.column.slug, draft.pk])).text
    assert "Say why." in page
    assert "asked for changes" in page
    assert "No correction waits" in client.get(path(draft)).text


@pytest.mark.parametrize("number", ["", "x", "99"])
def test_a_page_that_does_not_say_what_was_read_decides_nothing(
    draft: Draft, sent: Correction, client: Client, number: str
) -> None:
    response = client.post(path(draft), {"decision": "approve_correction", "number": number})
    assert response.status_code in (400, 409)
    assert Correction.objects.get().state == Correction.State.IN_REVIEW


def test_reviewed_and_nothing_to_change(draft: Draft, client: Client, reviewer: User) -> None:
    page = client.get(path(draft))
    data = {"decision": "confirm", "base": page.context["base"]}
    assert "says that you reviewed it today" in client.post(path(draft), data, follow=True).text
    assert Article.objects.get().reviewer.reviewer_name == reviewer.name
    assert client.post(path(draft), data | {"base": ""}).status_code == 409
