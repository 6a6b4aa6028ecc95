"""An older text becomes the newest again, as a version of its own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Column
from inbox.keys.vault import Vault
from inbox.models import Draft, User
from inbox.workflow import DraftStatus
from tests import factories
from tests.access_checks import client_of


def path(draft: Draft, number: int = 2) -> str:
    return reverse("desk:draft_restore", args=[draft.column.slug, draft.pk, number])


@pytest.fixture
def draft(column: Column, author: User, at: dt.datetime) -> Draft:
    draft = factories.make_draft(column, words={"answer": "The older one."})
    draft.save_version({"answer": "The newer one."}, by=author, at=at, base=draft.latest)
    return draft


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def test_the_old_words_are_the_newest_version(draft: Draft, client: Client, keys: Vault) -> None:
    response = client.post(path(draft), follow=True)
    assert "The text of version 2 is the newest again." in response.content.decode()
    draft.refresh_from_db()
    assert draft.latest == 4
    assert keys.open(draft.newest())["answer"] == "The older one."
    assert keys.open(draft.versions.get(number=3))["answer"] == "The newer one."


def test_a_text_that_was_sent_stays_as_it_is(column: Column, client: Client) -> None:
    sent = factories.make_draft(column, DraftStatus.IN_REVIEW)
    response = client.post(path(sent, 1), follow=True)
    assert "Nothing was changed." in response.content.decode()
    before = sent.latest
    sent.refresh_from_db()
    assert sent.latest == before


def test_a_version_that_never_was_is_not_there(draft: Draft, client: Client) -> None:
    assert client.post(path(draft, 99)).status_code == 404


def test_looking_restores_nothing(draft: Draft, client: Client) -> None:
    assert client.get(path(draft)).status_code == 405
