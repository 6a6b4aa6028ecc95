"""The page of a practice day: begin, go on, start again, throw away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.desk.inbox import limit_and_practice
from inbox.models import Letter, User
from inbox.operations import practice
from inbox.workflow import Role
from tests import factories

SignIn = Callable[[User], Client]
PATH = "/desk/plain/practice/"


@pytest.fixture(autouse=True)
def _a_short_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three letters instead of fifty: what is tested here is the page."""
    content = practice.read(limit_and_practice.LETTERS)
    monkeypatch.setattr(practice, "read", lambda path: {**content, "letter": content["letter"][-3:]})


def test_begins_with_letters_that_can_be_opened_at_once(column: Column, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    assert "Begin a practice day" in client.get(PATH).text
    response = client.post(PATH, {"act": "begin"}, follow=True)
    (made,) = practice.columns(moderator)
    assert response.redirect_chain == [(f"/desk/{made.slug}/inbox/", 302)]
    assert "Kitchen scissors" in response.text
    letter = Letter.objects.filter(column=made).by_need()[0]
    shown = client.get(f"/desk/{made.slug}/letters/{letter.pk}/")
    assert shown.status_code == 200
    assert made.get_absolute_url() not in {line.strip() for line in shown.text.split('"')}


def test_goes_on_with_what_is_there(column: Column, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    client.post(PATH, {"act": "begin"})
    client.post(PATH, {"act": "begin"})
    (made,) = practice.columns(moderator)
    for path in (PATH, f"/desk/{made.slug}/practice/"):
        page = client.get(path).text
        assert "Go on practising" in page
        assert f"/desk/{made.slug}/inbox/" in page


def test_starts_again_and_throws_away(column: Column, moderator: User, signed_in: SignIn) -> None:
    client = signed_in(moderator)
    client.post(PATH, {"act": "begin"})
    (first,) = practice.columns(moderator)
    client.post(f"/desk/{first.slug}/practice/", {"act": "again"})
    (second,) = practice.columns(moderator)
    assert second != first
    assert client.get(f"/desk/{first.slug}/inbox/").status_code == 404
    response = client.post(f"/desk/{second.slug}/practice/", {"act": "away"}, follow=True)
    assert response.redirect_chain == [("/desk/", 302)]
    assert "Your practice letters are erased." in response.text
    assert practice.columns(moderator) == []
    assert client.get(f"/desk/{second.slug}/inbox/").status_code == 404
    # pressed a second time there is nothing left to throw away
    assert client.post(PATH, {"act": "away"}).status_code == 302


def test_touches_nobody_elses(column: Column, moderator: User, author: User, signed_in: SignIn) -> None:
    signed_in(author).post(PATH, {"act": "begin"})
    (theirs,) = practice.columns(author)
    client = signed_in(moderator)
    assert client.get(f"/desk/{theirs.slug}/inbox/").status_code == 404
    assert client.post(f"/desk/{theirs.slug}/practice/", {"act": "away"}).status_code == 404
    client.post(PATH, {"act": "away"})
    assert practice.columns(author) == [theirs]


def test_an_unknown_button_does_nothing(column: Column, moderator: User, signed_in: SignIn) -> None:
    response = signed_in(moderator).post(PATH, {"act": "explode"})
    assert response.status_code == 400
    assert "Nothing was changed." in response.text
    assert practice.columns(moderator) == []


def test_wrong_method(column: Column, signed_in: SignIn) -> None:
    owner = factories.make_user("owning", column, Role.OWNER)
    assert signed_in(owner).delete(PATH).status_code == 405
