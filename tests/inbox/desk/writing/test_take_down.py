"""An article is taken down, after one question."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Column
from inbox.models import Draft, User
from inbox.workflow import DraftStatus, Role
from tests import factories
from tests.access_checks import client_of

MARKUP = "<script>alert(1)</script> & <b>words</b>"


def path(draft: Draft) -> str:
    return reverse("desk:take_down", args=[draft.column.slug, draft.pk])


@pytest.fixture
def draft(column: Column, author: User) -> Draft:
    return factories.make_draft(column, DraftStatus.PUBLISHED, words={"headline": "The one to go"})


def test_asks_first(draft: Draft, author: User) -> None:
    shown = client_of(author).get(path(draft)).content.decode()
    assert "The one to go" in shown
    assert "Take it down now" in shown
    draft.refresh_from_db()
    assert draft.status == DraftStatus.PUBLISHED


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.OWNER])
def test_takes_it_down_at_once(column: Column, draft: Draft, role: Role) -> None:
    assert draft.article is not None
    address = draft.article.get_absolute_url()
    assert Client().get(address).status_code == 200
    response = client_of(factories.someone(column, role)).post(path(draft), follow=True)
    assert "The article is down." in response.content.decode()
    assert Client().get(address).status_code == 410
    draft.refresh_from_db()
    assert draft.status == DraftStatus.TAKEN_DOWN


def test_one_that_is_still_to_come_is_not_published_instead(column: Column, author: User) -> None:
    draft = factories.make_draft(column, DraftStatus.SCHEDULED)
    response = client_of(author).post(path(draft))
    assert response.status_code == 409
    assert "Choose “Do not publish” at its draft" in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == DraftStatus.SCHEDULED


@pytest.mark.parametrize("status", [DraftStatus.WRITING, DraftStatus.APPROVED, DraftStatus.TAKEN_DOWN])
def test_where_nothing_is_out_nothing_is_taken_down(column: Column, author: User, status: DraftStatus) -> None:
    draft = factories.make_draft(column, status)
    client = client_of(author)
    shown = client.get(path(draft)).content.decode()
    assert "no article of this draft" in shown
    assert "Take it down now" not in shown
    response = client.post(path(draft))
    assert response.status_code == 409
    assert "Nothing was changed." in response.content.decode()


def test_an_owner_reads_no_draft_by_it(column: Column, owner: User) -> None:
    draft = factories.make_draft(column, words={"headline": "Only the desk knows"})
    shown = client_of(owner).get(path(draft)).content.decode()
    assert "Only the desk knows" not in shown


def test_words_are_escaped(column: Column, author: User) -> None:
    draft = factories.make_draft(column, DraftStatus.PUBLISHED, words={"headline": MARKUP})
    shown = client_of(author).get(path(draft)).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_other_methods_are_refused(draft: Draft, author: User) -> None:
    assert client_of(author).delete(path(draft)).status_code == 405


def test_an_owner_is_not_shown_a_headline_that_is_not_out_yet(column: Column, owner: User) -> None:
    for status, shown in ((DraftStatus.SCHEDULED, False), (DraftStatus.PUBLISHED, True)):
        draft = factories.make_draft(column, status, words={"headline": f"Is {status} for everybody"})
        page = client_of(owner).get(path(draft)).content.decode()
        assert (f"Is {status} for everybody" in page) is shown
