"""Letters join a draft and leave it again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from columns.models import Column
from inbox.editorial import drafts
from inbox.keys.vault import Vault
from inbox.models import Draft, Letter, User
from inbox.triage import presence
from inbox.workflow import DraftStatus, LetterStatus
from tests import factories
from tests.access_checks import client_of


def path(draft: Draft) -> str:
    return reverse("desk:draft_letters", args=[draft.column.slug, draft.pk])


@pytest.fixture
def waiting(column: Column) -> Letter:
    return factories.make_letter(column, LetterStatus.SHORTLISTED)


@pytest.fixture
def draft(column: Column, author: User) -> Draft:
    return factories.make_draft(column)


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def post(client: Client, draft: Draft, action: str, *letters: Letter) -> str:
    sent = {"action": action, "letters": [letter.pk for letter in letters]}
    response = client.post(path(draft), sent, follow=True)
    assert response.redirect_chain == [(reverse("desk:draft", args=["plain", draft.pk]), 302)]
    return response.content.decode()


def answered(draft: Draft, keys: Vault) -> list[Letter]:
    return drafts.letters(Draft.objects.select_related("bundle", "column").get(pk=draft.pk), keys)


def test_one_that_a_colleague_has_in_hand_does_not_join(
    draft: Draft, client: Client, waiting: Letter, moderator: User, keys: Vault
) -> None:
    presence.claim(waiting.pk, moderator, at=timezone.now())
    assert f"Moderator has {waiting.label} in hand." in post(client, draft, "join", waiting)
    assert waiting not in answered(draft, keys)


def test_a_shortlisted_letter_joins(draft: Draft, client: Client, waiting: Letter, keys: Vault) -> None:
    assert f"This draft answers {waiting.label} too." in post(client, draft, "join", waiting)
    assert answered(draft, keys)[1:] == [waiting]


def test_a_letter_is_taken_out_again(draft: Draft, client: Client, waiting: Letter, keys: Vault) -> None:
    post(client, draft, "join", waiting)
    assert f"{waiting.label} is on the shortlist again." in post(client, draft, "take_out", waiting)
    assert waiting not in answered(draft, keys)
    waiting.refresh_from_db()
    assert waiting.status == LetterStatus.SHORTLISTED


def test_the_last_letter_stays(draft: Draft, client: Client, keys: Vault) -> None:
    only = answered(draft, keys)
    assert "at least one letter" in post(client, draft, "take_out", only[0])
    assert answered(draft, keys) == only


def test_a_letter_that_was_moved_is_refused_in_words(column: Column, draft: Draft, client: Client, keys: Vault) -> None:
    declined = factories.make_letter(column, LetterStatus.DECLINED)
    assert "Nothing was changed." in post(client, draft, "join", declined)
    assert declined not in answered(draft, keys)


def test_no_letter_joins_a_text_that_was_sent(column: Column, client: Client, waiting: Letter, keys: Vault) -> None:
    sent = factories.make_draft(column, DraftStatus.IN_REVIEW)
    assert "Nothing was changed." in post(client, sent, "join", waiting)
    assert waiting not in answered(sent, keys)


def test_no_letter_chosen_is_said(draft: Draft, client: Client) -> None:
    assert "Choose at least one letter." in post(client, draft, "join")


def test_unknown_acts_and_letters_are_not_there(
    draft: Draft, client: Client, waiting: Letter, other_column: Column
) -> None:
    theirs = factories.make_letter(other_column, LetterStatus.SHORTLISTED)
    for action, letter in (("erase", waiting.pk), ("join", theirs.pk), ("join", "no-id")):
        assert client.post(path(draft), {"action": action, "letters": [letter]}).status_code == 404


def test_looking_changes_nothing(draft: Draft, client: Client) -> None:
    assert client.get(path(draft)).status_code == 405
