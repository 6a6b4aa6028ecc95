"""Every version stays, and any two can be compared."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from columns.models import Column
from inbox.keys.vault import Vault
from inbox.models import DRAFT_FIELDS, Draft, User
from inbox.workflow import DraftStatus
from tests import factories
from tests.access_checks import client_of

MARKUP = "<script>alert(1)</script> & <b>words</b>"


def path(draft: Draft) -> str:
    return reverse("desk:draft_versions", args=[draft.column.slug, draft.pk])


@pytest.fixture
def draft(column: Column, author: User, at: dt.datetime) -> Draft:
    draft = factories.make_draft(column, words={"answer": "Two plain words."})
    draft.save_version({"headline": "A third", "answer": "Two better words."}, by=author, at=at, base=draft.latest)
    return draft


@pytest.fixture
def client(author: User) -> Client:
    return client_of(author)


def test_lists_who_saved_which(draft: Draft, client: Client, author: User) -> None:
    shown = client.get(path(draft)).content.decode()
    assert shown.count(f", <bdi>{author.name}</bdi></td>") == 3
    assert "From version 2 to version 3" in shown


def test_shows_what_changed_between_two(draft: Draft, client: Client) -> None:
    shown = client.get(path(draft), {"from": 2, "to": 3}).content.decode()
    assert re.search(r"Two <del>plain </del><ins>better </ins>words\.", shown)
    assert "<ins>A third</ins>" in shown


def test_kinds_of_help_lines_are_compared_by_their_names(
    draft: Draft, client: Client, author: User, at: dt.datetime, keys: Vault
) -> None:
    words = keys.open(draft.newest())
    draft.save_version(words | {"help_kinds": ["time_critical"]}, by=author, at=at, base=draft.latest)
    shown = client.get(path(draft)).text
    assert "<h3>Help lines that stand first</h3>" in shown
    assert re.search(r"<ins>Something for which the first days count\s*</ins>", shown)


@pytest.mark.parametrize("asked", [{"from": "99", "to": "x"}, {"from": "-1"}, {"to": "9" * 400}, {"from": "²"}])
def test_a_number_that_no_version_has_shows_the_newest(draft: Draft, client: Client, asked: dict[str, str]) -> None:
    response = client.get(path(draft), asked)
    assert response.status_code == 200
    assert "to version 3" in response.content.decode()


def test_equal_versions_are_said_to_be(draft: Draft, client: Client) -> None:
    assert "No word differs." in client.get(path(draft), {"from": 3, "to": 3}).content.decode()


def test_offers_to_restore_only_while_it_is_written(
    column: Column, draft: Draft, client: Client, reviewer: User
) -> None:
    restore = reverse("desk:draft_restore", args=["plain", draft.pk, 2])
    assert restore in client.get(path(draft)).content.decode()
    assert restore not in client_of(reviewer).get(path(draft)).content.decode()
    sent = factories.make_draft(column, DraftStatus.IN_REVIEW)
    assert "/restore/" not in client.get(path(sent)).content.decode()


def test_words_are_escaped(column: Column, draft: Draft, client: Client, author: User, at: dt.datetime) -> None:
    draft.save_version(dict.fromkeys(DRAFT_FIELDS, MARKUP), by=author, at=at, base=draft.latest)
    shown = client.get(path(draft)).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_it_is_only_read(draft: Draft, client: Client) -> None:
    assert client.post(path(draft)).status_code == 405
