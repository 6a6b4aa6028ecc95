"""The page on which an author corrects an article that is out, by a plain form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Article, Column
from inbox.models import Correction, Draft, User
from inbox.workflow import DraftStatus
from tests import factories
from tests.access_checks import client_of

MARKUP = "<script>alert(1)</script> & <b>words</b>"


@pytest.fixture
def draft(column: Column) -> Draft:
    return factories.make_draft(column, DraftStatus.PUBLISHED, words={"headline": "Is it so?"})


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def path(draft: Draft) -> str:
    return reverse("desk:correct", args=[draft.column.slug, draft.pk])


def filled(client: Client, draft: Draft, **changes: str) -> dict[str, Any]:
    """The form as the page shows it, with changes."""
    form = client.get(path(draft)).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def test_is_reached_from_the_draft_and_holds_the_articles_words(draft: Draft, client: Client) -> None:
    assert path(draft) in client.get(reverse("desk:draft", args=[draft.column.slug, draft.pk])).text
    page = client.get(path(draft)).text
    assert 'value="Is it so?"' in page
    assert Article.objects.get().answer.splitlines()[0] in page


def test_sends_a_correction_to_the_second_reader(draft: Draft, client: Client) -> None:
    sent = filled(client, draft, answer="Something else.", what="note", note="The dose.", ask="Look at the dose.")
    assert "is with the second reader" in client.post(path(draft), sent, follow=True).text
    assert Correction.objects.get().state == Correction.State.IN_REVIEW
    page = client.get(path(draft)).text
    assert "A correction is in work" in page
    assert "<ins>Something else.</ins>" in page
    assert Article.objects.get().answer != "Something else."


def test_a_second_one_is_told_and_keeps_what_it_typed(draft: Draft, client: Client) -> None:
    first = filled(client, draft, headline="One", what="slip")
    second = filled(client, draft, headline="Two", what="slip")
    assert client.post(path(draft), first).status_code == 302
    response = client.post(path(draft), second)
    assert response.status_code == 409
    assert "Somebody else has corrected this article" in response.text
    assert 'value="Two"' in response.text
    assert "<ins>One</ins>" in response.text


@pytest.mark.parametrize("changes", [{"what": "note", "headline": "X"}, {"what": "", "headline": "X"}])
def test_what_readers_are_told_is_asked(draft: Draft, client: Client, changes: dict[str, str]) -> None:
    assert client.post(path(draft), filled(client, draft, **changes)).status_code == 400
    assert not Correction.objects.exists()


def test_an_unchanged_text_is_not_sent(draft: Draft, client: Client) -> None:
    response = client.post(path(draft), filled(client, draft, what="slip"))
    assert response.status_code == 409
    assert "Nothing is changed yet." in response.text


def test_words_are_escaped(draft: Draft, client: Client) -> None:
    sent = filled(client, draft, headline=MARKUP, what="note", note=MARKUP, ask=MARKUP)
    assert client.post(path(draft), sent).status_code == 302
    page = client.get(path(draft)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("status", [DraftStatus.WRITING, DraftStatus.SCHEDULED, DraftStatus.TAKEN_DOWN])
def test_without_an_article_nothing_is_corrected(column: Column, client: Client, status: DraftStatus) -> None:
    draft = factories.make_draft(column, status)
    assert "There is no article of this draft" in client.get(path(draft)).text
    assert client.post(path(draft), {"headline": "X"}).status_code == 409
    assert not Correction.objects.exists()


def test_works_after_the_words_of_the_draft_are_erased(draft: Draft, client: Client, at: Any) -> None:
    draft.refresh_from_db()
    draft.erase(at=at)
    sent = filled(client, draft, headline="Another", what="slip")
    assert client.post(path(draft), sent).status_code == 302
    assert Correction.objects.get().state == Correction.State.IN_REVIEW
