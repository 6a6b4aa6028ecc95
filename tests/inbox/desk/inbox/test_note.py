"""What is said about a letter: a remark for the desk alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import Letter, Note, User
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
TEXT = "Since when, and what have you tried <b>so far</b>?"


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/note/"


def test_is_kept_with_the_letter(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    page = signed_in(moderator).post(path(letter), {"note-text": TEXT}, follow=True).content.decode()
    assert factories.desk_keys().open(Note.objects.get(letter=letter))["text"] == TEXT
    assert "&lt;b&gt;so far&lt;/b&gt;" in page
    assert "<b>so far" not in page
    assert [event.verb for event in letter.events.all()] == ["receive", "note"]


def test_is_taken_back_by_whoever_wrote_it(column: Column, moderator: User, author: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    client, quick = signed_in(moderator), {"X-Steady": "decision"}
    first, second = (client.post(path(letter), {"note-text": text}, headers=quick).json() for text in ("One.", "Two."))
    did = client.get("/desk/plain/did/").text
    assert f'action="{first["undo"]}' in did
    assert f'action="{second["undo"]}' in did
    assert signed_in(author).post(first["undo"], headers=quick).status_code == 409
    assert client.post(first["undo"], headers=quick).status_code == 200
    assert [factories.desk_keys().open(note)["text"] for note in letter.notes.all()] == ["Two."]
    did = client.get("/desk/plain/did/").text
    assert f'action="{first["undo"]}' not in did
    assert f'action="{second["undo"]}' in did
    assert client.post(first["undo"], headers=quick).status_code == 409


def test_has_a_page_of_its_own(column: Column, moderator: User, signed_in: SignIn) -> None:
    page = signed_in(moderator).get(path(factories.make_letter(column))).content.decode()
    assert factories.LETTER_TEXT in page
    assert 'name="note-text"' in page


@pytest.mark.parametrize("text", ["", "x" * 16_001])
def test_keeps_the_text_that_cannot_be_kept(column: Column, moderator: User, signed_in: SignIn, text: str) -> None:
    letter = factories.make_letter(column)
    response = signed_in(moderator).post(path(letter), {"note-text": text})
    assert response.status_code == 400
    assert text in response.content.decode()
    assert Note.objects.filter(letter=letter).count() == 0


@pytest.mark.parametrize("status", [LetterStatus.WITHDRAWN, LetterStatus.ERASED])
def test_nothing_is_added_to_a_letter_that_is_gone(
    column: Column, moderator: User, signed_in: SignIn, status: LetterStatus
) -> None:
    letter = factories.make_letter(column, status)
    before = Note.objects.filter(letter=letter).count()
    response = signed_in(moderator).post(path(letter), {"note-text": TEXT})
    assert response.status_code == 409
    assert "what have you tried" in response.content.decode()
    assert Note.objects.filter(letter=letter).count() == before


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
    assert stranger.post(path(letter), {"note-text": TEXT}).status_code == 302
    assert signed_in(author_elsewhere).post(path(letter), {"note-text": TEXT}).status_code == 404
    assert signed_in(owner).post(path(letter), {"note-text": TEXT}).status_code == 403
    assert signed_in(reviewer).post(path(letter), {"note-text": TEXT}).status_code == 403
    assert signed_in(moderator).delete(path(letter)).status_code == 405
    assert Note.objects.filter(letter=letter).count() == 0
