"""Slowing the messages of somebody who writes to wound. The letter itself is never silenced."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from django.test import Client

from columns.models import Column
from inbox.desk.inbox.limit_and_practice import limit_context
from inbox.models import Letter, LetterEvent, User
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/limit/"


def test_one_message_a_day_and_ten_again(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter, client = factories.make_letter(column, LetterStatus.SHORTLISTED), signed_in(moderator)
    response = client.post(path(letter), {"messages_a_day": "1"}, follow=True)
    assert response.redirect_chain[0][0] == f"/desk/plain/letters/{letter.pk}/"
    assert f"The writer of {letter.label} can send one message a day." in response.text
    letter.refresh_from_db()
    assert (letter.messages_a_day, letter.status) == (1, LetterStatus.SHORTLISTED)
    (event,) = factories.opened(LetterEvent.objects.filter(letter=letter, verb="limit"))
    assert (event.marked, event.by) == ((10, 1), moderator)
    assert "can send 10 messages a day" in client.post(path(letter), {"messages_a_day": "10"}, follow=True).text
    letter.refresh_from_db()
    assert letter.messages_a_day == 10


def test_can_be_undone_at_once(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter, client = factories.make_letter(column), signed_in(moderator)
    page = client.post(path(letter), {"messages_a_day": "1"}, follow=True).text
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', page)
    assert undo
    client.post(undo[1])
    letter.refresh_from_db()
    assert letter.messages_a_day == 10


def test_twice_the_same_changes_nothing(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter, client = factories.make_letter(column), signed_in(moderator)
    client.post(path(letter), {"messages_a_day": "1"})
    assert (
        "That is so already. Nothing was changed."
        in client.post(path(letter), {"messages_a_day": "1"}, follow=True).text
    )
    assert LetterEvent.objects.filter(letter=letter, verb="limit").count() == 1


def test_a_letter_that_was_taken_back_has_no_limit(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, LetterStatus.WITHDRAWN)
    assert "Nothing was changed." in signed_in(moderator).post(path(letter), {"messages_a_day": "1"}, follow=True).text
    letter.refresh_from_db()
    assert letter.messages_a_day == 10


@pytest.mark.parametrize("number", ["0", "-1", "3", "", "many"])
def test_nobody_is_silenced(column: Column, moderator: User, signed_in: SignIn, number: str) -> None:
    letter = factories.make_letter(column)
    response = signed_in(moderator).post(path(letter), {"messages_a_day": number}, follow=True)
    assert "Nothing was changed." in response.text
    letter.refresh_from_db()
    assert letter.messages_a_day == 10


def test_the_partial_says_that_the_letter_stays(column: Column, at: object) -> None:
    letter = factories.make_letter(column)
    told = render_to_string("desk/inbox/_limit.html", {"column": column, "letter": letter, **limit_context(letter)})
    assert "never silenced" in told
    assert 'name="messages_a_day" value="1"' in told
    letter.messages_a_day = 1
    told = render_to_string("desk/inbox/_limit.html", {"column": column, "letter": letter, **limit_context(letter)})
    assert "can send 1 message a day" in told
    assert 'name="messages_a_day" value="10"' in told


def test_the_writer_is_told_kindly_and_keeps_what_they_typed(column: Column, moderator: User, at: object) -> None:
    taken = factories.take_letter(column)
    taken.letter.mark("limit", 1, by=moderator, at=at)  # type: ignore[arg-type]
    client = Client()
    found = client.post("/plain/letter/", {"receipt": taken.receipt})
    token = {"token": found.context["token"]}
    first = client.post("/plain/letter/reply/", {**token, "text": "You never understood a word of it."})
    assert "Your message is with the column." in first.text
    second = client.post("/plain/letter/reply/", {**token, "text": "And another thing that I must say."})
    assert "You can send one message a day about this letter, and today&#x27;s is with the column." in second.text
    assert "And another thing that I must say." in second.text
    assert taken.letter.messages.count() == 1


def test_wrong_method_and_wrong_column(
    column: Column, other_column: Column, moderator: User, signed_in: SignIn
) -> None:
    client = signed_in(moderator)
    assert client.get(path(factories.make_letter(column))).status_code == 405
    assert client.post(path(factories.make_letter(other_column)), {"messages_a_day": "1"}).status_code == 404
