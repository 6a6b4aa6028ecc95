"""Published answers for somebody who is about to send a letter."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from columns.models import Article, Column
from inbox import nearest, similar
from tests import factories


def _asked(column: Column, at: dt.datetime) -> tuple[list[str], int]:
    with CaptureQueriesContext(connection) as asked:
        found = [answer.headline for answer in nearest.published(column, at).answers]
    return found, len(asked)


def test_they_are_read_once_until_something_changes(column: Column, at: dt.datetime) -> None:
    first = factories.make_article(column, at=at - dt.timedelta(days=3))
    assert _asked(column, at) == ([first.headline], 2)
    assert _asked(column, at) == ([first.headline], 1)
    second = factories.make_article(column, at=at - dt.timedelta(days=2))
    assert _asked(column, at) == ([second.headline, first.headline], 2)
    assert _asked(column, at)[1] == 1
    headline = second.headline
    first.take_down(at=at)
    assert _asked(column, at) == ([headline], 2)


def test_what_becomes_due_is_there_from_then_on(column: Column, at: dt.datetime) -> None:
    article = factories.make_article(column, at=at - dt.timedelta(hours=1))
    assert _asked(column, at - dt.timedelta(hours=2)) == ([], 2)
    assert _asked(column, at) == ([article.headline], 2)


def test_each_column_has_its_own(column: Column, other_column: Column, at: dt.datetime) -> None:
    article = factories.make_article(column, at=at - dt.timedelta(hours=1))
    assert _asked(other_column, at)[0] == []
    assert _asked(column, at)[0] == [article.headline]


def test_a_practice_column_has_none(column: Column, at: dt.datetime) -> None:
    factories.make_article(column, at=at - dt.timedelta(hours=1))
    Column.objects.filter(pk=column.pk).update(practice=True)
    assert _asked(column, at)[0] == []


def test_another_address_of_the_column_is_followed(column: Column, at: dt.datetime) -> None:
    factories.make_article(column, at=at - dt.timedelta(hours=1))
    nearest.published(column, at)
    column.slug = "renamed"
    assert nearest.published(column, at).answers[0].url.startswith("/renamed/")


def test_nothing_of_a_letter_is_kept(column: Column, at: dt.datetime) -> None:
    factories.make_article(column, at=at - dt.timedelta(hours=1))
    answers = nearest.published(column, at)
    before = len(answers.words)
    nearest.alike("A secretword that nobody may find in the memory", answers, topic=None)
    assert len(answers.words) == before
    assert not [term for term in answers.words._postings if "secretword" in term]


def test_the_topics_of_the_page_before_writing(column: Column, at: dt.datetime) -> None:
    for days in range(1, 6):
        factories.make_article(column, at=at - dt.timedelta(days=days))
    ((topic, answers),) = nearest.by_topic(column, timezone.now())
    assert topic.slug == "pain"
    assert len(answers) == 3
    assert answers[0].url == Article.objects.newest_first()[0].get_absolute_url()


def test_at_most_three_are_shown_those_of_the_topic_first() -> None:
    questions = ["A burn that itches after swimming", "Waking at night and thinking", "A burn that itches in summer"]
    published = nearest.Published(
        [nearest.Answer(f"Answer {number}", f"/{number}", topic) for number, topic in enumerate([None, 7, 7, 7, None])],
        similar.Prepared([*questions, "Money, and who has it", "A burn that itches in the evening"]),
    )
    text = "I have a burn that itches."
    assert {one.url for one in nearest.alike(text, published, topic=None)} == {"/0", "/2", "/4"}
    of_topic = nearest.alike(text, published, topic=7)
    assert of_topic[0].url == "/2"
    assert {one.url for one in of_topic} == {"/0", "/2", "/4"}
    assert [one.topic for one in nearest.alike("Quite unlike", published, topic=7)] == [7, 7, 7]
    assert nearest.alike("Quite unlike", published, topic=None) == []
    assert nearest.alike("", nearest.Published([], similar.Prepared()), topic=7) == []
