"""What is said about a letter: a question to its writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import Letter, Message, User
from inbox.triage import presence
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
TEXT = "Since when, and what have you tried <b>so far</b>?"


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/ask/"


def test_is_kept_with_the_letter(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    page = signed_in(moderator).post(path(letter), {"ask-text": TEXT}, follow=True).content.decode()
    assert factories.desk_keys().open(Message.objects.get(letter=letter, kind=Message.Kind.QUESTION))["text"] == TEXT
    assert "&lt;b&gt;so far&lt;/b&gt;" in page
    assert "<b>so far" not in page
    assert [event.verb for event in letter.events.all()] == ["receive", "ask"]


def test_has_a_page_of_its_own(column: Column, moderator: User, signed_in: SignIn) -> None:
    page = signed_in(moderator).get(path(factories.make_letter(column))).content.decode()
    assert factories.LETTER_TEXT in page
    assert 'name="ask-text"' in page


@pytest.mark.parametrize("text", ["", "x" * 16_001])
def test_keeps_the_text_that_cannot_be_kept(column: Column, moderator: User, signed_in: SignIn, text: str) -> None:
    letter = factories.make_letter(column)
    response = signed_in(moderator).post(path(letter), {"ask-text": text})
    assert response.status_code == 400
    assert text in response.content.decode()
    assert Message.objects.filter(letter=letter).count() == 0


@pytest.mark.parametrize("status", [LetterStatus.WITHDRAWN, LetterStatus.ERASED])
def test_nothing_is_added_to_a_letter_that_is_gone(
    column: Column, moderator: User, signed_in: SignIn, status: LetterStatus
) -> None:
    letter = factories.make_letter(column, status)
    before = Message.objects.filter(letter=letter).count()
    response = signed_in(moderator).post(path(letter), {"ask-text": TEXT})
    assert response.status_code == 409
    assert "what have you tried" in response.content.decode()
    assert Message.objects.filter(letter=letter).count() == before


def test_nothing_is_asked_of_a_letter_that_stands_elsewhere_by_now(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    letter.shortlist(by=author, at=at)
    response = signed_in(moderator).post(path(letter), {"ask-text": TEXT, "seen": "received"})
    assert response.status_code == 409
    assert f": {letter.label} was put on the shortlist." in response.text
    assert "what have you tried" in response.text
    assert Message.objects.filter(letter=letter).count() == 0


def test_nothing_is_asked_while_a_colleague_has_it_in_hand(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    presence.claim(letter.pk, author, at=at)
    response = signed_in(moderator).post(path(letter), {"ask-text": TEXT})
    assert response.status_code == 409
    assert "Author has this letter in hand." in response.text
    assert "what have you tried" in response.text
    assert Message.objects.filter(letter=letter).count() == 0
    assert signed_in(author).post(path(letter), {"ask-text": TEXT}).status_code == 302


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    reviewer: User,
    moderator: User,
    signed_in: SignIn,
) -> None:
    letter = factories.make_letter(column)
    assert stranger.post(path(letter), {"ask-text": TEXT}).status_code == 302
    assert signed_in(author_elsewhere).post(path(letter), {"ask-text": TEXT}).status_code == 404
    assert signed_in(owner).post(path(letter), {"ask-text": TEXT}).status_code == 403
    assert signed_in(reviewer).post(path(letter), {"ask-text": TEXT}).status_code == 403
    assert signed_in(moderator).delete(path(letter)).status_code == 405
    assert Message.objects.filter(letter=letter).count() == 0
