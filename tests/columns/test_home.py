"""The column's home: the latest answer, then the others, page by page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from columns import views
from columns.models import Article, Column
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


def test_it_invites_to_write_and_lists_topics_that_can_be_read(client: Client, article: Article) -> None:
    page = Page(client.get("/plain/").content)
    assert "/plain/before-you-write/" in page.links()
    assert "/plain/topics/pain/" in page.links()
    assert "/plain/topics/desire/" not in page.links()


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


def test_pages_follow_each_other_without_gap_or_repetition(
    client: Client, column: Column, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 3)
    made = [factories.make_article(column, at=at - dt.timedelta(days=day)) for day in range(1, 9)]
    seen: list[str] = []
    address = "/plain/"
    for number in (1, 2, 3):
        page = Page(client.get(address).content)
        assert page.link("canonical") == "http://127.0.0.1:8000/plain/" + (f"?page={number}" if number > 1 else "")
        ours = {article.get_absolute_url() for article in made}
        seen += [link for link in page.links() if link in ours]
        older = [a["href"] for a in page.all("a") if a.get("rel") == "next"]
        newer = [a["href"] for a in page.all("a") if a.get("rel") == "prev"]
        assert newer == {1: [], 2: ["./"], 3: ["?page=2"]}[number]
        address = "/plain/" + "".join(older)
    assert older == []
    assert seen == [article.get_absolute_url() for article in made]


@pytest.mark.parametrize("asked", ["0", "-1", "x", "1e3", "", "99999", "9" * 30, "٣", "2"])
def test_a_page_that_is_not_there_is_not_found(client: Client, article: Article, asked: str) -> None:
    assert client.get("/plain/", {"page": asked}).status_code == 404


def test_a_column_that_is_not_there_is_not_found(client: Client, column: Column) -> None:
    assert client.get("/nobody/").status_code == 404


def test_articles_of_another_column_stay_there(client: Client, other_column: Column, article: Article) -> None:
    assert article.headline not in client.get("/elsewhere/").content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, column: Column, method: str) -> None:
    assert getattr(client, method)("/plain/").status_code == 405
