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
from tests import factories

pytestmark = [pytest.mark.databases, pytest.mark.encoder]


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


def answer(pk: int, headline: str, question: str, topic: int | None = None) -> related_answers.Answer:
    words = f"{headline}\n{question}"
    return related_answers.Answer(pk, headline, f"/{pk}", topic, words)


ANSWERS = [
    answer(
        0, "Why does my thrush keep coming back?", "The itch comes back a week after each cream. What do I do wrong?"
    ),
    answer(1, "Is leaking when I laugh the price of children?", "Since the twins I leak when I laugh, cough or run."),
    answer(2, "Is it normal to cry after sex?", "It was lovely, and then I lay there and cried and could not say why."),
]


def found(text: str, topic: int | None = None) -> list[int]:
    return [one.pk for one in related_answers.alike(text, ANSWERS, topic=topic)]


def test_the_answer_to_the_same_question_in_other_words_is_shown() -> None:
    assert found("My thrush is back again, a week after the cream. It itches. What am I doing wrong?") == [0]
    assert found("I wee a little when I cough or laugh, ever since I had my children. Is that for life?") == [1]
    assert found("After we had sex I cried and I do not know why, it was good.")[:1] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        # one word in common, and another matter
        "He made everybody laugh at my expense at the wedding, and I have not spoken to him since.",
        # the matter is near, and no word is
        "We argue about money every evening and I sleep on the sofa.",
        # words of another language that any letter has
        "Es la primera vez que escribo a una columna como esta y mi marido no lo sabe.",
    ],
)
def test_one_word_or_none_shows_nothing(text: str) -> None:
    assert found(text) == []
    assert related_answers.alike(text, [], topic=None) == []


def test_an_answer_that_shares_one_word_is_shown_where_no_other_is_as_near() -> None:
    answers = [
        *ANSWERS,
        answer(
            3,
            "I cannot stop gambling on my phone",
            "It began with football bets. Now it is slots at three in the morning, and two loans that nobody knows of.",
        ),
    ]
    text = "I bet on the dogs and on poker sites every night and have lost all that we saved. I can't stop gambling."
    assert [one.pk for one in related_answers.alike(text, answers, topic=None)] == [3]
    unrelated = "My son gambols about in the garden until three in the morning, and the neighbour's phone rings."
    assert related_answers.alike(unrelated, answers, topic=None) == []


def test_two_answers_to_the_same_question_are_both_shown() -> None:
    again = answer(3, "Thrush again: why?", "My thrush comes back after each cream, with the itch. What do I do?")
    text = "My thrush is back again, a week after the cream. It itches. What am I doing wrong?"
    assert {one.pk for one in related_answers.alike(text, [*ANSWERS, again], topic=None)} == {0, 3}


def test_the_topic_of_the_letter_makes_no_answer_one_that_helps() -> None:
    answers = [answer(0, "Why does my thrush keep coming back?", "The itch comes back.", topic=5)]
    assert related_answers.alike("How do I ask my boss for a rise?", answers, topic=5) == []


def test_without_the_encoder_several_words_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.screening.encoder.available", lambda: False)
    assert found("My thrush is back again, a week after the cream. It itches. What am I doing wrong?") == [0]
    assert found("He made everybody laugh at my expense.") == []


def test_words_that_any_letter_has_make_no_answer_near(column: Column, at: dt.datetime) -> None:
    question = "It comes every month, two days before my period, and nothing helps."
    factories.make_article(column, at=at, headline="Is it normal to want to stop feeling sad all the time?")
    factories.make_article(column, at=at, headline="Why do my migraines come back every month?", question=question)
    answers = related_answers.published(column, at)
    text = "When I get migraines they come every month before my period. What helps against a migraine like that?"
    assert [one.headline for one in related_answers.alike(text, answers, topic=None)][:1] == [
        "Why do my migraines come back every month?"
    ]
    assert related_answers.alike("My partner wants to talk every night and I want to sleep.", answers, topic=None) == []


def test_who_chooses_at_the_desk_is_offered_the_newest_of_the_topic_too() -> None:
    answers = [
        related_answers.Answer(number, f"Answer {number}", f"/{number}", topic, "")
        for number, topic in ((1, 7), (2, 8))
    ]
    text = "Zebras graze quietly over there."
    assert related_answers.alike(text, answers, topic=8) == []
    assert [answer.pk for answer in related_answers.to_choose_from(text, answers, topic=8)] == [2]
