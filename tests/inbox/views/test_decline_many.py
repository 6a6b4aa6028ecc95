"""Not chosen, several at once, each looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox import presence
from inbox.models import Letter, Message, User
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
PATH = "/desk/plain/decline/"
TEXT = "Dear {name},\n\nThank you for your letter. We have read it with care, and cannot take it up."


def test_each_with_a_tick_gets_a_letter_of_its_own(column: Column, moderator: User, signed_in: SignIn) -> None:
    names = ["Ada", "", "Cleo"]
    letters = [factories.make_letter(column, pen_name=name, text=f"{name} {factories.LETTER_TEXT}") for name in names]
    client = signed_in(moderator)
    page = client.get(PATH, {"letters": [str(letter.pk) for letter in letters]}).content.decode()
    assert all(letter.label in page for letter in letters)
    assert page.count(factories.LETTER_TEXT) == 3
    client.post(PATH, {"letters": [letters[0].pk, letters[1].pk], "text": TEXT})
    texts = [factories.desk_keys().open(one)["text"] for one in Message.objects.filter(kind=Message.Kind.CLOSING)]
    assert sorted(text.splitlines()[0] for text in texts) == ["Dear Ada,", "Dear friend,"]
    assert [Letter.objects.get(pk=letter.pk).status for letter in letters] == ["declined", "declined", "received"]


def test_those_that_cannot_be_declined_now_are_named(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    free, held, ended = (
        factories.make_letter(column),
        factories.make_letter(column),
        factories.make_letter(column, LetterStatus.REPLIED),
    )
    presence.claim(held.pk, author, at=at)
    page = (
        signed_in(moderator)
        .post(PATH, {"letters": [free.pk, held.pk, ended.pk], "text": TEXT}, follow=True)
        .content.decode()
    )
    assert "1 declined." in page
    assert f"was quicker: {held.label}." in page
    assert [Letter.objects.get(pk=one.pk).status for one in (free, held, ended)] == ["declined", "received", "replied"]


@pytest.mark.parametrize("text", ["", "short"])
def test_the_text_is_kept_where_it_cannot_be_sent(
    column: Column, moderator: User, signed_in: SignIn, text: str
) -> None:
    letter = factories.make_letter(column)
    response = signed_in(moderator).post(PATH, {"letters": [letter.pk], "text": text})
    assert response.status_code == 400
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_letters_of_another_column_and_nonsense_are_left_out(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    other = factories.make_letter(other_column)
    page = signed_in(moderator).post(PATH, {"letters": [other.pk, "x", ""], "text": TEXT}).content.decode()
    assert "None of these letters can be declined now" in page
    assert Letter.objects.get(pk=other.pk).status == LetterStatus.RECEIVED


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    assert stranger.get(PATH).status_code == 302
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).get(PATH).status_code == status
    assert signed_in(moderator).delete(PATH).status_code == 405
