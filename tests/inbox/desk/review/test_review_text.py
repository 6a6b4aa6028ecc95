"""The text alone, as it will look, for the frame of the second reading."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Column
from inbox.models import Draft, User
from inbox.workflow import DraftStatus
from tests import factories
from tests.access_checks import client_of

MARKUP = "<script>alert(1)</script> & <b>words</b>"


def path(draft: Draft) -> str:
    return reverse("desk:review_text", args=[draft.column.slug, draft.pk])


@pytest.fixture
def draft(column: Column, reviewer: User) -> Draft:
    return factories.make_draft(column, DraftStatus.IN_REVIEW)


@pytest.fixture
def client(reviewer: User) -> Client:
    return client_of(reviewer)


def test_is_the_article_of_the_newest_version(column: Column, draft: Draft, client: Client) -> None:
    shown = client.get(path(draft)).content.decode()
    assert "Nothing is wrong with you." in shown
    assert '<h2 id="s-what-is-happening">' in shown
    assert column.sign_off in shown


def test_holds_nothing_of_the_letter(draft: Draft, client: Client) -> None:
    assert factories.LETTER_TEXT not in client.get(path(draft)).content.decode()


def test_words_are_escaped(column: Column, client: Client) -> None:
    words = factories.draft_words(headline=MARKUP, question=MARKUP, answer=MARKUP)
    # in its frame; alone it has the scripts that empty it, and none of its words
    address, framed = path(factories.make_draft(column, words=words)), {"Sec-Fetch-Dest": "iframe"}
    shown = client.get(address, headers=framed).content.decode()
    assert "<script" not in shown
    alone = client.get(address).text
    assert alone.count("<script") == alone.count('<script type="module" src="/static/desk/') >= 1
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


def test_the_desk_alone_may_frame_it(draft: Draft, client: Client) -> None:
    headers = client.get(path(draft)).headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_it_is_only_read(draft: Draft, client: Client) -> None:
    assert client.post(path(draft)).status_code == 405
