"""The page of all topics."""

from __future__ import annotations

import pytest
from django.test import Client

from columns.models import Article, Column, Topic
from tests.columns.reading import Page

pytestmark = pytest.mark.databases


def test_every_topic_stands_there_with_a_drawing(client: Client, column: Column, article: Article) -> None:
    Topic.objects.create(column=column, slug="something-new", name="Something new")
    response = client.get("/plain/topics/")
    assert response.status_code == 200
    page = Page(response.content)
    for topic in column.topics.all():
        assert topic.get_absolute_url() in page.links()
        assert topic.name in page.text
    assert response.text.count('<div class="line"><svg') == column.topics.count()
    assert page.link("canonical") == "http://127.0.0.1:8000/plain/topics/"


def test_an_answer_without_a_topic_has_a_place_too(client: Client, article: Article) -> None:
    Article.objects.update(topic=None)
    page = Page(client.get("/plain/topics/").content)
    assert "Other answers" in page.text
    assert article.get_absolute_url() in page.links()


def test_a_column_without_topics_is_still_a_page(client: Client, column: Column) -> None:
    column.topics.all().delete()
    assert "The column has no topics yet." in Page(client.get("/plain/topics/").content).text


def test_a_column_that_is_not_there_is_not_found(client: Client, column: Column) -> None:
    assert client.get("/nobody/topics/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/topics/").status_code == 405
