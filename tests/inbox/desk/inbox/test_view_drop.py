"""A view with a name goes again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import SavedView, User

SignIn = Callable[[User], Client]


def path(saved: SavedView) -> str:
    return f"/desk/plain/views/{saved.pk}/drop/"


def test_only_ones_own_goes(column: Column, moderator: User, author: User, signed_in: SignIn) -> None:
    saved = SavedView.objects.create(
        column=column, user=moderator, name="Mine", filters={"view": "urgent"}, shared=True
    )
    assert signed_in(author).post(path(saved)).status_code == 404
    assert signed_in(moderator).post(path(saved)).status_code == 302
    assert not SavedView.objects.exists()
    assert signed_in(moderator).post(path(saved)).status_code == 404


@pytest.mark.parametrize("view", ["urgent", "nonsense"])
def test_leads_back_to_the_view(column: Column, moderator: User, signed_in: SignIn, view: str) -> None:
    saved = SavedView.objects.create(column=column, user=moderator, name="Mine")
    known = "new" if view == "nonsense" else view
    assert signed_in(moderator).post(path(saved), {"view": view}).headers["Location"] == f"/desk/plain/inbox/{known}/"


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    saved = SavedView.objects.create(column=column, user=moderator, name="Mine")
    assert stranger.post(path(saved)).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).post(path(saved)).status_code == status
    assert signed_in(moderator).get(path(saved)).status_code == 405
