"""A hand-over is taken back in one act, as it was made."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable

from django.core.cache import cache
from django.test import Client

from columns.models import Column
from inbox.models import Letter, User
from inbox.workflow import Role
from tests import factories
from tests.access_checks import access_statuses

SignIn = Callable[[User], Client]
STAFF = "/desk/plain/staff/"


def reassigned(column: Column, client: Client, giver: User, to: User, at: dt.datetime) -> tuple[list[Letter], str]:
    """Two letters that were handed over, and the address of the way back that the toast offers."""
    letters = [factories.make_letter(column) for _ in range(2)]
    for letter in letters:
        letter.mark("give", giver.pk, by=giver, at=at)
    page = client.post(f"{STAFF}{giver.pk}/reassign/", {"to": to.pk}, follow=True).text
    undo = re.search(r'action="([^"]+/undo/)"', page)
    assert undo
    return letters, undo[1]


def test_the_owner_takes_it_back_without_opening_a_letter(
    column: Column, owner: User, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    client = signed_in(owner)
    letters, undo = reassigned(column, client, moderator, author, at)
    response = client.post(undo, follow=True)
    assert response.redirect_chain == [(STAFF, 302)]
    assert "2 letters are given as before." in response.text
    assert set(Letter.objects.filter(given_to=moderator)) == set(letters)
    assert [event.verb for event in letters[0].events.all()] == ["receive", "give", "give", "give"]
    assert "Nothing was changed." in client.post(undo, follow=True).text
    assert set(Letter.objects.filter(given_to=moderator)) == set(letters)


def test_what_was_given_away_since_stays_where_it_is(
    column: Column, owner: User, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    client = signed_in(owner)
    letters, undo = reassigned(column, client, moderator, author, at)
    Letter.objects.get(pk=letters[0].pk).mark("give", None, by=author, at=at)
    assert "1 letter is given as before." in client.post(undo, follow=True).text
    assert set(Letter.objects.filter(given_to=moderator)) == {letters[1]}
    assert Letter.objects.get(pk=letters[0].pk).given_to is None


def test_it_is_theirs_alone_and_forgotten_after_a_day(
    column: Column, owner: User, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    client = signed_in(owner)
    letters, undo = reassigned(column, client, moderator, author, at)
    assert "Nothing was changed." in signed_in(author).post(undo, follow=True).text
    cache.delete(f"together-{owner.pk}-{uuid.UUID(undo.split('/')[-3]).hex}")
    assert "too long ago" in client.post(undo, follow=True).text
    assert set(Letter.objects.filter(given_to=author)) == set(letters)


def test_in_its_column_alone(
    column: Column, other_column: Column, owner: User, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letters, undo = reassigned(column, signed_in(owner), moderator, author, at)
    assert signed_in(owner).post(undo.replace("/plain/", "/elsewhere/")).status_code == 404
    assert set(Letter.objects.filter(given_to=author)) == set(letters)


def test_who_may_not(column: Column, owner: User, signed_in: SignIn) -> None:
    address = f"/desk/plain/reassign/{uuid.uuid4()}/undo/"
    expected = {"stranger": 302, "elsewhere": 404, "moderator": 302, "author": 302, "reviewer": 302, "owner": 302}
    assert access_statuses(column, address, *Role, method="post") == expected
    assert signed_in(owner).get(address).status_code == 405
