"""The page of readers' search: nothing of what is searched for stays anywhere."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from columns.models import Article, Column
from columns.search import ask, fill
from tests import factories
from tests.columns.reading import Page

pytestmark = pytest.mark.databases


@pytest.fixture
def article(column: Column, at: dt.datetime) -> Article:
    made = factories.make_article(
        column,
        at=at - dt.timedelta(days=2),
        headline="Is it normal to ask? A nurse's view",
        question="I have been wondering whether this is normal.",
        answer="Nothing is wrong with you.",
    )
    fill.fill()
    return made


def address(column: Column) -> str:
    return f"{column.get_absolute_url()}search/"


def test_the_empty_page_is_the_same_for_everybody(client: Client, column: Column) -> None:
    response = client.get(address(column) + "?q=wondering")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert b"wondering" not in response.content
    assert not response.cookies


def test_what_is_found_is_marked_and_kept_by_nobody(client: Client, column: Column, article: Article) -> None:
    response = client.post(address(column), {"q": "wodnering"})
    page = Page(response.content)
    assert article.get_absolute_url() in page.links()
    assert b"<mark>wondering</mark>" in response.content
    assert "we looked for wondering" in page.text
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert not [link for link in page.links() if "wonder" in link]


def test_nothing_found_offers_topics_and_a_letter(client: Client, column: Column, article: Article) -> None:
    page = Page(client.post(address(column), {"q": "xyzzyq"}).content)
    assert "Nothing found for xyzzyq" in page.text
    assert article.topic is not None
    assert article.topic.get_absolute_url() in page.links()
    assert article.get_absolute_url() not in page.links()


def test_words_of_danger_show_the_help_first(client: Client, column: Column, article: Article) -> None:
    shown = client.post(address(column), {"q": "I want to kill myself"}).content.decode()
    assert 0 < shown.index('class="care now"') < shown.index('role="search"')


def test_signs_of_markup_are_words(client: Client, column: Column) -> None:
    shown = client.post(address(column), {"q": '"><script>alert(1)</script>'}).content
    assert b"<script>alert" not in shown


def test_what_is_searched_for_is_in_no_log_no_cache_and_no_table(
    client: Client, column: Column, article: Article, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG, logger="inbox")
    caplog.set_level(logging.INFO, logger="django")
    for name in ("set", "add", "set_many", "get_or_set"):
        monkeypatch.setattr(cache, name, lambda *_args, **_more: pytest.fail("something was kept"))
    with CaptureQueriesContext(connection) as queries:
        client.post(address(column), {"q": "unheardofword wondering"})
    assert "unheardofword" not in caplog.text
    for query in queries.captured_queries:
        assert "unheardofword" not in query["sql"]
        assert not query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))


def test_the_same_number_of_queries_whatever_is_found(client: Client, column: Column, article: Article) -> None:
    def count(asked: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.post(address(column), {"q": asked})
        return len(queries)

    count("wondering")  # reads what is kept in memory
    assert count("wondering") == count("whether this is normal")
    assert count("wodnering xyzzyq") <= count("wondering") + 2


def test_where_the_database_does_not_answer_nothing_of_it_is_said(
    client: Client, column: Column, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise DatabaseError("near unheardofword")

    monkeypatch.setattr(ask, "search", broken)
    response = client.post(address(column), {"q": "unheardofword"})
    assert response.status_code == 503
    assert "does not answer just now" in Page(response.content).text
    assert "unheardofword" not in caplog.text
