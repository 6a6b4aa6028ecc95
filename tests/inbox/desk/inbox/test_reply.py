"""The page with which a letter ends: written, shown as its writer reads it, sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import Letter, Message, Notice, User
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
TEXT = "Thank you for your letter. We have read it, and this is what we can say <b>today</b>."


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/reply/"


def test_sends_what_was_written_and_owes_the_news(column: Column, author: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, email="w@example.org")
    following = factories.make_letter(column)
    fields = {"text": TEXT, "step": "send", "view": "new", "next": str(following.pk)}
    response = signed_in(author).post(path(letter), fields)
    assert response.headers["Location"] == f"/desk/plain/letters/{following.pk}/?view=new"
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.REPLIED
    message = Message.objects.get(letter=letter, kind=Message.Kind.ANSWER)
    assert factories.desk_keys().open(message)["text"] == TEXT
    assert Notice.objects.filter(letter=letter, kind=Notice.Kind.END).count() == 1


def test_shows_it_first_as_the_writer_reads_it(column: Column, author: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    page = signed_in(author).post(path(letter), {"text": TEXT, "step": "preview"}).content.decode()
    assert "What the writer reads" in page
    assert "&lt;b&gt;today&lt;/b&gt;" in page
    assert "<b>today" not in page
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_shows_the_letter_beside_it(column: Column, author: User, signed_in: SignIn) -> None:
    page = signed_in(author).get(path(factories.make_letter(column))).content.decode()
    assert factories.LETTER_TEXT in page


@pytest.mark.parametrize("text", ["", "too short", "x" * 16_001])
def test_keeps_the_text_that_cannot_be_sent(column: Column, author: User, signed_in: SignIn, text: str) -> None:
    letter = factories.make_letter(column)
    response = signed_in(author).post(path(letter), {"text": text, "step": "send"})
    assert response.status_code == 400
    assert text in response.content.decode()
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_somebody_who_is_late_keeps_their_text(column: Column, author: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, LetterStatus.WITHDRAWN)
    response = signed_in(author).post(path(letter), {"text": TEXT, "step": "send"})
    assert response.status_code == 409
    assert "what we can say" in response.content.decode()
    assert Message.objects.filter(letter=letter, kind=Message.Kind.ANSWER).count() == 0


def test_who_may_not(
    column: Column,
    stranger: Client,
    author_elsewhere: User,
    owner: User,
    moderator: User,
    author: User,
    signed_in: SignIn,
) -> None:
    letter = factories.make_letter(column)
    assert stranger.get(path(letter)).status_code == 302
    assert signed_in(author_elsewhere).get(path(letter)).status_code == 404
    assert signed_in(owner).get(path(letter)).status_code == 403
    assert signed_in(moderator).post(path(letter), {"text": TEXT, "step": "send"}).status_code == 403
    assert signed_in(author).delete(path(letter)).status_code == 405
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED
