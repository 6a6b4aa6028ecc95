"""On the staff page all letters given to somebody go to a colleague in one act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from columns.models import Column
from inbox.models import Letter, User
from tests import factories

SignIn = Callable[[User], Client]
STAFF = "/desk/plain/staff/"


def path(user: User) -> str:
    return f"{STAFF}{user.pk}/reassign/"


def give(column: Column, to: User, at: dt.datetime, many: int = 2) -> list[Letter]:
    letters = [factories.make_letter(column) for _ in range(many)]
    for letter in letters:
        letter.mark("give", to.pk, by=to, at=at)
    return letters


def test_the_owner_passes_them_on(
    column: Column, owner: User, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letters, client = give(column, moderator, at), signed_in(owner)
    page = client.get(STAFF).text
    assert "2 letters given to <bdi>Moderator</bdi>." in page
    assert path(moderator) in page
    response = client.post(path(moderator), {"to": author.pk}, follow=True)
    assert response.redirect_chain == [(STAFF, 302)]
    assert "2 letters are now given to Author." in response.text
    assert set(Letter.objects.filter(given_to=author)) == set(letters)


def test_the_person_does_it_themselves_and_nobody_else(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    give(column, moderator, at, many=1)
    theirs, colleagues = signed_in(moderator), signed_in(author)
    assert path(moderator) in theirs.get(STAFF).text
    assert path(moderator) not in colleagues.get(STAFF).text
    assert colleagues.post(path(moderator), {"to": author.pk}).status_code == 403
    assert "1 letter is now given to Author." in theirs.post(path(moderator), {"to": author.pk}, follow=True).text


def test_says_who_is_away(column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime) -> None:
    give(column, moderator, at, many=1)
    moderator.away_until = timezone.localdate() + dt.timedelta(days=3)
    moderator.save()
    page = signed_in(author).get(STAFF).text
    assert "away until" in page
    assert "Everybody sees it as nobody’s until then." in page


def test_to_a_colleague_who_opens_letters_alone(
    column: Column, owner: User, moderator: User, author_elsewhere: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letters, client = give(column, moderator, at), signed_in(owner)
    for to in (owner.pk, moderator.pk, author_elsewhere.pk, 0, ""):
        assert "Nothing was changed." in client.post(path(moderator), {"to": to}, follow=True).text
    assert set(Letter.objects.filter(given_to=moderator)) == set(letters)


def test_already_reassigned(
    column: Column, owner: User, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    give(column, moderator, at)
    client = signed_in(owner)
    client.post(path(moderator), {"to": author.pk})
    assert "0 letters are now given to Author." in client.post(path(moderator), {"to": author.pk}, follow=True).text


def test_wrong_method_and_somebody_of_another_column(
    column: Column, owner: User, moderator: User, author_elsewhere: User, signed_in: SignIn
) -> None:
    client = signed_in(owner)
    assert client.get(path(moderator)).status_code == 405
    assert client.post(path(author_elsewhere), {"to": moderator.pk}).status_code == 404
