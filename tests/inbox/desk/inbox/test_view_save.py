"""A view with a name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import SavedView, User

SignIn = Callable[[User], Client]
PATH = "/desk/plain/views/save/"


def test_keeps_view_and_filters_and_shows_them_to_whom_they_are_for(
    column: Column, moderator: User, author: User, signed_in: SignIn
) -> None:
    client = signed_in(moderator)
    given = {"view": "urgent", "topic": "pain", "older": "7", "consent": "nonsense"}
    client.post(PATH, {**given, "name": "Old pain", "shared": "on"})
    client.post(PATH, {"view": "mine", "name": "My own"})
    assert {one.name: one.filters for one in SavedView.objects.all()} == {
        "Old pain": {"view": "urgent", "topic": "pain", "older": "7"}, "My own": {"view": "mine"},
    }  # fmt: skip
    mine, theirs = (signed_in(person).get("/desk/plain/inbox/").content.decode() for person in (moderator, author))
    assert "/desk/plain/inbox/urgent/?topic=pain&amp;older=7" in mine
    assert "Old pain" in theirs
    assert "My own" in mine
    assert "My own" not in theirs


def test_the_same_name_again_is_the_same_view(column: Column, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    for view in ("urgent", "all"):
        client.post(PATH, {"view": view, "name": "Mine"})
    assert [one.filters for one in SavedView.objects.all()] == [{"view": "all"}]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_without_a_name_nothing_is_kept(column: Column, moderator: User, signed_in: SignIn, name: str) -> None:
    page = signed_in(moderator).post(PATH, {"view": "urgent", "name": name}, follow=True).content.decode()
    assert "Give the view a name" in page
    assert SavedView.objects.count() == 0


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    assert stranger.post(PATH).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).post(PATH).status_code == status
    assert signed_in(moderator).get(PATH).status_code == 405
