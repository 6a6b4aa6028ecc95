"""A topic and what was answered on it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from columns import views
from columns.models import Article, Column
from inbox.workflow import DraftStatus
from tests import factories
from tests.columns.reading import Page


def test_it_lists_its_articles_and_the_other_topics(
    client: Client, column: Column, article: Article, at: dt.datetime
) -> None:
    desire = factories.make_draft(column, DraftStatus.PUBLISHED, at=at, topic="desire").article
    assert desire is not None
    page = Page(client.get("/plain/topics/pain/").content)
    assert "When it hurts" in page.text
    assert article.get_absolute_url() in page.links()
    assert desire.get_absolute_url() not in page.links()
    assert "/plain/topics/desire/" in page.links()
    assert "/plain/topics/pain/" not in page.links()


def test_a_topic_without_an_answer_is_still_a_page(client: Client, article: Article) -> None:
    response = client.get("/plain/topics/desire/")
    assert response.status_code == 200
    assert "no answer on this topic yet" in Page(response.content).text


def test_it_turns_pages(client: Client, column: Column, at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    made = [factories.make_article(column, at=at - dt.timedelta(days=day)).get_absolute_url() for day in range(1, 4)]
    first, second = (Page(client.get(f"/plain/topics/pain/?page={n}").content).links() for n in (1, 2))
    assert [link for link in [*first, *second] if link in made] == made
    assert client.get("/plain/topics/pain/?page=3").status_code == 404


def test_a_topic_of_another_column_is_not_found(client: Client, column: Column, other_column: Column) -> None:
    other_column.topics.create(slug="only-there", name="Only there")
    assert client.get("/elsewhere/topics/only-there/").status_code == 200
    assert client.get("/plain/topics/only-there/").status_code == 404
    assert client.get("/nobody/topics/pain/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/topics/pain/").status_code == 405
