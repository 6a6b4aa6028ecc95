"""The page with which a letter ends: written, shown as its writer reads it, sent."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import Letter, Message, Notice, User
from inbox.workflow import LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
URGENT = "Some nights I think about ending my life and I cannot tell anyone about it at all."
TEXT = "Thank you for your letter. We have read it, and this is what we can say <b>today</b>."


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/decline/"


def test_sends_what_was_written_and_owes_the_news(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, email="w@example.org")
    following = factories.make_letter(column)
    fields = {"text": TEXT, "step": "send", "view": "new", "next": str(following.pk)}
    response = signed_in(moderator).post(path(letter), fields)
    assert response.headers["Location"] == f"/desk/plain/letters/{following.pk}/?view=new"
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.DECLINED
    message = Message.objects.get(letter=letter, kind=Message.Kind.CLOSING)
    assert factories.desk_keys().open(message)["text"] == TEXT
    assert Notice.objects.filter(letter=letter, kind=Notice.Kind.END).count() == 1


@pytest.mark.encoder
def test_one_press_sends_the_text_with_topic_name_and_answers_filled_in(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    article = factories.make_article(column)
    text = f"{article.question} {article.headline} I would like to know more about it."
    letter = factories.make_letter(column, topic="pain", pen_name="Awake", text=text)
    client = signed_in(moderator)
    client.post(path(letter), {"reason": "many"})
    text = factories.desk_keys().open(Message.objects.get(letter=letter, kind=Message.Kind.CLOSING))["text"]
    assert text.startswith("Dear Awake,\n\nThank you for writing to us about “Pain”.")
    assert f"{article.headline}: http://127.0.0.1:8000{article.get_absolute_url()}" in text
    assert "{" not in text
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.DECLINED


def test_an_old_card_declines_nothing_and_says_who_was_quicker(
    column: Column, moderator: User, author: User, signed_in: SignIn
) -> None:
    letter = factories.make_letter(column)
    ana, ben = signed_in(moderator), signed_in(author)
    card = ben.get(f"/desk/plain/letters/{letter.pk}/").text
    assert 'data-seen="received"' in card
    quick = {"X-Steady": "decision"}
    undo = ana.post(f"/desk/plain/letters/{letter.pk}/move/shortlist/", {"seen": "received"}, headers=quick).json()[
        "undo"
    ]
    refused = ben.post(path(letter), {"reason": "many", "seen": "received"}, headers=quick)
    assert refused.status_code == 409
    said = refused.json()["refused"]
    assert "it is shortlisted now. Moderator, " in said
    assert said.endswith(f" ago: {letter.label} is on the shortlist. Nothing was changed.")
    assert Message.objects.filter(letter=letter).count() == 0
    assert ana.post(undo, headers=quick).status_code == 200
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_the_page_says_at_once_that_it_was_moved_and_again_where_that_happens_while_somebody_writes(
    column: Column, moderator: User, author: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter = factories.make_letter(column)
    ben = signed_in(author)
    link = re.search(rf'href="({path(letter)}[^"]+)"', ben.get(f"/desk/plain/letters/{letter.pk}/").text)
    assert link
    assert "seen=received" in link[1]
    letter.shortlist(by=moderator, at=at)
    page = ben.get(html.unescape(link[1])).text
    assert "it is shortlisted now. Moderator, on " in page
    assert f": {letter.label} was put on the shortlist." in page
    assert '<input type="hidden" name="seen" value="shortlisted">' in page
    letter.put_back(by=moderator, at=at)
    response = ben.post(path(letter), {"text": TEXT, "step": "send", "seen": "shortlisted"})
    assert response.status_code == 409
    assert "it is received now" in response.text
    assert "this is what we can say" in response.text
    assert '<input type="hidden" name="seen" value="received">' in response.text
    ben.post(path(letter), {"text": TEXT, "step": "send", "seen": "received"})
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.DECLINED


def test_marks_and_notes_in_between_are_in_nobodys_way(
    column: Column, moderator: User, signed_in: SignIn, at: dt.datetime
) -> None:
    letter, client = factories.make_letter(column), signed_in(moderator)
    for act in ({"act": "urgent", "urgent": "1"}, {"act": "give", "give": moderator.pk}):
        client.post(f"/desk/plain/letters/{letter.pk}/mark/", act)
    letter.note("Seen.", by=moderator, at=at)
    client.post(path(letter), {"reason": "many", "seen": "received"})
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.DECLINED


@pytest.mark.parametrize("seen", ["", "nonsense"])
def test_a_form_that_does_not_say_what_was_seen_is_taken_as_it_is(
    column: Column, moderator: User, signed_in: SignIn, seen: str
) -> None:
    letter = factories.make_letter(column, LetterStatus.SHORTLISTED)
    signed_in(moderator).post(path(letter), {"reason": "many", "seen": seen})
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.DECLINED


def test_a_text_of_no_such_name_sends_nothing(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    assert signed_in(moderator).post(path(letter), {"reason": "nonsense"}).status_code == 400
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


@pytest.mark.parametrize("status", [LetterStatus.DECLINED, LetterStatus.REPLIED, LetterStatus.PUBLISHED])
def test_no_letter_comes_to_an_end_of_the_desk_without_words(column: Column, status: LetterStatus) -> None:
    letter = factories.make_letter(column, status)
    ends = {Message.Kind.CLOSING, Message.Kind.ANSWER, Message.Kind.ADDRESS}
    assert letter.messages.filter(kind__in=ends).count() == 1


def test_shows_it_first_as_the_writer_reads_it(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    page = signed_in(moderator).post(path(letter), {"text": TEXT, "step": "preview"}).content.decode()
    assert "What the writer reads" in page
    assert "&lt;b&gt;today&lt;/b&gt;" in page
    assert "<b>today" not in page
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_shows_the_letter_beside_it(column: Column, moderator: User, signed_in: SignIn) -> None:
    page = signed_in(moderator).get(path(factories.make_letter(column))).content.decode()
    assert factories.LETTER_TEXT in page


@pytest.mark.parametrize("text", ["", "too short", "x" * 16_001])
def test_keeps_the_text_that_cannot_be_sent(column: Column, moderator: User, signed_in: SignIn, text: str) -> None:
    letter = factories.make_letter(column)
    response = signed_in(moderator).post(path(letter), {"text": text, "step": "send"})
    assert response.status_code == 400
    assert text in response.content.decode()
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_somebody_who_is_late_keeps_their_text(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column, LetterStatus.WITHDRAWN)
    response = signed_in(moderator).post(path(letter), {"text": TEXT, "step": "send"})
    assert response.status_code == 409
    assert "what we can say" in response.content.decode()
    assert Message.objects.filter(letter=letter, kind=Message.Kind.CLOSING).count() == 0


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
    assert stranger.get(path(letter)).status_code == 302
    assert signed_in(author_elsewhere).get(path(letter)).status_code == 404
    assert signed_in(owner).get(path(letter)).status_code == 403
    assert signed_in(reviewer).post(path(letter), {"text": TEXT, "step": "send"}).status_code == 403
    assert signed_in(moderator).delete(path(letter)).status_code == 405
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


@pytest.mark.parametrize("name", ["many", "outside", "now", "answered", "nonsense"])
def test_begins_with_a_kind_text_that_can_be_changed(
    column: Column, moderator: User, signed_in: SignIn, name: str
) -> None:
    letter = factories.make_letter(column, pen_name="Salt Water")
    page = signed_in(moderator).get(path(letter), {"text": name}).content.decode()
    assert "Dear Salt Water," in page
    assert ("Night Line" in page) == (name == "now")


def test_what_is_wrong_is_said_once_at_the_top(column: Column, moderator: User, signed_in: SignIn) -> None:
    letter = factories.make_letter(column)
    page = signed_in(moderator).post(path(letter), {"text": "", "step": "send"}).content.decode()
    assert page.count('class="error-summary"') == 1


def test_an_urgent_letter_never_ends_without_help(column: Column, moderator: User, signed_in: SignIn) -> None:
    plain, urgent = factories.make_letter(column), factories.make_letter(column, text=URGENT)
    lines = column.help_lines.all()
    assert lines
    client = signed_in(moderator)
    page = client.get(path(urgent)).content.decode()
    assert page.index("Dear") < page.index(lines[0].name), "the text to begin with names them"
    for letter, named in ((urgent, True), (plain, False)):
        client.post(path(letter), {"reason": "many"})
        text = factories.desk_keys().open(Message.objects.get(letter=letter, kind=Message.Kind.CLOSING))["text"]
        assert (lines[0].name in text) is named
