"""Already answered: the address of an article."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.test import Client

from columns.models import Column
from inbox.models import Letter, Message, Notice, User
from inbox.workflow import DraftStatus, LetterStatus
from tests import factories

SignIn = Callable[[User], Client]
URGENT = "I cannot go on. Some nights I think about ending my life, and I do not know whom to tell about it."


def path(letter: Letter) -> str:
    return f"/desk/plain/letters/{letter.pk}/point/"


def test_sends_the_address_of_the_article_in_one_press(column: Column, moderator: User, signed_in: SignIn) -> None:
    article = factories.make_article(column)
    letter = factories.make_letter(column, email="w@example.org")
    signed_in(moderator).post(path(letter), {"quick": "1", "article": article.pk})
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.REPLIED
    message = Message.objects.get(letter=letter, kind=Message.Kind.ANSWER)
    text = factories.desk_keys().open(message)["text"]
    assert text.startswith("Dear Awake,")
    assert f"{article.headline}: http://127.0.0.1:8000{article.get_absolute_url()}" in text
    assert Notice.objects.filter(letter=letter, kind=Notice.Kind.END).count() == 1


def test_an_urgent_letter_does_not_end_without_those_who_answer_now(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    article, line = factories.make_article(column), column.help_lines.all()[0]
    for letter in (factories.make_letter(column, text=URGENT), factories.make_letter(column)):
        signed_in(moderator).post(path(letter), {"quick": "1", "article": article.pk})
        text = factories.desk_keys().open(Message.objects.get(letter=letter))["text"]
        assert (f"- {line.name}" in text) == bool(letter.need)
        assert article.get_absolute_url() in text


def test_answers_are_offered_those_of_the_topic_first(column: Column, moderator: User, signed_in: SignIn) -> None:
    pain, desire = (
        factories.make_article(column),
        factories.make_draft(column, DraftStatus.PUBLISHED, topic="desire").article,
    )
    assert desire
    response = signed_in(moderator).get(path(factories.make_letter(column, topic="desire")))
    page = html.unescape(response.content.decode())
    assert page.index(desire.headline) < page.index(pain.headline)


def test_the_text_can_be_changed_and_is_shown_as_its_writer_reads_it(
    column: Column, moderator: User, signed_in: SignIn
) -> None:
    article, letter = factories.make_article(column), factories.make_letter(column)
    client = signed_in(moderator)
    assert article.headline in html.unescape(client.get(path(letter), {"article": article.pk}).content.decode())
    fields = {"article": article.pk, "text": "Look here, dear friend, it is all written down.", "step": "preview"}
    assert "What the writer reads" in client.post(path(letter), fields).content.decode()
    client.post(path(letter), {**fields, "step": "send"})
    assert "dear friend" in factories.desk_keys().open(Message.objects.get(letter=letter))["text"]


@pytest.mark.parametrize("article", ["", "0", "x", "9" * 30])
def test_an_article_that_there_is_not_sends_nothing(
    column: Column, moderator: User, signed_in: SignIn, article: str
) -> None:
    letter = factories.make_letter(column)
    assert signed_in(moderator).post(path(letter), {"quick": "1", "article": article}).status_code == 400
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.RECEIVED


def test_already_moved(column: Column, moderator: User, signed_in: SignIn) -> None:
    article, letter = factories.make_article(column), factories.make_letter(column, LetterStatus.WITHDRAWN)
    assert signed_in(moderator).post(path(letter), {"quick": "1", "article": article.pk}).status_code == 409


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
    for person, status in ((author_elsewhere, 404), (owner, 403), (reviewer, 403)):
        assert signed_in(person).get(path(letter)).status_code == status
    assert signed_in(moderator).delete(path(letter)).status_code == 405
