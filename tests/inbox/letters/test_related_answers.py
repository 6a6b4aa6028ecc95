"""Published answers for somebody who is about to send a letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from columns.models import Article, Column
from inbox.letters import related_answers
from inbox.screening import similarity
from tests import factories

pytestmark = pytest.mark.databases


@pytest.fixture(autouse=True)
def _nothing_prepared() -> Iterator[None]:
    """Columns of other tests may have had the same number."""
    related_answers._prepared.clear()
    yield
    related_answers._prepared.clear()


def _asked(column: Column, at: dt.datetime) -> tuple[list[str], int]:
    with CaptureQueriesContext(connection) as asked:
        found = [answer.headline for answer in related_answers.published(column, at)]
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
    related_answers.published(column, at)
    column.slug = "renamed"
    assert related_answers.published(column, at)[0].url.startswith("/renamed/")


def test_nothing_of_a_letter_is_kept(column: Column, at: dt.datetime) -> None:
    factories.make_article(column, at=at - dt.timedelta(hours=1))
    answers = related_answers.published(column, at)
    related_answers.alike("A secret that nobody may find in the memory", answers, topic=None)
    assert "secret" not in repr(related_answers._prepared)
    (ready,) = [related_answers._ready(tuple(answer.about for answer in answers))]
    assert not [term for term in ready._postings if "secret" in term]


def test_the_topics_of_the_page_before_writing(column: Column, at: dt.datetime) -> None:
    for days in range(1, 6):
        factories.make_article(column, at=at - dt.timedelta(days=days))
    ((topic, answers),) = related_answers.by_topic(column, timezone.now())
    assert topic.slug == "pain"
    assert len(answers) == 3
    assert answers[0].url == Article.objects.newest_first()[0].get_absolute_url()


def test_rare_words_say_more_than_common_ones() -> None:
    texts = ["often tired after summer", "often afraid after summer", "often thrush after summer"]
    answers = [
        related_answers.Answer(place, text, f"/{place}", None, text, similarity.subject(text))
        for place, text in enumerate(texts)
    ]
    assert related_answers.alike("thrush often", answers, topic=None)[0].pk == 2
    assert related_answers.alike("", answers, topic=None) == []
    assert related_answers.alike("marmalade", [], topic=None) == []


def test_words_that_any_letter_has_make_no_answer_near(column: Column, at: dt.datetime) -> None:
    factories.make_article(column, at=at, headline="Is it normal to want to stop feeling sad all the time?")
    factories.make_article(column, at=at, headline="Why do my migraines come back every month?")
    answers = related_answers.published(column, at)
    text = "I feel that my partner wants to stop all the time when I talk about the migraines I get before my period."
    assert [one.headline for one in related_answers.alike(text, answers, topic=None)][:1] == [
        "Why do my migraines come back every month?"
    ]
    assert answers[0].subject == {similarity.normal("migraines")}
    assert related_answers.alike("My partner wants to talk every night and I want to sleep.", answers, topic=None) == []
