"""The column's home: the latest answer, then the others, page by page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from columns import views
from columns.models import Approval, Article, Column
from tests import factories
from tests.columns.reading import Page

pytestmark = pytest.mark.databases


def test_the_latest_answer_comes_first_with_its_standfirst(client: Client, column: Column, article: Article) -> None:
    older = factories.make_article(column, at=article.publish_at - dt.timedelta(days=5), headline="Older question")
    response = client.get("/plain/")
    assert response.status_code == 200
    page = Page(response.content)
    links = page.links()
    assert links.index(article.get_absolute_url()) < links.index(older.get_absolute_url())
    assert page.text.index("The short answer comes first.") < page.text.index("Older question")
    assert len(page.all("h1")) == 1
    assert "Questions, answered" in page.text


def test_it_invites_to_write_and_shows_every_topic_with_its_newest_answers(
    client: Client, column: Column, article: Article
) -> None:
    older = [factories.make_article(column, at=article.publish_at - dt.timedelta(days=day)) for day in range(1, 7)]
    for address in ("/plain/", "/plain/topics/"):
        page = Page(client.get(address).content)
        assert "/plain/before-you-write/" in page.links()
        assert {"/plain/topics/pain/", "/plain/topics/desire/"} <= set(page.links())
        assert "No answer yet. Ask the first question" in page.text, "desire has none"
        shelf = page.links()[page.links().index("/plain/topics/pain/") :]
        on_it = [link for link in shelf if link in {one.get_absolute_url() for one in [article, *older]}]
        assert on_it[-views.ON_SHELF :] == [one.get_absolute_url() for one in [article, *older[:3]]]


def test_two_more_answers_stand_with_a_sentence_of_their_letters(
    client: Client, column: Column, article: Article
) -> None:
    for day in (1, 2, 3):
        factories.make_article(column, at=article.publish_at - dt.timedelta(days=day), headline=f"Question {day}?")
    page = Page(client.get("/plain/").content)
    assert [name for name in ("Question 1?", "Question 2?", "Question 3?") if page.text.count(name) == 2] == [
        "Question 1?", "Question 2?",
    ]  # fmt: skip
    assert "A reader wrote:" in page.text
    assert page.text.count("I have been wondering whether this is normal.") == 3


def test_a_content_note_stands_in_lists(client: Client, article: Article) -> None:
    for address in ("/plain/", "/plain/archive/", "/plain/topics/pain/"):
        assert f"Before you read: {article.content_note}" in Page(client.get(address).content).text


@pytest.mark.parametrize("many", [3, 40])
def test_it_costs_the_same_however_many_answers_there_are(
    client: Client, column: Column, at: dt.datetime, many: int, django_assert_num_queries
) -> None:
    factories.make_article(column, at=at)
    one = Article.objects.get()
    rows = []
    for number in range(1, many):
        approval = Approval.objects.create(text_sha256=one.approval.text_sha256, approved_at=at)
        copy = Article.objects.get(pk=one.pk)
        copy.pk, copy.slug, copy.approval = None, f"copy-{number}", approval
        copy.publish_at = at - dt.timedelta(days=number)
        rows.append(copy)
    Article.objects.bulk_create(rows)
    for address, queries in (("/plain/", 5), ("/plain/topics/", 4), ("/plain/archive/", 4)):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_a_closed_letterbox_says_when_it_opens(client: Client, column: Column, article: Article) -> None:
    column.intake_open, column.reopens_on = False, dt.date(2031, 5, 3)
    column.save()
    page = Page(client.get("/plain/").content)
    assert "opens on 3 May 2031" in page.text
    assert "Before you write" not in page.text


def test_a_column_without_an_article_is_still_a_page(client: Client, column: Column) -> None:
    response = client.get("/plain/")
    assert response.status_code == 200
    assert "first answer is still being written" in Page(response.content).text


@pytest.mark.parametrize("asked", ["2", "0", "x"])
def test_what_was_a_page_of_the_list_is_the_archive(client: Client, article: Article, asked: str) -> None:
    response = client.get("/plain/", {"page": asked})
    assert (response.status_code, response.headers["Location"]) == (301, "/plain/archive/")


def test_a_column_that_is_not_there_is_not_found(client: Client, column: Column) -> None:
    assert client.get("/nobody/").status_code == 404


def test_articles_of_another_column_stay_there(client: Client, other_column: Column, article: Article) -> None:
    assert article.headline not in client.get("/elsewhere/").content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/").status_code == 405
