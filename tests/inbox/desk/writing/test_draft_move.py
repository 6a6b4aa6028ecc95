"""A draft goes to its second reader, comes back, is put aside and taken up again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Article, Column
from inbox.editorial import drafts
from inbox.keys.vault import Vault
from inbox.models import Draft, User
from inbox.workflow import DraftStatus, LetterStatus
from tests import factories
from tests.access_checks import client_of


def path(draft: Draft, verb: str) -> str:
    return reverse("desk:draft_move", args=[draft.column.slug, draft.pk, verb])


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def made(client: Client, draft: Draft, verb: str) -> tuple[str, str]:
    """The draft's status after the move, and what was said."""
    response = client.post(path(draft, verb), follow=True)
    assert response.redirect_chain == [(reverse("desk:draft", args=["plain", draft.pk]), 302)]
    draft.refresh_from_db()
    return draft.status, response.content.decode()


@pytest.mark.parametrize(
    ("before", "verb", "after"),
    [
        (DraftStatus.WRITING, "send", DraftStatus.IN_REVIEW),
        (DraftStatus.IN_REVIEW, "edit", DraftStatus.WRITING),
        (DraftStatus.APPROVED, "edit", DraftStatus.WRITING),
        (DraftStatus.SCHEDULED, "edit", DraftStatus.WRITING),
        (DraftStatus.WRITING, "shelve", DraftStatus.SHELVED),
        (DraftStatus.SHELVED, "unshelve", DraftStatus.WRITING),
        (DraftStatus.TAKEN_DOWN, "write_anew", DraftStatus.WRITING),
    ],
)
def test_moves(column: Column, client: Client, before: DraftStatus, verb: str, after: DraftStatus) -> None:
    draft = factories.make_draft(column, before)
    status, said = made(client, draft, verb)
    assert status == after
    assert "Nothing was changed." not in said


def test_editing_again_removes_the_article_to_come(column: Column, client: Client) -> None:
    draft = factories.make_draft(column, DraftStatus.SCHEDULED)
    made(client, draft, "edit")
    assert not Article.objects.exists()


def test_the_letters_follow_to_the_shelf_and_back(column: Column, client: Client, keys: Vault) -> None:
    draft = factories.make_draft(column)
    for verb, status in (("shelve", LetterStatus.SHORTLISTED), ("unshelve", LetterStatus.ANSWERING)):
        made(client, draft, verb)
        assert [letter.status for letter in drafts.letters(draft, keys)] == [status]


def test_an_unfinished_draft_is_not_sent(column: Column, client: Client) -> None:
    draft = factories.make_draft(column, words={"answer": ""})
    status, said = made(client, draft, "send")
    assert status == DraftStatus.WRITING
    assert "It still needs the answer." in said


def test_a_draft_that_was_moved_is_refused_in_words(column: Column, client: Client) -> None:
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    status, said = made(client, draft, "send")
    assert status == DraftStatus.IN_REVIEW
    assert "Nothing was changed." in said


@pytest.mark.parametrize("verb", ["approve", "publish", "erase"])
def test_a_move_that_has_its_own_page_or_none_is_not_here(column: Column, client: Client, verb: str) -> None:
    draft = factories.make_draft(column, DraftStatus.IN_REVIEW)
    assert client.post(path(draft, verb)).status_code == 404


def test_looking_moves_nothing(column: Column, client: Client) -> None:
    assert client.get(path(factories.make_draft(column), "send")).status_code == 405
